"""The pattern of a file name fits the file it came from, and the file of the next month."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.diagnosis.file_pattern import recognise_pattern
from warehouse.inbox import period_of


@pytest.mark.parametrize(
    ("name", "pattern", "period"),
    [
        ("住民記録_202604.csv", "住民記録_{year}{month}.csv", "2026-04"),
        ("公共施設一覧_令和5年度.csv", "公共施設一覧_{era_year}年度.csv", "2023"),
        ("人口R5.4.xlsx", "人口{era_year}.{era_month}.xlsx", "2023-04"),
        ("2023年4月分.csv", "{year}年{era_month}月分.csv", "2023-04"),
        ("FY2015-population.xls", "FY{year}-population.xls", "2015"),
        ("a_2024-01-09-1800.csv", "a_{year}-{month}-{day}*.csv", "2024-01-09"),
        ("population_20230401.csv", "population_{year}{month}{day}.csv", "2023-04-01"),
        ("272035_food.csv", "272035_food.csv", "-"),
        ("a{b}.csv", "a?b?.csv", "-"),
    ],
)
def test_patterns(name, pattern, period):
    found = recognise_pattern(name)
    assert (found.pattern, found.period) == (pattern, period)


def test_the_next_month_fits():
    pattern = recognise_pattern("住民記録_202604.csv").pattern
    assert period_of(pattern, "住民記録_202605.csv") == "2026-05"


@given(st.text(alphabet="年月度令和平成RHS0123456789-_. {}*?a住", min_size=1, max_size=24))
def test_a_pattern_always_fits_its_own_file(stem):
    found = recognise_pattern(f"{stem}.csv")
    assert period_of(found.pattern, f"{stem}.csv") == found.period
