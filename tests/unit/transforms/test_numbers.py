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
        *[(t, -5, "number.negative_mark") for t in ("△5", "▲ 5", "−5", "ー5", "－５", "(5)", "（５）")],
        ("12.0", 12, "number.whole_decimal"),
        ("40人", 40, "number.unit"),
        ("４０　人", 40, "number.unit"),
        ("007", 7, "number.written_form"),
        ("+5", 5, "number.written_form"),
        (str(MAX), MAX, "number.plain"),
        (str(MAX + 1), None, "number.overflow"),
        ("9" * 400, None, "number.overflow"),
        ("12.5", None, "number.not_integer"),
        ("12.0000000001", None, "number.not_integer"),
        ("1,23", None, "number.bad_grouping"),
        ("1,2345", None, "number.bad_grouping"),
        ("0,123", None, "number.bad_grouping"),
        ("1,,234", None, "number.bad_grouping"),
        ("1e5", None, "number.scientific"),
        *[(t, None, "number.symbol") for t in ("-", "－", "…", "***", "x", "X", "…", "不詳")],
        *[
            (t, None, "number.not_a_number")
            for t in ("十二", "約40", "40台", "5-", "(-5)", "(5", "5)", "1 234", "△△5", "nan", "inf", "٣", "1_0")
        ],
        ("", None, "blank"),
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
    ],
)
def test_integer_in_thousands(text, value):
    assert one(integer, text, multiplier=1000)[0] == value


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


def test_decimal_refuses_what_a_float_cannot_hold():
    assert one(decimal, str(2**53 + 1)) == (None, "refused", "number.overflow")
    assert one(decimal, "9" * 400)[2] == "number.overflow"


def test_percent_stays_in_points():
    assert one(percent, "5.1%") == (5.1, "ok", "number.percent_sign")
    assert one(percent, "５．１％")[0] == 5.1
    assert one(percent, "△3パーセント")[0] == -3
    assert one(percent, "5.1") == (5.1, "ok", "number.plain")
    assert one(percent, "5‰")[1] == "refused"


@pytest.mark.parametrize("wrong", [{"multiplier": 0}, {"units": ("",)}, {"units": ("2人",)}])
def test_useless_parameters_are_named(wrong):
    with pytest.raises(ValueError, match="次にすること"):
        one(integer, "1", **wrong)


@pytest.mark.parametrize("function", [integer, decimal, percent])
@column_property
@given(
    texts=st.lists(st.one_of(st.text(), st.text(alphabet="0129,.-+△()（）%eE 人ー")), min_size=1)
)
def test_total_and_finite(function, texts):
    for value, verdict, rule in run(function, texts):
        assert (value is None) == (verdict in {"uncertain", "refused"} or rule == "blank")
        assert value is None or math.isfinite(value)
