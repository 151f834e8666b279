"""Drawing at random so that every machine draws the same: whole-number weights, no logarithms.

Belongs here: how to draw. What is drawn is said by the modules that call it.
"""

from __future__ import annotations

import zlib
from typing import NamedTuple

import numpy as np

LATEST = 60
_LATE_FROM = 15
_MILLION = 1_000_000


class When(NamedTuple):
    """When things happened (異動日) and when the city came to know (届出日), in days."""

    effective: np.ndarray
    notified: np.ndarray

    def at(self, which: np.ndarray) -> When:
        """Give the days at indices, or where a mask is true."""
        return When(self.effective[which], self.notified[which])


def open_stream(seed: int, purpose: str, month: int = 0) -> np.random.Generator:
    """Open a reproducible stream of random numbers, one a purpose and month."""
    return np.random.default_rng([seed, zlib.crc32(purpose.encode()), month])


def pick(rng: np.random.Generator, weights: np.ndarray, count: int) -> np.ndarray:
    """Draw indices with replacement, as often as their weights (whole numbers) say."""
    upto = np.cumsum(weights.astype(np.int64))
    return np.searchsorted(upto, rng.integers(0, upto[-1], count), side="right")


def happen(rng: np.random.Generator, weights: np.ndarray, expected: float) -> np.ndarray:
    """Draw the indices to which something happens, `expected` of them on average.

    The chance of each is in proportion to its weight (whole numbers) and never above a half.
    """
    total = int(weights.astype(np.int64).sum())
    if total == 0 or expected <= 0:
        return np.empty(0, np.int64)
    chance = np.minimum(weights * (expected / total), 0.5)
    return np.flatnonzero(rng.random(len(weights)) < chance)


def happen_by_rate(rng: np.random.Generator, rates: np.ndarray, per: int) -> np.ndarray:
    """Draw the indices to which something happens at `rates` in `per` cases."""
    return np.flatnonzero(rng.integers(0, per, len(rates)) < rates)


def share(rng: np.random.Generator, count: int, part: float) -> np.ndarray:
    """Draw for each of `count` whether it is among a part (0 to 1) of them."""
    return rng.integers(0, _MILLION, count) < round(part * _MILLION)


def notify(rng: np.random.Generator, days: np.ndarray, within: int, late_per_mille: int) -> When:
    """Draw when the city came to know of what happened on `days`.

    Most notify within the legal number of days, a few 15 to `LATEST` days after.
    """
    late = rng.integers(0, 1000, len(days)) < late_per_mille
    prompt = rng.integers(0, within + 1, len(days))
    waited = np.where(late, rng.integers(_LATE_FROM, LATEST + 1, len(days)), prompt)
    return When(days, days + waited)


def first_of_each(groups: np.ndarray) -> np.ndarray:
    """Give the positions at which each group stands for the first time, in their order."""
    return np.sort(np.unique(groups, return_index=True)[1])
