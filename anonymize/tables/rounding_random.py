"""Random rounding without bias that still adds up, with near sums inside each region.

Belongs here: the systematic draw along a chain of cells, for a whole table. Must not hold: rounding
to the nearest (`rounding`), rounding of each cell by itself (`cells`).

The cells of a region are laid in a row so that every nested sum is a stretch of it. With C the
running total in units of the base and one uniform u, a cell becomes floor(C + u) less the value of
floor(C + u) before it. Its expectation is the truth, and any stretch, so any nested sum, is one of
the two multiples around its truth (systematic sampling: Madow, Annals of Mathematical Statistics
20, 1949; as controlled rounding for tables: Cox, Journal of the American Statistical Association
82, 1987, who also balances across the other dimension, which is not done here).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.keyed_hash import hash_column, uniform
from anonymize.tables.dimensions import Dimension
from anonymize.tables.rounding import Rounded, require_base, result_of
from anonymize.tables.rounding_axes import Axis, Counts, Numbers, axis_of, counts_of
from anonymize.tables.structure import Table

PURPOSE = "unbiased controlled rounding"


def unbiased_rounding(
    table: Table, dimensions: Sequence[Dimension], *, base: int, key: bytes
) -> Rounded:
    """Round at random so that every cell's expectation is its truth and everything adds up.

    Inside one code of the first dimension (a region), cells and the sums of the nested kind (of the
    second dimension by itself; of the third inside one code of the second; …) end less than the
    base away. Sums over regions are unbiased, but only as near as the sum of their parts.

    The draw of a region is a keyed hash of its name and all its counts: an unchanged region is
    published unchanged. In a region in which anybody moved every cell is drawn anew, so a cell that
    stays the same for many months can be averaged.

    Args:
        table: As `arrange` makes it of `dimensions`.
        dimensions: The first is the region.
        base: At least 2.
        key: At least 32 secret random bytes.

    Raises:
        ValueError: As `controlled_rounding`, or a short key.
    """
    require_base(base)
    counts, axes = counts_of(table, dimensions), [axis_of(one) for one in dimensions]
    leaves = counts[np.ix_(*(axis.leaves for axis in axes))]
    row = np.ix_(np.arange(len(leaves)), *(_in_row(axis) for axis in axes[1:]))
    chains = leaves[row].reshape(len(leaves), -1)
    draws = _draws(dimensions[0].leaves, leaves.reshape(len(leaves), -1), key, base)
    rounded = np.empty_like(leaves)
    rounded[row] = systematic(chains, draws, base).reshape(leaves.shape)
    return result_of(counts, rounded, axes, base)


def systematic(chains: Counts, draws: Numbers, base: int) -> Counts:
    """Round every chain of counts with one draw.

    Args:
        chains: regions × cells.
        draws: One number in [0, 1) per region.
        base: At least 1.

    Returns:
        Multiples of the base; every stretch of a chain sums to a multiple next to its truth.
    """
    # Whole thresholds: a running total never lies on a step by the error of a division.
    start = np.floor(draws * base).astype(np.int64)[:, None]
    steps = (np.cumsum(chains, axis=1) + start) // base
    return base * np.diff(steps, axis=1, prepend=0)


def _draws(names: Sequence[str], counts: Counts, key: bytes, base: int) -> Numbers:
    texts = pl.Series(
        [f"{','.join(map(str, row))}|{n}" for row, n in zip(counts.tolist(), names, strict=True)]
    )
    return (
        hash_column(texts, uniform, key=key, purpose=f"{PURPOSE}:{base}")
        .cast(pl.Float64)
        .to_numpy()
    )


def _in_row(axis: Axis) -> npt.NDArray[np.int64]:
    """Return the leaves, as indices into the leaves, so that each node's stand together."""
    place = {int(node): i for i, node in enumerate(axis.leaves)}
    order: dict[int, None] = {}
    waiting = [axis.root]
    while waiting:
        node = waiting.pop()
        if node in place:
            order[place[node]] = None
        waiting.extend(reversed(axis.parts[node]))
    return np.array([*order])
