"""Chances of noise: what they promise, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from anonymize.tables.p_table import p_table

CONDITIONS = [(2, 1.0, 0), (5, 3.0, 2), (3, 2.0, 1), (5, 2.0, 2), (1, 1.0, 0), (8, 6.5, 3)]


@pytest.mark.parametrize(("deviation", "variance", "hidden"), CONDITIONS)
def test_every_count_gets_unbiased_noise_of_the_stated_variance(deviation, variance, hidden):
    made = p_table(deviation=deviation, variance=variance, suppressed_up_to=hidden)
    chances, deviations = made.chances, made.deviations
    assert (chances >= 0).all()
    assert np.abs(chances.sum(axis=1) - 1).max() < 1e-9
    assert np.abs(chances @ deviations).max() < 1e-9
    assert np.abs(chances[1:] @ deviations**2 - variance).max() < 1e-9
    results = np.arange(len(chances))[:, None] + deviations
    never = (results < 0) | ((results > 0) & (results <= hidden))
    assert (chances[never] == 0).all()
    assert chances[0][deviation] == 1
    assert np.allclose(chances[-1], chances[-1][::-1])


@settings(max_examples=40)
@given(st.integers(1, 9), st.integers(0, 4), st.floats(0.01, 30))
def test_conditions_are_met_or_refused(deviation, hidden, variance):
    try:
        made = p_table(deviation=deviation, variance=variance, suppressed_up_to=hidden)
    except ValueError as refusal:
        assert "直し方" in str(refusal)  # noqa: PT017
    else:
        assert np.abs(made.chances @ made.deviations).max() < 1e-9
        assert np.abs(made.chances[1:] @ made.deviations**2 - variance).max() < 1e-9


def test_no_other_distribution_has_more_entropy():
    """A general optimiser, started elsewhere, finds the same."""
    made = p_table(deviation=4, variance=3.0, suppressed_up_to=1)
    row = made.chances[2]
    possible = made.deviations[row > 0].astype(float)
    conditions = [
        {"type": "eq", "fun": lambda p: p.sum() - 1},
        {"type": "eq", "fun": lambda p: p @ possible},
        {"type": "eq", "fun": lambda p: p @ possible**2 - 3.0},
    ]
    other = optimize.minimize(
        lambda p: (p * np.log(p)).sum(),
        np.full(len(possible), 1 / len(possible)),
        constraints=conditions,
        bounds=[(1e-9, 1)] * len(possible),
        options={"ftol": 1e-13, "maxiter": 500},
    )
    assert np.allclose(other.x, row[row > 0], atol=1e-5)


def test_the_look_up_draws_by_the_chances():
    made = p_table(deviation=5, variance=3.0, suppressed_up_to=2)
    keys = np.random.default_rng(0).random(60_000)
    for count in (0, 1, 2, 5, 8, 100):
        noise = made.look_up(np.full(len(keys), count), keys)
        row = made.chances[min(count, len(made.chances) - 1)]
        seen = np.bincount(noise + 5, minlength=11)
        assert (seen[row == 0] == 0).all()
        if count:
            expected = row[row > 0] * len(keys)
            assert stats.chisquare(seen[row > 0], expected).pvalue > 1e-4


def test_the_last_key_of_all_is_still_a_possible_deviation():
    made = p_table(deviation=5, variance=2.0, suppressed_up_to=2)
    counts = np.arange(20)
    results = counts + made.look_up(counts, np.full(20, np.nextafter(1, 0)))
    assert ((results == 0) | (results > 2)).all()
    results = counts + made.look_up(counts, np.zeros(20))
    assert ((results == 0) | (results > 2)).all()


@pytest.mark.parametrize(
    ("deviation", "variance", "hidden", "words"),
    [
        (0, 1.0, 0, "範囲の外"),
        (2, 0.0, 0, "範囲の外"),
        (2, float("nan"), 0, "範囲の外"),
        (2, 1.0, -1, "範囲の外"),
        (2, 3.0, 0, "可能な分散は0から2まで"),
        (5, 1.0, 2, "可能な分散は2から5まで"),
        (2, 1.0, 2, "真の人数が1人"),
    ],
)
def test_impossible_conditions_are_refused_with_the_reason(deviation, variance, hidden, words):
    with pytest.raises(ValueError, match=words):
        p_table(deviation=deviation, variance=variance, suppressed_up_to=hidden)
