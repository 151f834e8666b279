"""Readings in full-width katakana.

Belongs here: kana in any width to one form. Must not hold: names in kanji (`names`).
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.rules import BLANK_RULE, Example, Rule
from transforms.texts.dashes import HYPHENS, VOWEL_KANA
from transforms.texts.mending import mend_where
from transforms.verdict import (
    BLANK,
    OK,
    REFUSED,
    REPAIRED,
    WHITESPACE,
    decide,
    judge_fields,
    name_of,
    trim,
)
from transforms.width import HIRAGANA, KANA, replace_table

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "kana.full_width": Rule(
            OK,
            "全角カタカナ",
            examples=(Example("トヨナカ　タロウ", "トヨナカ　タロウ", "kana"),),
            source="政府相互運用性フレームワーク（GIF）・自治体標準オープンデータセット「全角カナ」",
        ),
        "kana.converted": Rule(
            OK,
            "全角カタカナに統一",
            examples=(
                Example("ﾄﾖﾅｶ ﾀﾞｲｷ", "トヨナカ　ダイキ", "kana"),
                Example("とよなか　ゔぃお", "トヨナカ　ヴィオ", "kana"),
            ),
            source="政府相互運用性フレームワーク（GIF）・自治体標準オープンデータセット「全角カナ」",
        ),
        "kana.long_vowel": Rule(
            REPAIRED,
            "カナに続くハイフンを長音に修正",
            examples=(
                Example("ﾐﾗ- ﾀﾛ-", "ミラー　タロー", "kana"),
                Example("センタ−", "センター", "kana"),
            ),
        ),
        "kana.not_kana": Rule(
            REFUSED,
            "カナ以外の文字",
            "カナ以外の文字があります。漢字・英数字・ハイフンを除き、カタカナで書いてください。",
            examples=(
                Example("豊中 ﾀﾛｳ", "", "kana"),
                Example("ジャン-ポール", "", "kana"),
                Example("トヨナカ2", "", "kana"),
            ),
        ),
    }
)

_DOTS = "･·‧•∙⋅"
_KANA: Mapping[str, str] = MappingProxyType(
    dict(HIRAGANA)
    | {key: HIRAGANA.get(value, value) for key, value in KANA.items()}
    | dict.fromkeys(WHITESPACE, "\u3000")
    | dict.fromkeys(_DOTS, "・")
)
_HYPHEN = f"[{HYPHENS[1:]}-]"
_UNLIKE = "[^ァ-ヺー・ヽヾㇰ-ㇿ\u3000]|\u3000\u3000"
# A long vowel sounds on from a kana: after a space, a dot or the beginning ー is none.
_KANA_ONLY = "^(?:[ァ-ヺヽヾㇰ-ㇿ]ー*|[・\u3000])+$"


def _convert(texts: pl.Expr) -> pl.Expr:
    return replace_table(texts, _KANA).str.replace_all("\u3000{2,}", "\u3000")


def _lengthen(texts: pl.Expr) -> pl.Expr:
    return texts.str.replace_all(f"([{VOWEL_KANA}]){_HYPHEN}", "${1}ー")


def kana(column: pl.Expr) -> pl.Expr:
    """Return a reading in full-width katakana, words parted by one full-width space.

    Args:
        column: Raw text in half-width katakana, hiragana or katakana.

    Returns:
        Judged String. A hyphen, dash or minus after a kana with a vowel is the long vowel mark
        (`kana.long_vowel`); after ン or ッ it is none. Any other letter is refused
        (`kana.not_kana`), Latin letters too.
    """
    trimmed, folded, full = pl.field("trimmed"), pl.field("folded"), pl.field("full")
    cases = [
        (trimmed == "", BLANK),
        (~full.str.contains(_KANA_ONLY), "kana.not_kana"),
        (full != folded, "kana.long_vowel"),
        (folded != trimmed, "kana.converted"),
    ]
    read = (
        pl.struct(trimmed=trim(column))
        .struct.with_fields(folded=mend_where(trimmed, _UNLIKE, _convert))
        .struct.with_fields(full=mend_where(folded, _HYPHEN, _lengthen))
    )
    return judge_fields(read, decide(full, RULES, cases, "kana.full_width"), name_of(column))
