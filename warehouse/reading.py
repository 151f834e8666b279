"""Which SQL an analyst may run: queries over tables, told from DuckDB's own parse of the text.

The engine's settings keep a query away from other folders, but not from the catalogs (the SQLite
extension opens files by itself) nor from writing beside the data it may read.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

_TABLE_FUNCTIONS = {
    *("generate_series", "range", "unnest"),
    *("snapshots", "table_changes"),
    *("duckdb_columns", "duckdb_tables"),
}
_FILE = re.compile(r"[/\\.:*]")


def require_reading(con: duckdb.DuckDBPyConnection, query: str) -> None:
    """Let a text pass that holds nothing but queries over tables.

    Raises:
        PermissionError: in Japanese, for any other statement, function of tables, or file name.
    """
    # Explaining a query reads nothing that the query would not.
    bare = re.sub(r"^\s*explain(\s+analyze)?\b", "", query, flags=re.IGNORECASE)
    row = con.execute("SELECT json_serialize_sql(?)", [bare]).fetchone()
    parsed: dict[str, Any] = json.loads(row[0]) if row else {"error": True}
    # A text that does not even parse goes on: the engine words that fault better.
    if parsed["error"] and parsed.get("error_type") != "parser":
        raise _denied("SELECT でない文")
    for node in _nodes(parsed):
        if node.get("type") == "TABLE_FUNCTION":
            name = str(node["function"].get("function_name", ""))
            if name.lower() not in _TABLE_FUNCTIONS:
                raise _denied(f"表関数 {name}")
        if node.get("type") == "BASE_TABLE" and _FILE.search(str(node["table_name"])):
            raise _denied("ファイル名を表として読む文")


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


def _denied(what: str) -> PermissionError:
    return PermissionError(
        f"分析用の接続では使えません: {what}\n  場所: connect() の SQL\n"
        "  直し方: internal・open の表を読む SELECT だけを書いてください。書き出しは .pl() などの結果から行います。"
    )
