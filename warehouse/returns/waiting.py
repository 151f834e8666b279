"""The rows of a dataset that wait in quarantine, whole, with everything that is wrong with each."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import polars as pl

from warehouse.lake import Zone, has_table, loaded
from warehouse.readers.grid import ROW
from warehouse.returns.identity import hash_row, hash_text
from warehouse.returns.merge import merge_returned
from warehouse.returns.standing import read_standing

if TYPE_CHECKING:
    import duckdb

    from assets.register import Dataset
    from warehouse.returns.standing import Standing

ZONE: Zone = "secure"
_FAULTS = ('"column"', "rule_title", "remedy", "rule", "file", "sheet")
_LISTED = 5


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a row: its contract columns (none: the whole row), what, what to do."""

    columns: tuple[str, ...]
    what: str
    remedy: str


@dataclass(frozen=True)
class WaitingRow:
    """One row that waits.

    Attributes:
        cells: contract column → text as delivered, or as it came back last; blank of a record
            whose fields do not fit the header.
        text: such a record as it stands in the file, else None.
        delivered: hash of the row as delivered.
        was_returned: whether a department has corrected it before and it is still wrong.
    """

    delivery: str
    row: int
    file: str
    sheet: str
    cells: dict[str, str | None]
    text: str | None
    delivered: str
    was_returned: bool
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Waiting:
    """The first rows of a dataset that wait, by file and row.

    Attributes:
        headers: contract column → header as the newest delivery has it.
        rows: as many rows as were asked for.
        total: number of all rows that wait.
    """

    dataset: Dataset
    headers: dict[str, str] = field(default_factory=dict)
    rows: tuple[WaitingRow, ...] = ()
    total: int = 0


def read_waiting(con: duckdb.DuckDBPyConnection, dataset: Dataset, most: int) -> Waiting:
    """Read what waits, at most so many rows. `con` has `secure` attached."""
    if not has_table(con, ZONE, "quarantine", dataset.name):
        return Waiting(dataset)
    quarantine = f"{ZONE}.quarantine.{dataset.name}"
    named = ", ".join(_FAULTS)
    faults = con.sql(
        f"WITH chosen AS (SELECT _delivery, {ROW}, min(file) AS of_file FROM {quarantine} "
        f"GROUP BY ALL ORDER BY of_file, _delivery, {ROW} LIMIT {most}) "
        f"SELECT _delivery, {ROW}, {named} FROM {quarantine} JOIN chosen USING (_delivery, {ROW}) "
        f'ORDER BY file, _delivery, {ROW}, "column", rule_title'
    ).pl()
    total = con.sql(f"SELECT count(DISTINCT (_delivery, {ROW})) FROM {quarantine}").fetchone()
    standing = read_standing(con, dataset.name)
    rows: list[WaitingRow] = []
    for (delivery,), group in faults.group_by("_delivery", maintain_order=True):
        rows += _rows_of(con, dataset, str(delivery), group, standing)
    return Waiting(dataset, _headers(con, dataset), tuple(rows), total[0] if total else 0)


def _rows_of(
    con: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    delivery: str,
    faults: pl.DataFrame,
    standing: Standing,
) -> list[WaitingRow]:
    numbers = faults[ROW].unique().to_list()
    raw = _read(con, f"raw.{dataset.name}", delivery, numbers).drop("_delivery", "_period")
    ragged = _read(con, f"ragged.{dataset.name}", delivery, numbers).select(ROW, "raw_value")
    merged = merge_returned(raw, ragged, standing.of(delivery))
    shown = {row.pop(ROW): row for row in merged.rows.to_dicts()}
    prints = {row.pop(ROW): hash_row(row) for row in raw.to_dicts()}
    texts = dict(ragged.iter_rows())
    prints |= {row: hash_text(text) for row, text in texts.items()}
    twins = _find_twins(shown, faults, dataset.contract.key)
    found = []
    for (row,), group in faults.group_by(ROW, maintain_order=True):
        number, first = cast("int", row), group.row(0, named=True)
        is_whole = number in shown
        found.append(
            WaitingRow(
                delivery=delivery,
                row=number,
                file=first["file"],
                sheet=first["sheet"],
                cells=shown[number] if is_whole else dict.fromkeys(dataset.contract.columns),
                text=None if is_whole else texts.get(number),
                delivered=prints.get(number, ""),
                was_returned=number in merged.corrected,
                faults=tuple(_faults(group, twins.get(number, ()))),
            )
        )
    return found


def _read(
    con: duckdb.DuckDBPyConnection, table: str, delivery: str, rows: list[int]
) -> pl.DataFrame:
    """Read some rows of one delivery; one of millions keeps its others."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE wanted AS SELECT unnest(?::BIGINT[]) AS number", [rows]
    )
    return con.sql(
        f"FROM {ZONE}.{table} WHERE _delivery = '{delivery}' "
        f"AND {ROW} IN (SELECT number FROM wanted)"
    ).pl()


def _find_twins(
    shown: dict[int, dict[str, str | None]], faults: pl.DataFrame, key: list[str]
) -> dict[int, tuple[int, ...]]:
    """Find, for every row set aside because of its key, the other waiting rows that share it."""
    by_key: dict[tuple[str, ...], list[int]] = {}
    doubted = faults.filter(pl.col("rule").str.starts_with("key."))[ROW].unique().sort()
    for row in (r for r in doubted if r in shown):
        spelled = tuple(unicodedata.normalize("NFKC", shown[row][c] or "").strip() for c in key)
        by_key.setdefault(spelled, []).append(row)
    return {
        row: tuple(other for other in rows if other != row)
        for rows in by_key.values()
        for row in rows
    }


def _faults(group: pl.DataFrame, twins: tuple[int, ...]) -> list[Fault]:
    others = "、".join(f"{row}行" for row in twins[:_LISTED])
    hint = f"(同じキーの行: {others})" if twins else ""
    return [
        Fault(
            tuple(filter(None, (column or "").split("、"))),
            what,
            remedy + (hint if rule.startswith("key.") else ""),
        )
        for column, what, remedy, rule in group.select(
            "column", "rule_title", "remedy", "rule"
        ).iter_rows()
    ]


def _headers(con: duckdb.DuckDBPyConnection, dataset: Dataset) -> dict[str, str]:
    """Name the columns as the newest delivery names them."""
    entries = loaded(con, ZONE, f"raw/{dataset.name}").values()
    readable = [e.account for e in entries if "headers" in e.account]
    newest = max(readable, key=lambda about: str(about["modified_at"]), default={})
    given = cast("dict[str, str]", newest.get("headers", {}))
    return {name: given.get(name, c.title) for name, c in dataset.contract.columns.items()}
