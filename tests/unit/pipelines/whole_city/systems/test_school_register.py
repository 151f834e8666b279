import datetime as dt

import polars as pl
import pytest

from pipelines.whole_city.city import last_day
from pipelines.whole_city.people.settle import count_months, settle
from pipelines.whole_city.systems.school_register import deliver
from tests.unit.pipelines.whole_city.systems.checking import require_name, require_readable


@pytest.fixture(scope="module")
def spring():
    return settle(2000, seed=4, months=count_months(3, dt.date(2025, 2, 1)))


def _of_school_age(rows, fiscal):
    """Born from 2 April to 1 April: six at the beginning of the fiscal year, up to fourteen."""
    return rows.filter(
        pl.col("birth_date").is_between(dt.date(fiscal - 15, 4, 2), dt.date(fiscal - 6, 4, 1))
    )


def _known(city):
    end = last_day(city.months[-1])
    known = city.versions.filter(pl.col("notified_date") <= end)
    last = known.unique("person", keep="last", maintain_order=True)
    return last.filter("is_resident").join(city.persons, on="person")


def test_the_register_is_what_its_contract_reads(city, spring):
    sent = [*deliver(city), *deliver(spring)]
    for s in sent:
        require_readable(s)
    require_name(sent[0], "学齢簿_令和6年4月.csv")


@pytest.mark.parametrize(("name", "fiscal"), [("city", 2024), ("spring", 2025)])
def test_the_enrolled_are_the_children_of_school_age(name, fiscal, request):
    city = request.getfixturevalue(name)
    rows = pl.concat([s.rows for s in deliver(city)])
    assert rows.select("resident_id", "history_number").is_unique().all()
    last = rows.sort("history_number").unique("resident_id", keep="last", maintain_order=True)
    enrolled = last.filter(pl.col("enrolment_status_code") == "1")
    there = _of_school_age(_known(city), fiscal)
    assert there.height > 100
    assert set(enrolled["resident_id"]) == set(there["resident_id"])


def test_a_grade_follows_from_the_birthday(spring):
    april = list(deliver(spring))[-1].rows.filter(pl.col("event_date") == dt.date(2025, 4, 1))
    first = april.filter(pl.col("grade") == 1)
    assert first.height > 5
    assert first["birth_date"].is_between(dt.date(2018, 4, 2), dt.date(2019, 4, 1)).all()
    assert set(first["event_code"]) == {"01"}
    junior = april.filter(pl.col("grade") == 7)
    assert set(junior["event_code"]) == {"01"}
    assert set(junior["school_kind_code"]) == {"2"}
    assert set(april["school_fiscal_year"]) == {2025}


def test_who_is_fifteen_leaves_with_the_school_year(spring):
    march = list(deliver(spring))[1].rows.filter(pl.col("event_code") == "11")
    assert march.height > 5
    assert march["birth_date"].is_between(dt.date(2009, 4, 2), dt.date(2010, 4, 1)).all()
    assert set(march["enrolment_status_code"]) == {"2"}


def test_a_parent_who_answers_is_in_the_household(city):
    rows = next(iter(deliver(city))).rows
    there = city.residents_on(last_day(city.months[0]))
    child = rows.join(
        there.select("resident_id", "household_id", "mother", "father"), on="resident_id"
    )
    both = child.join(
        there.select(guardian_id="resident_id", home="household_id", guardian="person"),
        on="guardian_id",
    )
    assert both.height > 0.95 * rows.height
    assert both["home"].equals(both["household_id"], check_names=False)
    parent = pl.when(pl.col("guardian_relationship_code") == "1").then("father").otherwise("mother")
    of_parents = both.filter(pl.col("guardian_relationship_code") != "9")
    assert of_parents.select((parent == pl.col("guardian")).all()).item()
