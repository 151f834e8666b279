import datetime as dt

import polars as pl
import pytest

from pipelines.whole_city.people.settle import count_months, settle
from pipelines.whole_city.systems import disability_welfare
from pipelines.whole_city.systems.light_vehicle_tax import deliver
from tests.unit.pipelines.whole_city.systems.checking import require_name, require_readable
from tests.unit.pipelines.whole_city.systems.standing import all_rows, standing_on

DAY = dt.date(2024, 4, 1)


@pytest.fixture(scope="module")
def sent(city):
    return list(deliver(city))


@pytest.fixture(scope="module")
def rows(sent):
    return sent[0].rows


def test_the_ledger_is_what_its_contract_reads(sent):
    assert [d.period for d in sent] == ["2024"]
    require_readable(sent[0])
    require_name(sent[0], "軽自動車税課税台帳_2024.tsv")


def test_vehicles_belong_to_heads_of_households_of_the_city(city, rows):
    heads = city.residents_on(DAY).filter(pl.col("head") == pl.col("person"))
    both = rows.join(heads, on=["resident_id", "household_id", "block", "town"])
    assert both.height == rows.height
    assert 0.3 < rows.height / heads.height < 0.6
    assert not rows["plate_number"].is_duplicated().any()
    assert (rows["acquired_date"] <= DAY).all()


def test_no_plate_can_be_a_real_one(rows):
    assert rows["plate_number"].str.contains(r"^(大阪5\d\d|豊中市)[おしへん]\d{4,5}$").all()


def test_rates_follow_kind_and_age(rows):
    four = rows.filter(pl.col("vehicle_category_code") == "31")
    made = pl.col("first_registered_month")
    expected = (
        pl.when(made < dt.date(2011, 4, 1)).then(12_900)
        .when(made < dt.date(2015, 4, 1)).then(7_200)
        .otherwise(10_800)
    )  # fmt: skip
    assert four.select((pl.col("standard_tax_yen") == expected).all()).item()
    assert set(four["standard_tax_yen"]) == {12_900, 7_200, 10_800}
    added = rows["reduction_yen"] + rows["tax_yen"]
    assert added.equals(rows["standard_tax_yen"], check_names=False)


def test_reductions_are_for_holders_of_a_handbook(city, rows):
    held = standing_on("disability_welfare", all_rows(disability_welfare.deliver(city)), DAY)
    reduced = rows.filter(pl.col("reduction_code") == "1")
    assert reduced.height
    assert set(reduced["resident_id"]) <= set(held["resident_id"])
    assert set(reduced["tax_yen"]) == {0}


def test_the_new_kind_comes_with_the_year_it_was_made_law():
    city = settle(1000, seed=3, months=count_months(24))
    first, second = deliver(city)
    assert "15" not in set(first.rows["vehicle_category_code"])
    assert first.rows["rated_output_kw"].null_count() == first.rows.height
    require_readable(second)
