"""Values of a code list, by code or by label.

Belongs here: looking a value up in a list of the contract. Must not hold: the lists.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import polars as pl

from transforms.rules import BLANK_RULE, Rule
from transforms.verdict import BLANK, OK, REFUSED, UNCERTAIN, decide, judge_fields, name_of, trim
from transforms.width import fold_ascii, fold_word

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "code.listed": Rule(OK, "コード"),
        "code.fullwidth": Rule(OK, "コードの幅を統一"),
        "code.label": Rule(OK, "名称からコードに変換"),
        "code.ambiguous_label": Rule(
            UNCERTAIN,
            "複数のコードを持つ名称",
            "同じ名称のコードが複数あります。名称でなくコードを書いてください。",
        ),
        "code.unknown": Rule(
            REFUSED,
            "コード表にない値",
            "コード表にない値です。コードを直すか、コード表を新しいものにしてください。",
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
        label of two codes is uncertain.

    Raises:
        ValueError: If `labels` or one of its codes is empty.
    """
    if not labels or not all(map(str.strip, labels)):
        raise ValueError(
            "コード表が空か、空のコードがあります。場所: labels。次にすること: コードと名称を書いてください。"
        )
    raw, x = pl.field("raw"), pl.field("x")
    by_code = _unique((fold_word(c).strip(), c) for c in labels)
    by_label = _unique((fold_word(name).strip(), c) for c, name in labels.items())
    exact, folded, labelled = (pl.field(name) for name in ("exact", "folded", "labelled"))
    read = (
        pl.struct(raw=trim(column))
        .struct.with_fields(x=fold_ascii(raw), exact=_look_up(raw, {c: c for c in labels}))
        .struct.with_fields(folded=_look_up(x, by_code), labelled=_look_up(x, by_label))
    )
    cases = [
        (raw == "", BLANK),
        (exact.is_not_null(), "code.listed"),
        ((folded == "") | (folded.is_null() & (labelled == "")), "code.ambiguous_label"),
        (folded.is_not_null(), "code.fullwidth"),
        (labelled.is_not_null(), "code.label"),
    ]
    value = pl.coalesce(exact, folded, labelled)
    return judge_fields(read, decide(value, RULES, cases, "code.unknown"), name_of(column))


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
