import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transforms.judging import column_property, one, run
from transforms.numbers.number import decimal, integer, percent

MAX = 2**63 - 1
WIDE = str.maketrans("0123456789,.-", "０１２３４５６７８９，．－")


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        ("1234", 1234, "number.plain"),
        ("-5", -5, "number.plain"),
        ("1,234", 1234, "number.grouped"),
        ("１，２３４", 1234, "number.fullwidth"),
        *[(t, -5, "number.negative_mark") for t in ("△5", "▲ 5", "▼5", "−5", "ー5", "－５", "マイナス5")],
        *[(t, -5, "number.parentheses") for t in ("(5)", "（５）")],
        ("12.0", 12, "number.whole_decimal"),
        ("012.0", 12, "number.whole_decimal"),
        ("-0", 0, "number.negative_zero"),
        ("40人", 40, "number.unit"),
        ("４０　人", 40, "number.unit"),
        ("5千人", 5000, "number.mixed"),
        ("5 千人", 5000, "number.unit_scaled"),
        ("三千二百人", 3200, "number.kanji"),
        ("1.5万", 15000, "number.mixed"),
        ("007", 7, "number.written_form"),
        ("+5", 5, "number.written_form"),
        (str(MAX), MAX, "number.plain"),
        (str(MAX + 1), None, "number.overflow"),
        ("9" * 400, None, "number.overflow"),
        ("12.5", None, "number.not_integer"),
        ("12.0000000001", None, "number.not_integer"),
        ("1.23456万", None, "number.not_integer"),
        ("1,23", None, "number.bad_grouping"),
        ("1,2345", None, "number.bad_grouping"),
        ("0,123", None, "number.bad_grouping"),
        ("1,,234", None, "number.bad_grouping"),
        ("1e5", None, "number.scientific"),
        *[(t, None, "number.nil_mark") for t in ("-", "－", "皆無")],
        *[(t, None, "number.unknown_mark") for t in ("…", "・・・", "不詳")],
        *[(t, None, "number.secret_mark") for t in ("x", "X", "秘匿")],
        *[(t, None, "number.symbol") for t in ("***", "△", "×")],
        *[(t, None, "number.other_unit") for t in ("40台", "5円")],
        *[
            (t, None, "number.not_a_number")
            for t in ("(-5)", "(5", "5)", "△△5", "nan", "inf", "٣", "1_0", "三和町", "千葉")
        ],
        ("約40", None, "number.approximate"),
        ("5-", None, "number.trailing_sign"),
        ("1 234", None, "number.spaced"),
        ("", None, "blank"),
        (" \u200b", None, "blank"),
    ],
)  # fmt: skip
def test_integer(text, value, rule):
    assert one(integer, text, units=("人",))[::2] == (value, rule)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234", 1_234_000),
        ("1.5", 1500),
        ("1.2345", None),
        (str(MAX // 1000), None),
        ("△2", -2000),
        ("△0.5", -500),
        ("…", None),
    ],
)
def test_integer_in_thousands(text, value):
    assert one(integer, text, multiplier=1000)[0] == value


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        ("5", 5000, "number.plain"),
        ("5千円", 5000, "number.unit"),
        ("1,2千円", None, "number.bad_grouping"),
        ("5 千円", 5000, "number.unit"),
        ("3億円", 300_000_000, "number.mixed"),
        ("△1.5万円", -15_000, "number.mixed"),
        ("5円", None, "number.unit_conflict"),
        ("5 百万円", None, "number.unit_conflict"),
        ("12万", None, "number.unit_conflict"),
        ("三千", None, "number.unit_conflict"),
        ("5人", None, "number.other_unit"),
    ],
)
@pytest.mark.parametrize("function", [integer, decimal])
def test_a_unit_in_the_cell_is_never_multiplied_twice(function, text, value, rule):
    read = one(function, text, multiplier=1000, units=("円",), source_unit="千円")
    assert read[::2] == (value, rule)


@pytest.mark.parametrize(
    ("text", "value"), [("3,000円", 3), ("5千円", 5), ("5", 5), ("12万", None)]
)
def test_a_column_that_counts_in_thousands(text, value):
    assert one(integer, text, units=("千円",))[0] == value


def test_a_unit_that_is_no_power_of_ten():
    dozen = {"multiplier": 12, "units": ("個",), "source_unit": "ダース"}
    assert [one(integer, text, **dozen)[0] for text in ("2", "2ダース", "2個")] == [24, 24, None]
    assert one(integer, "12m2", units=("m2",))[0] == 12


@column_property
@given(st.integers(-MAX, MAX))
def test_every_integer_reads_back(n):
    dark = f"△{abs(n):,}" if n < 0 else f"{n:,}"
    texts = [str(n), f"{n:,}", f"{n:,}".translate(WIDE), f"{n}.0", dark, f"{n}円"]
    assert [v for v, _, _ in run(integer, texts, units=("円",))] == [n] * 6


@column_property
@given(st.floats(-1e15, 1e15, allow_nan=False).map(lambda x: round(x, 6)))
def test_every_decimal_reads_back(x):
    text = f"{x:.6f}"
    texts = [text, text.translate(WIDE), f"{float(text):,.6f}"]
    assert [v for v, _, _ in run(decimal, texts)] == [float(text)] * 3


def test_a_scaled_decimal_has_no_float_noise():
    assert one(decimal, "0.29", multiplier=100)[0] == 29


def test_decimal_refuses_what_a_float_cannot_hold():
    assert one(decimal, str(2**53 + 1)) == (None, "refused", "number.overflow")
    assert one(decimal, "9" * 400)[2] == "number.overflow"


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        ("5.1%", 5.1, "number.percent_sign"),
        ("５．１％", 5.1, "number.percent_sign"),
        ("△3パーセント", -3, "number.negative_mark"),
        ("5.1", 5.1, "number.plain"),
        ("5‰", 0.5, "number.unit_scaled"),
        ("3割5分", 35, "number.tenths"),
        ("三割", 30, "number.kanji"),
        ("5分", None, "number.other_unit"),
        ("10%以上", None, "number.bound"),
    ],
)
def test_percent_stays_in_points(text, value, rule):
    assert one(percent, text)[::2] == (value, rule)


@pytest.mark.parametrize("wrong", [{"multiplier": 0}, {"units": ("",)}, {"units": ("2人",)}])
def test_useless_parameters_are_named(wrong):
    with pytest.raises(ValueError, match="次にすること"):
        one(integer, "1", **wrong)


@pytest.mark.parametrize("function", [integer, decimal, percent])
@column_property
@given(
    texts=st.lists(
        st.one_of(st.text(), st.text(alphabet="0129,.-+△()（）%eE 人ー一〇千万億円約")), min_size=1
    )
)
def test_total_and_finite(function, texts):
    for value, verdict, rule in run(function, texts):
        assert (value is None) == (verdict in {"uncertain", "refused"} or rule == "blank")
        assert value is None or math.isfinite(value)
