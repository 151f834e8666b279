"""Which SQL an analyst may run: queries over granted tables, told from DuckDB's own parse.

The engine's settings keep a query away from other folders, but not from the catalogs (the SQLite
extension opens files by itself) nor from the tables behind the analysts' views. What is not known
here to be harmless does not pass.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from warehouse.access.wording import deny, deny_table, deny_time_travel

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import duckdb

    from warehouse.access.rights import Key, Sight

# The schema of our own lists that stand in for the engine's.
LISTS = ("memory", "seen")
_LISTED = {"tables", "columns"}
_TABLE_FUNCTIONS = {
    *("generate_series", "range", "unnest", "repeat", "repeat_row", "json_each", "json_tree"),
}
# They read or tell more than their arguments: other plans, views' texts, settings, the log.
_NO_FUNCTIONS = {
    *("json_serialize_plan", "pg_get_viewdef", "pg_get_expr", "pg_get_constraintdef"),
    *("current_setting", "getvariable", "getenv", "write_log", "parse_duckdb_log_message"),
    *("obj_description", "col_description", "shobj_description", "stats", "current_query"),
    *("sleep_ms", "pg_sleep", "nextval", "currval"),
}
_EXPLAIN = re.compile(r"^\s*explain(\s+analyze)?\b", re.IGNORECASE)
# What the engine would take for a file, also under the name of a part of the query.
_FILE = re.compile(r"[/\\.:*?\[]")
_SHOWN = {"__show_tables_expanded", '"tables"'}


@dataclass(frozen=True)
class Reach:
    """What one connection may name.

    Attributes:
        role: its title, for the words of a refusal.
        sights: the granted tables.
        macros: the granted table macros, such as `as_of_<dataset>`.
        builtin: the engine's own views, which need no schema and must not pass.
    """

    role: str
    sights: Mapping[Key, Sight]
    macros: frozenset[str] = frozenset()
    builtin: frozenset[str] = frozenset()

    @property
    def zones(self) -> set[str]:
        """The zones of which anything is granted."""
        return {key[0] for key in self.sights}


@dataclass
class Judged:
    """A text that may run, as it is to be run, and the granted tables it names."""

    query: str
    used: list[Sight] = field(default_factory=list)


def require_reading(con: duckdb.DuckDBPyConnection, query: str, reach: Reach) -> Judged:
    """Let a text pass that holds nothing but queries over granted tables.

    Lists of tables and columns (`SHOW ALL TABLES`, `information_schema`) are turned to our own,
    which hold what is granted.

    Raises:
        PermissionError: in Japanese, for any other statement, function or table.
        duckdb.ParserException: when the text is no SQL.
    """
    # Explaining a query reads nothing that the query would not.
    explained = _EXPLAIN.match(query)
    prefix = explained[0] if explained else ""
    parsed = _parse(con, query, query[len(prefix) :])
    judged, turned = Judged(query), False
    known = {n.lower() for n in _names_of_ctes(parsed) if not _FILE.search(n)} - reach.builtin
    for node in list(_nodes(parsed)):
        _judge_function(node, reach)
        if node.get("type") == "SHOW_REF":
            turned |= _judge_list(node)
        elif node.get("type") == "BASE_TABLE":
            turned |= _judge_table(node, reach, known, judged)
    if turned:
        row = con.execute("SELECT json_deserialize_sql(?)", [json.dumps(parsed)]).fetchone()
        judged.query = f"{prefix} {row[0]}" if row else ""
    return judged


def _parse(con: duckdb.DuckDBPyConnection, query: str, bare: str) -> dict[str, Any]:
    if "\0" in query:
        raise deny("文字でない文字")
    row = con.execute("SELECT json_serialize_sql(?)", [bare]).fetchone()
    parsed: dict[str, Any] = json.loads(row[0]) if row else {"error": True}
    if parsed["error"]:
        # What does not parse here must not parse there either: this call raises, and words it.
        con.extract_statements(query)
        raise deny("SELECT でない文")
    return parsed


def _judge_function(node: dict[str, Any], reach: Reach) -> None:
    kind = node.get("type")
    if kind == "TABLE_FUNCTION":
        function = node["function"]
        name = str(function.get("function_name", "")).lower()
        schema = str(function.get("schema", "")).lower()
        is_zone_version = name == "snapshots" and schema in reach.zones
        if not (name in _TABLE_FUNCTIONS or name in reach.macros or is_zone_version):
            raise deny(f"表関数 {name}")
    elif node.get("class") == "FUNCTION" and kind == "FUNCTION":
        name = str(node.get("function_name", "")).lower()
        if name in _NO_FUNCTIONS:
            raise deny(f"関数 {name}")


def _judge_list(node: dict[str, Any]) -> bool:
    """Turn a list of all tables to our own; tell whether the node was changed."""
    if node.get("show_type") in {"DESCRIBE", "SUMMARY"} and node.get("query"):
        return False
    if node.get("show_type") != "SHOW_UNQUALIFIED" or node.get("table_name") not in _SHOWN:
        raise deny("SHOW ALL TABLES でない SHOW")
    _point(node, "shown")
    return True


def _judge_table(node: dict[str, Any], reach: Reach, known: set[str], judged: Judged) -> bool:
    """Let a granted table or a named part of the query pass; tell whether the node was changed."""
    key = tuple(
        str(node.get(part, "")).lower() for part in ("catalog_name", "schema_name", "table_name")
    )
    catalog, schema, table = key
    name = ".".join(part for part in key if part)
    if schema == "information_schema" and table in _LISTED:
        _point(node, table)
        return True
    if not catalog and not schema and table in known:
        return False
    sight = reach.sights.get((catalog, schema, table))
    if sight is None and _FILE.search(table):
        raise deny("ファイル名を表として読む文")
    if sight is None:
        raise deny_table(name, reach.sights, reach.role)
    if node.get("at_clause"):
        raise deny_time_travel(name)
    judged.used.append(sight)
    return False


def _point(node: dict[str, Any], table: str) -> None:
    """Make a node name one of our own lists."""
    alias = node.get("alias") or table
    column_names = node.get("column_name_alias") or []
    place = node.get("query_location", 0)
    node.clear()
    node.update(
        type="BASE_TABLE", alias=alias, sample=None, query_location=place,
        catalog_name=LISTS[0], schema_name=LISTS[1], table_name=table,
        column_name_alias=column_names, at_clause=None,
    )  # fmt: skip


def _names_of_ctes(parsed: object) -> Iterator[str]:
    for node in _nodes(parsed):
        for entry in (node.get("cte_map") or {}).get("map", ()):
            yield str(entry["key"])


def _nodes(tree: object) -> Iterator[dict[str, Any]]:
    """Walk every node of the parse."""
    waiting = [tree]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            yield item
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
