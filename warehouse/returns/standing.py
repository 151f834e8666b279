"""What departments have said of the rows that wait: of several words on one row, the newest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from assets.register import fingerprint
from warehouse.lake import Loaded, Zone, has_table, loaded
from warehouse.returns.identity import LEFT
from warehouse.returns.merge import STATEMENT_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

ZONE: Zone = "secure"
SCHEMA = "returned"
# `_delivery` is the workbook that came back; `of_delivery` and `of_row` are the row it speaks of.
RETURNED_SCHEMA = {
    "_delivery": pl.String,
    "file": pl.String,
    "modified_at": pl.String,
    "sheet_row": pl.Int64,
    "of_delivery": pl.String,
    "reason": pl.String,
    **STATEMENT_SCHEMA,
}


@dataclass(frozen=True)
class Standing:
    """The newest word on every row of a dataset.

    Attributes:
        rows: at most one row per `of_delivery` and `of_row` (`RETURNED_SCHEMA`).
    """

    rows: pl.DataFrame

    def of(self, delivery: str) -> pl.DataFrame:
        """List what is to be done to the rows of one delivery (`STATEMENT_SCHEMA`)."""
        return self.rows.filter(pl.col("of_delivery") == delivery).select(*STATEMENT_SCHEMA)

    def mark(self, delivery: str) -> str:
        """Hash what is to be done to one delivery: empty when nothing is."""
        rows = self.of(delivery).sort("of_row")
        return fingerprint(rows.write_json().encode()) if rows.height else ""

    def left_over(self, current: Mapping[str, object]) -> pl.DataFrame:
        """List the rows whose delivery is not among the current ones any more."""
        return self.rows.filter(~pl.col("of_delivery").is_in(list(current)))


def read_standing(con: duckdb.DuckDBPyConnection, dataset: str) -> Standing:
    """Read the newest word on every row. A row that is explicitly left has none."""
    rows = read_statements(con, dataset)
    newest = rows.sort("modified_at", "file", "_delivery", "sheet_row").unique(
        ["of_delivery", "of_row"], keep="last", maintain_order=True
    )
    return Standing(newest.filter(pl.col("action") != LEFT).sort("of_delivery", "of_row"))


def read_statements(con: duckdb.DuckDBPyConnection, dataset: str) -> pl.DataFrame:
    """Read every word on every row, also those that a newer file has replaced."""
    if not has_table(con, ZONE, SCHEMA, dataset):
        return pl.DataFrame(schema=RETURNED_SCHEMA)
    names = ", ".join(RETURNED_SCHEMA)
    return con.sql(f"SELECT {names} FROM {ZONE}.{SCHEMA}.{dataset}").pl()


def word_left_over(
    con: duckdb.DuckDBPyConnection, dataset: str, left_over: pl.DataFrame
) -> tuple[Loaded | None, tuple[str, ...]]:
    """Say which returned rows have lost their delivery, once, and keep that it has been said.

    Returns:
        The entry to record (None when it has been said already) and the sentences.
    """
    asset = f"left_over/{dataset}"
    known = loaded(con, ZONE, asset).get("")
    keys = left_over.select("_delivery", "of_delivery", "of_row").sort(pl.all())
    print_ = fingerprint(keys.write_json().encode()) if keys.height else ""
    if print_ == (known.fingerprint if known else ""):
        return None, ()
    raw = loaded(con, ZONE, f"raw/{dataset}")
    counts = left_over.group_by("file", "of_delivery").len().sort("file", "of_delivery")
    notes = tuple(_word(file, raw.get(of), rows) for file, of, rows in counts.iter_rows())
    return Loaded(asset, "", print_, {"rows": left_over.height, "notes": list(notes)}), notes


def _word(file: str, original: Loaded | None, rows: int) -> str:
    gone = (
        f"元のファイル {original.account['file']} は差し替えられています"
        if original
        else "元のファイルがこのホームにありません"
    )
    return (
        f"戻されたファイル {file} の {rows:,} 行は使いません。{gone}。\n"
        f"  場所: {file}\n"
        "  直し方: いまのファイルで隔離されている行を machikane quarantine で確かめ、"
        "書き出し直してください。"
    )
