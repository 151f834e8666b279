import datetime as dt

import polars as pl
import pytest

from pipelines.whole_city.city import last_day
from pipelines.whole_city.people.settle import count_months, settle
from pipelines.whole_city.systems.childcare_certifications import deliver
from tests.unit.pipelines.whole_city.systems.checking import require_name, require_readable


@pytest.fixture(scope="module")
def sent(city):
    return list(deliver(city))


def test_the_lists_are_what_their_contract_reads(sent):
    require_readable(sent[-1])
    require_name(sent[0], "KOSODATE_支給認定_202404.csv")
    after = settle(300, seed=3, months=count_months(1, dt.date(2025, 4, 1)))
    require_readable(next(iter(deliver(after))))


def test_the_certified_are_small_children_with_a_parent_in_the_household(city, sent):
    there = city.residents_on(last_day(city.months[-1]))
    rows = sent[-1].rows.join(there, left_on="child_id", right_on="resident_id", suffix="_register")
    assert rows.height == sent[-1].rows.height > 50
    assert rows["birth_date"].min() >= dt.date(2018, 4, 2)
    guardian = there.select(guardian_id="resident_id", home="household_id", guardian="person")
    both = rows.join(guardian, on="guardian_id")
    assert both["home"].equals(both["household_id"], check_names=False)
    is_parent = pl.any_horizontal(pl.col("guardian") == pl.col(p) for p in ("father", "mother"))
    assert both.height == rows.height
    assert both.select(is_parent.all()).item()


def test_the_category_follows_from_the_age_and_holds_on_the_day(city, sent):
    end = last_day(city.months[-1])
    rows = sent[-1].rows
    third = pl.col("birth_date").dt.offset_by("3y").dt.offset_by("-1d")
    assert rows.filter(pl.col("category_code") == "3").select((third > end).all()).item()
    assert rows.filter(pl.col("category_code") == "2").select((third <= end).all()).item()
    assert rows.filter(pl.col("category_code").is_in(["1", "4", "5"]))["class_age"].min() >= 3
    holds = (pl.col("valid_from_date") <= end) & (pl.col("valid_until_date") >= end)
    assert rows.select(holds.all()).item()
    assert set(rows.filter(pl.col("class_age") >= 3)["monthly_fee_yen"].drop_nulls()) == {0}
    first = rows.filter(pl.col("category_code") == "3", pl.col("sibling_order") == 1)
    assert first["monthly_fee_yen"].max() > 20_000


def test_a_class_age_is_the_age_on_the_first_of_april(sent):
    rows = sent[-1].rows
    born = pl.col("birth_date") - pl.duration(days=1)
    april = 2024 - born.dt.year() - (born.dt.strftime("%m%d") >= "0401").cast(pl.Int32)
    assert rows.select((pl.max_horizontal(april, 0) == pl.col("class_age")).all()).item()
