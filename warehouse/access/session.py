"""One locked engine of one role on one snapshot a zone: views over lakes under unguessable names.

DuckDB grants no columns, so a role's tables are views in empty catalogs that carry the zones'
names. Who may name them is judged by `warehouse.reading`; this module builds and locks the engine.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import duckdb
import polars as pl

from warehouse.access.rights import Sight, find_sights
from warehouse.history.as_of import history_macros, macro_names
from warehouse.history.known import HISTORIES, PERIOD_COLUMNS, PERIODS
from warehouse.lake import ZONES, attach_snapshot, connect_engine, has_table, put_aside_under
from warehouse.reading import LISTS, Reach

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assets.register import Register
    from assets.role import AccessRole
    from warehouse.access.rights import Key
    from warehouse.home import Home
    from warehouse.lake import Zone

_HISTORY = ("internal", "common")
_PERIODS = ("internal", "meta", "periods")


@dataclass(frozen=True)
class Session:
    """An engine that is locked, and what its role may name.

    Attributes:
        lakes: zone → name of the lake behind its views.
        pins: zone → snapshot.
    """

    con: duckdb.DuckDBPyConnection
    reach: Reach
    lakes: Mapping[Zone, str]
    pins: Mapping[Zone, int]


@dataclass(frozen=True)
class _Present:
    """One table that stands in a lake: its title, and its columns with theirs, in their order."""

    title: str | None
    columns: Mapping[str, str | None]


def open_session(
    home: Home, role: AccessRole, register: Register, pins: Mapping[Zone, int]
) -> Session:
    """Open an engine for a role; zones that `pins` does not name are fixed on their newest snapshot.

    Raises:
        duckdb.Error: when a named snapshot is not there (any more).
    """
    zones = [z for z in ZONES if any(grant.zone == z for grant in role.grants)]
    con = connect_engine()
    put_aside_under(con, home)
    try:
        lakes = {zone: f"lake_{secrets.token_hex(8)}" for zone in zones}
        fixed = {z: attach_snapshot(con, home, z, lakes[z], pins.get(z)) for z in zones}
        present = _list_tables(con, lakes)
        sights = find_sights(role, register, {key: found.columns for key, found in present.items()})
        for zone in zones:
            con.sql(f"ATTACH ':memory:' AS {zone}")
            # One transaction: the lake looks its snapshot up once, not for every statement.
            con.sql("BEGIN")
            con.sql(
                f"CREATE MACRO {zone}.main.snapshots() AS TABLE SELECT snapshot_id, snapshot_time "
                f"FROM {lakes[zone]}.snapshots() WHERE snapshot_id <= {fixed[zone]}"
            )
            for sight in sights.values():
                if zone_of(sight) == zone:
                    _make_view(con, lakes[zone], sight, present[sight.key])
            con.sql("COMMIT")
        _make_lists(con, zones)
        macros = _make_macros(con, lakes, sights)
        if macros:  # the list of periods beside them holds the role's own datasets alone
            sights = sights | {_PERIODS: Sight(_PERIODS, tuple(PERIOD_COLUMNS), {})}
        reach = Reach(role.title, sights, macros, _builtin(con))
        _lock(con, home, zones)
    except BaseException:
        con.close()
        raise
    return Session(con, reach, lakes, fixed)


def zone_of(sight: Sight) -> Zone:
    """Give the zone of a granted table."""
    return cast("Zone", sight.key[0])


def _list_tables(con: duckdb.DuckDBPyConnection, lakes: Mapping[Zone, str]) -> dict[Key, _Present]:
    zones = {name: zone for zone, name in lakes.items()}
    # Until a catalog has been read once, some of its tables are left out.
    con.sql("FROM duckdb_tables()").fetchall()
    rows = con.sql(
        "SELECT database_name, schema_name, table_name, any_value(t.comment), "
        "list(c.column_name ORDER BY c.column_index), list(c.comment ORDER BY c.column_index) "
        "FROM duckdb_columns() AS c "
        "JOIN duckdb_tables() AS t USING (database_name, schema_name, table_name) GROUP BY ALL"
    ).fetchall()
    return {
        (zones[lake], schema, table): _Present(title, dict(zip(columns, texts, strict=True)))
        for lake, schema, table, title, columns, texts in rows
        if lake in zones
    }


def _make_view(con: duckdb.DuckDBPyConnection, lake: str, sight: Sight, present: _Present) -> None:
    zone, schema, table = sight.key
    view = f"{zone}.{_name(schema)}.{_name(table)}"
    columns = ", ".join(map(_name, sight.columns))
    con.sql(f"CREATE SCHEMA IF NOT EXISTS {zone}.{_name(schema)}")
    con.sql(f"CREATE VIEW {view} AS SELECT {columns} FROM {lake}.{_name(schema)}.{_name(table)}")
    if present.title:
        con.sql(f"COMMENT ON VIEW {view} IS '{_quote(present.title)}'")
    for name in sight.columns:
        if text := present.columns[name]:
            con.sql(f"COMMENT ON COLUMN {view}.{_name(name)} IS '{_quote(text)}'")


def _make_macros(
    con: duckdb.DuckDBPyConnection, lakes: Mapping[Zone, str], sights: Mapping[Key, Sight]
) -> frozenset[str]:
    """Make `as_of_<dataset>` and `changes_of_<dataset>` over the views, with what they look up.

    A subject that the role does not wholly see is none: its changes cannot be told.
    """
    lake = lakes.get("internal")
    seen = {sight.key[2]: sight.columns for sight in sights.values() if sight.key[:2] == _HISTORY}
    if lake is None or not seen or not has_table(con, lake, *HISTORIES.split(".")):
        return frozenset()
    columns = pl.DataFrame(
        {"dataset": list(seen), "seen": [list(names) for names in seen.values()]},
        schema={"dataset": pl.String, "seen": pl.List(pl.String)},
    )
    con.sql("CREATE SCHEMA internal.meta")
    con.register("role_columns", columns)
    con.sql(
        f"CREATE TABLE internal.{HISTORIES} AS SELECT dataset, kind, "
        "CASE WHEN list_has_all(seen, subject) THEN subject ELSE [] END AS subject "
        f"FROM {lake}.{HISTORIES} JOIN role_columns USING (dataset)"
    )
    con.sql(
        f"CREATE TABLE internal.{PERIODS} AS FROM {lake}.{PERIODS} "
        "WHERE dataset IN (SELECT dataset FROM role_columns)"
    )
    con.unregister("role_columns")
    for statement in history_macros(con, "internal"):
        con.sql(statement)
    return frozenset(macro_names(con, "internal"))


def _make_lists(con: duckdb.DuckDBPyConnection, zones: list[Zone]) -> None:
    """Copy the engine's lists of tables and columns as far as they are the views."""
    place = ".".join(LISTS)
    named = ", ".join(f"'{zone}'" for zone in zones)
    con.sql(f"CREATE SCHEMA {place}")
    for table in ("tables", "columns"):
        con.sql(
            f"CREATE TABLE {place}.{table} AS FROM information_schema.{table} "
            f"WHERE table_catalog IN ({named})"
        )
    con.sql(
        f"CREATE TABLE {place}.shown AS SELECT table_catalog AS database, table_schema AS schema, "
        "table_name AS name, list(column_name ORDER BY ordinal_position) AS column_names, "
        "list(data_type ORDER BY ordinal_position) AS column_types, false AS temporary "
        f"FROM {place}.columns GROUP BY ALL ORDER BY ALL"
    )


def _builtin(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    rows = con.sql("SELECT view_name FROM duckdb_views() WHERE internal").fetchall()
    return frozenset(row[0].lower() for row in rows)


def _lock(con: duckdb.DuckDBPyConnection, home: Home, zones: list[Zone]) -> None:
    folders = ", ".join(f"'{_quote(home.lake(zone).as_posix())}/'" for zone in zones)
    # Without ipywidgets a notebook has no bar, and DuckDB refuses to set even that.
    with suppress(duckdb.InvalidInputException):
        con.sql("SET enable_progress_bar = false")
    con.sql(f"SET allowed_directories = [{folders}]")
    con.sql("SET enable_external_access = false")
    con.sql("SET lock_configuration = true")


def _quote(text: str) -> str:
    return text.replace("'", "''")


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
