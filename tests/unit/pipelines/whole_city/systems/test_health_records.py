import datetime as dt

import polars as pl
import pytest

from pipelines.whole_city.city import last_day
from pipelines.whole_city.people.settle import count_months, settle
from pipelines.whole_city.systems.health_records import deliver
from tests.unit.pipelines.whole_city.systems.checking import require_name, require_readable


@pytest.fixture(scope="module")
def sent(city):
    return list(deliver(city))


def test_the_records_are_what_their_contract_reads(sent):
    require_readable(sent[-1])
    require_name(sent[0], "健康管理_202404.csv")


def test_records_are_of_residents_and_of_the_month(city, sent):
    for s, month in zip(sent, city.months, strict=True):
        there = city.residents_on(last_day(month))
        assert s.rows.height > 20
        assert set(s.rows["resident_id"]) <= set(there["resident_id"])
        assert s.rows["event_date"].is_between(month, last_day(month)).all()
        assert (s.rows["registered_date"] >= s.rows["event_date"]).all()
    numbers = pl.concat([s.rows for s in sent])["record_number"]
    assert numbers.is_unique().all()


def test_children_come_at_their_age_and_grown_ups_at_theirs(sent):
    rows = pl.concat([s.rows for s in sent])
    months = (pl.col("event_date") - pl.col("birth_date")).dt.total_days() / 30.44
    four = rows.filter(pl.col("item_code") == "201").select(m=months)
    assert four["m"].min() > 3.8
    assert four["m"].max() < 9
    ages = rows.group_by("item_code").agg(pl.col("event_age").min()).rows_by_key("item_code")
    assert ages["303"][0][0] >= 40
    assert set(rows.filter(pl.col("item_code").is_in(["304", "305"]))["sex_code"]) == {"2"}
    first = rows.filter(pl.col("item_code") == "101").select("resident_id", "dose_number")
    assert first.is_unique().all()


def test_nobody_has_the_winter_vaccination_twice():
    winter = settle(1000, seed=6, months=count_months(5, dt.date(2024, 9, 1)))
    rows = pl.concat([s.rows for s in deliver(winter)])
    flu = rows.filter(pl.col("item_code") == "121")
    assert flu.height > 60
    assert flu["resident_id"].is_unique().all()
    assert set(flu["event_date"].dt.month()) == {10, 11, 12, 1}
    assert (flu["event_age"] >= 65).all()


def test_the_second_month_comes_late(sent):
    in_time = [s.delivered_at.month - int(s.period[5:]) for s in sent]
    assert in_time == [1, 4, 1, 1, 1, 1]
