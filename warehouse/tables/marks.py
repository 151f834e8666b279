"""Symbols that stand where a value would, and what the sheet says they mean."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from warehouse.tables import vocabulary as words
from warehouse.tables.page import WHITE

if TYPE_CHECKING:
    from collections.abc import Sequence

# In a column of words these are opinions or separators, not gaps.
_ONLY_AMONG_NUMBERS = frozenset(
    ["△", "▲", "/", "／", "・", "･", "x", "X", "ｘ", "Ｘ", "χ", "NA", "*", "＊", "ー"]
)
_ALIKE = ("-－―‐–—─−ー", "xXｘＸχ", "*＊", "….・‥", "△▲")
_SAYS = r"\s*[」』”\"’'）)〉》]?\s*(?:印|記号|の箇所|の部分|表示)?\s*(?:は|とは|：|:|＝|=|…+|・・・)\s*、?\s*([^「『“\"、。；;,，\n]{2,40})"


def find_marks(
    body: pl.DataFrame, columns: Sequence[int], numeric: Sequence[int], notes: Sequence[str]
) -> dict[int, dict[str, str]]:
    """Find the marks of every column (1-based) and give each its meaning."""
    known = list(words.MARK_MEANINGS)
    found = (
        body.select(
            pl.col(f"c{n}")
            .str.strip_chars(WHITE)
            .alias(f"c{n}")
            .pipe(lambda c: c.filter(c.is_in(known)).unique().implode())
            for n in columns
        ).row(0)
        if columns
        else ()
    )
    marks: dict[int, dict[str, str]] = {}
    for number, symbols in zip(columns, found, strict=True):
        kept = [s for s in sorted(symbols) if number in numeric or s not in _ONLY_AMONG_NUMBERS]
        if kept:
            marks[number] = {symbol: meaning_of(symbol, notes) for symbol in kept}
    return marks


def meaning_of(mark: str, notes: Sequence[str]) -> str:
    """Say what a mark means: by the sheet's own legend, else as Japanese statistics use it."""
    for spelled in (re.escape(mark), _spelled_alike(mark)):
        says = re.compile(rf"(?:^|[「『“\"‘'（(〈《、，,。\s\u3000：:]){spelled}{_SAYS}")
        for note in notes:
            if (said := says.search(note)) and any(w in said.group(1) for w in words.LEGEND_WORDS):
                return said.group(1).strip(WHITE)
    return words.MARK_MEANINGS[mark]


def _spelled_alike(mark: str) -> str:
    family = next((letters for letters in _ALIKE if mark[0] in letters), mark[0])
    return f"[{re.escape(family)}]{{{len(mark)}}}" if mark else ""
