"""Postal codes.

Belongs here: the seven digits. Must not hold: which town they name (`addresses`).
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.rules import BLANK_RULE, Rule
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
from transforms.width import ASCII, DASHES, replace_table

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "postal_code.plain": Rule(OK, "郵便番号"),
        "postal_code.written_form": Rule(OK, "郵便番号の表記を統一"),
        "postal_code.lost_zero": Rule(
            UNCERTAIN,
            "6桁の郵便番号",
            "先頭の0が落ちたのか桁が足りないのか分かりません。7桁の文字列で出力し直してください。",
        ),
        "postal_code.sentinel": Rule(
            REFUSED,
            "仮の郵便番号",
            "使われていない仮の郵便番号です。正しい番号に直すか、空欄にしてください。",
        ),
        "postal_code.not_postal_code": Rule(
            REFUSED, "郵便番号でない値", "郵便番号として読めません。7桁の数字で書いてください。"
        ),
    }
)

_FOLDED: Mapping[str, str] = MappingProxyType({**ASCII, **dict.fromkeys(DASHES, "-")})


def postal_code(column: pl.Expr) -> pl.Expr:
    """Return a postal code as seven digits without a hyphen.

    Args:
        column: Raw text: 5600001, 560-0001, 〒560-0001, full-width.

    Returns:
        Judged String. Six digits (a lost leading zero) are uncertain; 000-0000 is refused.
    """
    raw, groups, value = pl.field("raw"), pl.field("groups").struct, pl.field("value")
    pattern = "^(?:〒 *)?(?:([0-9]{3}) *-? *([0-9]{4})|([0-9]{6}))$"
    read = (
        pl.struct(raw=trim(column))
        .struct.with_fields(groups=replace_table(raw, _FOLDED).str.extract_groups(pattern))
        .struct.with_fields(value=pl.concat_str(groups.field("1"), groups.field("2")))
    )
    cases = [
        (raw == "", BLANK),
        (groups.field("3").is_not_null(), "postal_code.lost_zero"),
        (value.is_null(), "postal_code.not_postal_code"),
        (value.str.starts_with("000") | (value == "9999999"), "postal_code.sentinel"),
        (value == raw, "postal_code.plain"),
    ]
    judged = decide(value, RULES, cases, "postal_code.written_form")
    return judge_fields(read, judged, name_of(column))
