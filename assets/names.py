"""How names and patterns of the register are spelled, so that every engine can use them as they are.

Rules of spelling only; what a name means stands in the models.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

IDENTIFIER = re.compile(r"^[a-z][a-z0-9_]*\Z")
# The words DuckDB keeps for itself (`duckdb_keywords()`, category reserved).
_RESERVED_WORDS = """
all analyse analyze and any array as asc asymmetric both case cast check collate column
constraint create default deferrable desc describe distinct do else end except false fetch for
foreign from group having in initially intersect into lambda lateral leading limit not null
offset on only or order pivot pivot_longer pivot_wider placing primary qualify references
returning select show some summarize symmetric table then to trailing true union unique unpivot
using variadic when where window with
"""
RESERVED = frozenset(_RESERVED_WORDS.split())


def require_names(names: Iterable[str]) -> None:
    """Refuse column names that cannot be written in SQL as they are.

    Raises:
        ValueError: in Japanese, with the names.
    """
    if bad := [name for name in names if not IDENTIFIER.match(name)]:
        raise ValueError(f"列名は英小文字・数字・_ で書いてください: {'、'.join(bad)}")
    if bad := [name for name in names if name in RESERVED]:
        raise ValueError(f"SQL の予約語は列名に使えません: {'、'.join(bad)}")


def require_regex(pattern: str | None) -> None:
    """Refuse a regular expression that the engines cannot run: they have no look-around.

    Raises:
        ValueError: in Japanese.
    """
    if pattern is None:
        return
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"pattern が正規表現として読めません: {pattern}") from error
    if re.search(r"\(\?<?[=!]|\\[1-9]|\(\?P[=>]", pattern):
        raise ValueError(f"pattern に先読み・後読み・後方参照は使えません: {pattern}")
