import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.hierarchy.hierarchy import hierarchy_of_rows
from anonymize.records import judging, local_nodes, local_repair
from anonymize.records.full_domain import search
from anonymize.records.groups import group
from anonymize.records.local import recode
from anonymize.records.local_solution import publish
from anonymize.records.models import (
    AlphaK,
    BetaLikeness,
    DeltaDisclosure,
    DistinctL,
    EntropyL,
    EqualT,
    KAnonymity,
    KMap,
    OrderedT,
    RecursiveCL,
)
from anonymize.records.utility import measure

AGE = hierarchy_of_rows(
    "age", [(str(n), f"{n // 2 * 2}-", f"{n // 4 * 4}+", "*") for n in range(8)]
)
AREA = hierarchy_of_rows("area", [("A1", "A"), ("A2", "A"), ("B1", "B"), ("", "B")])  # no one top
JOB = hierarchy_of_rows("job", [("農", "他", "*"), ("他", "他", "*"), ("医", "専", "*")])
LADDERS = [AGE, AREA, JOB]
NAMES = ["age", "area", "job"]
TABLE = st.lists(
    st.tuples(
        st.integers(0, 7),
        st.sampled_from(["A1", "A2", "B1", None]),
        st.sampled_from(["農", "他", "医"]),
        st.sampled_from(["1", "2", "3"]),
        st.sampled_from("pqrstu"),
    ),
    min_size=1,
    max_size=40,
)
MODELS = st.lists(
    st.sampled_from(
        [
            DistinctL(2, "ill"),
            EntropyL(1.8, "ill"),
            RecursiveCL(2.0, 2, "ill"),
            EqualT(0.3, "ill"),
            OrderedT(0.3, "ill"),
            AlphaK(0.6, 3, "ill"),
            BetaLikeness(1.0, "ill"),
            DeltaDisclosure(1.5, "ill"),
        ]
    ),
    max_size=2,
)


def frame_of(rows):
    schema = {"age": pl.Int64} | dict.fromkeys(["area", "job", "ill", "person"], pl.String)
    return pl.DataFrame(rows, schema, orient="row").with_row_index("line")


def run(frame, models, limit=0.0, person=None, **kwargs):
    groups = group(frame, LADDERS, models, person)
    solution = recode(groups, LADDERS, models, limit, **kwargs)
    return solution, publish(frame, solution, groups.of_rows) if solution.feasible else None


@given(
    TABLE,
    st.integers(1, 6),
    MODELS,
    st.tuples(st.sampled_from([0.0, 0.2]), st.sampled_from([None, "person"])),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_what_is_published_satisfies_the_models_and_covers_the_values(
    rows, k, more, asked, thrifty
):
    limit, person = asked
    frame, models = frame_of(rows), [KAnonymity(k), *more]
    with pytest.MonkeyPatch.context() as patch:
        if thrifty:  # few combinations, so that many rows are left to the repair
            patch.setattr(local_nodes, "_WORK", 1)
            patch.setattr(local_nodes, "_FEWEST_CHAINS", 1)
            patch.setattr(local_repair, "_WORK", 30)
        solution, published = run(frame, models, limit, person)
    if published is None:
        whole = frame.with_columns(pl.lit("区").alias(name) for name in NAMES)
        assert not judging.measure(whole, NAMES, models, person).holds
        assert (solution.loss, solution.classes) == (1.0, 0)
        return
    judged = judging.measure(published, NAMES, models, person)
    assert judged.holds
    assert solution.suppressed_rows <= limit * len(rows)
    assert published.drop(NAMES).equals(frame.drop(NAMES))
    lost = measure(frame, published, LADDERS, queries=1)  # refuses labels that do not cover
    assert solution.loss == pytest.approx(lost.ncp)
    if not judged.suppressed_rows:
        assert (solution.classes, solution.min_class) == (judged.classes, judged.min_class)


@given(TABLE, MODELS)
@settings(max_examples=20, deadline=None)
def test_the_same_seed_gives_the_same_table(rows, more):
    frame, models = frame_of(rows), [KAnonymity(2), *more]
    first, second = (run(frame, models, seed=5)[1] for _ in range(2))
    assert (first is None) == (second is None)
    assert first is None or first.equals(second)


def rows_of(*counted):
    return frame_of([(*row, "1", "p") for row, count in counted for _ in range(count)])


def test_what_is_common_stays_and_what_is_rare_goes_only_as_far_as_it_must():
    frame = rows_of(((0, "A1", "農"), 5), ((2, "B1", "医"), 2), ((3, "B1", "医"), 3))
    solution, published = run(frame, [KAnonymity(5)])
    assert published["age"].to_list() == ["0"] * 5 + ["2-"] * 5
    assert published["area"].to_list() == ["A1"] * 5 + ["B1"] * 5
    assert (solution.classes, solution.min_class, solution.suppressed_rows) == (2, 5, 0)
    assert solution.loss == pytest.approx(0.5 * (1 / 7) / 3)


def test_the_last_one_joins_the_nearest_class_or_is_suppressed_where_that_is_allowed():
    counted = [((0, "A1", "農"), 5), ((6, "B1", "医"), 9), ((1, "A1", "農"), 1)]
    _, published = run(rows_of(*counted), [KAnonymity(5)])
    assert published["age"].to_list() == ["0-"] * 5 + ["6"] * 9 + ["0-"]
    counted[-1] = ((7, "A2", "他"), 1)
    solution, published = run(rows_of(*counted), [KAnonymity(5)], 0.1)
    assert published.select(NAMES).row(-1) == ("*", "*", "*")
    assert (solution.suppressed_rows, solution.classes) == (1, 2)
    kept, _ = run(rows_of(*counted), [KAnonymity(5)], 0.05)  # 1 of 15 is more than 5 %
    assert kept.suppressed_rows == 0


def test_a_weight_decides_which_column_gives_way():
    frame = rows_of(
        ((0, "A1", "農"), 2), ((0, "A2", "農"), 2), ((1, "A1", "農"), 2), ((1, "A2", "農"), 2)
    )
    by_weight = {}
    for name in ("age", "area"):
        groups = group(frame, LADDERS, [KAnonymity(4)])
        solution = recode(groups, LADDERS, [KAnonymity(4)], weights={name: 50})
        by_weight[name] = publish(frame, solution, groups.of_rows)
    assert by_weight["age"]["age"].to_list() == ["0"] * 4 + ["1"] * 4
    assert set(by_weight["age"]["area"]) == {"A"}
    assert by_weight["area"]["area"].to_list() == ["A1", "A1", "A2", "A2"] * 2


def test_a_drawn_choice_of_combinations_is_cheap_first_and_has_both_ends():
    costs = [np.array([0, 0.1, 0.5, 1])] * 6
    nodes = local_nodes.choose_nodes(costs, 10_000_000, 1.0, 1)
    assert len(nodes) < 4**6 / 10
    assert len(np.unique(nodes, axis=0)) == len(nodes)
    assert nodes[0].tolist() == [0] * 6
    assert nodes[-1].tolist() == [3] * 6
    assert (np.diff(costs[0][nodes].sum(axis=1)) >= -1e-12).all()
    every = local_nodes.choose_nodes(costs, 10, 1.0, 1)
    assert len(every) == 4**6


def test_says_why_not_and_refuses_what_it_cannot_do():
    frame = rows_of(((0, "A1", "農"), 3))
    solution, _ = run(frame, [KAnonymity(5)])
    assert not solution.feasible
    assert "モデルを満たしません" in solution.reason
    groups = group(frame, LADDERS, [])
    with pytest.raises(ValueError, match="匿名加工ができていません"):
        publish(frame, solution, groups.of_rows)
    with pytest.raises(ValueError, match="k-map"):
        recode(groups, LADDERS, [KMap(5)])
    with pytest.raises(ValueError, match="0から1"):
        recode(groups, LADDERS, [KAnonymity(2)], 2)
    with pytest.raises(ValueError, match="重み"):
        recode(groups, LADDERS, [KAnonymity(2)], weights={"name": 1})


def test_an_empty_table_stays_empty():
    solution, published = run(frame_of([]), [KAnonymity(5)])
    assert solution.feasible
    assert (solution.loss, solution.classes, published.height) == (0, 0, 0)


def test_loses_far_less_than_one_level_for_all_and_less_the_more_combinations_are_tried():
    draw = np.random.default_rng(1)
    names = ["a", "b", "c", "d"]
    ladders = [
        hierarchy_of_rows(n, [(str(v), f"{v // 4}+", f"{v // 16}++", "*") for v in range(64)])
        for n in names
    ]
    values = {n: np.minimum(draw.geometric(0.15, 2000), 63).astype(str) for n in names}
    groups = group(pl.DataFrame(values), ladders, [])
    fine = recode(groups, ladders, [KAnonymity(5)])
    levels = search(groups, ladders, [KAnonymity(5)], 0.0)
    assert fine.loss < levels.loss / 2
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local_nodes, "_WORK", 1)
        drawn = recode(groups, ladders, [KAnonymity(5)])
        patch.setattr(local_nodes, "_FEWEST_CHAINS", 1)
        single = recode(groups, ladders, [KAnonymity(5)])
    assert fine.loss < drawn.loss < single.loss < levels.loss
