"""Whole states, month after month, as intervals: what one period adds, and what it leaves behind.

Belongs here: the algebra of runs over a working table, in SQL that any DuckDB runs. A row is kept
once for each maximal run of delivered periods that hold it; `_valid_from` is the day of the first,
`_valid_to` the day of the first one after the run. Must not hold: where the rows come from or go to
(`store`).

The result depends on the deliveries alone, not on their order: `insert_period` and `withdraw_period`
touch only rows next to the period's day and are each other's inverse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.history.names import OPEN_END, VALID_FROM, VALID_TO, day_of, sql_date

if TYPE_CHECKING:
    import datetime as dt

    import duckdb

WORK = "history_work"
ORIGIN = "_origin"
ROW = "_row"
LABELS = ("_delivery", "_period", ROW)


@dataclass(frozen=True)
class Delivered:
    """One delivery of a period, and the query that gives its rows: `_row` and the content."""

    period: str
    delivery: str
    query: str = ""

    @property
    def day(self) -> dt.date:
        """The day on which it tells the state."""
        return day_of(self.period)


@dataclass(frozen=True)
class Slot:
    """A period among the delivered ones: it and the one that follows, if any."""

    here: Delivered
    after: Delivered | None

    @property
    def begins(self) -> str:
        """The day of the period, as SQL."""
        return sql_date(self.here.day)

    @property
    def ends(self) -> str:
        """The day of the following period, or the open end, as SQL."""
        return sql_date(self.after.day if self.after else OPEN_END)


def find_slot(periods: list[Delivered], here: Delivered) -> Slot:
    """Find the period that follows, among the delivered ones."""
    after = [other for other in periods if other.day > here.day]
    return Slot(here, min(after, key=lambda other: other.day, default=None))


def insert_period(
    con: duckdb.DuckDBPyConnection, slot: Slot, key: list[str], content: list[str]
) -> None:
    """Put the state of a period between its neighbours.

    Rows that held before it and are not in it end on its day, and begin again with the next period
    when that one has them; rows it has and the one before has not begin on its day.
    """
    _compare(con, slot, key, content)
    _begin_earlier(con, slot, key, content)
    _split(con, slot, content)
    con.sql(
        f"UPDATE {WORK} SET {VALID_TO} = {slot.begins}, {ORIGIN} = NULL "
        "WHERE rowid IN (SELECT old FROM history_changed WHERE old IS NOT NULL)"
    )
    columns = ", ".join(f'"{name}"' for name in (ROW, *content))
    con.sql(f"""
        INSERT INTO {WORK} BY NAME
        SELECT {_labels(slot.here)}, {columns}, {slot.begins} AS {VALID_FROM}, {slot.ends} AS {VALID_TO}
        FROM history_changed WHERE {ROW} IS NOT NULL
    """)


def withdraw_period(
    con: duckdb.DuckDBPyConnection, slot: Slot, key: list[str], content: list[str]
) -> None:
    """Take a period out from between its neighbours, as if it had never been delivered.

    Rows only it had go; rows it shares with the next one begin there; rows that had ended on its
    day hold on until the next one, or through it when that one has them again.
    """
    begins, ends = slot.begins, slot.ends
    con.sql(f"DELETE FROM {WORK} WHERE {VALID_FROM} = {begins} AND {VALID_TO} = {ends}")
    if slot.after:
        con.sql(
            f"UPDATE {WORK} SET {VALID_FROM} = {ends}, {_labels(slot.after, ' = ')}, {ROW} = NULL, "
            f"{ORIGIN} = NULL WHERE {VALID_FROM} = {begins}"
        )
        con.sql(f"""
            CREATE OR REPLACE TEMP TABLE history_joined AS
            SELECT a.rowid AS old, b.rowid AS next, b.{VALID_TO} AS until
            FROM (SELECT *, rowid FROM {WORK} WHERE {VALID_TO} = {begins}) AS a
            JOIN (SELECT *, rowid FROM {WORK} WHERE {VALID_FROM} = {ends}) AS b
            ON {equal("a", "b", key)} WHERE {equal("a", "b", content)}
        """)
        con.sql(f"DELETE FROM {WORK} WHERE rowid IN (SELECT next FROM history_joined)")
        con.sql(
            f"UPDATE {WORK} SET {VALID_TO} = until, {ORIGIN} = NULL "
            f"FROM history_joined WHERE {WORK}.rowid = old"
        )
    con.sql(f"UPDATE {WORK} SET {VALID_TO} = {ends}, {ORIGIN} = NULL WHERE {VALID_TO} = {begins}")


def number_rows(con: duckdb.DuckDBPyConnection, opener: Delivered, key: list[str]) -> None:
    """Say where rows stand in the delivery they now begin with, when it was not read for them."""
    con.sql(f"""
        UPDATE {WORK} SET {ROW} = given.{ROW} FROM ({opener.query}) AS given
        WHERE {WORK}.{ROW} IS NULL AND {WORK}.{VALID_FROM} = {sql_date(opener.day)}
        AND {equal(WORK, "given", key)}
    """)


def equal(left: str, right: str, columns: list[str]) -> str:
    """Write the condition that two relations agree in columns, blanks counting as equal."""
    return " AND ".join(f'{left}."{c}" IS NOT DISTINCT FROM {right}."{c}"' for c in columns)


def _compare(
    con: duckdb.DuckDBPyConnection, slot: Slot, key: list[str], content: list[str]
) -> None:
    """Find what differs from the state before: ids of rows that end, whole rows that begin."""
    rows = ", ".join(f'given."{name}"' for name in (ROW, *content))
    con.sql(f"""
        CREATE OR REPLACE TEMP TABLE history_changed AS
        SELECT held.rowid AS old, {rows}
        FROM (
            SELECT *, rowid FROM {WORK} WHERE {VALID_FROM} < {slot.begins} AND {VALID_TO} > {slot.begins}
        ) AS held
        FULL JOIN ({slot.here.query}) AS given ON {equal("held", "given", key)}
        WHERE held._delivery IS NULL OR given.{ROW} IS NULL
            OR NOT ({equal("held", "given", content)})
    """)


def _begin_earlier(
    con: duckdb.DuckDBPyConnection, slot: Slot, key: list[str], content: list[str]
) -> None:
    """Let rows that began with the next period begin here, when this one has them already."""
    if slot.after is None:
        return
    con.sql(f"""
        CREATE OR REPLACE TEMP TABLE history_joined AS
        SELECT next.rowid AS next, given.rowid AS given, given.{ROW} AS number
        FROM (SELECT *, rowid FROM {WORK} WHERE {VALID_FROM} = {slot.ends}) AS next
        JOIN (SELECT *, rowid FROM history_changed WHERE {ROW} IS NOT NULL) AS given
        ON {equal("next", "given", key)} WHERE {equal("next", "given", content)}
    """)
    con.sql(
        f"UPDATE {WORK} SET {VALID_FROM} = {slot.begins}, {_labels(slot.here, ' = ')}, "
        f"{ROW} = number, {ORIGIN} = NULL FROM history_joined WHERE {WORK}.rowid = next"
    )
    con.sql(
        f"UPDATE history_changed SET {ROW} = NULL WHERE rowid IN (SELECT given FROM history_joined)"
    )


def _split(con: duckdb.DuckDBPyConnection, slot: Slot, content: list[str]) -> None:
    """Let rows that end here begin again with the next period, when they held beyond it."""
    if slot.after is None:
        return
    columns = ", ".join(f'"{name}"' for name in content)
    con.sql(f"""
        INSERT INTO {WORK} BY NAME
        SELECT {_labels(slot.after)}, {columns}, {slot.ends} AS {VALID_FROM}, {VALID_TO}
        FROM {WORK} WHERE {VALID_TO} > {slot.ends}
            AND rowid IN (SELECT old FROM history_changed WHERE old IS NOT NULL)
    """)


def _labels(given: Delivered, form: str = "") -> str:
    labels = {"_delivery": given.delivery, "_period": given.period}
    if form:
        return ", ".join(f"{name}{form}'{value}'" for name, value in labels.items())
    return ", ".join(f"'{value}' AS {name}" for name, value in labels.items())
