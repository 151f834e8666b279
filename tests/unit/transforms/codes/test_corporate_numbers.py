"""法人番号 by its check digit; published numbers of public bodies."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transforms.judging import column_property, one
from transforms.codes.corporate_numbers import (
    corporate_number,
    invoice_number,
    is_corporate_number,
)


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


@column_property
@given(st.integers(min_value=10**11, max_value=10**12 - 1))
def test_exactly_one_first_digit_holds(body):
    assert sum(holds(f"{first}{body}") for first in range(10)) == 1


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        ("6000020272035", "6000020272035", "corporate_number.plain"),
        ("６-0000-2027-2035", "6000020272035", "corporate_number.written_form"),
        ("T6000020272035", None, "corporate_number.invoice"),
        ("000020272035", None, "corporate_number.twelve_digits"),
        ("5000020272035", None, "corporate_number.check_digit"),
        ("6.00002E+12", None, "corporate_number.not_code"),
        ("豊中市", None, "corporate_number.not_code"),
        ("", None, "blank"),
    ],
)
def test_corporate_number(text, value, rule):
    assert one(corporate_number, text)[::2] == (value, rule)


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        ("T6000020272035", "T6000020272035", "invoice_number.plain"),
        ("ｔ６０００-0202-72035", "T6000020272035", "invoice_number.written_form"),
        ("6000020272035", "T6000020272035", "invoice_number.letter_added"),
        ("T5000020272035", None, "invoice_number.check_digit"),
        ("T600002027203", None, "invoice_number.not_code"),
    ],
)
def test_invoice_number(text, value, rule):
    assert one(invoice_number, text)[::2] == (value, rule)
