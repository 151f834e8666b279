import datetime as dt
from dataclasses import replace

import polars as pl
import pytest

from pipelines.whole_city.city import last_day
from pipelines.whole_city.corporations import found_corporations
from pipelines.whole_city.systems.corporate_tax import deliver
from tests.unit.pipelines.whole_city.systems.checking import require_name, require_readable
from transforms.codes.corporate_numbers import is_corporate_number


@pytest.fixture(scope="module")
def sent(city):
    return list(deliver(city))


@pytest.fixture(scope="module")
def rows(sent):
    return pl.concat([d.rows for d in sent])


def test_the_declarations_are_what_their_contract_reads(city, sent):
    assert len(sent) == len(city.months)
    for delivery in sent:
        require_readable(delivery)
        year, month = (int(part) for part in delivery.period.split("-"))
        require_name(delivery, f"法人市民税申告_R{year - 2018}.{month}.xlsx")
    assert not pl.concat([d.rows for d in sent])["declaration_number"].is_duplicated().any()


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_of_the_year_is_told_apart_by_the_file_name(sent, month):
    require_name(replace(sent[0], period=f"2025-{month:02}"), f"法人市民税申告_R7.{month}.xlsx")


def test_corporations_are_three_for_a_hundred_residents_and_nobodys(city):
    found = found_corporations(city)
    assert found.height == round(city.residents_on(city.months[0]).height * 0.03)
    numbers = found["corporate_number"]
    assert found.select(is_corporate_number(pl.col("corporate_number")).all()).item()
    assert numbers.str.slice(1, 4).eq("9990").all()
    assert numbers.is_unique().all()
    assert not set(found["taxpayer_number"]) & set(city.persons["resident_id"])
    assert found["corporate_name"].str.contains("見本").all()


def test_declarations_come_when_they_are_due(sent):
    for delivery in sent:
        month = dt.date.fromisoformat(f"{delivery.period}-01")
        assert delivery.rows["declared_date"].is_between(month, last_day(month)).all()
        final = delivery.rows.filter(pl.col("declaration_category_code") == "1")
        end = final["fiscal_end_date"].unique().to_list()
        assert [last_day(d) for d in end] == end
        assert {(month.year * 12 + month.month) - (d.year * 12 + d.month) for d in end} <= {2}


def test_the_tax_is_computed_by_the_standard_rates(rows):
    added = rows["income_levy_yen"] + rows["per_capita_levy_yen"]
    assert added.equals(rows["total_tax_yen"], check_names=False)
    levy = pl.col("allocated_tax_base_yen") * 6 // 100 // 100 * 100
    assert rows.select((pl.col("income_levy_yen") == levy).all()).item()
    share = pl.col("corporate_income_tax_yen") * pl.col("employees_in_city_count")
    base = share // pl.col("employees_total_count") // 1000 * 1000
    assert rows.select((pl.col("allocated_tax_base_yen") == base).all()).item()
    small = rows.filter(
        pl.col("capital_yen") <= 10_000_000,
        pl.col("employees_in_city_count") <= 50,
        pl.col("declaration_category_code") == "1",
    )
    assert set(small["per_capita_levy_yen"]) == {50_000}
