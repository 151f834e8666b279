"""Values of a code list, by code or by label.

Belongs here: looking a value up in a list of the contract. Must not hold: the lists.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import polars as pl

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
from transforms.width import fold_ascii, fold_word

_LIST = "01=男;02=女;A=甲;B=甲"
RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "code.listed": Rule(OK, "コード", examples=(Example("01", "01", "code_list", _LIST),)),
        "code.fullwidth": Rule(
            OK, "コードの幅を統一", examples=(Example("０１", "01", "code_list", _LIST),)
        ),
        "code.letter_case": Rule(
            OK,
            "コードの大文字・小文字を統一",
            examples=(Example("a", "A", "code_list", _LIST),),
        ),
        "code.label": Rule(
            OK, "名称からコードに変換", examples=(Example("男", "01", "code_list", _LIST),)
        ),
        "code.zero_restored": Rule(
            REPAIRED,
            "コードの先頭の0を復元",
            examples=(Example("1", "01", "code_list", _LIST),),
        ),
        "code.ambiguous_label": Rule(
            UNCERTAIN,
            "複数のコードを持つ名称",
            "同じ名称のコードが複数あります。名称でなくコードを書いてください。",
            (Example("甲", "", "code_list", _LIST),),
        ),
        "code.ambiguous_zero": Rule(
            UNCERTAIN,
            "先頭の0を決められないコード",
            "先頭の0が落ちたとすると、当てはまるコードが複数あります。コード表のとおりの桁で書いてください。",
            (Example("1", "", "code_list", "01=男;001=女"),),
        ),
        "code.unknown": Rule(
            REFUSED,
            "コード表にない値",
            "コード表にない値です。コードを直すか、コード表を新しいものにしてください。",
            (Example("9", "", "code_list", _LIST),),
        ),
    }
)


def code(column: pl.Expr, *, labels: Mapping[str, str]) -> pl.Expr:
    """Return the code of a code list.

    Args:
        column: Raw text: a code, or its label, in any width.
        labels: Code to label.

    Returns:
        Judged String, a key of `labels`. A text that is both a code and a label is the code; a
        label of two codes is uncertain. Letter case and a lost leading zero (1 for 01) are made
        good where one code alone fits.

    Raises:
        ValueError: If `labels` or one of its codes is empty.
    """
    if not labels or not all(map(str.strip, labels)):
        raise ValueError(
            "コード表が空か、空のコードがあります。場所: labels。次にすること: コードと名称を書いてください。"
        )
    raw, x = pl.field("raw"), pl.field("x")
    folded_codes = [(fold_word(c).strip(), c) for c in labels]
    by_label = _unique((fold_word(name).strip(), c) for c, name in labels.items())
    by_case = _unique((key.lower(), c) for key, c in folded_codes)
    by_zero = _unique((short, c) for key, c in folded_codes for short in _without_zeros(key))
    exact, folded, cased, labelled, short = (pl.field(name) for name in _READINGS)
    read = pl.struct(raw=trim(column)).struct.with_fields(x=fold_ascii(raw))
    read = read.struct.with_fields(
        exact=_look_up(raw, {c: c for c in labels}),
        folded=_look_up(x, _unique(folded_codes)),
        cased=_look_up(x.str.to_lowercase(), by_case),
        labelled=_look_up(x, by_label),
        short=_look_up(x, by_zero),
    )
    unread = folded.is_null() & labelled.is_null()
    # A code without its zero may also be the name of another code.
    torn = folded.is_null() & (labelled != "") & short.is_not_null() & (short != labelled)
    cases = [
        (raw == "", BLANK),
        (exact.is_not_null(), "code.listed"),
        ((folded == "") | (folded.is_null() & (labelled == "")), "code.ambiguous_label"),
        (torn | (unread & (short == "")), "code.ambiguous_zero"),
        (folded.is_not_null(), "code.fullwidth"),
        (labelled.is_not_null(), "code.label"),
        (cased != "", "code.letter_case"),
        (short.is_not_null(), "code.zero_restored"),
    ]
    value = pl.coalesce(exact, folded, labelled, pl.when(cased != "").then(cased), short)
    return judge_fields(read, decide(value, RULES, cases, "code.unknown"), name_of(column))


_READINGS = ("exact", "folded", "cased", "labelled", "short")


def _without_zeros(code: str) -> list[str]:
    """Return what a code of digits becomes when a program takes it for a number."""
    if not code.isascii() or not code.isdigit():
        return []
    least = code.lstrip("0") or "0"
    return [code[start:] for start in range(1, len(code) - len(least) + 1)]


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return key to value, the empty text where a key has two values."""
    found: dict[str, str] = {}
    for key, value in pairs:
        found[key] = value if found.get(key, value) == value else ""
    found.pop("", None)
    return found


def _look_up(text: pl.Expr, table: Mapping[str, str]) -> pl.Expr:
    return text.replace_strict(
        list(table), list(table.values()), default=None, return_dtype=pl.String
    )
