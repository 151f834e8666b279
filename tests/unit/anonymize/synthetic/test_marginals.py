"""One person moves what is measured by no more than the noise was made for."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.noise.cost import epsilon_at
from anonymize.synthetic.marginals import (
    _SCORE_SENSITIVITY,
    _conditional,
    _fit,
    _mean_deviation,
    _score,
    plan_noise,
)

SIZES = [3, 4]
ROWS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=60)


@settings(max_examples=40)
@given(ROWS, st.tuples(st.integers(0, 2), st.integers(0, 3)), st.data())
def test_one_person_more_moves_a_score_by_no_more_than_its_sensitivity(rows, person, data):
    counts = st.integers(0, 40)
    singles = [
        np.array(data.draw(st.lists(counts, min_size=n, max_size=n)), np.float64) for n in SIZES
    ]
    for blurring in (None, plan_noise(2, 1.0, 0.0)):
        scores = [
            _score(np.array(given_rows, np.int32), SIZES, singles, (0, 1), blurring)
            for given_rows in (rows, [*rows, person])
        ]
        assert abs(scores[0] - scores[1]) <= _SCORE_SENSITIVITY


@pytest.mark.parametrize("delta", [0.0, 1e-9])
@pytest.mark.parametrize("columns", [1, 2, 9])
def test_the_plan_spends_the_budget_and_no_more(columns, delta):
    cost = plan_noise(columns, 1.5, delta).cost
    assert 1.49 < epsilon_at([cost], delta) <= 1.5 + 1e-9


def test_chance_alone_is_the_mean_deviation_of_a_poisson_count():
    means = np.array([0.0, 0.3, 1.0, 7.5])
    counts = np.arange(80)
    for mean, found in zip(means, _mean_deviation(means), strict=True):
        logs = counts * math.log(mean or 1) - mean - [math.lgamma(c + 1) for c in counts]
        wanted = float(np.sum(np.abs(counts - mean) * np.exp(logs))) if mean else 0.0
        assert found == pytest.approx(wanted, abs=1e-9)


def test_a_pair_is_fitted_to_both_of_its_columns():
    rng = np.random.default_rng(1)
    joint = rng.integers(0, 9, (3, 4)).astype(float)
    joint[1] = 0
    first, second = np.array([5.0, 3.0, 12.0]), np.array([8.0, 0.0, 6.0, 6.0])
    fitted = _fit(joint, first, second)
    assert fitted.sum(axis=1) == pytest.approx(first, abs=1e-3)
    assert fitted.sum(axis=0) == pytest.approx(second, abs=1e-3)


def test_codes_are_drawn_as_often_as_the_table_says():
    table = np.array([[1.0, 0.0, 3.0], [0.0, 0.0, 0.0], [0.0, 2.0, 0.0]])
    given_codes = np.repeat(np.arange(3), 20_000)
    drawn = _conditional(table, given_codes, np.array([1.0, 1.0, 0.0]), np.random.default_rng(2))
    shares = [np.bincount(drawn[given_codes == row], minlength=3) / 20_000 for row in range(3)]
    assert shares[0] == pytest.approx([0.25, 0, 0.75], abs=0.015)
    assert shares[1] == pytest.approx([0.5, 0.5, 0], abs=0.015)
    assert shares[2] == pytest.approx([0, 1, 0])
