"""Identifiers made of digits, as text: leading zeros stay.

Belongs here: digits and their number. Must not hold: check digits, quantities (`numbers`).
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.rules import BLANK_RULE, Example, Rule
from transforms.verdict import BLANK, OK, REFUSED, decide, judge_fields, name_of, trim
from transforms.width import fold_ascii

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "digits.plain": Rule(
            OK, "数字の番号", examples=(Example("0012", "0012", "code", "kind=digits"),)
        ),
        "digits.fullwidth": Rule(
            OK,
            "全角の番号を半角に統一",
            examples=(Example("００１２", "0012", "code", "kind=digits"),),
        ),
        "digits.length": Rule(
            REFUSED,
            "番号の桁数違い",
            "番号の桁数が違います。先頭の0が落ちていないか、原本を確認して直してください。",
            (Example("12", "", "digits", "length=3"),),
        ),
        "digits.not_digits": Rule(
            REFUSED,
            "番号に数字以外の文字",
            "番号に数字以外の文字があります。数字だけで書いてください。",
            (Example("12-3", "", "code", "kind=digits"),),
        ),
    }
)


def digits(column: pl.Expr, *, length: int | None = None) -> pl.Expr:
    """Return an identifier made of digits as text; leading zeros stay.

    Args:
        column: Raw text.
        length: Number of digits it must have; None for any.

    Returns:
        Judged String of half-width digits. A missing leading zero is refused, never added.

    Raises:
        ValueError: If `length` is less than 1.
    """
    if length is not None and length < 1:
        raise ValueError("桁数が使えない値です。場所: length。次にすること: 1 以上にしてください。")
    raw, x = pl.field("raw"), pl.field("x")
    wrong = pl.lit(value=False) if length is None else x.str.len_chars() != length
    cases = [
        (raw == "", BLANK),
        (~x.str.contains("^[0-9]+$"), "digits.not_digits"),
        (wrong, "digits.length"),
        (x != raw, "digits.fullwidth"),
    ]
    read = pl.struct(raw=trim(column)).struct.with_fields(x=fold_ascii(raw))
    return judge_fields(read, decide(x, RULES, cases, "digits.plain"), name_of(column))
