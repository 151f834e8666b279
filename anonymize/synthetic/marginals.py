"""Rows made from a tree of pairs of columns, measured exactly or with differential privacy.

Belongs here: choosing the pairs, measuring, making them agree, drawing rows. Must not hold: codes
(`coding`), noise (`anonymize.noise`).

A tree of pairs is the model of Chow and Liu, 1968. With privacy, the steps are
those of MST (McKenna, Miklau and Sheldon, Winning the NIST contest, 2021): a third of the budget
for single columns, a third for choosing the pairs, a third for the pairs; here the pairs are then
fitted to the single columns (Deming and Stephan, 1940) instead of a graphical model, which for a
tree gives a distribution of the same form.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from anonymize.noise.consistency import Level, make_consistent
from anonymize.noise.cost import Cost, compose, rho_for
from anonymize.noise.mechanisms import Noise, blur, gaussian, laplace
from anonymize.noise.selection import select_highest
from anonymize.synthetic.coding import RARE, Codes

Table = npt.NDArray[np.int32]
Reals = npt.NDArray[np.float64]
Pair = tuple[int, int]
_FITTING_ROUNDS = 30
_TRACE = 1e-9
# Scores are distances in persons, in thousandths: one person moves one by at most 1, and by one
# thousandth more through rounding.
_SCORE_UNIT, _SCORE_SENSITIVITY = 1000, 1001


@dataclass(frozen=True)
class Blurring:
    """The noise of one synthesis: for single columns, for choosing, for pairs."""

    singles: Noise
    choice: Cost
    pairs: Noise
    choices: int

    @property
    def cost(self) -> Cost:
        """What the whole costs."""
        return compose([self.singles.cost, *[self.choice] * self.choices, self.pairs.cost])


def plan_noise(columns: int, epsilon: float, delta: float) -> Blurring:
    """Divide a budget in three; a person is in one cell of every column and of every pair.

    Raises:
        ValueError: ε or δ out of range.
    """
    pairs = max(columns - 1, 1)
    if delta:
        rho = rho_for(epsilon, delta) / 3
        choice = Cost.concentrated(rho / pairs)
        return Blurring(gaussian(columns, rho), choice, gaussian(pairs, rho), pairs)
    share = epsilon / 3
    choice = Cost.pure(share / pairs)
    return Blurring(laplace(columns, share), choice, laplace(pairs, share), pairs)


def draw_rows(
    codes: Table,
    sizes: Sequence[int],
    rows: int,
    *,
    smallest: int,
    blurring: Blurring | None,
    rng: np.random.Generator,
) -> Table:
    """Learn a tree of pairs and draw rows from it.

    Args:
        codes: (n, c) Int32; `RARE` counts nowhere and is never drawn.
        sizes: Number of codes of each column.
        rows: How many to draw.
        smallest: Without noise, of cells of a pair with fewer rows only their sum is used.
        blurring: Noise of the whole, or none.
        rng: Decides what is drawn; with noise the result differs each time all the same.

    Returns:
        (rows, c) Int32.
    """
    true = [_count(codes[:, [i]], [size]) for i, size in enumerate(sizes)]
    singles = _singles(true, blurring)
    joint = {}
    for a, b in _choose_pairs(codes, sizes, singles, blurring):
        true_pair = _count(codes[:, [a, b]], [sizes[a], sizes[b]])
        told = _told(true_pair, _product(singles[a], singles[b]), smallest, blurring)
        joint[a, b] = _fit(told, singles[a], singles[b])
    return _draw(singles, joint, rows, rng)


def _singles(true: list[npt.NDArray[np.int64]], blurring: Blurring | None) -> list[Reals]:
    """Give each column's counts; blurred ones are made not negative, with one total for all."""
    if blurring is None:
        return [counts.astype(np.float64) for counts in true]
    noisy = [blur(counts, blurring.singles) for counts in true]
    total = max(1, round(float(np.mean([counts.sum() for counts in noisy]))))
    return [_brought_to(total, counts, blurring.singles) for counts in noisy]


def _brought_to(total: int, counts: npt.NDArray[np.int64], noise: Noise) -> Reals:
    whole = Level(np.array([total]), 0.0, np.empty(0, np.int64))
    parts = Level(counts.ravel(), noise.variance, np.zeros(counts.size, np.int64))
    return make_consistent([whole, parts])[1].reshape(counts.shape).astype(np.float64)


def _choose_pairs(
    codes: Table, sizes: Sequence[int], singles: list[Reals], blurring: Blurring | None
) -> list[Pair]:
    """Grow a spanning tree, always by the best scored of the pairs that join two parts."""
    candidates = list(itertools.combinations(range(len(sizes)), 2))
    scores = [_score(codes, sizes, singles, pair, blurring) for pair in candidates]
    part = list(range(len(sizes)))
    chosen: list[Pair] = []
    while len(chosen) < len(sizes) - 1:
        open_ones = [n for n, (a, b) in enumerate(candidates) if part[a] != part[b]]
        values = [scores[n] for n in open_ones]
        best = (
            select_highest(values, _SCORE_SENSITIVITY, blurring.choice)
            if blurring
            else int(np.argmax(values))
        )
        a, b = candidates[open_ones[best]]
        chosen.append((a, b))
        part = [part[a] if p == part[b] else p for p in part]
    return chosen


def _score(
    codes: Table,
    sizes: Sequence[int],
    singles: list[Reals],
    pair: Pair,
    blurring: Blurring | None,
) -> int:
    """Say, in thousandths of a person, how far a pair is from independence beyond chance.

    The L1 distance between the true pair and the product of the single columns, less what chance
    alone would give, less what the noise on the pair's cells will add (the last as in AIM, McKenna
    et al., 2022): or pairs with many cells would win by their noise.
    """
    true = _count(codes[:, list(pair)], [sizes[i] for i in pair])
    # Everything but `true` is noisy already, so that one person moves the score by 1 and no more.
    product = _product(singles[pair[0]], singles[pair[1]])
    chance = _mean_deviation(product).sum()
    noise = blurring.pairs.mean_absolute_error * true.size if blurring else 0.0
    return round(float(np.abs(true - product).sum() - chance - noise) * _SCORE_UNIT)


def _mean_deviation(expected: Reals) -> Reals:
    """Give E|X - m| of Poisson counts: 2 e^-m m^(⌊m⌋+1) / ⌊m⌋! (Crow, 1958)."""
    whole = np.floor(expected)
    logs = np.log(np.maximum(expected, 1e-300))
    return np.where(
        expected > 0, 2 * np.exp((whole + 1) * logs - expected - gammaln(whole + 1)), 0.0
    )


def _product(first: Reals, second: Reals) -> Reals:
    """Give the pair's counts if the columns were independent."""
    return np.outer(first, second) / max(float(first.sum()), 1.0)


def _told(
    true: npt.NDArray[np.int64], product: Reals, smallest: int, blurring: Blurring | None
) -> Reals:
    """Blur a pair's counts; without noise, spread the rare ones as if the columns were independent."""
    if blurring is not None:
        return _brought_to(max(1, round(product.sum())), blur(true, blurring.pairs), blurring.pairs)
    rare = true < smallest
    spread = product * rare
    share = true[rare].sum() / max(spread.sum(), _TRACE)
    return np.where(rare, spread * share, true)


def _fit(joint: Reals, first: Reals, second: Reals) -> Reals:
    """Scale a pair's table in turn to the counts of its two columns (iterative fitting)."""
    # A trace of independence, so that no row or column is left without anything to scale.
    fitted = joint + _TRACE * np.outer(first, second)
    for _ in range(_FITTING_ROUNDS):
        fitted *= _ratio(first, fitted.sum(axis=1))[:, None]
        fitted *= _ratio(second, fitted.sum(axis=0))[None, :]
    return fitted


def _ratio(wanted: Reals, found: Reals) -> Reals:
    return np.divide(wanted, found, out=np.zeros_like(wanted), where=found > 0)


def _draw(
    singles: list[Reals], joint: dict[Pair, Reals], rows: int, rng: np.random.Generator
) -> Table:
    """Draw the first column, then each neighbour in the tree given the column it hangs on."""
    drawn = np.full((rows, len(singles)), RARE, np.int32)
    nothing = np.zeros((rows, 1), np.int64)
    if singles[0].sum():
        drawn[:, 0] = _conditional(singles[0][None, :], nothing[:, 0], singles[0], rng)
    waiting, done = [0], {0}
    while waiting:
        at = waiting.pop()
        for (a, b), table in joint.items():
            other = b if a == at else a
            if at not in {a, b} or other in done:
                continue
            done.add(other)
            waiting.append(other)
            if singles[other].sum():
                given = np.maximum(drawn[:, at], 0).astype(np.int64)
                rows_of = table if a == at else table.T
                drawn[:, other] = _conditional(rows_of, given, singles[other], rng)
    return drawn


def _conditional(
    table: Reals, given: npt.NDArray[np.int64], single: Reals, rng: np.random.Generator
) -> Codes:
    """Draw a code in the row `given` of a table; where the row is empty, from the column alone."""
    weights = np.where(table.sum(axis=1, keepdims=True) > 0, table, single[None, :])
    shares = weights / weights.sum(axis=1, keepdims=True)
    # All rows' cumulative shares on one line: row r occupies (r, r + 1].
    line = np.minimum(np.cumsum(shares, axis=1), 1.0)
    line[:, -1] = 1.0
    ends = (line + np.arange(table.shape[0])[:, None]).ravel()
    found = np.searchsorted(ends, rng.random(given.size) + given, side="right")
    code = found - given * table.shape[1]
    # The last code with a share, should rounding have run past it.
    last = table.shape[1] - 1 - np.argmax(shares[:, ::-1] > 0, axis=1)
    return np.minimum(code, last[given]).astype(np.int32)


def _count(codes: Table, sizes: list[int]) -> npt.NDArray[np.int64]:
    known = codes[(codes != RARE).all(axis=1)]
    cell = np.zeros(known.shape[0], np.int64)
    for column, size in enumerate(sizes):
        cell = cell * size + known[:, column]
    return np.bincount(cell, minlength=int(np.prod(sizes))).astype(np.int64).reshape(sizes)
