"""Half-width and full-width forms, as plain String columns without a verdict.

Belongs here: the tables of width variants and their folding. Must not hold: NFKC, or anything
that turns one character into another meaning (髙, 﨑, ①, ㈱ stay as they are).
"""

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

_SYMBOLS = dict(zip("￠￡￢￣￤￥￦", "¢£¬¯¦¥₩", strict=True))
_MARKS = {"\u3099": "ﾞ\u3099\u309b", "\u309a": "ﾟ\u309a\u309c"}


def _half_kana() -> dict[str, str]:
    singles = {chr(c): unicodedata.normalize("NFKC", chr(c)) for c in range(0xFF61, 0xFF9E)}
    return singles | {"ﾞ": "゛", "ﾟ": "゜"}


def _voiced() -> dict[str, str]:
    """Return base + any mark (half-width, combining, spacing) to the joined kana."""
    half = {v: k for k, v in _half_kana().items()}
    joined = {}
    for code in (*range(0x3041, 0x3097), *range(0x30A1, 0x30FB), 0x309D, 0x30FD):
        for mark, spellings in _MARKS.items():
            whole = unicodedata.normalize("NFC", chr(code) + mark)
            if len(whole) == 1:
                bases = filter(None, (chr(code), half.get(chr(code))))
                joined |= {base + spelling: whole for base in bases for spelling in spellings}
    return joined


ASCII: Mapping[str, str] = MappingProxyType(
    {chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)} | {"\u3000": " "} | _SYMBOLS
)
_ASCII_TABLE = str.maketrans(dict(ASCII))
KANA: Mapping[str, str] = MappingProxyType(_voiced() | _half_kana())
HIRAGANA: Mapping[str, str] = MappingProxyType(
    {chr(c): chr(c + 0x60) for c in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
)
DASHES = "‐‑‒–—―−─━－ｰー"


def replace_table(column: pl.Expr, table: Mapping[str, str]) -> pl.Expr:
    """Return the text with every key of `table` replaced, longest key first, in one pass."""
    keys = sorted(table, key=len, reverse=True)
    return column.str.replace_many(keys, [table[key] for key in keys], leftmost=True)


def fold_ascii(column: pl.Expr) -> pl.Expr:
    """Return the text with full-width digits, latin, symbols and space made half-width."""
    return replace_table(column, ASCII)


def fold_kana(column: pl.Expr) -> pl.Expr:
    """Return the text with half-width kana made full-width, sound marks joined (ｶﾞ to ガ)."""
    return replace_table(column, KANA)


def fold_width(column: pl.Expr) -> pl.Expr:
    """Return the text with `fold_ascii` and `fold_kana` both applied, in one pass."""
    return replace_table(column, {**ASCII, **KANA})


def fold_word(word: str) -> str:
    """Return one parameter word (a unit, a code) folded as `fold_ascii` folds a column."""
    return word.translate(_ASCII_TABLE)
