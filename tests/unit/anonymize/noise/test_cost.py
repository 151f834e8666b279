"""Costs add up, and never to less than they are."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.noise.cost import Cost, compose, compose_parallel, epsilon_at, rho_for

EPSILONS = st.floats(0.01, 3.0)


@settings(max_examples=25)
@given(st.lists(EPSILONS, max_size=6))
def test_answers_about_the_same_persons_add_up(epsilons):
    total = compose(Cost.pure(e) for e in epsilons)
    assert total.epsilon == pytest.approx(sum(epsilons))
    assert total.rho == pytest.approx(sum(e * e / 2 for e in epsilons))
    assert epsilon_at([total], 0.0) == pytest.approx(sum(epsilons))


@settings(max_examples=25)
@given(st.lists(EPSILONS, min_size=1, max_size=6))
def test_answers_about_disjoint_persons_cost_as_the_dearest(epsilons):
    assert compose_parallel(Cost.pure(e) for e in epsilons) == Cost.pure(max(epsilons))


def test_many_small_answers_are_cheaper_together_at_a_small_delta():
    answers = [Cost.pure(0.1)] * 100
    assert epsilon_at(answers, 0.0) == pytest.approx(10.0)
    assert 4.0 < epsilon_at(answers, 1e-6) < 6.0


def test_one_pure_answer_never_costs_more_than_its_epsilon():
    assert epsilon_at([Cost.pure(0.3)], 1e-9) == pytest.approx(0.3)


def test_pure_and_gaussian_answers_are_joined_the_cheaper_way():
    mixed = [Cost.pure(0.5), Cost.concentrated(0.01)]
    apart = 0.5 + epsilon_at([Cost.concentrated(0.01)], 1e-9)
    assert epsilon_at(mixed, 1e-9) <= apart
    assert epsilon_at(mixed, 1e-9) == pytest.approx(apart)


@pytest.mark.parametrize(("epsilon", "delta"), [(1.0, 1e-9), (0.2, 1e-6), (4.0, 1e-12)])
def test_rho_is_the_largest_that_epsilon_affords(epsilon, delta):
    rho = rho_for(epsilon, delta)
    assert epsilon_at([Cost.concentrated(rho)], delta) <= epsilon
    assert epsilon_at([Cost.concentrated(rho * 1.0001)], delta) > epsilon
    # The textbook bound ρ + 2 √(ρ ln 1/δ) must not be beaten the wrong way round.
    assert rho + 2 * math.sqrt(rho * math.log(1 / delta)) >= epsilon


def test_a_gaussian_has_no_epsilon_without_delta():
    assert epsilon_at([Cost.concentrated(0.1)], 0.0) == math.inf
    with pytest.raises(ValueError, match="ガウス"):
        rho_for(1.0, 0.0)


@pytest.mark.parametrize("delta", [-0.1, 1.0, math.nan])
def test_an_impossible_delta_is_refused(delta):
    with pytest.raises(ValueError, match="δ が"):
        epsilon_at([], delta)
