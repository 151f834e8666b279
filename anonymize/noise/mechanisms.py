"""Integer noise on integer answers, drawn by OpenDP's exact samplers.

Belongs here: discrete Laplace and discrete Gaussian on arrays, and how far they move a number. Must
not hold: counting (`counts`), adding up of costs (`cost`).

Floating-point Laplace noise leaks the truth through its lowest bits (Mironov, 2012); here numbers,
noise and sampling are integer throughout. The noise comes from the operating system's randomness:
there is no seed, for whoever knew it could take the noise off again.

Sources: Ghosh, Roughgarden and Sundararajan, 2012 (two-sided geometric, called discrete Laplace);
Canonne, Kamath and Steinke, The Discrete Gaussian for Differential Privacy, 2020.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from opendp import domains, measurements, metrics
from opendp.mod import Measurement

from anonymize.complaint import complaint
from anonymize.noise.cost import Cost, require_epsilon, rho_for

Integers = npt.NDArray[np.int64]
# Far from the end of Int64, where the noise would stop and the answer give itself away.
_LARGEST = 2**53
_CONFIDENCE = 0.95


@dataclass(frozen=True)
class Noise:
    """One way of blurring numbers, fixed before any number is seen.

    Attributes:
        mechanism: `discrete_laplace` or `discrete_gaussian`.
        scale: Laplace: L1 sensitivity / ε; Gaussian: standard deviation σ. In units of the answer.
        cost: Of blurring the whole array once.
        mean_absolute_error: Expected |noise| of one number.
        half_width: Smallest w with |noise| ≤ w in at least 95 % of draws.
    """

    mechanism: str
    scale: float
    cost: Cost
    mean_absolute_error: float
    half_width: int

    @property
    def variance(self) -> float:
        """Variance of the noise on one number."""
        support, weights = _distribution(self.mechanism, self.scale)
        return float(np.sum(support * support * weights))


def laplace(sensitivity: int, epsilon: float) -> Noise:
    """Fix discrete Laplace noise: P(x) ∝ exp(-|x| ε / sensitivity).

    Args:
        sensitivity: The most by which one person moves the sum of all |numbers|, at least 1.
        epsilon: ε of the whole array.

    Raises:
        ValueError: Sensitivity or ε out of range.
    """
    require_epsilon(epsilon)
    _require_sensitivity(sensitivity)
    scale = sensitivity / epsilon
    # The division may round down, and then the price would be a hair over ε.
    while _laplace(scale).map(sensitivity) > epsilon:
        scale = math.nextafter(scale, math.inf)
    return _describe("discrete_laplace", scale, Cost.pure(epsilon))


def gaussian(squared_sensitivity: int, rho: float) -> Noise:
    """Fix discrete Gaussian noise with σ² = squared sensitivity / (2 ρ).

    Args:
        squared_sensitivity: The most by which one person moves the sum of the squared numbers' moves
            (Δ₂²), at least 1: c for a person in at most c counts.
        rho: ρ of the whole array.

    Raises:
        ValueError: Sensitivity or ρ out of range.
    """
    require_epsilon(rho)
    _require_sensitivity(squared_sensitivity)
    distance = math.nextafter(math.sqrt(squared_sensitivity), math.inf)
    scale = distance / math.sqrt(2 * rho)
    while _gaussian(scale).map(distance) > rho:
        scale = math.nextafter(scale, math.inf)
    return _describe("discrete_gaussian", scale, Cost.concentrated(rho))


def counting_noise(contribution: int, epsilon: float, delta: float = 0.0) -> Noise:
    """Fix the noise for counts where one person is in at most `contribution` different cells.

    δ = 0 gives discrete Laplace with sensitivity c; δ > 0 the discrete Gaussian with Δ₂² = c, which
    is milder for large c.

    Raises:
        ValueError: A number out of range.
    """
    if delta:
        return gaussian(contribution, rho_for(epsilon, delta))
    return laplace(contribution, epsilon)


def blur(values: Integers, noise: Noise) -> Integers:
    """Add fresh noise to every number.

    Args:
        values: Int64, each below 2^53 in size.
        noise: From `laplace` or `gaussian`.

    Raises:
        ValueError: Not Int64, or a number too large.
    """
    if values.dtype != np.int64 or (values.size and np.abs(values).max() > _LARGEST):
        raise complaint(
            "ノイズを加える数が整数(Int64)でないか、大きすぎます",
            "引数 values",
            "整数の列にし、単位を大きくしてください。",
        )
    if not values.size:
        return values.copy()
    make = _laplace if noise.mechanism == "discrete_laplace" else _gaussian
    return np.array(make(noise.scale)(values.ravel().tolist()), np.int64).reshape(values.shape)


def _laplace(scale: float) -> Measurement:
    space = domains.vector_domain(domains.atom_domain(T="i64")), metrics.l1_distance(T="i64")
    return measurements.make_laplace(*space, scale=scale)


def _gaussian(scale: float) -> Measurement:
    space = domains.vector_domain(domains.atom_domain(T="i64")), metrics.l2_distance(T="f64")
    return measurements.make_gaussian(*space, scale=scale)


def _describe(mechanism: str, scale: float, cost: Cost) -> Noise:
    support, weights = _distribution(mechanism, scale)
    error = float(np.sum(np.abs(support) * weights))
    centre = support.size // 2
    outside = np.cumsum(weights[centre:][::-1])[::-1]
    inside = np.flatnonzero(1 - 2 * np.append(outside[1:], 0.0) >= _CONFIDENCE)
    return Noise(mechanism, scale, cost, error, int(support[centre + inside[0]]))


def _distribution(mechanism: str, scale: float) -> tuple[npt.NDArray, npt.NDArray]:
    """Give the noise's possible values, as far as they matter to 1e-12, with their chances."""
    reach = math.ceil(scale * (30 if mechanism == "discrete_laplace" else 8)) + 1
    # Very wide noise is described on a grid of 20,001 points.
    step = max(1, reach // 10_000)
    support = np.arange(-(reach // step), reach // step + 1) * float(step)
    spread = np.abs(support) / scale
    weights = np.exp(-spread if mechanism == "discrete_laplace" else -spread * spread / 2)
    return support, weights / weights.sum()


def _require_sensitivity(sensitivity: int) -> None:
    if not isinstance(sensitivity, int) or sensitivity < 1:
        raise complaint(
            "1人が動かせる量が1以上の整数ではありません", "引数 sensitivity", "1以上の整数に。"
        )
