import polars as pl
import pytest

from tests.unit.transforms.judging import one
from transforms.codes.code_lists import code


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        ("1", "1", "code.listed"),
        ("１", "1", "code.fullwidth"),
        ("男", "1", "code.label"),
        ("甲", None, "code.ambiguous_label"),
        ("a", "A", "code.letter_case"),
        ("01", None, "code.unknown"),
        ("", None, "blank"),
    ],
)
def test_code(text, value, rule):
    labels = {"1": "男", "2": "女", "A": "甲", "B": "甲"}
    assert one(code, text, labels=labels)[::2] == (value, rule)


@pytest.mark.parametrize(
    ("labels", "text", "value", "rule"),
    [
        ({"01": "転入", "11": "出生"}, "1", "01", "code.zero_restored"),
        ({"01": "転入", "11": "出生"}, "１", "01", "code.zero_restored"),
        ({"001": "転入"}, "01", "001", "code.zero_restored"),
        ({"000": "なし"}, "0", "000", "code.zero_restored"),
        ({"01": "a", "001": "b"}, "1", None, "code.ambiguous_zero"),
        ({"01": "a", "02": "1"}, "1", None, "code.ambiguous_zero"),
        ({"01": "1", "02": "2"}, "1", "01", "code.label"),
        ({"01": "転入"}, "001", None, "code.unknown"),
        ({"0A": "転入"}, "A", None, "code.unknown"),
        ({"a": "x", "A": "y"}, "Ａ", "A", "code.fullwidth"),
        ({"ab": "x", "AB": "y"}, "Ab", None, "code.unknown"),
    ],
)
def test_a_lost_zero_comes_back_where_one_code_fits(labels, text, value, rule):
    assert one(code, text, labels=labels)[::2] == (value, rule)


@pytest.mark.parametrize("labels", [{}, {"": "x"}])
def test_code_needs_codes(labels):
    with pytest.raises(ValueError, match="次にすること"):
        code(pl.col("a"), labels=labels)
