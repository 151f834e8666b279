"""Integer noise keeps its promise of ε, and broken mechanisms are found out."""

import math

import numpy as np
import pytest

from anonymize.noise.cost import rho_for
from anonymize.noise.mechanisms import blur, counting_noise, gaussian, laplace
from tests.unit.anonymize.noise.neighbouring import worst_ratio

DRAWS = 12_000
SLACK = 0.01


def _answers(value, noise, draws=DRAWS):
    return blur(np.full(draws, value, np.int64), noise)


def test_neighbouring_counts_give_like_answers():
    epsilon = 1.0
    noise = counting_noise(1, epsilon)
    proven = worst_ratio(_answers(7, noise), _answers(8, noise))
    # The judge must come near ε, or it would pass anything.
    assert 0.8 * epsilon < proven <= epsilon + SLACK


def test_a_sensitivity_off_by_two_is_found_out():
    noise = counting_noise(1, 1.0)
    assert worst_ratio(_answers(7, noise), _answers(9, noise)) > 1.0 + SLACK


def test_noise_on_another_grid_than_the_answers_is_found_out():
    """What floating-point noise does in its lowest bits: the fraction gives the truth away."""
    rng = np.random.default_rng(1)
    ours, theirs = (value + np.round(rng.laplace(0, 1, DRAWS)) for value in (7.0, 7.5))
    assert worst_ratio(ours, theirs) > 1.0 + SLACK


def test_half_the_noise_that_epsilon_asks_for_is_found_out():
    rng = np.random.default_rng(2)
    ours, theirs = (value + np.round(rng.laplace(0, 0.5, DRAWS)) for value in (7, 8))
    assert worst_ratio(ours, theirs) > 1.0 + SLACK


def test_counts_under_epsilon_one_are_off_by_less_than_the_bar():
    noise = counting_noise(1, 1.0)
    errors = np.abs(_answers(100, noise, 20_000) - 100)
    assert noise.mean_absolute_error <= 0.86
    assert errors.mean() == pytest.approx(noise.mean_absolute_error, abs=0.04)
    assert np.mean(errors <= noise.half_width) >= 0.95
    assert np.mean(errors <= noise.half_width - 1) < 0.95


def test_the_error_is_that_of_the_two_sided_geometric():
    # E|X| = 2a / (1 - a²) and Var X = 2a / (1 - a)², a = exp(-ε): Ghosh et al., 2012.
    a = math.exp(-0.7)
    noise = laplace(1, 0.7)
    assert noise.mean_absolute_error == pytest.approx(2 * a / (1 - a * a))
    assert noise.variance == pytest.approx(2 * a / (1 - a) ** 2)


def test_gaussian_noise_is_as_wide_as_it_says():
    noise = gaussian(4, 0.5)
    errors = _answers(0, noise, 8_000)
    assert noise.scale == pytest.approx(2.0)
    assert errors.std() == pytest.approx(math.sqrt(noise.variance), rel=0.05)
    assert np.mean(np.abs(errors) <= noise.half_width) >= 0.94


def test_gaussian_noise_is_milder_where_one_person_is_in_many_cells():
    assert counting_noise(40, 1.0, 1e-9).variance < counting_noise(40, 1.0).variance
    assert counting_noise(1, 1.0, 1e-9).cost.rho == pytest.approx(rho_for(1.0, 1e-9))


def test_every_draw_is_new_and_shapes_are_kept():
    noise = laplace(1, 0.05)
    values = np.zeros((30, 4), np.int64)
    first, second = blur(values, noise), blur(values, noise)
    assert first.shape == values.shape
    assert (first != second).any()
    assert (values == 0).all()
    assert blur(np.empty(0, np.int64), noise).size == 0


def test_wide_noise_is_described_too():
    noise = laplace(10**9, 0.01)
    assert noise.mean_absolute_error == pytest.approx(1e11, rel=0.001)
    assert noise.half_width == pytest.approx(1e11 * math.log(20), rel=0.001)


@pytest.mark.parametrize("epsilon", [0.0, -1.0, math.inf, math.nan])
def test_an_impossible_epsilon_is_refused(epsilon):
    with pytest.raises(ValueError, match="ε が正の数ではありません"):
        laplace(1, epsilon)


@pytest.mark.parametrize("sensitivity", [0, -1, 0.5])
def test_an_impossible_sensitivity_is_refused(sensitivity):
    with pytest.raises(ValueError, match="1以上の整数"):
        laplace(sensitivity, 1.0)
    with pytest.raises(ValueError, match="1以上の整数"):
        gaussian(sensitivity, 1.0)


@pytest.mark.parametrize("values", [np.array([1.5]), np.array([2**60], np.int64)])
def test_numbers_that_cannot_be_blurred_safely_are_refused(values):
    with pytest.raises(ValueError, match="整数"):
        blur(values, laplace(1, 1.0))
