"""Noisy totals and parts made to agree: nested, whole, not negative, adding up exactly.

Belongs here: post-processing of answers that are already noisy, so it costs no privacy. Must not
hold: the true numbers, which no function here is given.

Sources: Hay, Rastogi, Miklau and Suciu, Boosting the accuracy of differentially private histograms
through consistency, 2010 (least squares on a tree in two passes, here with a variance a level); the
order of work, real numbers first and integers from the top downwards, follows the United States
Census Bureau's TopDown algorithm (Abowd et al., 2022).
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anonymize.complaint import complaint

Reals = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
_LEAST = 1e-9


@dataclass(frozen=True)
class Level:
    """One level of a tree of counts, from the top; every node but the top's has one parent.

    Attributes:
        values: Noisy counts (n,), Float64 or integer; ignored when the level was not measured.
        variance: Noise variance of each; infinite: not measured; 0: known exactly.
        parents: Index of each node's parent in the level above (n,); empty in the first level.
    """

    values: npt.NDArray
    variance: float
    parents: Indices


def make_consistent(levels: Sequence[Level]) -> list[npt.NDArray[np.int64]]:
    """Estimate all counts by weighted least squares, then round to whole counts that add up.

    The real estimates are the best linear unbiased ones; bringing them to integers not below 0 is
    not unbiased for single small cells (they cannot be negative any more) but leaves every parent,
    and so the whole, as near to its own estimate as a rounding can.

    Args:
        levels: From the top to the leaves; the leaves measured, every parent with a child.

    Returns:
        Int64 counts of each level, in the same order; children sum to their parent exactly.

    Raises:
        ValueError: Leaves not measured, a parent without children, lengths that do not fit.
    """
    _require_tree(levels)
    estimates, variances = _gather(levels)
    spread = _spread(levels, estimates, variances)
    whole = [np.maximum(np.rint(spread[0]), 0).astype(np.int64)]
    for level, real in zip(levels[1:], spread[1:], strict=True):
        whole.append(_apportion(real, level.parents, whole[-1]))
    return whole


def _gather(levels: Sequence[Level]) -> tuple[list[Reals], list[Reals]]:
    """Combine, from the leaves up, each node's own answer with the sum of its children."""
    leaf = levels[-1]
    estimates: list[Reals] = [leaf.values.astype(np.float64)]
    variances: list[Reals] = [np.full(leaf.values.size, max(leaf.variance, _LEAST))]
    for level, below in zip(levels[-2::-1], levels[:0:-1], strict=True):
        size = _size(level, below)
        total = _add_up(estimates[0], below.parents, size)
        doubt = _add_up(variances[0], below.parents, size)
        if math.isinf(level.variance):
            estimates.insert(0, total)
            variances.insert(0, doubt)
            continue
        own = max(level.variance, _LEAST)
        variance = 1 / (1 / own + 1 / doubt)
        estimates.insert(0, variance * (level.values / own + total / doubt))
        variances.insert(0, variance)
    return estimates, variances


def _spread(levels: Sequence[Level], estimates: list[Reals], variances: list[Reals]) -> list[Reals]:
    """Hand, from the top down, each parent's surplus to its children by their variance."""
    agreed = [estimates[0]]
    for level, estimate, variance in zip(levels[1:], estimates[1:], variances[1:], strict=True):
        size = agreed[-1].size
        total = _add_up(estimate, level.parents, size)
        doubt = _add_up(variance, level.parents, size)
        surplus = (agreed[-1] - total) / doubt
        agreed.append(estimate + variance * surplus[level.parents])
    return agreed


def _apportion(real: Reals, parents: Indices, totals: npt.NDArray[np.int64]) -> npt.NDArray:
    """Round each family to whole numbers from 0 that sum to their parent's total."""
    near = _project(real, parents, totals)
    low = np.floor(near + _LEAST).astype(np.int64)
    missing = totals - np.bincount(parents, low, minlength=totals.size).astype(np.int64)
    # Largest remainders first; ties by position, so that the same input gives the same output.
    order = np.lexsort((np.arange(real.size), low - near, parents))
    rank = _rank_in_family(parents[order])
    low[order] += rank < missing[parents[order]]
    return low


def _project(real: Reals, parents: Indices, totals: npt.NDArray[np.int64]) -> Reals:
    """Find the nearest point (Euclid) of x ≥ 0, Σ x = total, in every family at once.

    Held, Wolfe and Crowder, 1974: subtract one number from all and cut at 0; the number follows from
    the largest prefix of the sorted values that stays positive.
    """
    order = np.lexsort((-real, parents))
    values, family = real[order], parents[order]
    rank = _rank_in_family(family)
    sums = np.cumsum(values)
    start = np.flatnonzero(rank == 0)
    before = np.repeat(sums[start] - values[start], np.diff(np.append(start, values.size)))
    shift = (sums - before - totals[family]) / (rank + 1)
    positive = values - shift > 0
    last = np.zeros(totals.size, np.int64)
    np.maximum.at(last, family[positive], np.flatnonzero(positive))
    shifts = shift[np.maximum(last, np.searchsorted(family, np.arange(totals.size)))]
    return np.maximum(real - shifts[parents], 0.0)


def _rank_in_family(family: Indices) -> Indices:
    """Count from 0 inside each run of equal numbers."""
    position = np.arange(family.size)
    begins = np.append(True, family[1:] != family[:-1])
    return position - np.maximum.accumulate(np.where(begins, position, 0))


def _add_up(values: Reals, parents: Indices, size: int) -> Reals:
    return np.bincount(parents, values, minlength=size).astype(np.float64)


def _size(level: Level, below: Level) -> int:
    return level.values.size or int(below.parents.max()) + 1


def _require_tree(levels: Sequence[Level]) -> None:
    if not levels or not levels[-1].values.size or math.isinf(levels[-1].variance):
        raise complaint(
            "末端の数がありません", "引数 levels", "最後の段に測った数を入れてください。"
        )
    for above, level in itertools.pairwise(levels):
        size = _size(above, level)
        fits = level.parents.size == level.values.size or not level.values.size
        if not fits or np.unique(level.parents).size != size or level.parents.max() >= size:
            raise complaint(
                "親と子の対応が合いません(子のない親、長さの違いなど)",
                "引数 levels",
                "どの親にも1つ以上の子があり、子の数だけ親の番号があるようにしてください。",
            )
