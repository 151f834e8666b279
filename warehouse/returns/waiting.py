"""The rows of a dataset that wait in quarantine, whole, with everything that is wrong with each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from warehouse.lake import Zone, has_table, loaded
from warehouse.readers.grid import ROW
from warehouse.returns.identity import hash_row, hash_text
from warehouse.returns.merge import merge_returned
from warehouse.returns.standing import read_standing

if TYPE_CHECKING:
    import duckdb
    import polars as pl

    from assets.register import Dataset
    from warehouse.returns.standing import Standing

ZONE: Zone = "secure"
_FAULTS = ("column", "rule_title", "remedy", "file", "sheet")


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
    """All rows of a dataset that wait, by file and row, and the headers they were delivered under."""

    dataset: Dataset
    headers: dict[str, str] = field(default_factory=dict)
    rows: tuple[WaitingRow, ...] = ()


def read_waiting(con: duckdb.DuckDBPyConnection, dataset: Dataset) -> Waiting:
    """Read what waits. `con` has `secure` attached."""
    if not has_table(con, ZONE, "quarantine", dataset.name):
        return Waiting(dataset)
    faults = con.sql(
        f"SELECT _delivery, {ROW}, {', '.join(_FAULTS)} FROM {ZONE}.quarantine.{dataset.name} "
        f"ORDER BY file, _delivery, {ROW}, {', '.join(_FAULTS[:2])}"
    ).pl()
    standing = read_standing(con, dataset.name)
    rows: list[WaitingRow] = []
    for (delivery,), group in faults.group_by("_delivery", maintain_order=True):
        rows += _rows_of(con, dataset, str(delivery), group, standing)
    return Waiting(dataset, _headers(con, dataset), tuple(rows))


def _rows_of(
    con: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    delivery: str,
    faults: pl.DataFrame,
    standing: Standing,
) -> list[WaitingRow]:
    raw = _read(con, "raw", dataset.name, delivery).drop("_delivery", "_period")
    ragged = _read(con, "ragged", dataset.name, delivery).select(ROW, "raw_value")
    merged = merge_returned(raw, ragged, standing.of(delivery))
    shown = {row.pop(ROW): row for row in merged.rows.to_dicts()}
    prints = {row.pop(ROW): hash_row(row) for row in raw.to_dicts()}
    texts = dict(ragged.iter_rows())
    prints |= {row: hash_text(text) for row, text in texts.items()}
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
                faults=tuple(_faults(group)),
            )
        )
    return found


def _read(con: duckdb.DuckDBPyConnection, schema: str, dataset: str, delivery: str) -> pl.DataFrame:
    """Read the rows of one delivery that wait; a delivery of millions keeps its good ones."""
    waits = f"SELECT {ROW} FROM {ZONE}.quarantine.{dataset} WHERE _delivery = '{delivery}'"
    return con.sql(
        f"FROM {ZONE}.{schema}.{dataset} WHERE _delivery = '{delivery}' AND {ROW} IN ({waits})"
    ).pl()


def _faults(group: pl.DataFrame) -> list[Fault]:
    return [
        Fault(tuple(filter(None, (column or "").split("、"))), what, remedy)
        for column, what, remedy in group.select(*_FAULTS[:3]).iter_rows()
    ]


def _headers(con: duckdb.DuckDBPyConnection, dataset: Dataset) -> dict[str, str]:
    """Name the columns as the newest delivery names them."""
    entries = loaded(con, ZONE, f"raw/{dataset.name}").values()
    readable = [e.account for e in entries if "headers" in e.account]
    newest = max(readable, key=lambda about: str(about["modified_at"]), default={})
    given = cast("dict[str, str]", newest.get("headers", {}))
    return {name: given.get(name, c.title) for name, c in dataset.contract.columns.items()}
