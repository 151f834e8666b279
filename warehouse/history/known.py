"""What SQL may know of histories: the delivered periods and how each table keeps them.

Belongs here: the tables `<zone>.meta.periods` and `<zone>.meta.histories`, written by whoever
commits a dataset, in the same transaction. Must not hold: rows of datasets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.history import Changes
from warehouse.history.names import day_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

    from assets.contract import Contract

PERIODS, HISTORIES = "meta.periods", "meta.histories"
PERIOD_COLUMNS = {"dataset": "VARCHAR", "period": "VARCHAR", "day": "DATE", "delivery": "VARCHAR"}
_TABLES = {
    PERIODS: ", ".join(f"{name} {kind}" for name, kind in PERIOD_COLUMNS.items()),
    HISTORIES: "dataset VARCHAR, kind VARCHAR, subject VARCHAR[]",
}


def subject_of(contract: Contract) -> list[str]:
    """List the columns that name whose history it is."""
    said = contract.history
    return list(said.subject if isinstance(said, Changes) else contract.key)


def make_known(con: duckdb.DuckDBPyConnection, zone: str) -> None:
    """Make the two tables, empty, where they are missing."""
    for name, columns in _TABLES.items():
        con.sql(f"CREATE TABLE IF NOT EXISTS {zone}.{name} ({columns})")


def note_periods(
    con: duckdb.DuckDBPyConnection, zone: str, dataset: str, current: Iterable[tuple[str, str]]
) -> None:
    """Write the current deliveries of a dataset, (period, delivery), over those known before."""
    con.execute(f"DELETE FROM {zone}.{PERIODS} WHERE dataset = ?", [dataset])
    rows = [[dataset, period, day_of(period), delivery] for period, delivery in current]
    if rows:
        con.executemany(f"INSERT INTO {zone}.{PERIODS} VALUES (?, ?, ?, ?)", rows)


def note_history(
    con: duckdb.DuckDBPyConnection, zone: str, dataset: str, contract: Contract, columns: set[str]
) -> None:
    """Write how a table keeps its history and by which of its columns a subject is known.

    `columns` are those the table has; a subject that is not wholly among them is left blank.
    """
    said, subject = contract.history, subject_of(contract)
    kind = said.kind if isinstance(said, Changes) else said
    con.execute(f"DELETE FROM {zone}.{HISTORIES} WHERE dataset = ?", [dataset])
    con.execute(
        f"INSERT INTO {zone}.{HISTORIES} VALUES (?, ?, ?)",
        [dataset, kind, subject if set(subject) <= columns else []],
    )
