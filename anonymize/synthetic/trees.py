"""Rows made column by column: a decision tree predicts each column from those before it.

Belongs here: fitting on codes and drawing from leaves. Must not hold: codes (`coding`).

Source: sequential synthesis by classification and regression trees, Reiter, 2005; Nowok, Raab and
Dibben, synthpop: Bespoke Creation of Synthetic Data in R, 2016. A leaf holds at least
`minimum_leaf` rows of persons, and a value is drawn from all of them, so that no row is led by its
path to one person.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from anonymize.synthetic.coding import RARE, Codes, Coding

Table = npt.NDArray[np.int32]
Tree = DecisionTreeClassifier | DecisionTreeRegressor


@dataclass(frozen=True)
class _Leaves:
    """The codes of the training rows, leaf by leaf: `codes[first[n] : first[n] + size[n]]`."""

    first: npt.NDArray[np.int64]
    size: npt.NDArray[np.int64]
    codes: Codes

    def draw(self, leaves: npt.NDArray[np.int64], rng: np.random.Generator) -> Codes:
        offset = (rng.random(leaves.size) * self.size[leaves]).astype(np.int64)
        return self.codes[self.first[leaves] + offset]


def draw_rows(
    codes: Table,
    codings: Sequence[Coding],
    rows: int,
    *,
    minimum_leaf: int,
    rng: np.random.Generator,
) -> Table:
    """Learn the columns' dependence and draw rows from it.

    Args:
        codes: (n, c) Int32, columns in the order in which they are made; `RARE` is never drawn.
        codings: Of the columns.
        rows: How many to draw.
        minimum_leaf: Training rows that every leaf holds at least.
        rng: Decides everything.

    Returns:
        (rows, c) Int32.
    """
    drawn = np.empty((rows, codes.shape[1]), np.int32)
    for column, coding in enumerate(codings):
        known = codes[:, column] != RARE
        target = codes[known, column]
        if not target.size:
            # Nothing in it may be told: every value is rare.
            drawn[:, column] = RARE
            continue
        grown = _grow(codes[known, :column], target, coding, minimum_leaf, rng)
        leaves = _leaves_of(grown, codes[known, :column])
        placed = _leaves_of(grown, drawn[:, :column])
        drawn[:, column] = _gather(leaves, target).draw(placed, rng)
    return drawn


def _grow(
    before: Table, target: Codes, coding: Coding, minimum_leaf: int, rng: np.random.Generator
) -> Tree | None:
    """Fit a tree for one column; none for the first column and for one with a single value."""
    if not before.shape[1] or target.min() == target.max():
        return None
    grower = DecisionTreeRegressor if coding.is_ordered else DecisionTreeClassifier
    tree = grower(min_samples_leaf=minimum_leaf, random_state=int(rng.integers(2**31)))
    return tree.fit(before.astype(np.float32), target)


def _leaves_of(tree: Tree | None, rows: Table) -> npt.NDArray[np.int64]:
    if tree is None:
        return np.zeros(rows.shape[0], np.int64)
    return tree.apply(rows.astype(np.float32))


def _gather(leaves: npt.NDArray[np.int64], target: Codes) -> _Leaves:
    order = np.argsort(leaves, kind="stable")
    size = np.bincount(leaves)
    return _Leaves(np.cumsum(size) - size, size, target[order])
