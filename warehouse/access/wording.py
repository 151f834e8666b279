"""How the analysts' connection says no: three lines of Japanese, the nearest name, what is seen.

Only words stand here. No value of a row is ever in them.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

import duckdb

from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from warehouse.access.rights import Key, Sight

_COLUMN = re.compile(r'(?:column named|column) "([^"]+)"')
_LISTED = 12


def deny(what: str) -> PermissionError:
    """Word what no role may do."""
    return PermissionError(
        f"分析用の接続では使えません: {what}\n  場所: connect() の SQL\n"
        "  直し方: 表を読む SELECT だけを書いてください。書き出しは .pl() などの結果から行います。"
    )


def deny_time_travel(name: str) -> PermissionError:
    """Word that a version is chosen for the connection, not for one table."""
    return PermissionError(
        f"分析用の接続では使えません: AT (VERSION …)・AT (TIMESTAMP …)\n  場所: {name}\n"
        "  直し方: con.at(internal=版の番号) が、その版を見る接続を返します。"
        "版の一覧は FROM internal.snapshots() です。"
    )


def deny_table(name: str, sights: Mapping[Key, Sight], role: str) -> PermissionError:
    """Word that a table is not there for this role."""
    known = sorted(sight.name for sight in sights.values())
    by_table = {sight.key[2]: sight.name for sight in sights.values()}
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    near = near or [
        by_table[found]
        for found in difflib.get_close_matches(name.rpartition(".")[2], by_table, n=1, cutoff=0.6)
    ]
    hint = f"近い名前: {near[0]}。" if near else ""
    return PermissionError(
        f"その表はないか、この役割には見えません: {name}\n  場所: connect(role) の役割「{role}」\n"
        f"  直し方: {hint}見える表: {_list(known) or 'ありません'}(くわしくは SHOW ALL TABLES)"
    )


def reword(error: duckdb.Error, used: Iterable[Sight], role: str) -> Exception:
    """Give the engine's error back in Japanese where the analyst can do something about it."""
    text = str(error)
    if "No snapshot found at version" in text or "Cannot open file" in text:
        return Refusal(
            "analyst.expired",
            "この接続の見ている版は、保守で片づけられました。",
            "connect() の接続(1日より前に開いたもの)",
            "con.refresh() で新しい版にしてから、もう一度問い合わせてください。",
        )
    column = _COLUMN.search(text)
    if isinstance(error, duckdb.BinderException) and column:
        return duckdb.BinderException(_word_column(column[1], list(used), role))
    if isinstance(error, duckdb.ParserException):
        return duckdb.ParserException(
            f"SQL の書き方が正しくありません: {text.splitlines()[0]}\n  場所: connect() の SQL\n"
            "  直し方: かっこ・引用符・コンマを確かめてください(DuckDB の方言です)。"
        )
    return error


def _word_column(column: str, used: list[Sight], role: str) -> str:
    seen = [name for sight in used for name in sight.columns]
    for sight in used:
        if column in sight.withheld:
            return (
                f"その列は、この役割には見えません: {column}({sight.withheld[column]})\n"
                f"  場所: {sight.name}(役割「{role}」)\n  直し方: 見える列: {_list(seen)}"
            )
    near = difflib.get_close_matches(column, seen, n=1, cutoff=0.5)
    hint = f"近い名前: {near[0]}。" if near else ""
    where = "、".join(sight.name for sight in used) or "connect() の SQL"
    return f"その列はありません: {column}\n  場所: {where}\n  直し方: {hint}見える列: {_list(seen)}"


def _list(names: Collection[str]) -> str:
    shown = list(dict.fromkeys(names))
    more = f" ほか {len(shown) - _LISTED} 件" if len(shown) > _LISTED else ""
    return "、".join(shown[:_LISTED]) + more
