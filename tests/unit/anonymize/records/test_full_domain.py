import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.hierarchy.hierarchy import hierarchy_of_rows
from anonymize.records import models as m
from anonymize.records import recode
from anonymize.records.full_domain import search
from anonymize.records.groups import group
from anonymize.records.judging import measure
from anonymize.records.loss import loss_at
from tests.unit.anonymize.records import oracle

LADDERS = (
    hierarchy_of_rows(
        "town",
        [
            ("c", "南", "市"),
            ("a", "北", "市"),
            ("d", "南", "市"),
            ("b", "北", "市"),
            ("e", "東", "市"),
        ],
    ),
    hierarchy_of_rows("age", [(str(n), f"{n // 2}", f"{n // 4}", "*") for n in (5, 0, 3, 1, 4, 2)]),
    hierarchy_of_rows("sex", [("男", "*"), ("女", "*")]),
)
NAMES = [h.column for h in LADDERS]
ROW = st.fixed_dictionaries(
    {
        "town": st.sampled_from("abcde"),
        "age": st.integers(0, 5).map(str),
        "sex": st.sampled_from("男女"),
        "care": st.sampled_from(["1", "2", "3", "10"]),
        "who": st.integers(0, 12).map(str),
    }
)
TABLE = st.lists(ROW, min_size=1, max_size=24)
MODEL = st.one_of(
    st.integers(2, 5).map(m.KAnonymity),
    st.integers(2, 3).map(lambda n: m.DistinctL(n, "care")),
    st.sampled_from([1.5, 2.0, 2.7]).map(lambda x: m.EntropyL(x, "care")),
    st.tuples(st.sampled_from([0.8, 1.5, 3.0]), st.integers(2, 3)).map(
        lambda x: m.RecursiveCL(*x, "care")
    ),
    st.sampled_from([0.1, 0.25, 0.5]).map(lambda x: m.EqualT(x, "care")),
    st.sampled_from([0.1, 0.25]).map(lambda x: m.OrderedT(x, "care")),
    st.sampled_from([0.1, 0.25]).map(lambda x: m.OrderedT(x, "care", ("10", "3", "1", "2"))),
    st.tuples(st.sampled_from([0.4, 0.5, 0.75]), st.integers(2, 4)).map(
        lambda x: m.AlphaK(*x, "care")
    ),
    st.tuples(st.sampled_from([0.3, 1.0, 2.5]), st.booleans()).map(
        lambda x: m.BetaLikeness(x[0], "care", enhanced=x[1])
    ),
    st.sampled_from([0.7, 1.5]).map(lambda x: m.DeltaDisclosure(x, "care")),
)
MODELS = st.lists(MODEL, min_size=1, max_size=3)
LIMIT = st.sampled_from([0.0, 0.1, 0.3, 0.6])


def publish(rows, models, limit, person=None, **more):
    frame = pl.DataFrame(rows)
    groups = group(frame, LADDERS, models, person)
    found = search(groups, LADDERS, models, limit, **more)
    published = (
        recode.full_domain(frame, LADDERS, found, groups.of_rows) if found.feasible else None
    )
    return groups, found, published


def check(rows, models, limit, person=None):
    groups, found, published = publish(rows, models, limit, person)
    best = oracle.best(rows, LADDERS, models, limit, person=person)
    assert found.optimal_proven
    assert found.feasible == (best is not None)
    if best is None:
        assert "上限" in found.reason
        return
    levels = [found.levels[name] for name in NAMES]
    suppressed, loss = oracle.judge_node(rows, LADDERS, levels, models, person=person)
    assert found.loss == pytest.approx(best)
    assert found.loss == pytest.approx(loss)
    assert found.loss == pytest.approx(
        loss_at(groups.codes, groups.rows, found.suppressed, LADDERS, levels)
    )
    assert found.suppressed_rows == suppressed
    judged = measure(published, NAMES, models, person)
    assert judged.holds
    if levels != [h.height for h in LADDERS] or published["sex"][0] != "*":
        assert judged.suppressed_rows == suppressed
        assert (judged.classes, judged.min_class) == (found.classes, found.min_class)


@given(TABLE, MODELS, LIMIT)
@settings(max_examples=50, deadline=None)
def test_no_node_is_better_and_the_publication_holds(rows, models, limit):
    check(rows, models, limit)


@given(TABLE, MODELS, LIMIT)
@settings(max_examples=25, deadline=None)
def test_thresholds_count_distinct_persons(rows, models, limit):
    check(rows, models, limit, "who")
