import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transforms.judging import column_property, one, run
from transforms.codes.resident_ids import resident_id


def check(body):
    total = sum(int(d) * (2, 3, 4, 5, 6, 7)[n % 6] for n, d in enumerate(reversed(body)))
    return str(0 if total % 11 <= 1 else 11 - total % 11)


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        ("0000123455", "0000123455", "resident_id.plain"),
        ("００００１２３４５５", "0000123455", "resident_id.written_form"),
        ("00001-23455", "0000123455", "resident_id.written_form"),
        ("123455", "0000123455", "resident_id.zero_restored"),
        ("0000123456", None, "resident_id.check_digit"),
        ("123456", None, "resident_id.length"),
        ("00000123455", None, "resident_id.length"),
        ("00001234A5", None, "resident_id.not_digits"),
    ],
)
def test_with_length_and_check_digit(text, value, rule):
    assert one(resident_id, text, length=10, check_digit="modulus_11")[::2] == (value, rule)


def test_without_a_check_digit_nothing_is_restored():
    assert one(resident_id, "123", length=5)[0] is None
    assert one(resident_id, "0" * 30)[0] == "0" * 30


@column_property
@given(st.text("0123456789", min_size=1, max_size=17), st.data())
def test_the_computed_digit_holds_and_one_wrong_digit_does_not(body, data):
    right = body + check(body)
    place = data.draw(st.integers(0, len(body) - 1))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != right[place]]))
    wrong = right[:place] + other + right[place + 1 :]
    kept, refused = run(resident_id, [right, wrong], check_digit="modulus_11")
    assert kept[0] == right
    # Remainders 0 and 1 share the digit 0: only there a wrong digit may slip through.
    assert refused[0] is None or check(wrong[:-1]) == "0"


def test_the_other_treatment_of_the_remainder():
    # 272035 has the weights of a 全国地方公共団体コード in its five digits.
    assert one(resident_id, "272035", check_digit="modulus_11_last_digit")[1] == "ok"


@pytest.mark.parametrize(
    "parameters",
    [{"length": 0}, {"check_digit": "luhn"}, {"length": 19, "check_digit": "modulus_11"}],
)
def test_parameters_that_cannot_be_used_are_refused(parameters):
    with pytest.raises(ValueError, match="次にすること"):
        resident_id(pl.col("a"), **parameters)
