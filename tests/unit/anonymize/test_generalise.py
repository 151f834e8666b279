import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.generalise import age_band_5, age_on

days = st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31))


def _age(birth, day):
    return (
        pl.DataFrame({"b": [birth]}, schema={"b": pl.Date}).select(age_on(pl.col("b"), day)).item()
    )


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        ("2000-01-02", "2025-01-01", 24),
        ("2000-01-02", "2025-01-02", 25),
        ("2000-01-01", "2025-01-01", 25),
        ("2025-01-01", "2025-01-01", 0),
        ("2004-02-29", "2025-02-28", 20),
        ("2004-02-29", "2025-03-01", 21),
        ("2004-02-29", "2024-02-28", 19),
        ("2004-02-29", "2024-02-29", 20),
        ("2025-01-02", "2025-01-01", None),
        ("1915-12-31", "2026-10-31", 110),
    ],
)
def test_age_on_a_day(birth, day, age):
    assert _age(dt.date.fromisoformat(birth), dt.date.fromisoformat(day)) == age


def test_age_of_nobody_is_null():
    assert _age(None, dt.date(2025, 1, 1)) is None


@given(days, days)
def test_age_is_the_number_of_birthdays_lived(birth, day):
    if birth > day:
        assert _age(birth, day) is None
        return
    # A birthday that a common year lacks falls on 1 March.
    leap = (birth.month, birth.day) == (2, 29)
    month, today = (3, 1) if leap else (birth.month, birth.day)
    years = range(birth.year + 1, day.year + 1)
    birthdays = [
        dt.date(y, 2, 29)
        if leap and y % 4 == 0 and (y % 100 or y % 400 == 0)
        else dt.date(y, month, today)
        for y in years
    ]
    assert _age(birth, day) == sum(birthday <= day for birthday in birthdays)


@given(st.integers(0, 130))
def test_band_contains_the_age(age):
    band = pl.select(age_band_5(pl.lit(age))).item()
    assert 0 <= band <= 17
    assert band * 5 <= age
    assert age < band * 5 + 5 or band == 17


def test_bands_at_their_edges():
    ages = pl.DataFrame({"a": [0, 4, 5, 79, 80, 84, 85, 120, -1, None]})
    bands = ages.select(age_band_5(pl.col("a")))["a"].to_list()
    assert bands == [0, 0, 1, 15, 16, 16, 17, 17, None, None]
