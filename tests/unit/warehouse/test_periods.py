import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.periods import missing_periods


@pytest.mark.parametrize(
    ("frequency", "present", "missing"),
    [
        ("monthly", ["2026-04", "2026-07"], ["2026-05", "2026-06"]),
        ("monthly", ["2025-11", "2026-02"], ["2025-12", "2026-01"]),
        ("monthly", ["2026-04"], []),
        ("monthly", [], []),
        ("monthly", ["2026", "-", "2026-04-01", "2026-04"], []),
        ("yearly", ["2022", "2026", "2024"], ["2023", "2025"]),
        ("yearly", ["2022-04", "2024"], []),
        ("irregular", ["2022", "2026"], []),
    ],
)
def test_gaps_between_the_first_and_the_last_are_named(frequency, present, missing):
    assert missing_periods(frequency, present) == missing


@given(st.sets(st.integers(2000 * 12, 2030 * 12), min_size=1))
def test_present_and_missing_months_are_every_month_once(numbers):
    present = [f"{n // 12}-{n % 12 + 1:02}" for n in numbers]
    missing = missing_periods("monthly", present)
    assert not set(present) & set(missing)
    assert len(present) + len(missing) == max(numbers) - min(numbers) + 1
