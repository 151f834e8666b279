import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.hierarchy.hierarchy import hierarchy_of_rows
from anonymize.records import judging
from anonymize.records.groups import group
from anonymize.records.households_suppressed import suppress_together
from anonymize.records.models import AlphaK, DistinctL, KAnonymity

AGE = hierarchy_of_rows("age", [(str(n), "*") for n in range(4)])
LADDERS = [AGE]
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", "d", "e", None]), st.integers(0, 3), st.sampled_from("xy")
    ),
    min_size=1,
    max_size=24,
)


def frame_of(rows):
    schema = {"home": pl.String, "age": pl.String, "ill": pl.String}
    return pl.DataFrame([(h, str(a), i) for h, a, i in rows], schema, orient="row")


def hide(frame, models, person=None):
    """Publish ages as they are; suppress what fails by itself, then what follows."""
    groups = group(frame, LADDERS, models, person)
    alone = [
        judging.measure(frame.filter(pl.Series(groups.of_rows == g)), ["age"], models[:1], person)
        for g in range(len(groups.rows))
    ]
    class_of = np.array([g if one.holds else -1 for g, one in enumerate(alone)])
    hidden = suppress_together(
        frame, "home", groups, class_of, hierarchies=LADDERS, models=models, person=person
    )
    return hidden, frame.with_columns(
        age=pl.when(pl.Series(hidden)).then(pl.lit("*")).otherwise("age")
    )


@given(ROWS, st.integers(1, 3), st.sampled_from([None, DistinctL(2, "ill"), AlphaK(0.6, 1, "ill")]))
@settings(max_examples=20, deadline=None)
def test_households_stay_whole_and_the_models_hold(rows, k, more):
    frame, models = frame_of(rows), [KAnonymity(k), *([more] if more else [])]
    hidden, published = hide(frame, models)
    whole = published.with_columns(hidden=pl.Series(hidden)).drop_nulls("home")
    counts = whole.group_by("home").agg(pl.col("hidden").n_unique())
    assert set(counts["hidden"]) <= {1}
    assert judging.measure(published, ["age"], models).holds


def test_what_follows_is_followed():
    """The rare age 3 takes its household along, whose age 0 leaves another alone, and so on."""
    rows = [
        ("a", 3, "x"),
        ("a", 0, "x"),
        ("b", 0, "x"),
        ("b", 1, "x"),
        ("c", 1, "x"),
        (None, 2, "x"),
    ]
    frame = frame_of([*rows, (None, 2, "x")])
    hidden, _ = hide(frame, [KAnonymity(2)])
    assert hidden.tolist() == [True] * 5 + [False] * 2


def test_rows_without_a_household_stand_for_themselves():
    frame = frame_of([(None, 0, "x"), (None, 1, "x"), ("", 1, "x")])
    hidden, _ = hide(frame, [KAnonymity(2)])
    assert hidden.tolist() == [True, False, False]


def test_needs_the_column_of_the_household():
    frame = frame_of([("a", 0, "x")])
    groups = group(frame, LADDERS, [])
    with pytest.raises(ValueError, match="表にない列"):
        suppress_together(
            frame, "house", groups, np.zeros(1, np.int64), hierarchies=LADDERS, models=[]
        )
