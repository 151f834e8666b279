import numpy as np
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
@settings(max_examples=30, deadline=None)
def test_no_node_is_better_and_the_publication_holds(rows, models, limit):
    check(rows, models, limit)


@given(TABLE, MODELS, LIMIT)
@settings(max_examples=20, deadline=None)
def test_thresholds_count_distinct_persons(rows, models, limit):
    check(rows, models, limit, "who")


@given(TABLE, TABLE, st.integers(2, 6), st.lists(MODEL, max_size=1), LIMIT)
@settings(max_examples=10, deadline=None)
def test_k_map_counts_the_population(rows, others, k, models, limit):
    models = [m.KMap(k), *models]
    population = group(pl.DataFrame(rows + others), LADDERS, [])
    _, found, published = publish(rows, models, limit, population=population)
    best = oracle.best(rows, LADDERS, models, limit, population=rows + others)
    assert found.feasible == (best is not None)
    if published is not None:
        assert found.loss == pytest.approx(best)
        everyone = recode.write_labels(
            pl.DataFrame(rows + others),
            LADDERS,
            found.levels,
            pl.Series([False] * len(rows + others)),
        )
        assert measure(published, NAMES, models, population=everyone).holds


@given(TABLE, MODELS, LIMIT)
@settings(max_examples=10, deadline=None)
def test_publication_keeps_order_and_other_columns_and_is_never_finer_than_its_level(
    rows, models, limit
):
    _, found, published = publish(rows, models, limit)
    if published is None:
        return
    assert published.columns == list(rows[0])
    assert published.select("care", "who").rows(named=True) == [
        {"care": row["care"], "who": row["who"]} for row in rows
    ]
    for row, shown in zip(rows, published.rows(named=True), strict=True):
        labels = {
            h.column: h.labels[level][h.codes[level][h.labels[0].index(row[h.column])]]
            for h in LADDERS
            if (level := found.levels[h.column]) is not None
        }
        assert {name: shown[name] for name in NAMES} in (labels, dict.fromkeys(NAMES, "*"))


@given(TABLE, MODELS, LIMIT, st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None)
def test_the_order_of_rows_changes_nothing(rows, models, limit, random):
    _, found, _ = publish(rows, models, limit)
    _, again, _ = publish(random.sample(rows, len(rows)), models, limit)
    for name in ("feasible", "levels", "loss", "suppressed_rows", "classes", "looked_at"):
        assert getattr(found, name) == getattr(again, name)


@pytest.mark.parametrize(("heavy", "raised"), [("sex", "town"), ("town", "sex")])
def test_the_column_that_weighs_more_is_spared(heavy, raised):
    rows = [
        {"town": town, "age": "1", "sex": sex, "care": "1", "who": "1"}
        for town in "ac"
        for sex in "男女"
    ] * 3
    levels = publish(rows, [m.KAnonymity(6)], 0, weights={heavy: 9})[1].levels
    assert levels[heavy] == 0
    assert levels[raised] > 0


def test_many_groups_are_counted_slice_by_slice(monkeypatch):
    draw = np.random.default_rng(3)
    rows = [
        {"town": str(t), "age": str(a), "sex": s, "care": str(c), "who": "1"}
        for t, a, s, c in zip(
            draw.choice(list("abcde"), 400),
            draw.integers(0, 6, 400),
            draw.choice(list("男女"), 400),
            draw.integers(1, 4, 400),
            strict=True,
        )
    ]
    for models in ([m.KAnonymity(9)], [m.EqualT(0.2, "care")], [m.BetaLikeness(0.5, "care")]):
        whole = publish(rows, models, 0.1)[1]
        with monkeypatch.context() as patch:
            patch.setattr("anonymize.records.classes._SLICE", 8)
            parts = publish(rows, models, 0.1)[1]
        assert (whole.levels, whole.suppressed_rows) == (parts.levels, parts.suppressed_rows)
        assert np.array_equal(whole.class_of, parts.class_of)


def test_more_labels_than_a_key_holds():
    ladders = [
        hierarchy_of_rows(f"c{i}", [(str(n), f"{n // 500}", "*") for n in range(1000)])
        for i in range(8)
    ]
    draws = np.random.default_rng(2).integers(0, 1000, (60, 8))
    frame = pl.DataFrame(draws, schema=[h.column for h in ladders])
    frame = pl.concat([frame, frame])
    found = search(group(frame, ladders, []), ladders, [m.KAnonymity(2)], 0)
    assert (found.loss, found.classes, found.optimal_proven) == (0, 60, True)


def test_an_empty_table_needs_no_change():
    frame = pl.DataFrame(schema=dict.fromkeys([*NAMES, "care"], pl.String))
    groups = group(frame, LADDERS, [m.DistinctL(2, "care")])
    found = search(groups, LADDERS, [m.DistinctL(2, "care")], 0)
    assert found.feasible
    assert recode.full_domain(frame, LADDERS, found, groups.of_rows).is_empty()


def test_says_why_nothing_will_do_and_does_not_publish():
    rows = [{"town": "a", "age": "1", "sex": "男", "care": "1", "who": "1"}] * 3
    groups, found, _ = publish(rows, [m.KAnonymity(4)], 0.5)
    assert (found.feasible, found.optimal_proven, found.levels) == (False, True, {})
    assert "3行のうち1行" in found.reason
    with pytest.raises(ValueError, match="匿名加工ができていません"):
        recode.full_domain(pl.DataFrame(rows), LADDERS, found, groups.of_rows)


def test_gives_up_when_time_is_up_and_does_not_claim_a_proof():
    rows = [{"town": "a", "age": "1", "sex": "男", "care": "1", "who": "1"}] * 9
    assert not publish(rows, [m.KAnonymity(2)], 0, seconds=-1)[1].optimal_proven


@pytest.mark.parametrize(
    ("models", "limit", "more"),
    [
        ([m.KAnonymity(2)], 1.5, {}),
        ([m.KMap(2)], 0, {}),
        ([m.KAnonymity(2)], 0, {"weights": {"無い列": 1}}),
        ([m.OrderedT(0.1, "care", ("1",))], 0, {}),
    ],
)
def test_refuses_demands_it_cannot_read(models, limit, more):
    rows = [{"town": "a", "age": "1", "sex": "男", "care": "2", "who": "1"}] * 3
    with pytest.raises(ValueError, match="場所"):
        publish(rows, models, limit, **more)


def test_refuses_a_ladder_that_contradicts_itself():
    torn = hierarchy_of_rows("sex", [("男", "x", "1"), ("女", "x", "2")])
    frame = pl.DataFrame({"sex": ["男"]})
    with pytest.raises(ValueError, match="列「sex」"):
        search(group(frame, [torn], []), [torn], [m.KAnonymity(1)], 0)
