"""From a change of deliveries to the changed rows of a table: what is read, worked on, put back.

Belongs here: which part of the table a change can touch, and writing no more than the difference.
Must not hold: the rules of time (`snapshots`, `changes`). Everything runs inside the caller's
transaction, on a lake as on a plain database.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assets.history import Changes
from warehouse.history.changes import compute_validity
from warehouse.history.layout import tidy_up, write_back, write_whole
from warehouse.history.names import OPEN_END, VALID_FROM, VALID_TO, sql_date
from warehouse.history.snapshots import (
    LABELS,
    ORIGIN,
    WORK,
    equal,
    find_slot,
    insert_period,
    number_rows,
    withdraw_period,
)
from warehouse.lake import one_thread

if TYPE_CHECKING:
    import datetime as dt

    import duckdb

    from assets.contract import Contract
    from assets.history import History
    from warehouse.history.snapshots import Delivered


@dataclass(frozen=True)
class Change:
    """How the current deliveries of a dataset changed.

    Attributes:
        before: those the table was made of.
        removed: those that go.
        added: those that come, with their rows.
        renumbered: deliveries that stay and follow one that came or went, with their rows.
        empty: a query without rows that has the columns: labels and content.
        everything: whether no row of the table stays, or there is no table yet.
    """

    before: list[Delivered]
    removed: list[Delivered]
    added: list[Delivered]
    empty: str
    renumbered: list[Delivered] = field(default_factory=list)
    everything: bool = False


def write_history(
    con: duckdb.DuckDBPyConnection, target: str, contract: Contract, change: Change
) -> None:
    """Bring a table of intervals up to a change of its deliveries.

    Args:
        con: within a transaction.
        target: the table's full name.
        contract: with `snapshots` or a block of changes as its history.
        change: what came and went.
    """
    # DuckDB 1.5.5 loses the rows that several threads insert into a new table after an insert of
    # none in the same transaction.
    with one_thread(con):
        said = contract.history
        if not change.everything:
            tidy_up(con, target)
        if isinstance(said, Changes):
            _take_subjects(con, target, said, change)
            compute_validity(con, said)
        else:
            _take_slices(con, target, change)
            _apply(con, list(contract.key), _content(con, change), change)
        if change.everything:
            write_whole(con, target)
        else:
            write_back(con, target)
        con.sql(f"DROP TABLE {WORK}")


def replace_subjects(
    con: duckdb.DuckDBPyConnection,
    target: str,
    rows: str,
    subject: list[str],
    since: dt.date | None = None,
) -> None:
    """Put finished rows in place of all rows of their subjects; what is the same stays.

    Args:
        con: within a transaction.
        target: the table's full name.
        rows: relation with the table's columns, no row twice.
        subject: the columns that name a subject; without them the whole table is replaced.
        since: rows that ended before this day stay, and are not among `rows`.
    """
    with one_thread(con):  # see `write_history`
        if not subject:
            _take(con, f"SELECT *, NULL::BIGINT AS {ORIGIN} FROM {rows}")
            write_whole(con, target)
        else:
            tidy_up(con, target)
            late = f"{VALID_TO} >= {sql_date(since)} AND" if since else ""
            con.sql(f"""
                CREATE OR REPLACE TEMP TABLE history_held AS
                SELECT *, rowid AS {ORIGIN} FROM {target} AS held
                WHERE {late} EXISTS (FROM {rows} AS given WHERE {equal("held", "given", subject)})
            """)
            con.sql(
                f"CREATE OR REPLACE TEMP TABLE history_taken AS SELECT {ORIGIN} FROM history_held"
            )
            columns = [row[0] for row in con.sql(f"DESCRIBE FROM {rows}").fetchall()]
            con.sql(f"""
                CREATE OR REPLACE TEMP TABLE {WORK} AS
                SELECT given.*, held.{ORIGIN} FROM {rows} AS given
                LEFT JOIN history_held AS held ON {equal("given", "held", columns)}
            """)
            write_back(con, target)
            con.sql("DROP TABLE history_held")
        con.sql(f"DROP TABLE {WORK}")


def count_rows(
    con: duckdb.DuckDBPyConnection, target: str, history: History, delivered: Delivered
) -> int:
    """Count the rows of a table that a delivery stands for."""
    test = f"_delivery = '{delivered.delivery}'"
    if history == "snapshots":
        day = sql_date(delivered.day)
        test = f"{VALID_FROM} <= {day} AND {VALID_TO} > {day}"
    row = con.sql(f"SELECT count(*) FROM {target} WHERE {test}").fetchone()
    return int(row[0]) if row else 0


def following(periods: list[Delivered], changed: list[Delivered]) -> list[Delivered]:
    """List the periods that follow a changed one and have not changed themselves."""
    days = {delivered.day for delivered in changed}
    after = (find_slot(periods, delivered).after for delivered in changed)
    found = {other.day: other for other in after if other and other.day not in days}
    return [found[day] for day in sorted(found)]


def _apply(
    con: duckdb.DuckDBPyConnection, key: list[str], content: list[str], change: Change
) -> None:
    periods = list(change.before)
    for delivered in change.removed:
        periods.remove(delivered)
        if not change.everything:
            withdraw_period(con, find_slot(periods, delivered), key, content)
    for delivered in sorted(change.added, key=lambda one: one.day):
        insert_period(con, find_slot(periods, delivered), key, content)
        periods.append(delivered)
    for delivered in change.renumbered:
        number_rows(con, delivered, key)


def _take_slices(con: duckdb.DuckDBPyConnection, target: str, change: Change) -> None:
    """Read the rows that hold from the period before the first change to the one after the last."""
    if change.everything:
        _take(con, f"SELECT *, NULL::BIGINT AS {ORIGIN} FROM ({_with_days(change.empty)})")
        return
    changed = [delivered.day for delivered in (*change.removed, *change.added)]
    others = [d.day for d in change.before]
    first = max((day for day in others if day < min(changed)), default=min(changed))
    last = min((day for day in others if day > max(changed)), default=OPEN_END)
    rows = f"WHERE {VALID_TO} >= {sql_date(first)} AND {VALID_FROM} <= {sql_date(last)}"
    _take(con, f"SELECT *, rowid AS {ORIGIN} FROM {target} {rows}")


def _take_subjects(
    con: duckdb.DuckDBPyConnection, target: str, said: Changes, change: Change
) -> None:
    """Read all rows of the subjects of whom a delivery came or went, and add what came."""
    subject = ", ".join(f'"{name}"' for name in said.subject)
    gone = ", ".join(f"'{delivered.delivery}'" for delivered in change.removed) or "''"
    came = [
        f"SELECT '{d.delivery}' AS _delivery, '{d.period}' AS _period, * FROM ({d.query})"
        for d in change.added
    ]
    everything = " UNION ALL BY NAME ".join([f"FROM ({change.empty})", *came])
    con.sql(f"CREATE OR REPLACE TEMP TABLE history_came AS {everything}")
    added = _with_days("FROM history_came")
    if change.everything:
        _take(con, f"SELECT *, NULL::BIGINT AS {ORIGIN} FROM ({added})")
        return
    known = equal("held", "who", said.subject)
    _take(
        con,
        f"""
        SELECT held.*, held.rowid AS {ORIGIN} FROM {target} AS held
        WHERE EXISTS (
            FROM (
                SELECT {subject} FROM history_came
                UNION SELECT {subject} FROM {target} WHERE _delivery IN ({gone})
            ) AS who WHERE {known}
        )
        """,
    )
    con.sql(f"DELETE FROM {WORK} WHERE _delivery IN ({gone})")
    con.sql(f"INSERT INTO {WORK} BY NAME {added}")


def _take(con: duckdb.DuckDBPyConnection, query: str) -> None:
    con.sql(f"CREATE OR REPLACE TEMP TABLE {WORK} AS {query}")
    con.sql(
        f"CREATE OR REPLACE TEMP TABLE history_taken AS SELECT {ORIGIN} FROM {WORK} "
        f"WHERE {ORIGIN} IS NOT NULL"
    )


def _with_days(query: str) -> str:
    return f"SELECT *, NULL::DATE AS {VALID_FROM}, NULL::DATE AS {VALID_TO} FROM ({query})"


def _content(con: duckdb.DuckDBPyConnection, change: Change) -> list[str]:
    described = con.sql(f"DESCRIBE {change.empty}").fetchall()
    return [row[0] for row in described if row[0] not in LABELS]
