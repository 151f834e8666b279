"""Yes and no, as words of a contract.

Belongs here: vocabularies of two values. Must not hold: code lists (`code_lists`).
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import polars as pl

from transforms.rules import BLANK_RULE, Rule
from transforms.verdict import BLANK, OK, REFUSED, decide, judge_fields, name_of, trim
from transforms.width import fold_ascii, fold_word

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "boolean.listed": Rule(OK, "有無の値"),
        "boolean.fullwidth": Rule(OK, "有無の表記を統一"),
        "boolean.unknown": Rule(
            REFUSED,
            "有無と読めない",
            "有無と読めない値です。台帳に書かれた語に直すか、語を台帳に足してください。",
        ),
    }
)


def boolean(column: pl.Expr, *, true: Sequence[str], false: Sequence[str]) -> pl.Expr:
    """Return whether the text is one of the words for true or for false.

    Args:
        column: Raw text.
        true: Words that mean true; widths and letter case do not matter.
        false: Words that mean false.

    Returns:
        Judged Boolean.

    Raises:
        ValueError: If a word is in both lists.
    """
    words = {_fold_case(w): True for w in true}
    other = {_fold_case(w): False for w in false}
    if words.keys() & other.keys() or not words or not other:
        raise ValueError(
            "真と偽の語の一覧が空か、同じ語が両方にあります。場所: true と false。"
            "次にすること: それぞれに別の語を書いてください。"
        )
    raw, value = pl.field("raw"), pl.field("value")
    words |= other
    found = (
        fold_ascii(raw)
        .str.to_lowercase()
        .replace_strict(list(words), list(words.values()), default=None, return_dtype=pl.Boolean)
    )
    listed = raw.is_in([w.strip() for w in (*true, *false)])
    cases = [(raw == "", BLANK), (value.is_null(), "boolean.unknown"), (listed, "boolean.listed")]
    read = pl.struct(raw=trim(column)).struct.with_fields(value=found)
    return judge_fields(read, decide(value, RULES, cases, "boolean.fullwidth"), name_of(column))


def _fold_case(word: str) -> str:
    return fold_word(word).strip().lower()
