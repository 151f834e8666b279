"""Score the pairs with splink 5 (MIT, DuckDB backend), in an engine of its own without a network.

Belongs here: running splink so that it neither prints nor keeps anything, and its errors, which
echo SQL and values, come out as their type alone. Must not hold: what becomes of a pair (`decision`).
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from warehouse.lake import connect_engine
from warehouse.linkage.model import make_settings
from warehouse.linkage.training import find_chances
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

    import duckdb
    import polars as pl

    from assets.linkage import Linkage
    from warehouse.linkage.model import Chances

PAIRS = "pairs"
# Nearly all pairs are far below; kept, they would fill the memory.
FLOOR = 0.01
_SILENT = logging.CRITICAL + 1


@dataclass(frozen=True)
class Scores:
    """What scoring used and saw: the chances, and how many pairs were compared in all."""

    chances: dict[str, Chances]
    compared: int


@contextmanager
def open_engine(work: Path) -> Generator[duckdb.DuckDBPyConnection]:
    """Open an engine in memory; what does not fit is put down encrypted, and taken away at the end."""
    con = connect_engine()
    try:
        work.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = (work / "linkage").as_posix().replace("'", "''")
        con.sql("SET temp_file_encryption = true")
        con.sql(f"SET temp_directory = '{folder}'")
        con.sql("SET enable_progress_bar = false")
        yield con
    finally:
        con.close()


def score_pairs(
    con: duckdb.DuckDBPyConnection, linkage: Linkage, frames: Sequence[pl.DataFrame]
) -> Scores:
    """Make the table `pairs` of the blocked pairs worth a look with their scores.

    Args:
        con: An engine of `open_engine`.
        linkage: What is declared.
        frames: The keys of the datasets, in the order of the linkage (`make_keys`).

    Raises:
        Refusal: `linkage.too_many_pairs`, or `linkage.engine` when splink cannot do it.
    """
    names = [table_name(number) for number in range(len(frames))]
    for name, frame in zip(names, frames, strict=True):
        con.register("new_keys", frame)
        con.sql(f"CREATE OR REPLACE TABLE {name} AS FROM new_keys")
        con.unregister("new_keys")
    _require_few_pairs(con, linkage, names)
    try:
        return _run(con, linkage, names)
    except Exception as error:  # noqa: BLE001 - its text holds SQL, and may hold values
        kind = type(error).__name__
    raise Refusal(
        "linkage.engine",
        f"突合の計算ができません({kind})。",
        linkage.title,
        "estimation の rules で組が見つかるか、keys の列に値があるかを確かめてください。",
    )


def table_name(number: int) -> str:
    """Name the table of the numbered dataset; the names sort as the datasets stand in the YAML."""
    return f"d{number:02}"


def _run(con: duckdb.DuckDBPyConnection, linkage: Linkage, names: list[str]) -> Scores:
    """Run splink. One of two functions that import it; the other gathers the clusters."""
    # Before the import, and at every level: its messages name values of the data.
    logging.getLogger("splink").setLevel(_SILENT)
    from splink import DuckDBAPI, Linker  # noqa: PLC0415

    api = DuckDBAPI(connection=con)
    tables = [api.register(name, dataset_display_name=name) for name in names]

    def open_linker(settings: dict[str, Any]) -> Linker:
        return Linker(tables, settings, log_level=_SILENT, validate_settings=False)

    threads = con.sql("SELECT current_setting('threads')").fetchall()[0][0]
    con.sql("SET threads = 1")
    chances = find_chances(linkage, open_linker)
    con.sql(f"SET threads = {threads}")
    linker = open_linker(make_settings(linkage, chances))
    blocked = linker.inference.compute_blocked_pairs_for_predict()
    compared = count_rows(con, blocked.physical_name)
    least = min(FLOOR, linkage.thresholds.review)
    scored = linker.inference.predict(threshold_match_probability=least, warning_mode="never")
    con.sql(f"CREATE OR REPLACE VIEW {PAIRS} AS FROM {scored.physical_name}")
    return Scores(chances, compared)


def count_rows(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """Count the rows of a table."""
    row = con.sql(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0


def _require_few_pairs(con: duckdb.DuckDBPyConnection, linkage: Linkage, names: list[str]) -> None:
    """Count the pairs of every blocking rule before they are made: a rule too wide fills the memory."""
    for rule in linkage.blocking:
        columns = ", ".join(f'"{key}"' for key in rule)
        counts = [
            f"(SELECT {columns}, count(*) AS _count FROM {name} GROUP BY ALL)" for name in names
        ]
        if len(names) == 1:
            query = (
                f"SELECT sum(_count * (_count - 1) / 2) FROM {counts[0]} WHERE ({_filled(rule)})"
            )
        else:
            union = " UNION ALL ".join(f"FROM {count}" for count in counts)
            query = (
                f"SELECT sum(_pairs) FROM (SELECT (sum(_count) * sum(_count) - sum(_count * _count)) / 2 AS _pairs "
                f"FROM ({union}) WHERE {_filled(rule)} GROUP BY {columns})"
            )
        row = con.sql(query).fetchone()
        pairs = int(row[0] or 0) if row else 0
        if pairs > linkage.maximum_pairs:
            titles = "・".join(linkage.keys[key].title for key in rule)
            raise Refusal(
                "linkage.too_many_pairs",
                f"比べる組が多すぎます({pairs:,} 組。上限 {linkage.maximum_pairs:,} 組)。",
                f"{linkage.title} の blocking: {titles}",
                "blocking の項目を足して、比べる範囲を狭めてください。",
            )


def _filled(rule: Sequence[str]) -> str:
    return " AND ".join(f'"{key}" IS NOT NULL' for key in rule)
