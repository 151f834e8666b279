import datetime as dt

import polars as pl
import pytest

from pipelines.whole_city.city import last_day
from pipelines.whole_city.systems.public_assistance import deliver
from tests.unit.pipelines.whole_city.systems.checking import require_name, require_readable


@pytest.fixture(scope="module")
def sent(city):
    return list(deliver(city))


def test_the_recipients_are_what_their_contract_reads(city, sent):
    assert len(sent) == len(city.months)
    for delivery in sent:
        require_readable(delivery)
        require_name(delivery, f"生活保護受給_{delivery.period.replace('-', '')}.csv")
        assert not delivery.rows["resident_id"].is_duplicated().any()


def test_whole_households_that_live_in_the_city_are_recipients(city, sent):
    for delivery in sent:
        day = last_day(dt.date.fromisoformat(f"{delivery.period}-01"))
        homes = delivery.rows["household_id"].unique()
        living = city.residents_on(day).filter(pl.col("household_id").is_in(homes.implode()))
        assert set(living["resident_id"]) == set(delivery.rows["resident_id"])
        assert 0.008 < delivery.rows.height / city.residents_on(day).height < 0.05
        started = pl.col("started_date") <= day
        assert delivery.rows.select(started.all()).item()


def test_amounts_add_up_and_flags_say_what_is_paid(sent):
    rows = pl.concat([d.rows for d in sent])
    kinds = ("livelihood", "housing", "education", "other")
    added = rows.select(pl.sum_horizontal(f"{kind}_aid_yen" for kind in kinds)).to_series()
    assert added.equals(rows["total_aid_yen"], check_names=False)
    assert (rows["has_education_aid"] == (rows["education_aid_yen"] > 0)).all()
    size = pl.len().over("household_id")
    one = sent[0].rows
    assert one.select((size == pl.col("household_member_count")).all()).item()
    paying = one.group_by("household_id").agg((pl.col("housing_aid_yen") > 0).sum())
    assert paying["housing_aid_yen"].max() == 1
