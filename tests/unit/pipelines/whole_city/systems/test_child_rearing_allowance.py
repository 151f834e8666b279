import datetime as dt

import polars as pl
import pytest

from pipelines.whole_city.city import last_day
from pipelines.whole_city.systems.child_rearing_allowance import deliver, rates_of
from tests.unit.pipelines.whole_city.systems.checking import require_name, require_readable


@pytest.fixture(scope="module")
def sent(city):
    return list(deliver(city))


def test_the_lists_are_what_their_contract_reads(sent):
    require_readable(sent[-1])
    require_name(sent[0], "児童扶養手当_202404.xlsx")


def test_claimants_live_with_their_children_and_without_a_spouse(city, sent):
    there = city.residents_on(last_day(city.months[-1]))
    rows = sent[-1].rows.join(
        there.select(
            claimant_id="resident_id", person="person", role="relationship", home="household_id"
        ),
        on="claimant_id",
    )
    assert rows.height == sent[-1].rows.height > 10
    assert not rows["role"].str.contains("[夫妻]$").any()
    heads = rows.filter(pl.col("role") == "世帯主")
    couples = there.filter(pl.col("relationship").is_in(["夫", "妻"]))
    assert heads.join(couples, left_on="home", right_on="household_id", how="semi").height == 0
    young = there.filter(pl.col("birth_date") >= dt.date(2006, 4, 2))
    of = pl.concat(
        [young.select("household_id", "birth_date", person=p) for p in ("mother", "father")]
    )
    count = (
        of.drop_nulls()
        .group_by("person", home="household_id")
        .agg(n=pl.len(), last=pl.col("birth_date").max())
    )
    both = rows.join(count, on=["person", "home"], how="left")
    assert both["n"].cast(pl.Int64).equals(both["children_count"], check_names=False)
    assert both["last"].equals(both["youngest_child_birth_date"], check_names=False)


def test_amounts_keep_to_the_rates_of_the_month(sent):
    rows = sent[0].rows
    full = rows.filter(pl.col("payment_kind_code") == "1")
    assert set(full["base_amount_yen"]) == {45_500}
    assert set(full.filter(pl.col("children_count") == 2)["addition_amount_yen"]) <= {10_750}
    assert set(full.filter(pl.col("children_count") == 3)["addition_amount_yen"]) <= {17_200}
    part = rows.filter(pl.col("payment_kind_code") == "2")
    assert part["base_amount_yen"].is_between(10_740, 45_490).all()
    assert (part["base_amount_yen"] % 10 == 0).all()
    stopped = rows.filter(pl.col("payment_kind_code") == "3")
    assert set(stopped["monthly_amount_yen"]) <= {0}
    assert rows.select(
        (
            pl.col("base_amount_yen") + pl.col("addition_amount_yen")
            == pl.col("monthly_amount_yen")
        ).all()
    ).item()


@pytest.mark.parametrize(
    ("month", "full", "third"),
    [
        (dt.date(2020, 1, 1), 44_140, 6_250),
        (dt.date(2024, 10, 1), 45_500, 6_450),
        (dt.date(2024, 11, 1), 45_500, 10_750),
        (dt.date(2025, 3, 1), 45_500, 10_750),
        (dt.date(2030, 1, 1), 46_690, 11_030),
    ],
)
def test_rates_change_on_their_month(month, full, third):
    assert (rates_of(month).full, rates_of(month).third[0]) == (full, third)
