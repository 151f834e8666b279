"""How sure a measured share is.

Belongs here: Wilson's interval (Wilson, J Am Stat Assoc 22, 1927). Must not hold: the measuring.
"""

from dataclasses import dataclass

import numpy as np

_Z95 = 1.959963984540054


@dataclass(frozen=True)
class Share:
    """A share with its 95 % interval."""

    value: float
    low: float
    high: float


def wilson(hits: int, trials: int) -> Share:
    """Give the share of hits and Wilson's 95 % interval; without trials from 0 to 1."""
    if not trials:
        return Share(0.0, 0.0, 1.0)
    p, z2 = hits / trials, _Z95**2
    middle = (p + z2 / (2 * trials)) / (1 + z2 / trials)
    half = _Z95 / (1 + z2 / trials) * np.sqrt(p * (1 - p) / trials + z2 / (4 * trials**2))
    return Share(p, max(0.0, float(middle - half)), min(1.0, float(middle + half)))
