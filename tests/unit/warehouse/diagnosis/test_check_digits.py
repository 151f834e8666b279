"""法人番号 by its check digit; published numbers of public bodies."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.diagnosis.check_digits import is_corporate_number


def holds(text):
    return pl.select(is_corporate_number(pl.lit(text)))["literal"][0]


@pytest.mark.parametrize("number", ["7000012050002", "6000020272035", "8000020130001"])
def test_published_numbers_hold(number):
    assert holds(number)


@pytest.mark.parametrize(
    "text", ["700001205000", "70000120500021", "", "７０００", "0000000000000"]
)
def test_other_texts_do_not(text):
    assert not holds(text)


@settings(deadline=None)
@given(st.integers(min_value=10**11, max_value=10**12 - 1))
def test_exactly_one_first_digit_holds(body):
    assert sum(holds(f"{first}{body}") for first in range(10)) == 1
