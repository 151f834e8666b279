from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.hierarchy.hierarchy import hierarchy_of_rows
from anonymize.records import households, judging
from anonymize.records.groups import group
from anonymize.records.households import recode, require_shared
from anonymize.records.local_solution import publish
from anonymize.records.models import AlphaK, DistinctL, EqualT, KAnonymity
from anonymize.records.utility import measure

AGE = hierarchy_of_rows("age", [(str(n), f"{n // 2 * 2}-", "*") for n in range(8)])
TOWN = hierarchy_of_rows("town", [(f"{a}{n}", a, "*") for a in "AB" for n in range(3)])
SIZE = hierarchy_of_rows("size", [("1", "1", "*"), ("2", "2-", "*"), ("3", "2-", "*")])
LADDERS = [AGE, TOWN, SIZE]
NAMES = ["age", "town", "size"]
SHARED = ["town", "size"]
PERSON = st.tuples(st.integers(0, 7), st.sampled_from("xyz"))
HOUSEHOLDS = st.lists(
    st.tuples(st.sampled_from(TOWN.labels[0]), st.lists(PERSON, min_size=1, max_size=3)),
    min_size=1,
    max_size=16,
)


def frame_of(households):
    rows = [
        (str(number), age, town, str(len(persons)), ill)
        for number, (town, persons) in enumerate(households)
        for age, ill in persons
    ]
    schema = {"household": pl.String, "age": pl.Int64, "town": pl.String}
    return pl.DataFrame(rows, schema | {"size": pl.String, "ill": pl.String}, orient="row")


@given(
    HOUSEHOLDS,
    st.integers(1, 5),
    st.sampled_from([(), (DistinctL(2, "ill"),), (AlphaK(0.7, 2, "ill"),), (EqualT(0.4, "ill"),)]),
    st.tuples(st.sampled_from([0.0, 0.3]), st.sampled_from([None, "household"])),
)
@settings(max_examples=20, deadline=None)
def test_members_of_a_household_are_labelled_and_suppressed_alike(homes, k, more, asked):
    limit, person = asked
    frame, models = frame_of(homes), [KAnonymity(k), *more]
    require_shared(frame, "household", SHARED)
    groups = group(frame, LADDERS, models, person)
    solution = recode(groups, LADDERS, models, SHARED, suppression_limit=limit)
    if not solution.feasible:
        whole = frame.with_columns(pl.lit("市").alias(name) for name in NAMES)
        assert not judging.measure(whole, NAMES, models, person).holds
        return
    published = publish(frame, solution, groups.of_rows)
    assert judging.measure(published, NAMES, models, person).holds
    hidden = pl.Series("hidden", solution.suppressed[groups.of_rows])
    by_household = published.with_columns(hidden).group_by("household")
    counts = by_household.agg(pl.col(*SHARED, "hidden").n_unique())
    assert counts.select(pl.col(*SHARED, "hidden").max()).row(0) == (1, 1, 1)
    assert solution.suppressed_rows <= limit * frame.height
    assert solution.loss == pytest.approx(measure(frame, published, LADDERS, queries=1).ncp)
    again = recode(groups, LADDERS, models, SHARED, suppression_limit=limit)
    assert published.equals(publish(frame, again, groups.of_rows))


def test_without_the_rule_a_household_would_be_torn_apart():
    """One household of two in A0; only its child is like the children of A1."""
    households = [("A0", [(0, "x"), (6, "x")]), *[("A1", [(0, "x"), (7, "y")])] * 3]
    frame, models = frame_of(households), [KAnonymity(4)]
    groups = group(frame, LADDERS, models)
    solution = recode(groups, LADDERS, models, SHARED)
    published = publish(frame, solution, groups.of_rows)
    assert published["town"].to_list() == ["A"] * 8
    assert published["age"].to_list() == ["0", "6-"] * 4


def test_thresholds_count_households_where_the_household_is_the_person():
    households = [("A0", [(0, "x"), (1, "x"), (1, "x")]), ("A0", [(1, "y"), (1, "y"), (0, "y")])]
    frame = frame_of(households)
    persons = group(frame, LADDERS, [KAnonymity(3)])
    assert recode(persons, LADDERS, [KAnonymity(3)], SHARED).feasible
    counted = group(frame, LADDERS, [KAnonymity(3)], "household")
    assert not recode(counted, LADDERS, [KAnonymity(3)], SHARED).feasible
    assert recode(counted, LADDERS, [KAnonymity(2)], SHARED).feasible


def test_every_column_may_be_of_the_household():
    frame = frame_of(
        [("A0", [(0, "x")]), ("A1", [(0, "x")]), ("B0", [(0, "x")]), ("B1", [(0, "x")])]
    )
    groups = group(frame, LADDERS, [])
    solution = recode(groups, LADDERS, [KAnonymity(2)], NAMES)
    assert publish(frame, solution, groups.of_rows)["town"].to_list() == ["A", "A", "B", "B"]


def test_refuses_a_household_of_two_towns_and_columns_that_are_none():
    frame = frame_of([("A0", [(0, "x"), (1, "x")])])
    torn = frame.with_columns(pl.Series("town", ["A0", "A1"]))
    with pytest.raises(ValueError, match="値が違う世帯が1あります\n  場所: 列「town」"):
        require_shared(torn, "household", SHARED)
    require_shared(torn.with_columns(household=pl.lit(None)), "household", SHARED)
    with pytest.raises(ValueError, match="表にない列"):
        require_shared(frame, "home", SHARED)
    groups = group(frame, LADDERS, [])
    with pytest.raises(ValueError, match="世帯の列が1つもありません"):
        recode(groups, LADDERS, [], [])
    with pytest.raises(ValueError, match="表にない列"):
        recode(groups, LADDERS, [], ["income"])


def test_an_empty_table_stays_empty():
    frame = frame_of([("A0", [(0, "x")])]).clear()
    groups = group(frame, LADDERS, [])
    solution = recode(groups, LADDERS, [KAnonymity(2)], SHARED)
    assert (solution.feasible, solution.loss, solution.classes) == (True, 0, 0)


@pytest.mark.parametrize(("losses", "best"), [([9, 7, 5, 4, 3, 6], 4), ([9, 1, 5, 7], 1), ([2], 0)])
def test_the_size_of_blocks_is_searched_up_then_down(losses, best):
    solution = recode(group(frame_of([("A0", [(0, "x")])]), LADDERS, []), LADDERS, [], SHARED)
    tried = [replace(solution, loss=loss, classes=step) for step, loss in enumerate(losses)]
    found = households._best(lambda step: tried[step] if step < len(tried) else None)
    assert found is not None
    assert found.classes == best
