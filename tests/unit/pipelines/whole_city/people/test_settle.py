import datetime as dt
import itertools

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.whole_city.city import (
    BORN,
    DIED,
    MOVED_IN,
    MOVED_OUT,
    PERSONS,
    TOWNS,
    VERSIONS,
    City,
    last_day,
)
from pipelines.whole_city.people.settle import count_months, settle

RESIDENTS = 5000
LATEST = 60


def month_ends(city: City) -> list[dt.date]:
    return [city.months[0] - dt.timedelta(days=1), *map(last_day, city.months)]


def test_tables_have_the_columns_others_build_on(city):
    assert dict(city.towns.schema) == TOWNS
    assert dict(city.persons.schema) == PERSONS
    assert dict(city.versions.schema) == VERSIONS


def test_as_many_live_there_before_the_first_month_as_asked_for(city, eve):
    assert city.residents_on(eve).height == RESIDENTS
    assert city.residents_on(city.months[0]).height == RESIDENTS


def test_every_month_the_balance_is_right(city):
    for before, after in itertools.pairwise(month_ends(city)):
        rows = city.versions.filter(
            pl.col("effective_date").is_between(before, after, closed="right")
        )
        count = {
            reason: rows.filter(reason=reason).height
            for reason in (BORN, MOVED_IN, DIED, MOVED_OUT)
        }
        change = count[BORN] + count[MOVED_IN] - count[DIED] - count[MOVED_OUT]
        assert city.residents_on(after).height == city.residents_on(before).height + change


def test_every_household_has_one_head_and_one_address_at_every_month_end(city):
    for day in month_ends(city):
        households = (
            city.residents_on(day)
            .group_by("household_id")
            .agg(
                heads=(pl.col("relationship") == "世帯主").sum(),
                named=pl.col("head").n_unique(),
                same=(
                    (pl.col("relationship") == "世帯主") == (pl.col("person") == pl.col("head"))
                ).all(),
                places=pl.struct("town_id", "block", "building").n_unique(),
            )
        )
        assert households.filter(
            (pl.col("heads") != 1)
            | (pl.col("named") != 1)
            | ~pl.col("same")
            | (pl.col("places") != 1)
        ).is_empty()


def test_histories_are_numbered_without_gaps_and_never_go_back(city):
    rows = city.versions
    assert rows.equals(rows.sort("person", "number"))
    following = rows.with_columns(
        expected=pl.int_range(pl.len()).over("person") + 1,
        back=pl.col("effective_date").diff().over("person") < pl.duration(days=0),
        forgot=pl.col("notified_date").diff().over("person") < pl.duration(days=0),
    )
    assert following.filter(pl.col("number") != pl.col("expected")).is_empty()
    assert following.filter(pl.col("back") | pl.col("forgot")).is_empty()


def test_only_those_who_moved_in_are_residents_again_and_nobody_after_death(city):
    rows = city.versions.with_columns(
        was=pl.col("is_resident").shift().over("person"),
        after_death=(pl.col("reason") == DIED).cast(pl.Int8).cum_sum().over("person")
        - (pl.col("reason") == DIED),
    )
    came_back = rows.filter("is_resident", ~pl.col("was"))
    assert set(came_back["reason"]) == {MOVED_IN}
    assert rows.filter(pl.col("after_death") > 0).is_empty()
    ends = rows.filter(pl.col("reason").is_in([DIED, MOVED_OUT]))
    assert not ends["is_resident"].any()
    assert rows.filter(~pl.col("reason").is_in([DIED, MOVED_OUT]))["is_resident"].all()


def test_the_first_row_of_everybody_is_a_birth_or_a_coming(city, eve):
    first = city.versions.filter(number=1).join(city.persons, on="person")
    assert set(first["reason"]) == {BORN, MOVED_IN}
    assert first.filter(
        (pl.col("reason") == BORN) != (pl.col("effective_date") == pl.col("birth_date"))
    ).is_empty()
    assert first.filter(pl.col("effective_date") < pl.col("birth_date")).is_empty()
    start = first.filter(pl.col("effective_date") <= eve)
    assert start.height == RESIDENTS
    assert start["notified_date"].max() <= eve


def test_a_death_is_the_same_in_both_tables(city):
    died = city.versions.filter(reason=DIED).select("person", death_date="effective_date")
    assert_frame_equal(city.persons.drop_nulls("death_date").select("person", "death_date"), died)


def test_the_city_learns_of_changes_after_they_happen_and_of_a_few_late(city, eve):
    lived = city.versions.filter(pl.col("effective_date") > eve)
    late = (lived["notified_date"] - lived["effective_date"]).dt.total_days()
    assert late.min() == 0
    assert 14 < late.max() <= LATEST
    assert 0.02 < (late > 14).mean() < 0.08


def test_a_notice_is_listed_in_the_month_it_was_given(city):
    month = city.months[3]
    listed = city.changes_between(month, last_day(month))
    assert listed["notified_date"].is_between(month, last_day(month)).all()
    assert listed.filter(pl.col("effective_date") < month).height > 0


def test_of_two_rows_of_one_day_the_later_number_holds(city):
    twice = city.spells.filter(pl.col("until_date") == pl.col("effective_date"))
    assert twice.height > 0
    row = twice.row(0, named=True)
    held = city.residents_on(row["effective_date"]).filter(person=row["person"])
    assert held["number"].to_list() > [row["number"]]


def test_a_day_asked_for_twice_gives_the_same_people(city):
    day = last_day(city.months[5])
    assert_frame_equal(city.residents_on(day), city.residents_on(day))


@pytest.mark.parametrize("table", ["towns", "persons", "versions"])
def test_the_same_arguments_give_the_same_city(table):
    one, other = (getattr(settle(300, 4, count_months(3)), table) for _ in range(2))
    assert_frame_equal(one, other)


def test_another_seed_gives_another_city():
    one, other = (settle(300, seed, count_months(1)).versions for seed in (4, 5))
    assert not one.equals(other)


def test_a_longer_life_begins_like_a_shorter_one():
    short, long = (settle(300, 4, count_months(count)) for count in (2, 4))
    begun = pl.col("effective_date") <= dt.date(2024, 5, 31)
    assert_frame_equal(short.versions, long.versions.filter(begun))
    people = short.persons.height
    assert_frame_equal(
        short.persons.drop("death_date"), long.persons.head(people).drop("death_date")
    )


@pytest.mark.parametrize(
    "months", [[], [dt.date(2024, 4, 2)], [dt.date(2024, 4, 1), dt.date(2024, 6, 1)]]
)
def test_months_with_gaps_are_refused(months):
    with pytest.raises(ValueError, match="各月の1日"):
        settle(300, 1, months)


def test_too_few_people_are_refused():
    with pytest.raises(ValueError, match="100人以上"):
        settle(99, 1, count_months(1))
