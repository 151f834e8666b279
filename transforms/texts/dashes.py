"""Hyphens, long-vowel marks, minus signs, rules and tildes, told apart by what stands beside them.

Keyboards and conversions mix some fifteen letters that look alike: `1－2`, `1ー2` and `1‐2` are one
number, `タロ-`, `タロー` and `ﾀﾛｰ` one reading.

Belongs here: which letters are in which family, and the context that decides. Must not hold: 一
(the number one) or any other letter that only looks like a dash.
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.texts.mending import mend_where
from transforms.width import replace_table

# Hyphens, figure and en dash, em dash, horizontal bar, minus, box drawing, full-width minus.
HYPHENS = "-‐‑‒–—―−─━－﹣﹘"
LONG_VOWELS = "ーｰ"
TILDES = "〜～∼"

# Kana a long vowel can follow: not ン and ッ, not ー itself. Sound marks may stand apart.
VOWEL_KANA = "ァ-アィイゥウェエォ-ヂツ-ヲヴ-ヺㇰ-ㇿぁ-ぢつ-をゔゕゖｦ-ｮｱ-ﾜﾞﾟ\u3099-\u309c"
_ANY_KANA = "ァ-ヺー-ヿㇰ-ㇿぁ-ゟｦ-ﾟ\u3099-\u309c"
_NUMBERS = "0-9０-９〇一二三四五六七八九十百①-⑳"
_UNITS = "年月日時分秒号番目地階円人歳"
_ERAS = "MTSHRＭＴＳＨＲ明大昭平令"

_FAMILIES: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(HYPHENS, "-") | dict.fromkeys(LONG_VOWELS, "ー") | dict.fromkeys(TILDES, "〜")
)
_FOUND = f"[{HYPHENS[1:]}{LONG_VOWELS}{TILDES}~-]"
# A hyphen after kana is a long vowel, unless a number or a Latin letter follows (コーポ-101).
_LONG = f"([{VOWEL_KANA}])-+(\\s*(?:[^-\\s{_NUMBERS}A-Za-zＡ-Ｚａ-ｚ]|$))"
_NOT_LONG = f"(^|[^{_ANY_KANA}])ー+"
_RANGE = f"([{_NUMBERS}{_UNITS}])~([{_NUMBERS}{_ERAS}])"


def _fold(texts: pl.Expr) -> pl.Expr:
    folded = replace_table(texts, _FAMILIES).str.replace_all(_NOT_LONG, "${1}-")
    # Twice: the letter after one mark may be the letter before the next.
    for _ in range(2):
        folded = folded.str.replace_all(_LONG, "${1}ー${2}").str.replace_all(_RANGE, "${1}〜${2}")
    return folded.str.replace_all("-{2,}", "-")


def fold_dashes(column: pl.Expr) -> pl.Expr:
    """Return the text with every dash written by what it means.

    Args:
        column: Any text; widths of other letters stay as they are.

    Returns:
        String. After kana `ー`, a hyphen before a number or a Latin letter excepted; elsewhere
        `-`, a run of them once; 〜 and ～ are `〜`, and so is ~ between numbers (it is no range
        sign elsewhere). Null stays null.
    """
    return mend_where(column, _FOUND, _fold)
