import datetime as dt

import polars as pl
import pytest

from pipelines.whole_city.city import last_day
from pipelines.whole_city.people.settle import count_months, settle
from pipelines.whole_city.systems.resident_changes import deliver
from tests.unit.pipelines.whole_city.systems.checking import require_name, require_readable


@pytest.fixture(scope="module")
def sent(city):
    return list(deliver(city))


def test_the_changes_are_what_their_contract_reads(sent):
    require_readable(sent[0])
    require_readable(sent[-1])
    require_name(sent[0], "JUKI_異動_202404.csv")


def test_every_change_comes_once_in_the_month_the_city_came_to_know_of_it(city, sent):
    told = pl.concat([s.rows.with_columns(month=pl.lit(s.period)) for s in sent])
    assert told.select("resident_id", "history_number").is_unique().all()
    known = city.versions.filter(pl.col("notified_date") <= last_day(city.months[-1]))
    assert told.height == known.height
    late = told.filter(pl.col("month") != "2024-04")
    assert late["processed_date"].dt.strftime("%Y-%m").equals(late["month"], check_names=False)
    assert told.filter(pl.col("month") == "2024-04")["processed_date"].max() <= dt.date(2024, 4, 30)


def test_the_last_changes_say_who_lives_in_the_city(city, sent):
    end = last_day(city.months[-1])
    last = pl.concat([s.rows for s in sent]).sort("resident_id", "history_number")
    last = last.unique("resident_id", keep="last").filter(pl.col("resident_status_code") == "1")
    known = city.versions.filter(pl.col("notified_date") <= end).unique("person", keep="last", maintain_order=True)  # fmt: skip
    there = known.filter("is_resident").join(city.persons, on="person").join(city.towns, on="town_id")  # fmt: skip
    same = ["resident_id", "household_id", "relationship", "town", "block"]
    assert last.select(same).sort("resident_id").equals(there.select(same).sort("resident_id"))


def test_who_left_says_where_to_and_who_heads_is_named(sent):
    rows = pl.concat([s.rows for s in sent])
    gone = rows.filter(pl.col("change_reason_code") == "21")
    assert gone.height > 20
    assert gone["moved_to_code"].null_count() == 0
    assert gone["ended_date"].equals(gone["change_date"], check_names=False)
    assert set(gone["resident_status_code"]) == {"2"}
    heads = rows.filter(pl.col("relationship") == "世帯主")
    assert heads["head_name"].equals(heads["full_name"], check_names=False)
    abroad = rows.filter(pl.col("nationality") != "日本")["full_name"].unique()
    wives = rows.filter(pl.col("relationship") == "妻").filter(
        ~pl.any_horizontal(pl.col("head_name", "full_name").is_in(abroad.implode()))
    )
    assert wives.height > 500
    surnames = wives.select(pl.col("head_name", "full_name").str.split("\u3000").list.first())
    assert surnames["head_name"].equals(surnames["full_name"], check_names=False)


def test_the_check_of_the_reading_comes_with_the_layout_of_april_2025():
    around = settle(300, seed=3, months=count_months(2, dt.date(2025, 3, 1)))
    march, april = deliver(around)
    assert march.rows["is_kana_confirmed"].null_count() == march.rows.height
    assert april.rows["is_kana_confirmed"].null_count() == 0
    require_readable(march)
    require_readable(april)
