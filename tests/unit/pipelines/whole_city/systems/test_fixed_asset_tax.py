import datetime as dt

import polars as pl
import pytest

from pipelines.whole_city.systems.fixed_asset_tax import deliver
from tests.unit.pipelines.whole_city.systems.checking import (
    CONTRACTS,
    require_name,
    require_readable,
)

DAY = dt.date(2024, 1, 1)


@pytest.fixture(scope="module")
def sent(city):
    return list(deliver(city))


@pytest.fixture(scope="module")
def rows(sent):
    return sent[0].rows


def test_the_ledger_is_what_its_contract_reads(sent):
    assert [d.period for d in sent] == ["2024"]
    require_readable(sent[0])
    require_name(sent[0], "固定資産税課税台帳_2024.dat")


def test_every_value_finds_room_in_its_field(rows):
    source = CONTRACTS["fixed_asset_tax"].source
    width = {field.name: field.bytes for field in source.fields}
    for name, column in CONTRACTS["fixed_asset_tax"].columns.items():
        if column.type in {"date", "boolean"}:
            continue
        longest = max(len(str(value).encode("cp932")) for value in rows[name].drop_nulls())
        assert longest <= width[column.source[0].name], name


def test_homes_belong_to_heads_and_plots_to_corporations(city, rows):
    heads = city.residents_on(DAY).filter(pl.col("head") == pl.col("person"))
    persons = rows.filter(pl.col("owner_category_code") == "1")
    assert persons.join(heads, left_on=["resident_id", "lot", "town"],
                        right_on=["resident_id", "block", "town"]).height == persons.height  # fmt: skip
    corporate = rows.filter(pl.col("owner_category_code") == "2")
    assert corporate.height
    assert not set(corporate["resident_id"]) & set(city.persons["resident_id"])
    homes = persons.filter(pl.col("asset_category_code") == "2").height
    assert 0.4 < homes / heads.height < 0.7
    assert not rows["asset_number"].is_duplicated().any()


def test_bases_follow_the_rules_for_land_under_homes(rows):
    land = rows.filter(pl.col("asset_category_code") == "1")
    small = land.filter(pl.col("is_residential_land"), pl.col("land_area_m2") <= 200)
    assert small.select((pl.col("tax_base_yen") == pl.col("assessed_yen") // 6).all()).item()
    large = land.filter(pl.col("is_residential_land"), pl.col("land_area_m2") > 200)
    value = pl.col("assessed_yen")
    share = 200 / pl.col("land_area_m2")
    exact = value * share / 6 + value * (1 - share) / 3
    assert large.height
    assert large.select(((pl.col("tax_base_yen") - exact).abs() <= 2).all()).item()
    house = rows.filter(pl.col("asset_category_code") == "2")
    assert (house["tax_base_yen"] == house["assessed_yen"]).all()
    assert house["land_area_m2"].null_count() == house.height


def test_taxes_add_up_and_new_homes_pay_less(rows):
    added = rows["fixed_asset_tax_yen"] + rows["city_planning_tax_yen"]
    assert added.equals(rows["total_tax_yen"], check_names=False)
    full = pl.col("tax_base_yen") // 1000 * 14
    paid = (full - pl.col("relief_yen")) // 100 * 100
    assert rows.select((paid == pl.col("fixed_asset_tax_yen")).all()).item()
    relieved = rows.filter(pl.col("relief_yen") > 0)
    assert relieved.height
    assert (relieved["built_date"].dt.year() >= 2019).all()
