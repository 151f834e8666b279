"""個人番号 (My Number): read where the law allows it, blocked everywhere else.

Belongs here: the twelve digits as a value of a column. Must not hold: the search for them in other
columns (`my_number_search`), who may use them.
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.codes import check_digits
from transforms.codes.identifiers import digits_or_null, join_digits
from transforms.rules import BLANK_RULE, Example, Rule
from transforms.verdict import (
    BLANK,
    OK,
    REFUSED,
    UNCERTAIN,
    decide,
    judge_fields,
    name_of,
    trim,
)

_LAW = "行政手続における特定の個人を識別するための番号の利用等に関する法律"
_DIGIT_LAW = "平成26年総務省令第85号 第5条"
RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "my_number.plain": Rule(
            OK,
            "個人番号",
            examples=(Example("123456789018", "123456789018", "my_number"),),
            source=_DIGIT_LAW,
        ),
        "my_number.written_form": Rule(
            OK,
            "個人番号の表記を統一",
            examples=(Example("１２３４ ５６７８ ９０１８", "123456789018", "my_number"),),
            source=_DIGIT_LAW,
        ),
        "my_number.eleven_digits": Rule(
            UNCERTAIN,
            "11桁の個人番号",
            "先頭の0が落ちたのか桁が足りないのか分かりません。住民票コードでないかも確かめ、12桁で出力し直してください。",
            (Example("12345678901", "", "my_number"),),
        ),
        "my_number.check_digit": Rule(
            REFUSED,
            "個人番号の検査数字の誤り",
            "検査数字が合いません。本人確認の記録を確かめて直してください。",
            (Example("123456789012", "", "code", "kind=my_number"),),
            _DIGIT_LAW,
        ),
        "my_number.not_code": Rule(
            REFUSED,
            "個人番号でない値",
            "個人番号ではありません。12桁の数字で書いてください。",
            (Example("1234", "", "code", "kind=my_number"),),
        ),
        "my_number.blocked": Rule(
            REFUSED,
            "取り扱えない個人番号",
            "個人番号は、根拠法令を書いた契約の特定個人の列でしか扱えません。ファイルから除いてください。",
            (Example("1234-5678-9018", "", "code", "kind=my_number"),),
            _LAW,
        ),
    }
)


def my_number(column: pl.Expr) -> pl.Expr:
    """Return a 個人番号 as twelve digits, for contracts that name the legal basis.

    Args:
        column: Raw text, any width; spaces and hyphens between the digits do not matter.

    Returns:
        Judged String. Nothing is restored: eleven digits are uncertain.
    """
    return _judge(column, [(pl.field("x") != pl.field("raw"), "my_number.written_form")])


def blocked_my_number(column: pl.Expr) -> pl.Expr:
    """Return the verdict on a 個人番号 outside such a contract: the value is never returned."""
    return _judge(column, [(pl.field("number").is_not_null(), "my_number.blocked")])


def looks_like_my_number(column: pl.Expr) -> pl.Expr:
    """Return whether the whole text is twelve digits with the check digit of an individual number.

    Args:
        column: Raw text; widths, hyphens and spaces do not matter.

    Returns:
        Boolean, never null. One in ten random texts of twelve digits is taken for one.
    """
    held = holds(pl.field("number")).fill_null(value=False)
    return judge_fields(_read(column), held, name_of(column))


def holds(number: pl.Expr) -> pl.Expr:
    """Return whether twelve digits (Int64) carry the check digit; null stays null."""
    return check_digits.individual_number(number // 10) == number % 10


def _judge(column: pl.Expr, last: list[tuple[pl.Expr, str]]) -> pl.Expr:
    raw, x, number = pl.field("raw"), pl.field("x"), pl.field("number")
    cases = [
        (raw == "", BLANK),
        (x.str.contains("^[0-9]{11}$"), "my_number.eleven_digits"),
        (number.is_null(), "my_number.not_code"),
        (~holds(number), "my_number.check_digit"),
        *last,
    ]
    return judge_fields(_read(column), decide(x, RULES, cases, "my_number.plain"), name_of(column))


def _read(column: pl.Expr) -> pl.Expr:
    return (
        pl.struct(raw=trim(column))
        .struct.with_fields(x=join_digits(pl.field("raw")))
        .struct.with_fields(number=digits_or_null(pl.field("x"), "^[0-9]{12}$"))
    )
