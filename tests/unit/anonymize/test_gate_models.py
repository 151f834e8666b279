"""The gate's own measuring of models, against each formula written out for one class at a time."""

import math
from collections import Counter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.gate_models import judge_models
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

ORDER = ("1", "2", "3", "4")

rows = st.lists(
    st.tuples(st.sampled_from(["x", "y", "*"]), st.sampled_from(ORDER)), min_size=1, max_size=20
)


def _holds(model, counts, whole):  # noqa: PLR0911 - one line a model
    n, total = counts.total(), whole.total()
    p = {v: counts[v] / n for v in whole}
    q = {v: whole[v] / total for v in whole}
    ranked = sorted(counts.values(), reverse=True)
    match model:
        case KAnonymity(k):
            return n >= k
        case AlphaK(alpha, k, _):
            return n >= k and max(p.values()) <= alpha + 1e-9
        case DistinctL(l, _):
            return len(ranked) >= l
        case EntropyL(l, _):
            return math.exp(-sum(x * math.log(x) for x in p.values() if x)) >= l - 1e-9
        case RecursiveCL(c, l, _):
            return ranked[0] < c * sum(ranked[l - 1 :])
        case EqualT(t, _):
            return sum(abs(p[v] - q[v]) for v in whole) / 2 <= t + 1e-9
        case OrderedT(t, _, order):
            there = [v for v in order if v in whole]
            steps = [sum(p[v] - q[v] for v in there[: i + 1]) for i in range(len(there))]
            return sum(map(abs, steps)) / max(len(there) - 1, 1) <= t + 1e-9
        case BetaLikeness(beta, _, enhanced):
            return all(
                (p[v] - q[v]) / q[v] <= (min(beta, -math.log(q[v])) if enhanced else beta) + 1e-9
                for v in whole
                if p[v] > q[v] + 1e-12
            )
        case DeltaDisclosure(delta, _):
            return all(p[v] and abs(math.log(p[v] / q[v])) < delta for v in whole)


MODELS = [
    (KAnonymity(3), "model.k"),
    (AlphaK(0.6, 2, "s"), "model.other"),
    (DistinctL(2, "s"), "model.l"),
    (EntropyL(2.0, "s"), "model.l"),
    (RecursiveCL(1.5, 2, "s"), "model.l"),
    (EqualT(0.25, "s"), "model.t"),
    (OrderedT(0.15, "s", ORDER), "model.t"),
    (BetaLikeness(0.7, "s"), "model.other"),
    (BetaLikeness(0.9, "s", enhanced=True), "model.other"),
    (DeltaDisclosure(0.8, "s"), "model.other"),
]


@pytest.mark.parametrize(("model", "rule"), MODELS, ids=lambda part: str(part)[:24])
@settings(max_examples=10)
@given(values=rows)
def test_each_model_agrees_with_its_formula(model, rule, values):
    table = pl.DataFrame(values, schema=["a", "s"], orient="row")
    whole = Counter(table["s"].to_list())
    groups = {a: Counter(s for b, s in values if b == a) for a, _ in values if a != "*"}
    failing = any(not _holds(model, c, whole) for c in groups.values())
    faults = list(judge_models(table, ["a"], [model], None))
    assert [f.rule for f in faults] == ([rule] if failing else [])


def test_numbers_without_an_order_are_ordered_by_value():
    table = pl.DataFrame({"a": list("xxyy"), "s": ["9", "9", "10", "10"]})
    assert list(judge_models(table, ["a"], [OrderedT(0.4, "s")], None))
    assert not list(judge_models(table, ["a"], [OrderedT(0.5, "s")], None))


def test_a_value_outside_the_order_is_not_taken_to_hold():
    table = pl.DataFrame({"a": list("xxyy"), "s": list("1213")})
    with pytest.raises(ValueError, match="直し方"):
        list(judge_models(table, ["a"], [OrderedT(1.0, "s", ("1", "2"))], None))


def test_sizes_and_shares_count_persons():
    table = pl.DataFrame({"a": ["x"] * 5, "s": list("11112"), "id": list("ppppq")})
    assert list(judge_models(table, ["a"], [KAnonymity(3)], "id"))
    assert not list(judge_models(table, ["a"], [AlphaK(0.5, 2, "s")], "id"))


def test_k_map_alone_cannot_be_measured_on_the_file():
    table = pl.DataFrame({"a": ["x"]})
    assert [f.rule for f in judge_models(table, ["a"], [KMap(5)], None)] == ["model.not_measurable"]
