"""Free text, names, readings, and the key under which a column header is looked up.

Belongs here: functions whose value is text a person wrote. Must not hold: codes and numbers,
and nothing that normalises the letters of a name (髙 and 高 are different people).
"""

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.verdict import (
    BLANK,
    CONTROLS,
    OK,
    REFUSED,
    REPAIRED,
    WHITESPACE,
    decide,
    judge_fields,
    judged,
    name_of,
    trim,
)
from transforms.width import DASHES, HIRAGANA, KANA, replace_table

RULES: Mapping[str, str] = MappingProxyType(
    {
        BLANK: OK,
        "text.plain": OK,
        "text.control_removed": REPAIRED,
        "name.plain": OK,
        "kana.full_width": OK,
        "kana.converted": REPAIRED,
        "kana.not_kana": REFUSED,
    }
)

# A line break inside a remark means something: it is unified, not removed.
_INNER: Mapping[str, str] = MappingProxyType(
    {"\r\n": "\n", "\r": "\n"} | dict.fromkeys(CONTROLS, "")
)
_KANA: Mapping[str, str] = MappingProxyType(
    dict(HIRAGANA)
    | {key: HIRAGANA.get(value, value) for key, value in KANA.items()}
    | dict.fromkeys(WHITESPACE, "\u3000")
)
_KANA_ONLY = "^[ァ-ヺー・ヽヾㇰ-ㇿ\u3000]+$"
_DASH_TABLE = str.maketrans(dict.fromkeys(DASHES + "-", "ー") | {"〜": "~"})


def text(column: pl.Expr) -> pl.Expr:
    r"""Return free text without outer whitespace and without control characters.

    Args:
        column: Raw text.

    Returns:
        Judged String. Letters, widths and inner spaces stay; line breaks become `\n`.
    """
    trimmed, clean = pl.field("trimmed"), pl.field("clean")
    # Removing twice settles a line break that only a control character had split.
    cleaned = replace_table(replace_table(trimmed, _INNER), _INNER)
    cases = [(clean == "", BLANK), (clean != trimmed, "text.control_removed")]
    read = pl.struct(trimmed=trim(column)).struct.with_fields(clean=cleaned)
    return judge_fields(read, decide(clean, RULES, cases, "text.plain"), name_of(column))


def name(column: pl.Expr) -> pl.Expr:
    """Return a person's or a body's name as it is stored: only outer whitespace removed.

    Args:
        column: Raw text.

    Returns:
        Judged String. No normalisation of any kind, so 髙, 﨑, ㈱ and user-defined letters stay.
    """
    trimmed = trim(column)
    rule = pl.when(trimmed == "").then(pl.lit(BLANK)).otherwise(pl.lit("name.plain"))
    value = pl.when(trimmed != "").then(trimmed)
    return judged(value, OK, rule, name=name_of(column))


def kana(column: pl.Expr) -> pl.Expr:
    """Return a reading in full-width katakana, words parted by one full-width space.

    Args:
        column: Raw text in half-width katakana, hiragana or katakana.

    Returns:
        Judged String. Any other letter is refused (`kana.not_kana`), a hyphen for a long vowel too.
    """
    trimmed, folded = pl.field("trimmed"), pl.field("folded")
    kana_form = replace_table(trimmed, _KANA).str.replace_all("\u3000{2,}", "\u3000")
    cases = [
        (trimmed == "", BLANK),
        (~folded.str.contains(_KANA_ONLY), "kana.not_kana"),
        (folded != trimmed, "kana.converted"),
    ]
    read = pl.struct(trimmed=trim(column)).struct.with_fields(folded=kana_form)
    return judge_fields(read, decide(folded, RULES, cases, "kana.full_width"), name_of(column))


def header_key(text: str) -> str:
    r"""Return the key under which a column header is looked up.

    Args:
        text: Header as delivered, line breaks included.

    Returns:
        NFKC form without whitespace and controls, with hyphens, dashes and long-vowel marks
        all written ー: `電話 番号\n（代表）` and `電話番号(代表)` are one.
    """
    drop = dict.fromkeys(map(ord, WHITESPACE + CONTROLS))
    kept = unicodedata.normalize("NFKC", text).translate(drop)
    return unicodedata.normalize("NFKC", kept).translate(_DASH_TABLE)
