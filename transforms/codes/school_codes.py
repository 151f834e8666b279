"""学校コード of the ministry of education: a letter and twelve digits.

Belongs here: its shape. Must not hold: the list of schools. The last digit is a check digit whose
formula could not be confirmed; it is not tested.
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.codes.identifiers import join_digits
from transforms.rules import BLANK_RULE, Example, Rule
from transforms.verdict import BLANK, OK, REFUSED, decide, judge_fields, name_of, trim

_SOURCE = "文部科学省「学校コード」(学校種2・都道府県2・設置区分1・学校番号7・検査数字1)"
_CONTEXT = "kind=school"
RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "school_code.plain": Rule(
            OK,
            "学校コード",
            examples=(Example("F112310102342", "F112310102342", "code", _CONTEXT),),
            source=_SOURCE,
        ),
        "school_code.written_form": Rule(
            OK,
            "学校コードの表記を統一",
            examples=(Example("ｆ１１２３１０１０２３４２", "F112310102342", "code", _CONTEXT),),
            source=_SOURCE,
        ),
        "school_code.not_code": Rule(
            REFUSED,
            "学校コードでない値",
            "学校コードではありません。英字1字と数字12字の学校コードを書いてください。",
            (Example("F199310102342", "", "code", _CONTEXT),),
            _SOURCE,
        ),
    }
)

_PREFECTURE = "(?:0[1-9]|[1-3][0-9]|4[0-7])"
_SHAPE = f"^(?:A[12]|B1|C[12]|D[12]|E1|F[12]|G1|H[12]){_PREFECTURE}[1-3][0-9]{{8}}$"


def school_code(column: pl.Expr) -> pl.Expr:
    """Return a 学校コード: a letter and twelve digits.

    Args:
        column: Raw text, any width and case; spaces and hyphens do not matter.

    Returns:
        Judged String; kind of school, prefecture and founder are tested, the check digit is not.
    """
    raw, x = pl.field("raw"), pl.field("x")
    cases = [
        (raw == "", BLANK),
        (~x.str.contains(_SHAPE), "school_code.not_code"),
        (x != raw, "school_code.written_form"),
    ]
    read = pl.struct(raw=trim(column)).struct.with_fields(x=join_digits(raw).str.to_uppercase())
    return judge_fields(read, decide(x, RULES, cases, "school_code.plain"), name_of(column))
