"""Intervals with fewer columns: rows that differ only in what is left out become one again.

Belongs here: the query that reads them, all or those of the subjects a delivery has touched. Must
not hold: what is left out and how identifiers are replaced (`warehouse.protect`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.history import Changes
from warehouse.history.names import VALID_FROM, VALID_TO, sql_date
from warehouse.history.snapshots import equal

if TYPE_CHECKING:
    import datetime as dt

    from assets.contract import Contract
    from warehouse.history.snapshots import Delivered


def project(
    source: str, contract: Contract, columns: list[str], touched: list[Delivered] | None
) -> str:
    """Give the query for a table's intervals in some of its columns.

    Args:
        source: the table's full name.
        contract: of the dataset.
        columns: labels and content that are kept.
        touched: read only the subjects that these deliveries have touched, and of whole snapshots
            only what `changed_since` them; None: all.
    """
    said = contract.history
    if isinstance(said, Changes):
        rows = f"SELECT * FROM {source}{_of_changed(source, said, touched)}"
        return f"SELECT {_list(columns)}, {VALID_FROM}, {VALID_TO} FROM ({rows})"
    rows = f"SELECT * FROM {source}{_of_bounded(source, contract.key, touched)}"
    since = changed_since(contract, touched)
    late = f" AND _until >= {sql_date(since)}" if since else ""
    return _join_runs(rows, contract.key, columns) + late


def changed_since(contract: Contract, touched: list[Delivered] | None) -> dt.date | None:
    """Give the day before which no row ends that deliveries of whole snapshots can have changed.

    A snapshot says who was there on its day: it splits, ends or joins rows that reach that day.
    None: any row may have changed.
    """
    if touched is None or isinstance(contract.history, Changes):
        return None
    return min((one.day for one in touched), default=None)


def _of_changed(source: str, said: Changes, touched: list[Delivered] | None) -> str:
    if touched is None:
        return ""
    came = ", ".join(f"'{one.delivery}'" for one in touched) or "''"
    return _among(said.subject, f"SELECT * FROM {source} WHERE _delivery IN ({came})")


def _of_bounded(source: str, key: list[str], touched: list[Delivered] | None) -> str:
    """A delivery that came has touched those of whom a row begins or ends on its day."""
    if touched is None:
        return ""
    days = ", ".join(sql_date(one.day) for one in touched) or "NULL"
    bounded = f"{VALID_FROM} IN ({days}) OR {VALID_TO} IN ({days})"
    return _among(key, f"SELECT * FROM {source} WHERE {bounded}")


def _among(subject: list[str], query: str) -> str:
    return f" AS held WHERE EXISTS (FROM ({query}) AS who WHERE {equal('held', 'who', subject)})"


def _join_runs(rows: str, key: list[str], columns: list[str]) -> str:
    content = ", ".join(f'"{n}"' for n in columns if not n.startswith("_"))
    partition = f"PARTITION BY {_list(key)}"
    return f"""
        WITH marked AS (
            SELECT *, coalesce(
                {VALID_FROM} = lag({VALID_TO}) OVER runs
                AND row({content}) IS NOT DISTINCT FROM lag(row({content})) OVER runs, false
            ) AS _continues
            FROM ({rows}) WINDOW runs AS ({partition} ORDER BY {VALID_FROM})
        ),
        numbered AS (
            SELECT *, count(*) FILTER (NOT _continues) OVER (
                {partition} ORDER BY {VALID_FROM}
            ) AS _run
            FROM marked
        ),
        ended AS (
            SELECT *, max({VALID_TO}) OVER ({partition}, _run) AS _until FROM numbered
        )
        SELECT {_list(columns)}, {VALID_FROM}, _until AS {VALID_TO} FROM ended WHERE NOT _continues
    """


def _list(columns: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)
