"""The key under which a column header is looked up.

Belongs here: this one key, for one header and for a column of them. Must not hold: keys of names.
"""

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.distinct import judge_distinct
from transforms.rules import BLANK_RULE, Example, Rule
from transforms.verdict import (
    BLANK,
    CONTROLS,
    OK,
    WHITESPACE,
    decide,
    judge_fields,
    name_of,
    trim,
)
from transforms.width import DASHES

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "header.key": Rule(
            OK,
            "列見出しの照合キー",
            examples=(
                Example("電話 番号（代表）", "電話番号(代表)", "header"),
                Example("ｺ-ﾄﾞ", "コード", "header"),
                Example("面積（㎡）", "面積(m2)", "header"),
            ),
            source="Unicode 標準附属書15（NFKC）",
        ),
    }
)

_DASH_TABLE = str.maketrans(dict.fromkeys(DASHES + "-", "ー") | {"〜": "~"})


def header_key(text: str) -> str:
    r"""Return the key under which a column header is looked up.

    Args:
        text: Header as delivered, line breaks included.

    Returns:
        NFKC form without whitespace and controls, with hyphens, dashes and long-vowel marks
        all written ー: `電話 番号\n（代表）` and `電話番号(代表)` are one.
    """
    drop = dict.fromkeys(map(ord, WHITESPACE + CONTROLS))
    kept = unicodedata.normalize("NFKC", text).translate(drop)
    return unicodedata.normalize("NFKC", kept).translate(_DASH_TABLE)


def header(column: pl.Expr) -> pl.Expr:
    """Return the key of each header, as `header_key` gives it.

    Args:
        column: Headers as delivered.

    Returns:
        Judged String: the key.
    """
    trimmed, key = pl.field("trimmed"), pl.field("key")
    keys = judge_distinct([trimmed], _make_keys, pl.String(), "key")
    read = pl.struct(trimmed=trim(column)).struct.with_fields(key=keys)
    judged = decide(key, RULES, [(trimmed == "", BLANK)], "header.key")
    return judge_fields(read, judged, name_of(column))


def _make_keys(headers: pl.DataFrame) -> pl.Series:
    return pl.Series([header_key(text) for text in headers["0"]], dtype=pl.String())
