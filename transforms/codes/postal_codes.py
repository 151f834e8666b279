"""Postal codes.

Belongs here: the seven digits. Must not hold: which codes exist (`postal_registry`), which town
they name.
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

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
from transforms.width import ASCII, DASHES, replace_table

_SOURCE = "自治体標準オープンデータセット 共通ルール(郵便番号はハイフンなしの半角7桁)"
_CONTEXT = "kind=postal"
RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "postal_code.plain": Rule(
            OK,
            "郵便番号",
            examples=(Example("5600001", "5600001", "code", _CONTEXT),),
            source=_SOURCE,
        ),
        "postal_code.written_form": Rule(
            OK,
            "郵便番号の表記を統一",
            examples=(
                Example("〒560-0001", "5600001", "code", _CONTEXT),
                Example("５６０－００ ０１", "5600001", "code", _CONTEXT),
                Example("五六〇-〇〇〇一", "5600001", "code", _CONTEXT),
            ),
            source=_SOURCE,
        ),
        "postal_code.lost_zero": Rule(
            UNCERTAIN,
            "6桁の郵便番号",
            "先頭の0が落ちたのか桁が足りないのか分かりません。7桁の文字列で出力し直してください。",
            (Example("600001", "", "code", _CONTEXT),),
        ),
        "postal_code.old": Rule(
            UNCERTAIN,
            "3桁・5桁の古い郵便番号",
            "平成10年2月1日までの郵便番号か、桁が足りないかです。住所から7桁の番号を調べて書いてください。",
            (Example("560", "", "code", _CONTEXT), Example("560-01", "", "code", _CONTEXT)),
            "7桁の郵便番号は平成10年2月2日から",
        ),
        "postal_code.sentinel": Rule(
            REFUSED,
            "仮の郵便番号",
            "使われていない仮の郵便番号です。正しい番号に直すか、空欄にしてください。",
            (Example("000-0000", "", "code", _CONTEXT),),
        ),
        "postal_code.not_postal_code": Rule(
            REFUSED,
            "郵便番号でない値",
            "郵便番号として読めません。7桁の数字で書いてください。",
            (Example("56000011", "", "code", _CONTEXT),),
        ),
    }
)

_FOLDED: Mapping[str, str] = MappingProxyType(
    {
        **ASCII,
        **dict.fromkeys(DASHES, "-"),
        **{digit: str(value) for value, digit in enumerate("〇一二三四五六七八九")},
        **dict.fromkeys("\t\u00a0", " "),
        "〶": "〒",
    }
)
_PATTERN = (
    r"^(?:郵便番号|\(〒\)|〒)?[ :.]*"
    "(?:([0-9](?: ?[0-9]){2}) *-? *([0-9](?: ?[0-9]){3})|([0-9]{6})|([0-9]{3}(?: *-? *[0-9]{2})?))$"
)


def postal_code(column: pl.Expr) -> pl.Expr:
    """Return a postal code as seven digits without a hyphen.

    Args:
        column: Raw text: 5600001, 560-0001, 〒560-0001, full-width, kanji digits, spaces between.

    Returns:
        Judged String. Six digits (a lost leading zero) and the codes of three and five digits are
        uncertain; 000-0000 is refused. Whether the code exists is not asked: a list ages.
    """
    raw, groups, value = pl.field("raw"), pl.field("groups").struct, pl.field("value")
    seven = pl.concat_str(groups.field("1"), groups.field("2"))
    read = (
        pl.struct(raw=trim(column))
        .struct.with_fields(groups=replace_table(raw, _FOLDED).str.extract_groups(_PATTERN))
        .struct.with_fields(value=seven.str.replace_all(" ", "", literal=True))
    )
    cases = [
        (raw == "", BLANK),
        (groups.field("3").is_not_null(), "postal_code.lost_zero"),
        (groups.field("4").is_not_null(), "postal_code.old"),
        (value.is_null(), "postal_code.not_postal_code"),
        (value.str.starts_with("000") | (value == "9999999"), "postal_code.sentinel"),
        (value == raw, "postal_code.plain"),
    ]
    judged = decide(value, RULES, cases, "postal_code.written_form")
    return judge_fields(read, judged, name_of(column))
