"""Noisy totals and parts agree, are whole, and are the least-squares answer."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.noise.consistency import Level, make_consistent

NONE = np.empty(0, np.int64)


@st.composite
def trees(draw):
    middle = draw(st.integers(1, 5))
    children = draw(st.lists(st.integers(1, 6), min_size=middle, max_size=middle))
    parents = np.repeat(np.arange(middle), children)
    numbers = st.integers(-30, 300)
    total = np.array([draw(numbers)])
    middles = np.array(draw(st.lists(numbers, min_size=middle, max_size=middle)))
    leaves = np.array(draw(st.lists(numbers, min_size=parents.size, max_size=parents.size)))
    spread = st.sampled_from([0.0, 0.5, 2.0, math.inf])
    return [
        Level(total, draw(spread), NONE),
        Level(middles, draw(spread), np.zeros(middle, np.int64)),
        Level(leaves, draw(st.sampled_from([0.5, 2.0])), parents),
    ]


@settings(max_examples=25)
@given(trees())
def test_parts_add_up_and_nothing_is_negative(levels):
    top, middle, leaves = make_consistent(levels)
    assert (leaves >= 0).all()
    assert np.bincount(levels[2].parents, leaves).tolist() == middle.tolist()
    assert middle.sum() == top[0]


@settings(max_examples=25)
@given(trees())
def test_the_same_numbers_give_the_same_table(levels):
    first, again = make_consistent(levels), make_consistent(levels)
    assert all((a == b).all() for a, b in zip(first, again, strict=True))


def test_real_estimates_are_those_of_weighted_least_squares():
    rng = np.random.default_rng(3)
    parents = np.array([0, 0, 1, 1, 1])
    scale = 10**6  # so large that rounding does not matter
    y = [rng.normal(5, 0.3, n) for n in (1, 2, 5)]
    variances = [0.2, 0.7, 1.5]
    design = np.vstack([np.ones((1, 5)), np.eye(2)[:, parents], np.eye(5)])
    weights = np.repeat(1 / np.array(variances), [1, 2, 5])
    wanted = np.linalg.solve(
        design.T @ (weights[:, None] * design), design.T @ (weights * np.concatenate(y))
    )
    levels = [
        Level(y[0] * scale, variances[0] * scale**2, NONE),
        Level(y[1] * scale, variances[1] * scale**2, np.zeros(2, np.int64)),
        Level(y[2] * scale, variances[2] * scale**2, parents),
    ]
    assert make_consistent(levels)[2] / scale == pytest.approx(wanted, abs=1e-5)


def test_a_total_that_is_known_exactly_stays():
    levels = [Level(np.array([10]), 0.0, NONE), Level(np.array([9, 9, -7]), 2.0, np.zeros(3, int))]
    assert make_consistent(levels)[0].tolist() == [10]


def test_cutting_at_zero_does_not_swell_the_total():
    rng = np.random.default_rng(4)
    noisy = np.rint(rng.laplace(0, 3, (200, 400))).astype(np.int64)
    noisy[:, 0] += 400
    top = Level(np.zeros(1), math.inf, NONE)
    parents = np.zeros(400, np.int64)
    totals = [make_consistent([top, Level(row, 18.0, parents)])[0][0] for row in noisy]
    assert np.mean(totals) == pytest.approx(400, abs=3 * math.sqrt(400 * 18 / 200))
    assert np.maximum(noisy, 0).sum(axis=1).mean() > 800


@pytest.mark.parametrize(
    "levels",
    [
        [],
        [Level(np.zeros(0), 1.0, NONE)],
        [Level(np.zeros(2), math.inf, NONE)],
        [Level(np.zeros(2), 1.0, NONE), Level(np.zeros(2), 1.0, np.zeros(2, np.int64))],
        [Level(np.zeros(1), 1.0, NONE), Level(np.zeros(2), 1.0, np.zeros(3, np.int64))],
        [Level(np.zeros(1), 1.0, NONE), Level(np.zeros(2), 1.0, np.array([0, 1]))],
    ],
)
def test_what_is_no_tree_of_counts_is_refused(levels):
    with pytest.raises(ValueError, match="直し方"):
        make_consistent(levels)
