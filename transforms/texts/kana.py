"""Readings in full-width katakana.

Belongs here: kana in any width to one form. Must not hold: names in kanji (`names`).
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.rules import BLANK_RULE, Rule
from transforms.verdict import BLANK, OK, REFUSED, WHITESPACE, decide, judge_fields, name_of, trim
from transforms.width import HIRAGANA, KANA, replace_table

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "kana.full_width": Rule(OK, "全角カタカナ"),
        "kana.converted": Rule(OK, "全角カタカナに統一"),
        "kana.not_kana": Rule(
            REFUSED,
            "カナ以外の文字",
            "カナ以外の文字があります。漢字・英数字・ハイフンを除き、カタカナで書いてください。",
        ),
    }
)

_KANA: Mapping[str, str] = MappingProxyType(
    dict(HIRAGANA)
    | {key: HIRAGANA.get(value, value) for key, value in KANA.items()}
    | dict.fromkeys(WHITESPACE, "\u3000")
)
_KANA_ONLY = "^[ァ-ヺー・ヽヾㇰ-ㇿ\u3000]+$"


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
