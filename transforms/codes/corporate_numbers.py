"""法人番号 and the registration number of an invoice issuer (インボイス登録番号).

Belongs here: thirteen digits, and T with thirteen. Must not hold: who they name.
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
    REPAIRED,
    UNCERTAIN,
    decide,
    judge_fields,
    name_of,
    trim,
)

_LAW = "法人番号の指定等に関する省令(平成26年財務省令第70号)第2条"
_INVOICE_LAW = "消費税法 第57条の2(適格請求書発行事業者の登録)"
_CORPORATE, _INVOICE = "kind=corporate", "kind=invoice"
RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "corporate_number.plain": Rule(
            OK,
            "法人番号",
            examples=(Example("7000012050002", "7000012050002", "code", _CORPORATE),),
            source=_LAW,
        ),
        "corporate_number.written_form": Rule(
            OK,
            "法人番号の表記を統一",
            examples=(
                Example("７０００-０１２０-５０００２", "7000012050002", "code", _CORPORATE),
            ),
            source=_LAW,
        ),
        "corporate_number.invoice": Rule(
            UNCERTAIN,
            "登録番号の書かれた法人番号",
            "T で始まる登録番号です。個人事業者の登録番号は法人番号ではありません。法人かどうかを確かめ、法人番号を書いてください。",
            (Example("T7000012050002", "", "code", _CORPORATE),),
            _INVOICE_LAW,
        ),
        "corporate_number.twelve_digits": Rule(
            UNCERTAIN,
            "12桁の法人番号",
            "検査数字のない会社法人等番号か、桁が落ちた番号か決められません。13桁の法人番号を書いてください。",
            (Example("000012050002", "", "code", _CORPORATE),),
        ),
        "corporate_number.check_digit": Rule(
            REFUSED,
            "法人番号の検査数字の誤り",
            "検査数字(先頭の1桁)が合いません。国税庁の公表サイトで確かめて直してください。",
            (Example("1000012050002", "", "code", _CORPORATE),),
            _LAW,
        ),
        "corporate_number.not_code": Rule(
            REFUSED,
            "法人番号でない値",
            "法人番号ではありません。13桁の数字で書いてください。",
            (Example("7.00001E+12", "", "code", _CORPORATE),),
        ),
        "invoice_number.plain": Rule(
            OK,
            "登録番号",
            examples=(Example("T7000012050002", "T7000012050002", "code", _INVOICE),),
            source=_INVOICE_LAW,
        ),
        "invoice_number.written_form": Rule(
            OK,
            "登録番号の表記を統一",
            examples=(
                Example("Ｔ-７０００-０１２０-５０００２", "T7000012050002", "code", _INVOICE),
            ),
            source=_INVOICE_LAW,
        ),
        "invoice_number.letter_added": Rule(
            REPAIRED,
            "登録番号に T を追加",
            examples=(Example("7000012050002", "T7000012050002", "code", _INVOICE),),
            source=_INVOICE_LAW,
        ),
        "invoice_number.check_digit": Rule(
            UNCERTAIN,
            "法人番号の検査数字に合わない登録番号",
            "13桁が法人番号の検査数字に合いません。国税庁の公表サイトで登録番号を確かめてください。",
            (Example("T1000012050002", "", "code", _INVOICE),),
            _LAW,
        ),
        "invoice_number.not_code": Rule(
            REFUSED,
            "登録番号でない値",
            "登録番号ではありません。T に続けて13桁の数字を書いてください。",
            (Example("T123", "", "code", _INVOICE),),
        ),
    }
)

_THIRTEEN = "^[0-9]{13}$"
_BODY = 10**12


def corporate_number(column: pl.Expr) -> pl.Expr:
    """Return a 法人番号 as thirteen digits.

    Args:
        column: Raw text, any width; spaces and hyphens between the digits do not matter.

    Returns:
        Judged String. A number behind T is uncertain: it may be a sole proprietor's.
    """
    raw, x = pl.field("raw"), pl.field("x")
    cases = [
        (raw == "", BLANK),
        (x.str.contains("^[Tt][0-9]{13}$"), "corporate_number.invoice"),
        (x.str.contains("^[0-9]{12}$"), "corporate_number.twelve_digits"),
        (pl.field("number").is_null(), "corporate_number.not_code"),
        (~_holds(pl.field("number")), "corporate_number.check_digit"),
        (x != raw, "corporate_number.written_form"),
    ]
    judged = decide(x, RULES, cases, "corporate_number.plain")
    return judge_fields(_read(column, _THIRTEEN), judged, name_of(column))


def invoice_number(column: pl.Expr) -> pl.Expr:
    """Return a registration number as T and thirteen digits.

    Args:
        column: Raw text, any width and case; a missing T is added.

    Returns:
        Judged String. Whether the number of a sole proprietor carries a check digit is not
        published, so a number that fails that of the 法人番号 is uncertain.
    """
    raw, x = pl.field("raw"), pl.field("x")
    value = "T" + x.str.slice(x.str.len_chars() - 13)
    cases = [
        (raw == "", BLANK),
        (pl.field("number").is_null(), "invoice_number.not_code"),
        (~_holds(pl.field("number")), "invoice_number.check_digit"),
        (~x.str.contains("^[Tt]"), "invoice_number.letter_added"),
        (raw != value, "invoice_number.written_form"),
    ]
    judged = decide(value, RULES, cases, "invoice_number.plain")
    return judge_fields(_read(column, "^[Tt]?[0-9]{13}$"), judged, name_of(column))


def is_corporate_number(digits: pl.Expr) -> pl.Expr:
    """Tell whether a text is thirteen half-width digits with the check digit of a 法人番号."""
    return _holds(digits_or_null(digits, _THIRTEEN)).fill_null(value=False)


def _read(column: pl.Expr, shape: str) -> pl.Expr:
    x = pl.field("x")
    return (
        pl.struct(raw=trim(column))
        .struct.with_fields(x=join_digits(pl.field("raw")))
        .struct.with_fields(
            number=pl.when(x.str.contains(shape))
            .then(x.str.strip_chars_start("Tt"))
            .cast(pl.Int64, strict=False)
        )
    )


def _holds(number: pl.Expr) -> pl.Expr:
    return check_digits.corporate_number(number % _BODY) == number // _BODY
