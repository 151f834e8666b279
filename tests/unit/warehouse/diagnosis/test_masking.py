"""A masked value shows its shape and no more than one letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.diagnosis.masking import MASK, mask


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("山田太郎", "山●●●"),
        ("山田 太郎", "山● ●●"),
        ("林 太郎", "● ●●"),
        ("林", "●"),
        ("森次", "●●"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "ﾔ●●● ●●●"),
        ("090-1234-5678", "●●●-●●●●-●●●●"),
        ("123456789018", "●●●●●●●●●●●●"),
        ("taro@example.com", "t●●●@●●●●●●●.●●●"),
    ],
)
def test_shapes(value, shown):
    assert mask(value) == shown


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1, max_size=20))
def test_at_most_one_letter_is_left(value):
    assert len(mask(value).replace(MASK, "")) <= 1
