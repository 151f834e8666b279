import datetime as dt

import polars as pl
import pytest

from pipelines.whole_city.city import ages_on
from pipelines.whole_city.levies import FREE, PER_CAPITA_ONLY, TAXED
from pipelines.whole_city.people.settle import count_months, settle
from pipelines.whole_city.systems.resident_tax import deliver
from tests.unit.pipelines.whole_city.systems.checking import require_name, require_readable

DAY = dt.date(2024, 1, 1)


@pytest.fixture(scope="module")
def sent(city):
    return list(deliver(city))


@pytest.fixture(scope="module")
def rows(sent):
    return sent[0].rows


def test_the_ledger_is_what_its_contract_reads(sent):
    assert [d.period for d in sent] == ["2024"]
    for delivery in sent:
        require_readable(delivery)
        require_name(delivery, f"個人住民税課税台帳_{delivery.period}.csv")


def test_taxpayers_are_the_adults_of_the_first_of_january(city, rows):
    adults = city.residents_on(DAY).filter(
        ages_on(pl.col("birth_date"), dt.date(2023, 12, 31)) >= 18
    )
    assert set(rows["resident_id"]) == set(adults["resident_id"])
    assert not rows["resident_id"].is_duplicated().any()


def test_amounts_follow_the_rules(rows):
    parts = ["city_income_levy_yen", "prefecture_income_levy_yen", "city_per_capita_levy_yen",
             "prefecture_per_capita_levy_yen", "forest_environment_tax_yen"]  # fmt: skip
    assert rows.select(pl.sum_horizontal(parts)).to_series().equals(rows["total_tax_yen"], check_names=False)  # fmt: skip
    income = rows.select(
        pl.sum_horizontal("salary_income_yen", "pension_income_yen", "business_income_yen")
    ).to_series()
    assert income.equals(rows["total_income_yen"], check_names=False)
    free = rows.filter(pl.col("tax_category_code") == FREE)
    assert set(free["total_tax_yen"]) == {0}
    flat = rows.filter(pl.col("tax_category_code") == PER_CAPITA_ONLY)
    assert set(flat["total_tax_yen"]) == {3_000 + 1_300 + 1_000}
    taxed = rows.filter(pl.col("tax_category_code") == TAXED)
    assert 0.4 < taxed.height / rows.height < 0.7
    most = pl.col("taxable_income_yen") * 6 // 100
    assert taxed.select((pl.col("city_income_levy_yen") <= most).all()).item()


def test_a_salary_of_five_million_is_taxed_as_the_law_says(rows):
    """(5,000,000 − 1,440,000) − 750,000 − 430,000 = 2,380,000; 6 % − 1,500 and 4 % − 1,000; then 定額減税."""
    alone = rows.filter(
        pl.col("salary_revenue_yen").is_between(4_900_000, 5_100_000),
        pl.col("dependants_count") == 0,
        pl.col("pension_revenue_yen") == 0,
    ).row(0, named=True)
    salary = alone["salary_revenue_yen"]
    income = salary - (salary * 2 // 10 + 440_000)
    base = (income - salary * 15 // 100 - 430_000) // 1000 * 1000
    assert (alone["salary_income_yen"], alone["taxable_income_yen"]) == (income, base)
    city, prefecture = base * 6 // 100 - 1_500, base * 4 // 100 - 1_000
    of_city = 10_000 * city // (city + prefecture)
    assert alone["city_income_levy_yen"] == (city - of_city) // 100 * 100
    assert alone["prefecture_income_levy_yen"] == (prefecture - 10_000 + of_city) // 100 * 100


def test_the_reduction_of_one_year_is_not_delivered_in_the_next():
    city = settle(500, seed=3, months=count_months(16))
    first, second = deliver(city)
    assert (first.period, second.period) == ("2024", "2025")
    assert first.rows["fixed_reduction_yen"].sum() > 0
    assert second.rows["fixed_reduction_yen"].null_count() == second.rows.height
    require_readable(second)
