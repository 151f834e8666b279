"""As-of questions: what was true on a day, as we knew it then or know it now, and what changed.

Belongs here: the table macros analysts call and the same question asked from Python. Must not hold:
who may ask (`warehouse.analyst`), or how intervals are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from warehouse.history.known import HISTORIES, PERIODS
from warehouse.history.names import VALID_FROM, VALID_TO

if TYPE_CHECKING:
    import datetime as dt

    import duckdb

# What a row carries beside its content.
_LABELS = ("_delivery", "_period", "_row", VALID_FROM, VALID_TO)


class Queries(Protocol):
    """What answers queries: a connection of the engine, or the analysts'."""

    def sql(self, query: str, *, params: object = None) -> duckdb.DuckDBPyRelation:
        """Run a query."""
        ...


@dataclass(frozen=True)
class _Kept:
    """How one table keeps its history: its columns, and those that name its subject."""

    zone: str
    dataset: str
    columns: tuple[str, ...]
    subject: tuple[str, ...]

    @property
    def table(self) -> str:
        return f"{self.zone}.common.{self.dataset}"

    @property
    def has_intervals(self) -> bool:
        return VALID_FROM in self.columns

    @property
    def content(self) -> list[str]:
        return [f'"{name}"' for name in self.columns if name not in _LABELS]


def history_macros(con: Queries, zone: str) -> list[str]:
    """Give the `CREATE MACRO` statements for every table of a zone's `common`.

    `as_of_<dataset>(day)` gives the rows true on a day, `changes_of_<dataset>(from_day, to_day)`
    what differs between two days; this one is missing where the zone does not show what names the
    subject. A macro cannot pass on a version of the lake: see `state`.

    Args:
        con: has the zone attached.
        zone: `internal`, or `secure` for those who may.
    """
    return [s for kept in _list_kept(con, zone) for s in _macros(kept).values()]


def macro_names(con: Queries, zone: str) -> list[str]:
    """List the names of the functions that `history_macros` makes."""
    return [name for kept in _list_kept(con, zone) for name in _macros(kept)]


def state(
    con: Queries,
    table: str,
    valid_at: dt.date,
    known_at: dt.datetime | int | None = None,
) -> duckdb.DuckDBPyRelation:
    """Give the rows of a dataset that were true on a day, as known at a time.

    Args:
        con: has the zone attached.
        table: `<zone>.<dataset>`, such as `internal.resident_register`.
        valid_at: the day.
        known_at: a time, the number of a snapshot, or nothing: as known now.

    Raises:
        duckdb.Error: when the dataset is unknown, or did not exist then.
    """
    zone, dataset = table.split(".")
    found = [kept for kept in _list_kept(con, zone) if kept.dataset == dataset]
    if not found:
        raise ValueError(f"データセットがありません: {table}")
    return con.sql(_as_of(found[0], f"DATE '{valid_at.isoformat()}'", _known(known_at)))


def newest(con: Queries, table: str) -> str:
    """Give the condition under which rows of `<zone>.common.<dataset>` belong to the newest state."""
    columns = {row[0] for row in con.sql(f"DESCRIBE FROM {table}").fetchall()}
    if VALID_FROM in columns:
        return f"{VALID_TO} = DATE '9999-12-31'"
    return f"_period = (SELECT max(_period) FROM {table})"


def _known(known_at: dt.datetime | int | None) -> str:
    if known_at is None:
        return ""
    if isinstance(known_at, int):
        return f" AT (VERSION => {known_at})"
    return f" AT (TIMESTAMP => TIMESTAMPTZ '{known_at.isoformat()}')"


def _list_kept(con: Queries, zone: str) -> list[_Kept]:
    if not _has_histories(con, zone):  # a home that no run of this version has seen yet
        return []
    rows = con.sql(
        f"""
        SELECT t.table_name, list(t.column_name ORDER BY t.column_index), any_value(h.subject)
        FROM duckdb_columns() AS t
        LEFT JOIN {zone}.{HISTORIES} AS h ON h.dataset = t.table_name
        WHERE t.database_name = ? AND t.schema_name = 'common'
        GROUP BY t.table_name ORDER BY t.table_name
        """,
        params=[zone],
    ).fetchall()
    return [_Kept(zone, name, tuple(columns), tuple(who or ())) for name, columns, who in rows]


def _has_histories(con: Queries, zone: str) -> bool:
    tables = con.sql(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = ?",
        params=[zone],
    ).fetchall()
    return {(PERIODS,), (HISTORIES,)} <= set(tables)


def _macros(kept: _Kept) -> dict[str, str]:
    # No column begins with an underscore but ours: a parameter must not bear a column's name.
    name, day = kept.dataset, "CAST(_day AS DATE)"
    made = {f"as_of_{name}": f"(_day) AS TABLE {_as_of(kept, day)}"}
    if kept.subject:
        made[f"changes_of_{name}"] = f"(_from_day, _to_day) AS TABLE {_changes(kept)}"
    return {name: f'CREATE OR REPLACE TEMP MACRO "{name}"{text}' for name, text in made.items()}


def _as_of(kept: _Kept, day: str, known: str = "") -> str:
    rows = f"FROM {kept.table}{known}"
    if kept.has_intervals:
        return f"SELECT * {rows} WHERE {VALID_FROM} <= {day} AND {VALID_TO} > {day}"
    return (
        f"SELECT * {rows} WHERE _delivery = (SELECT arg_max(delivery, day) "
        f"FROM {kept.zone}.{PERIODS}{known} WHERE dataset = '{kept.dataset}' AND day <= {day})"
    )


def _changes(kept: _Kept) -> str:
    """Compare two days; only rows that began or ended in between are read where that is known."""
    first, last = "CAST(_from_day AS DATE)", "CAST(_to_day AS DATE)"
    before, after = (_as_of(kept, day) for day in (first, last))
    if kept.has_intervals:
        before += f" AND {VALID_TO} <= {last}"
        after += f" AND {VALID_FROM} > {first}"
    same = " AND ".join(f'a."{c}" IS NOT DISTINCT FROM b."{c}"' for c in kept.subject)
    content = ", ".join(kept.content)
    columns = ", ".join(
        f"CASE WHEN a._delivery IS NULL THEN b.{c} ELSE a.{c} END AS {c}" for c in kept.content
    )
    packed = ", ".join(f"{c} := {c}" for c in kept.content)
    return f"""
        WITH before AS (SELECT _delivery, {content}, struct_pack({packed}) AS content FROM ({before})),
        after AS (SELECT _delivery, {content}, struct_pack({packed}) AS content FROM ({after}))
        SELECT
            CASE WHEN b._delivery IS NULL THEN 'began'
                WHEN a._delivery IS NULL THEN 'ended' ELSE 'changed' END AS _change,
            {columns},
            CASE WHEN a._delivery IS NOT NULL THEN b.content END AS _before
        FROM after AS a FULL JOIN before AS b ON {same}
        WHERE a.content IS DISTINCT FROM b.content
    """
