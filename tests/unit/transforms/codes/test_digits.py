import polars as pl
import pytest

from tests.unit.transforms.judging import one
from transforms.codes.digits import digits


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        ("001", "001", "digits.plain"),
        ("００１", "001", "digits.fullwidth"),
        ("01", None, "digits.length"),
        ("1-1", None, "digits.not_digits"),
        ("٣٣٣", None, "digits.not_digits"),
        ("\u3000", None, "blank"),
    ],
)
def test_digits(text, value, rule):
    assert one(digits, text, length=3)[::2] == (value, rule)


def test_digits_of_any_length():
    assert one(digits, "0" * 30)[0] == "0" * 30
    with pytest.raises(ValueError, match="次にすること"):
        digits(pl.col("a"), length=0)
