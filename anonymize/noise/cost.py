"""What a noisy answer costs in privacy, and how several answers add up.

Belongs here: costs as ε or ρ, sequential and parallel composition, conversion to (ε, δ). Must not
hold: mechanisms (`mechanisms`), the record of what was spent (`warehouse.budget`).

Two tables are neighbours when one has all rows of one more person. Under ε every answer is at most
e^ε times as likely on one of two neighbours as on the other (Dwork et al., 2006); ρ bounds the
Rényi divergences instead (zero-concentrated, Bun and Steinke, 2016).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from opendp import combinators, domains, measurements, metrics
from opendp.mod import enable_features

from anonymize.complaint import complaint

# OpenDP asks whoever calls constructors without a complete proof review to say so.
enable_features("contrib")

_STEPS = 20


@dataclass(frozen=True)
class Cost:
    """The privacy loss of one or more answers.

    Attributes:
        epsilon: Pure ε; infinite where a Gaussian took part.
        rho: ρ of zero-concentrated differential privacy; finite always.
    """

    epsilon: float
    rho: float

    @classmethod
    def pure(cls, epsilon: float) -> "Cost":
        """Give the cost of an ε-private answer: ρ = ε²/2 (Bun and Steinke, 2016, prop. 1.4)."""
        return cls(epsilon, epsilon * epsilon / 2)

    @classmethod
    def concentrated(cls, rho: float) -> "Cost":
        """Give the cost of a ρ-zCDP answer, which has no pure ε."""
        return cls(math.inf, rho)


def compose(costs: Iterable[Cost]) -> Cost:
    """Add the costs of answers about the same persons: ε and ρ both add up.

    Sources: Dwork et al., 2006, thm. 1; Bun and Steinke, 2016, lemma 1.7.
    """
    known = list(costs)
    return Cost(sum(c.epsilon for c in known), sum(c.rho for c in known))


def compose_parallel(costs: Iterable[Cost]) -> Cost:
    """Give the cost of answers about disjoint persons: the dearest of them (McSherry, 2009).

    Only for parts that a person cannot be in twice, and that are divided without looking at others:
    with a contribution of at most c cells use the sensitivity c instead.
    """
    known = list(costs)
    return Cost(
        max((c.epsilon for c in known), default=0.0), max((c.rho for c in known), default=0.0)
    )


def epsilon_at(costs: Iterable[Cost], delta: float) -> float:
    """Say with which ε all these answers together are (ε, δ)-private.

    The smaller of two valid bounds: pure ε added to the ε of the Gaussian ones, or all as ρ. With
    δ = 0 the sum of the pure ε, infinite if a Gaussian took part.

    Args:
        costs: Of answers about the same persons.
        delta: δ, from 0 to below 1.

    Raises:
        ValueError: δ out of range.
    """
    _require_delta(delta)
    known = list(costs)
    pure = sum(c.epsilon for c in known if math.isfinite(c.epsilon))
    blurred = sum(c.rho for c in known if not math.isfinite(c.epsilon))
    if not delta:
        return pure + (math.inf if blurred else 0.0)
    split = pure + _converted(blurred, delta)
    return min(split, _converted(compose(known).rho, delta))


def rho_for(epsilon: float, delta: float) -> float:
    """Give the largest ρ (to six digits) whose answers are (ε, δ)-private.

    Raises:
        ValueError: ε not positive and finite, or δ not between 0 and 1.
    """
    require_epsilon(epsilon)
    _require_delta(delta)
    if not delta:
        raise complaint(
            "δ が 0 では、ガウスのノイズは使えません", "引数 delta", "1e-9 など小さな正の数に。"
        )
    # ε = ρ + 2√(ρ ln 1/δ) is an upper bound of the conversion, so its solution is affordable.
    log = math.log(1 / delta)
    low = (math.sqrt(log + epsilon) - math.sqrt(log)) ** 2
    high = 2 * low
    while _converted(high, delta) <= epsilon:
        low, high = high, 2 * high
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if _converted(middle, delta) <= epsilon else (low, middle)
    return low


def require_epsilon(epsilon: float) -> None:
    """Raise unless ε is a positive number.

    Raises:
        ValueError: ε is not positive and finite.
    """
    if not (math.isfinite(epsilon) and epsilon > 0):
        raise complaint("ε が正の数ではありません", "引数 epsilon", "0.1 から 2 ほどの数に。")


def _require_delta(delta: float) -> None:
    if not 0 <= delta < 1:
        raise complaint(
            "δ が 0 以上 1 未満の数ではありません", "引数 delta", "1e-9 など小さな数に。"
        )


def _converted(rho: float, delta: float) -> float:
    """Convert ρ-zCDP to ε at δ (Canonne, Kamath and Steinke, 2020), as OpenDP computes it."""
    if not rho:
        return 0.0
    space = domains.atom_domain(T="i64"), metrics.absolute_distance(T="f64")
    gaussian = measurements.make_gaussian(*space, scale=math.sqrt(1 / (2 * rho)))
    return combinators.make_zCDP_to_approxDP(gaussian).map(1.0).epsilon(delta)
