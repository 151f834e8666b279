"""Days and periods: said as far as they are known."""

import pytest

from warehouse.catalogue.times import day_in_japan, first_and_last_day, is_year


def test_a_day_is_a_day_in_japan():
    assert day_in_japan("2026-03-31T15:00:00+00:00") == "2026-04-01"
    assert day_in_japan("") == ""


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("2026-04-01", ("2026-04-01", "2026-04-01")),
        ("2024-02", ("2024-02-01", "2024-02-29")),
        ("2026", None),
        ("2026-13", None),
        ("2026-02-30", None),
        ("", None),
    ],
)
def test_days_of_a_period(period, days):
    assert first_and_last_day(period) == days


def test_a_year_is_not_stretched_to_days():
    assert is_year("2026")
    assert not is_year("2026-04")
