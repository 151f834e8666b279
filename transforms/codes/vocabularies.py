"""Yes and no, as words of a contract.

Belongs here: vocabularies of two values, each apart from the others. Must not hold: code lists
(`code_lists`).
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import polars as pl

from transforms.rules import BLANK_RULE, Example, Rule
from transforms.verdict import BLANK, OK, REFUSED, UNCERTAIN, decide, judge_fields, name_of, trim
from transforms.width import fold_ascii, fold_word

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "boolean.listed": Rule(
            OK,
            "有無の値",
            examples=(
                Example("有", "true", "code", "kind=presence"),
                Example("×", "false", "code", "kind=circle_cross"),
            ),
        ),
        "boolean.fullwidth": Rule(
            OK,
            "有無の表記を統一",
            examples=(Example("１", "true", "code", "kind=one_zero"),),
        ),
        "boolean.blank_is_false": Rule(
            OK,
            "空欄を「なし」と読む",
            examples=(Example("", "false", "code", "kind=circle_blank"),),
            source="契約の vocabulary(印のないものは「なし」と宣言した列だけ)",
        ),
        "boolean.vocabulary_needed": Rule(
            UNCERTAIN,
            "語彙を決めないと読めない有無",
            "1・0 は、有無の印のことも区分のコードのこともあります。どの語彙の列かを指定してください。",
            (Example("1", "", "code", "kind=yes_no"),),
        ),
        "boolean.unknown": Rule(
            REFUSED,
            "有無と読めない",
            "有無と読めない値です。台帳に書かれた語に直すか、語を台帳に足してください。",
            (Example("1", "", "code", "kind=circle_cross"),),
        ),
    }
)


class Vocabulary(NamedTuple):
    """The words of one way to say yes and no.

    Attributes:
        true: Words that mean yes.
        false: Words that mean no.
        blank_is_false: Whether no mark means no.
    """

    true: tuple[str, ...]
    false: tuple[str, ...]
    blank_is_false: bool = False


_CIRCLES = ("○", "〇", "◯", "⭕")
_CROSSES = ("×", "✕", "✖", "☓", "❌", "x")
_CHECKS = ("レ", "ﾚ", "✓", "✔", "☑", "レ点")
VOCABULARIES: Mapping[str, Vocabulary] = MappingProxyType(
    {
        "presence": Vocabulary(
            ("有", "あり", "有り", "有る", "ある"), ("無", "なし", "無し", "無い", "ない")
        ),
        "circle_cross": Vocabulary(_CIRCLES, _CROSSES),
        "circle_blank": Vocabulary(_CIRCLES, (), blank_is_false=True),
        "check_blank": Vocabulary(_CHECKS, ("☐", "□"), blank_is_false=True),
        "one_zero": Vocabulary(("1",), ("0",)),
        "one_blank": Vocabulary(("1",), (), blank_is_false=True),
        "hai_iie": Vocabulary(("はい",), ("いいえ",)),
        "possible": Vocabulary(("可", "可能", "可能である"), ("否", "不可", "不可能")),
        "applicable": Vocabulary(("該当", "該当する"), ("非該当", "該当しない", "該当なし")),
        "done": Vocabulary(("済", "済み"), ("未", "未済")),
        "true_false": Vocabulary(("true",), ("false",)),
        "y_n": Vocabulary(("y", "yes"), ("n", "no")),
    }
)
# Words that say the same in every vocabulary that has them.
_COMMON = ("presence", "circle_cross", "hai_iie", "possible", "applicable", "done", "true_false")


def boolean(
    column: pl.Expr,
    *,
    true: Sequence[str] | None = None,
    false: Sequence[str] | None = None,
    vocabulary: str | None = None,
) -> pl.Expr:
    """Return whether the text is one of the words for true or for false.

    Args:
        column: Raw text.
        true: Words that mean true; widths and letter case do not matter.
        false: Words that mean false.
        vocabulary: Instead of both, a name of `VOCABULARIES`; words of another are refused.

    Returns:
        Judged Boolean. A blank is false only in a vocabulary that says so.

    Raises:
        ValueError: If a word is in both lists, or the vocabulary is unknown or not alone.
    """
    if vocabulary is not None:
        return _judge(column, _named(vocabulary, true, false), [])
    words = Vocabulary(tuple(true or ()), tuple(false or ()))
    true_words, false_words = ({_fold_case(w) for w in ws} for ws in words[:2])
    if true_words & false_words or not true_words or not false_words:
        raise ValueError(
            "真と偽の語の一覧が空か、同じ語が両方にあります。場所: true と false。"
            "次にすること: それぞれに別の語を書いてください。"
        )
    return _judge(column, words, [])


def yes_no(column: pl.Expr) -> pl.Expr:
    """Return whether the text says yes or no, where no vocabulary is named.

    Args:
        column: Raw text: 有, ○, はい, 可 … and their opposites.

    Returns:
        Judged Boolean; 1 and 0 are uncertain, they are codes as often as marks.
    """
    true, false = (
        tuple(word for name in _COMMON for word in VOCABULARIES[name][side]) for side in (0, 1)
    )
    digit = fold_ascii(pl.field("raw")).str.contains("^[01]$")
    return _judge(column, Vocabulary(true, false), [(digit, "boolean.vocabulary_needed")])


def _judge(column: pl.Expr, words: Vocabulary, doubts: Sequence[tuple[pl.Expr, str]]) -> pl.Expr:
    raw, value = pl.field("raw"), pl.field("value")
    table = {_fold_case(w): True for w in words.true} | {_fold_case(w): False for w in words.false}
    if words.blank_is_false:
        table[""] = False
    found = (
        fold_ascii(raw)
        .str.to_lowercase()
        .replace_strict(list(table), list(table.values()), default=None, return_dtype=pl.Boolean)
    )
    listed = raw.is_in([w.strip() for w in (*words.true, *words.false)])
    cases = [
        (raw == "", "boolean.blank_is_false" if words.blank_is_false else BLANK),
        *doubts,
        (value.is_null(), "boolean.unknown"),
        (listed, "boolean.listed"),
    ]
    read = pl.struct(raw=trim(column)).struct.with_fields(value=found)
    return judge_fields(read, decide(value, RULES, cases, "boolean.fullwidth"), name_of(column))


def _named(vocabulary: str, true: Sequence[str] | None, false: Sequence[str] | None) -> Vocabulary:
    if vocabulary not in VOCABULARIES or true or false:
        raise ValueError(
            "語彙の名前が分からないか、true・false と両方あります。場所: vocabulary。"
            f"次にすること: {'、'.join(VOCABULARIES)} のどれか一つだけを書いてください。"
        )
    return VOCABULARIES[vocabulary]


def _fold_case(word: str) -> str:
    return fold_word(word).strip().lower()
