"""A copy of the data is found out by the attacks; what tells nobody is not accused."""

import math

import numpy as np
import polars as pl
import pytest

from anonymize.synthetic.attacks import arrange, weigh, wilson
from anonymize.synthetic.attacks_alone import single_out_by_one, single_out_by_several
from anonymize.synthetic.attacks_inferred import infer
from anonymize.synthetic.attacks_linked import link
from anonymize.synthetic.judged import attack
from anonymize.synthetic.nearest import distances
from anonymize.synthetic.schema import schema_of
from anonymize.synthetic.synthesise import Trees, synthesise
from tests.unit.anonymize.synthetic.made_up import register

SEEN, KEPT_OUT = register(1500, seed=3), register(1500, seed=4)


def _independent(frame, seed):
    return pl.DataFrame(
        [
            frame[n].sample(frame.height, seed=seed + i, with_replacement=True)
            for i, n in enumerate(frame.columns)
        ]
    )


def test_a_planted_copy_fails_every_kind_of_attack():
    verdict = attack(SEEN, KEPT_OUT, SEEN, seed=1, attempts=400)
    assert not verdict.is_safe_so_far
    kinds = {risk.attack for risk in verdict.leaks}
    assert {"singling_out_multivariate", "linkability", "inference"} <= kinds
    found = {risk.attack: risk for risk in verdict.risks}
    assert found["singling_out_multivariate"].success.estimate == 1.0
    assert found["singling_out_multivariate"].risk.low > 0.5


def test_half_a_copy_is_found_out_too():
    mixed = pl.concat([SEEN[:750], register(750, seed=9)])
    assert not attack(SEEN, KEPT_OUT, mixed, seed=1, attempts=400).is_safe_so_far


@pytest.mark.parametrize("seed", [1, 2])
def test_other_persons_of_the_same_population_are_not_accused(seed):
    fresh = register(1500, seed=20 + seed)
    assert attack(SEEN, KEPT_OUT, fresh, seed=seed, attempts=400).is_safe_so_far
    apart = _independent(SEEN, seed)
    assert attack(SEEN, KEPT_OUT, apart, seed=seed, attempts=400).is_safe_so_far


def test_our_trees_are_not_accused():
    made = synthesise(SEEN, schema_of(SEEN), Trees(), 1500, 1).frame
    verdict = attack(SEEN, KEPT_OUT, made, seed=1, attempts=400)
    assert verdict.is_safe_so_far
    assert verdict.persons_in == verdict.persons_out == 1500
    assert any("証明" in words for words in verdict.limits)


def test_leaves_of_few_persons_are_found_out():
    few = Trees(minimum_leaf=2, smallest=2)
    made = synthesise(SEEN, schema_of(SEEN), few, 1500, 1).frame
    assert not attack(SEEN, KEPT_OUT, made, seed=1, attempts=400).is_safe_so_far


def test_the_same_seed_gives_the_same_verdict():
    first = attack(SEEN, KEPT_OUT, SEEN[:300], seed=5, attempts=100)
    assert first == attack(SEEN, KEPT_OUT, SEEN[:300], seed=5, attempts=100)


def test_unequal_sides_are_attacked_in_equal_numbers():
    tables = arrange(SEEN, KEPT_OUT[:200], SEEN, seed=1)
    assert tables.original.shape == tables.control.shape == (200, 5)
    assert tables.synthetic.shape == (1500, 5)


def test_rates_have_wilsons_interval():
    # Wilson, 1927; the numbers are those of Newcombe, 1998, table I, row 81 of 263.
    interval = wilson(81, 263)
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.2553, 0.3662)
    assert wilson(0, 0) == wilson(0, 0)
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0.0, 1.0)
    assert wilson(0, 50).low == pytest.approx(0, abs=1e-12)


def test_risk_is_what_goes_beyond_the_control():
    risk = weigh("inference", (900, 500), 1000).risk
    assert risk.estimate == pytest.approx((0.9 - 0.5) / (1 - 0.5), abs=0.01)
    assert risk.low < risk.estimate < risk.high
    assert weigh("inference", (500, 500), 1000).risk.low == 0.0
    assert weigh("inference", (100, 400), 1000).risk.high == 0.0
    nothing = weigh("linkability", (0, 0), 0)
    assert not nothing.is_informative
    assert (nothing.risk.low, nothing.risk.high) == (0, 1)
    blind = weigh("inference", (300, 200), 1000, baseline=0.5)
    assert not blind.is_informative


def test_intervals_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(6)
    inside = 0
    for _ in range(300):
        hits = rng.binomial(400, [0.4, 0.2])
        risk = weigh("x", (int(hits[0]), int(hits[1])), 400).risk
        inside += risk.low <= (0.4 - 0.2) / 0.8 <= risk.high
    assert inside >= 275


def test_distances_are_gowers():
    rows = pl.DataFrame({"n": [0, 10, None, 4], "c": ["a", "b", None, "a"]})
    tables = arrange(rows, rows, rows, seed=1)
    n, c = (distances(tables, column, tables.original, tables.original) for column in (0, 1))
    values = tables.values[0][tables.original[:, 0]]
    for i in range(4):
        for j in range(4):
            nulls = math.isnan(values[i]) + math.isnan(values[j])
            wanted = abs(values[i] - values[j]) / 10 if not nulls else nulls % 2
            assert n[i, j] == pytest.approx(wanted)
            assert c[i, j] == (tables.original[i, 1] != tables.original[j, 1])


def test_descriptions_are_counted_as_they_read():
    seen = pl.DataFrame({"age": [10, 20, 30, 99], "job": ["a", "a", "b", "b"]})
    other = pl.DataFrame({"age": [10, 20, 30, 40], "job": ["a", "a", "b", "b"]})
    risk = single_out_by_one(arrange(seen, other, seen, seed=1))
    # Of the copy: age at most 10 and at least 99; the first fits one in both, the second one in one.
    assert (risk.attempts, risk.success.estimate, risk.control.estimate) == (2, 1.0, 0.5)
    several = single_out_by_several(arrange(seen, other, seen, seed=1), attempts=20, seed=1)
    assert several.success.estimate == 1.0


def test_a_link_is_made_where_both_halves_are_unique():
    people = pl.DataFrame({"a": [str(n) for n in range(60)], "b": [str(n) for n in range(60)]})
    others = people.select(pl.all() + "x")
    tables = arrange(people, others, people, seed=1)
    risk = link(tables, attempts=60, seed=1, known=[["a"], ["b"]])
    assert risk.success.estimate == 1.0
    assert risk.control.estimate < 0.1
    one = arrange(people.select("a"), others.select("a"), people.select("a"), seed=1)
    assert link(one, attempts=9, seed=1).attempts == 0
    assert infer(one, attempts=9, seed=1) == []


def test_tables_that_cannot_be_compared_are_refused():
    with pytest.raises(ValueError, match="town"):
        attack(SEEN, KEPT_OUT.drop("town"), SEEN, seed=1)
    with pytest.raises(ValueError, match="行のない表"):
        attack(SEEN, KEPT_OUT, SEEN.clear(), seed=1)
    bands = SEEN.with_columns(age=pl.lit("0-94"))
    with pytest.raises(ValueError, match="列「age」"):
        attack(SEEN, KEPT_OUT, bands, seed=1)
    assert attack(
        bands, KEPT_OUT.with_columns(age=pl.lit("0-94")), bands, seed=1, attempts=50
    ).risks
