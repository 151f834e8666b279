import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transforms.judging import column_property, one
from transforms.codes.my_numbers import blocked_my_number, looks_like_my_number, my_number


def check(eleven):
    """Return the check digit as the ordinance words it, digit by digit from the right."""
    total = sum(
        int(p) * (n + 1 if n <= 6 else n - 5) for n, p in enumerate(reversed(eleven), start=1)
    )
    return "0" if total % 11 <= 1 else str(11 - total % 11)


@column_property
@given(st.text("0123456789", min_size=11, max_size=11), st.integers(1, 9))
def test_looks_like_my_number(eleven, shift):
    digit = check(eleven)
    right = eleven + digit
    wrong = eleven + str((int(digit) + shift) % 10)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in right)
    split = f"{right[:4]}-{right[4:8]} {right[8:]}"
    frame = pl.DataFrame({"a": [right, wide, split, wrong, right + "0", None]})
    found = frame.select(looks_like_my_number(pl.col("a")))["a"].to_list()
    assert found == [True, True, True, False, False, False]


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        ("123456789018", "123456789018", "my_number.plain"),
        ("１２３４－５６７８－９０１８", "123456789018", "my_number.written_form"),
        ("12345678901", None, "my_number.eleven_digits"),
        ("123456789012", None, "my_number.check_digit"),
        ("なし", None, "my_number.not_code"),
    ],
)
def test_my_number(text, value, rule):
    assert one(my_number, text)[::2] == (value, rule)


@pytest.mark.parametrize("text", ["123456789018", "1234 5678 9018", "123456789012", "12345678901"])
def test_a_blocked_number_never_leaves(text):
    assert one(blocked_my_number, text)[0] is None
    assert one(blocked_my_number, "123456789018")[2] == "my_number.blocked"
