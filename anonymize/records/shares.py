"""Tests on the shares of sensitive values in a class, and the most of a failing class that passes.

Belongs here: per model the test of a class (formulas: `models`) and an upper bound of the largest
sub-multiset that passes it. Must not hold: sizes, sensitive columns by name (`demands`).

The bounds. Let a class hold c(s) entries with value s, and let a passing part of it hold x(s) ≤
c(s), X in all.
* Caps (α: p ≤ α; β: p ≤ q (1 + β)): x(s) ≤ min(c(s), cap(s) X), so Σ min(c(s)/X, cap(s)) ≥ 1.
* Equal t: Σ max(0, q - p) ≤ t with p = x/X ≤ c/X, so Σ max(0, q(s) - c(s)/X) ≤ t.
* Ordered t: with C(i) the entries up to i, the cumulated share lies between 1 - (C - C(i))/X and
  C(i)/X; the distance is at least the sum of the gaps to Q(i).
* δ: X ≤ c(s) / (q(s) e^-δ) for every s, and caps q e^δ.
* Entropy and recursive l: among parts of one size the evenest, min(c(s), τ), passes first.
Every condition can only fail as X (or τ) grows, so halving finds where it does.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anonymize.records.classes import Spread

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
_SLACK = 1e-12  # of sums of at most thousands of shares of double precision
_CELLS = 2_000_000


@dataclass(frozen=True)
class Shares:
    """One model on one sensitive column.

    Attributes:
        holds: From spread and sizes: per class whether it passes.
        most_kept: From the spread of failing classes: per class the most entries a passing part
            can hold, or more.
        support, least_support: A class passes only if the `support` of the values it shows sums to
            `least_support`. True of any subset too, whoever is counted twice.
    """

    holds: Callable[[Spread, Floats], Bools]
    most_kept: Callable[[Spread], Floats]
    support: Floats
    least_support: float


def distinct(values: int, least: int) -> Shares:
    """At least so many values."""
    return Shares(
        lambda spread, _: np.bincount(spread.of, minlength=spread.number) >= least,
        lambda spread: np.zeros(spread.number),
        np.ones(values),
        least,
    )


def entropy(values: int, least: float) -> Shares:
    """Entropy of at least ln `least`."""

    def entropies(spread: Spread, counts: Floats) -> Floats:
        totals = np.maximum(spread.add_up(counts), _SLACK)
        parts = counts * np.log(np.maximum(counts, _SLACK))
        return np.log(totals) - spread.add_up(parts) / totals

    def holds(spread: Spread, _: Floats) -> Bools:
        return entropies(spread, spread.count.astype(float)) >= np.log(least) - _SLACK

    def most_kept(spread: Spread) -> Floats:
        goal = np.log(least) - _SLACK
        return _evenest(spread, lambda counts: entropies(spread, counts) >= goal)

    return Shares(holds, most_kept, np.ones(values), least - _SLACK * values)


def recursive(values: int, c: float, least: int) -> Shares:
    """The commonest value rarer than `c` times the sum from the `least`-th commonest on."""

    def passes(spread: Spread, counts: Floats) -> Bools:
        order = np.lexsort((-counts, spread.of))
        starts = np.searchsorted(spread.of, np.arange(spread.number))
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order)) - starts[spread.of[order]]
        commonest = spread.add_up(np.where(place == 0, counts, 0))
        rest = spread.add_up(np.where(place >= least - 1, counts, 0))
        return commonest < c * rest

    return Shares(
        lambda spread, _: passes(spread, spread.count.astype(float)),
        lambda spread: _evenest(spread, lambda counts: passes(spread, counts)),
        np.ones(values),
        least,
    )


def capped(caps: Floats, *, by_size: bool = False) -> Shares:
    """No value above its cap; shares of the entries, or of the members of the class."""

    def holds(spread: Spread, sizes: Floats) -> Bools:
        totals = sizes if by_size else spread.add_up(spread.count)
        over = spread.count / totals[spread.of] > caps[spread.value] + _SLACK
        return spread.add_up(over) == 0

    def fits(spread: Spread, kept: Floats) -> Bools:
        return _room(spread, kept, caps) >= 1 - _SLACK * len(caps)

    return Shares(holds, lambda spread: _largest(spread, fits), caps, 1 - _SLACK * len(caps))


def even(shares: Floats, limit: float) -> Shares:
    """Half the sum of |p - q|, which is the sum of the p - q above 0, at most `limit`."""

    def holds(spread: Spread, _: Floats) -> Bools:
        p = spread.count / spread.add_up(spread.count)[spread.of]
        return spread.add_up(np.maximum(p - shares[spread.value], 0)) <= limit + _SLACK

    def fits(spread: Spread, kept: Floats) -> Bools:
        return 1 - _room(spread, kept, shares) <= limit + _SLACK * len(shares)

    return Shares(
        holds,
        lambda spread: _largest(spread, fits),
        shares,
        1 - limit - _SLACK * len(shares),
    )


def ordered(shares: Floats, places: npt.NDArray[np.int64], limit: float) -> Shares:
    """The mean |P - Q| over the steps of the order at most `limit`; `places` orders the values."""
    steps = max(len(shares) - 1, 1)
    goal = np.cumsum(np.bincount(places, shares))[:-1]

    def distances(spread: Spread, kept: Floats, gaps: Callable[..., Floats]) -> Floats:
        totals = spread.add_up(spread.count)
        found = np.zeros(spread.number)
        height = max(_CELLS // len(shares), 1)
        for begin in range(0, spread.number, height):
            end = min(begin + height, spread.number)
            first, last = np.searchsorted(spread.of, (begin, end))
            table = np.zeros((end - begin, len(shares)))
            table[spread.of[first:last] - begin, places[spread.value[first:last]]] = spread.count[
                first:last
            ]
            up_to = np.cumsum(table, axis=1)[:, :-1]
            here = slice(begin, end)
            found[here] = gaps(up_to, totals[here, None], kept[here, None]).sum(axis=1)
        return found / steps

    def holds(spread: Spread, _: Floats) -> Bools:
        far = distances(spread, spread.add_up(spread.count), lambda c, _, x: np.abs(c / x - goal))
        return far <= limit + _SLACK

    def least_gaps(up_to: Floats, total: Floats, kept: Floats) -> Floats:
        low, high = 1 - (total - up_to) / kept, up_to / kept
        return np.maximum(np.maximum(goal - high, low - goal), 0)

    def fits(spread: Spread, kept: Floats) -> Bools:
        return distances(spread, kept, least_gaps) <= limit + _SLACK * len(shares)

    return Shares(holds, lambda spread: _largest(spread, fits), np.ones(len(shares)), 1)


def within(shares: Floats, delta: float) -> Shares:
    """Every value of the table within a factor below e^`delta` of its share there."""

    def holds(spread: Spread, _: Floats) -> Bools:
        p = spread.count / spread.add_up(spread.count)[spread.of]
        near = np.abs(np.log(p / shares[spread.value])) < delta - _SLACK
        return spread.add_up(near) == len(shares)

    def fits(spread: Spread, kept: Floats) -> Bools:
        least = kept[spread.of] * shares[spread.value] * np.exp(-delta)
        enough = spread.add_up(spread.count >= least * (1 - _SLACK)) == len(shares)
        room = _room(spread, kept, shares * np.exp(delta))
        return enough & (room >= 1 - _SLACK * len(shares))

    return Shares(holds, lambda spread: _largest(spread, fits), np.ones(len(shares)), len(shares))


def _room(spread: Spread, kept: Floats, caps: Floats) -> Floats:
    """Σ min(c / X, cap) per class."""
    return spread.add_up(np.minimum(spread.count / kept[spread.of], caps[spread.value]))


def _largest(spread: Spread, fits: Callable[[Spread, Floats], Bools]) -> Floats:
    """Halve down to the largest X that fits; never below it."""
    low, high = np.zeros(spread.number), spread.add_up(spread.count).astype(float)
    for _ in range(_halvings(high)):
        middle = (low + high) / 2
        good = fits(spread, middle)
        low, high = np.where(good, middle, low), np.where(good, high, middle)
    return high


def _evenest(spread: Spread, passes: Callable[[Floats], Bools]) -> Floats:
    """Halve down to the largest τ for which min(c, τ) passes; returns Σ min(c, τ)."""
    low = np.zeros(spread.number)
    high = np.full(spread.number, float(spread.count.max(initial=1)))
    for _ in range(_halvings(high)):
        middle = (low + high) / 2
        good = passes(np.minimum(spread.count, middle[spread.of]))
        low, high = np.where(good, middle, low), np.where(good, high, middle)
    return spread.add_up(np.minimum(spread.count, high[spread.of]))


def _halvings(high: Floats) -> int:
    """Enough to tell whole numbers apart."""
    return int(high.max(initial=1)).bit_length() + 4
