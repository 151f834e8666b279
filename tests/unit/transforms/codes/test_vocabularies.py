import polars as pl
import pytest

from tests.unit.transforms.judging import one
from transforms.codes.vocabularies import VOCABULARIES, boolean, yes_no


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        ("○", True, "boolean.listed"),
        ("無", False, "boolean.listed"),
        ("ｙｅｓ", True, "boolean.fullwidth"),
        ("yes", True, "boolean.fullwidth"),
        ("不明", None, "boolean.unknown"),
        (None, None, "blank"),
    ],
)
def test_boolean(text, value, rule):
    assert one(boolean, text, true=["○", "YES"], false=["無"])[::2] == (value, rule)


@pytest.mark.parametrize(
    ("vocabulary", "text", "value", "rule"),
    [
        ("presence", "有り", True, "boolean.listed"),
        ("presence", "○", None, "boolean.unknown"),
        ("circle_cross", "〇", True, "boolean.listed"),
        ("circle_cross", "✕", False, "boolean.listed"),
        ("circle_cross", "1", None, "boolean.unknown"),
        ("circle_cross", "", None, "blank"),
        ("circle_blank", "", False, "boolean.blank_is_false"),
        ("circle_blank", "\u3000", False, "boolean.blank_is_false"),
        ("circle_blank", "×", None, "boolean.unknown"),
        ("check_blank", "レ", True, "boolean.listed"),
        ("one_zero", "０", False, "boolean.fullwidth"),
        ("one_zero", "○", None, "boolean.unknown"),
        ("possible", "否", False, "boolean.listed"),
    ],
)
def test_a_vocabulary_reads_its_own_words_only(vocabulary, text, value, rule):
    assert one(boolean, text, vocabulary=vocabulary)[::2] == (value, rule)


@pytest.mark.parametrize("name", VOCABULARIES)
def test_no_word_says_yes_and_no(name):
    true, false, _ = VOCABULARIES[name]
    assert true
    assert not {word.lower() for word in true} & {word.lower() for word in false}


@pytest.mark.parametrize(
    ("text", "value"), [("有", True), ("×", False), ("いいえ", False), ("1", None), ("0", None)]
)
def test_yes_no_without_a_vocabulary_leaves_digits_open(text, value):
    assert one(yes_no, text)[0] == value


@pytest.mark.parametrize(
    "parameters",
    [
        {"true": ["Y"], "false": ["ｙ"]},
        {"true": ["Y"]},
        {"vocabulary": "unknown"},
        {"vocabulary": "presence", "true": ["有"]},
    ],
)
def test_words_that_cannot_be_used_are_refused(parameters):
    with pytest.raises(ValueError, match="次にすること"):
        boolean(pl.col("a"), **parameters)
