"""The best of several candidates, chosen with differential privacy.

Belongs here: report-noisy-max on whole scores (the exponential mechanism, by OpenDP). Must not hold:
what the scores mean.

Sources: McSherry and Talwar, 2007; with ρ = ε²/8 for its bounded range, Cesar and Rogers, 2021.
"""

import math
from collections.abc import Sequence

from opendp import domains, measurements, measures, metrics

from anonymize.noise.cost import Cost, require_epsilon


def select_highest(scores: Sequence[int], sensitivity: int, cost: Cost) -> int:
    """Give the index of a high score; the higher, the likelier.

    Args:
        scores: One a candidate, known from the data.
        sensitivity: The most by which one person moves any score, at least 1.
        cost: What may be spent: pure ε if it is finite, else ρ.

    Raises:
        ValueError: A cost that is not positive.
    """
    is_pure = math.isfinite(cost.epsilon)
    measure = measures.max_divergence() if is_pure else measures.zero_concentrated_divergence()
    limit = cost.epsilon if is_pure else cost.rho
    require_epsilon(limit)
    # ε = 2 Δ / scale, ρ = ε² / 8; the loop takes care of the last bit.
    epsilon = limit if is_pure else math.sqrt(8 * limit)
    scale = 2 * sensitivity / epsilon
    space = domains.vector_domain(domains.atom_domain(T="i64")), metrics.linf_distance(T="i64")
    while True:
        choose = measurements.make_noisy_max(*space, measure, scale=scale)
        if choose.map(sensitivity) <= limit:
            return choose([int(s) for s in scores])
        scale = math.nextafter(scale, math.inf)
