"""The code of local governments (全国地方公共団体コード) and its check digit.

Belongs here: this one code, because a lost leading zero makes it ambiguous. Must not hold: other
codes, its formula (`check_digits`), the list of municipalities: bodies such as 一部事務組合 have codes
that no list of municipalities holds.
"""

# ruff: noqa: PLR2004 (counts of digits are the format itself)

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.codes import check_digits
from transforms.rules import BLANK_RULE, Example, Rule
from transforms.verdict import (
    BLANK,
    OK,
    REFUSED,
    REPAIRED,
    UNCERTAIN,
    decide,
    judge_fields,
    name_of,
    trim,
)
from transforms.width import ASCII, DASHES, replace_table

_SOURCE = "総務省「全国地方公共団体コード」仕様、JIS X 0401・JIS X 0402"
_LG = "kind=lg"
RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "government_code.plain": Rule(
            OK,
            "全国地方公共団体コード",
            examples=(Example("272035", "272035", "code", _LG),),
            source=_SOURCE,
        ),
        "government_code.written_form": Rule(
            OK,
            "団体コードの表記を統一",
            examples=(
                Example("２７２０３５", "272035", "code", _LG),
                Example("27203-5", "272035", "code", _LG),
            ),
            source=_SOURCE,
        ),
        "government_code.check_added": Rule(
            REPAIRED,
            "団体コードに検査数字を追加",
            examples=(Example("27203", "272035", "code", _LG),),
            source=_SOURCE,
        ),
        "government_code.zero_restored": Rule(
            REPAIRED,
            "団体コードの先頭の0を復元",
            examples=(
                Example("11002", "011002", "code", _LG),
                Example("1100", "011002", "code", _LG),
            ),
            source=_SOURCE,
        ),
        "government_code.prefecture": Rule(
            REPAIRED,
            "2桁の都道府県コードを6桁に補完",
            examples=(Example("27", "270008", "code", _LG),),
            source="JIS X 0401",
        ),
        "government_code.five_digits": Rule(
            UNCERTAIN,
            "二通りに読める5桁の団体コード",
            "検査数字のない5桁か、先頭の0が落ちた6桁か決められません。6桁の文字列で出力し直してください。",
            (Example("11100", "", "code", _LG),),
            _SOURCE,
        ),
        "government_code.check_digit": Rule(
            REFUSED,
            "団体コードの検査数字の誤り",
            "検査数字が合いません。総務省の一覧を確認して正しいコードに直してください。",
            (Example("272036", "", "code", _LG),),
            _SOURCE,
        ),
        "government_code.not_code": Rule(
            REFUSED,
            "団体コードでない値",
            "全国地方公共団体コードではありません。6桁または5桁のコードを書いてください。",
            (Example("480002", "", "code", _LG), Example("豊中市", "", "code", _LG)),
            _SOURCE,
        ),
    }
)

PREFECTURES = 47
_SHAPE = "^(?:[0-9]{4,6}|0[1-9]|[1-3][0-9]|4[0-7])$"
_FOLDED: Mapping[str, str] = MappingProxyType({**ASCII, **dict.fromkeys(DASHES, "-")})


def local_government_code(column: pl.Expr) -> pl.Expr:
    """Return the six-digit code of a local government, check digit included.

    Args:
        column: Raw text: 272035, 27203 (the check digit is added), 27203-5, full-width.

    Returns:
        Judged String. Five digits are either a code without check digit or six that lost the zero
        in front; where the arithmetic allows both the value is uncertain. Four digits are a code
        without check digit that lost its zero, two are the code of a prefecture.
    """
    raw, x, number, size = (pl.field(name) for name in ("raw", "x", "number", "size"))
    as_five, lost_zero = pl.field("as_five"), pl.field("lost_zero")
    cases = [
        (raw == "", BLANK),
        (number.is_null(), "government_code.not_code"),
        (size == 2, "government_code.prefecture"),
        (as_five & lost_zero, "government_code.five_digits"),
        (lost_zero | (as_five & (size == 4)), "government_code.zero_restored"),
        (as_five, "government_code.check_added"),
        ((size < 6) | ~_is_place(number // 10), "government_code.not_code"),
        (~pl.field("six"), "government_code.check_digit"),
        (x != raw, "government_code.written_form"),
    ]
    full = (
        pl.when(as_five).then(number * 10 + check_digits.government_code(number)).otherwise(number)
    )
    value = full.cast(pl.String).str.zfill(6)
    judged = decide(value, RULES, cases, "government_code.plain")
    return judge_fields(_read(column), judged, name_of(column))


def _read(column: pl.Expr) -> pl.Expr:
    """Return the struct of the digits and of the two readings they allow."""
    x, number, size = pl.field("x"), pl.field("number"), pl.field("size")
    joined = replace_table(pl.field("raw"), _FOLDED).str.replace("^([0-9]{5})-([0-9])$", "$1$2")
    return (
        pl.struct(raw=trim(column))
        .struct.with_fields(x=joined)
        .struct.with_fields(x=pl.when(x.str.contains(_SHAPE)).then(x))
        .struct.with_fields(number=x.cast(pl.Int32, strict=False), size=x.str.len_bytes())
        .struct.with_fields(number=pl.when(size == 2).then(number * 1000).otherwise(number))
        .struct.with_fields(six=_is_code(number), as_five=_is_place(number) & (size <= 5))
        # A padded number is the same number: 011002 and 11002 differ only in what they claim to be.
        .struct.with_fields(lost_zero=pl.field("six") & (size == 5) & (number >= 10_000))
    )


def _is_place(five: pl.Expr) -> pl.Expr:
    """Return whether five digits can name a body: a prefecture 01 to 47, then 000 or 100 and up."""
    within = five % 1000
    return (five // 1000).is_between(1, PREFECTURES) & ((within == 0) | (within >= 100))


def _is_code(six: pl.Expr) -> pl.Expr:
    return _is_place(six // 10) & (check_digits.government_code(six // 10) == six % 10)
