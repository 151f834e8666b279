"""Phone numbers.

Belongs here: domestic numbers. Must not hold: other codes.
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.rules import BLANK_RULE, Rule
from transforms.verdict import BLANK, OK, REFUSED, decide, judge_fields, name_of, trim
from transforms.width import ASCII, DASHES, replace_table

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "phone.plain": Rule(OK, "電話番号"),
        "phone.written_form": Rule(OK, "電話番号の表記を統一"),
        "phone.not_phone": Rule(
            REFUSED,
            "電話番号でない値",
            "電話番号として読めません。0 から始まる10桁か11桁の番号を一つだけ書いてください。",
        ),
    }
)

_FOLDED: Mapping[str, str] = MappingProxyType({**ASCII, **dict.fromkeys(DASHES, "-")})
# 電気通信番号計画 (令和元年総務省告示第6号): 020, 050-090 have eleven digits, the others ten.
_PHONE = "^0(?:(?:20|[5-9]0)[0-9]{8}|(?:[1-9][1-9]|[134]0)[0-9]{7})$"


def phone(column: pl.Expr) -> pl.Expr:
    """Return a domestic phone number in half-width digits, hyphens where the source had them.

    Args:
        column: Raw text: 06-6858-2525, ０６－６８５８－２５２５, 06(6858)2525, 0668582525.

    Returns:
        Judged String: 11 digits after 020 and 050 to 090, 10 after any other area code; else refused.
    """
    raw, x = pl.field("raw"), pl.field("x")
    hyphened = (
        replace_table(raw, _FOLDED)
        .str.replace(r"^\((0[0-9]+)\) *-? *", "$1-")
        .str.replace(r"^(0[0-9]+) *\(([0-9]+)\) *-? *", "$1-$2-")
        .str.replace_all(" *- *| +", "-")
    )
    joined = x.str.replace_all("-", "", literal=True)
    shaped = x.str.contains("^0[0-9]*(?:-[0-9]+){0,2}$") & joined.str.contains(_PHONE)
    cases = [
        (raw == "", BLANK),
        (~shaped, "phone.not_phone"),
        (x == raw, "phone.plain"),
    ]
    read = pl.struct(raw=trim(column)).struct.with_fields(x=hyphened)
    return judge_fields(read, decide(x, RULES, cases, "phone.written_form"), name_of(column))
