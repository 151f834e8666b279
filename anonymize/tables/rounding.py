"""Controlled rounding: every published cell a multiple of the base, and the table still adds up.

Belongs here: the ways of rounding to the nearest, and what they promise. Must not hold: how the
nearest is found (`rounding_nearest`), the random way (`rounding_random`).

Cells at the finest level always end less than the base away, sums too where the table is a network
(`rounding_nearest`) and nearly always elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from anonymize.complaint import complaint
from anonymize.tables.dimensions import Dimension
from anonymize.tables.rounding_axes import (
    Axis,
    Counts,
    Numbers,
    add_up,
    axis_of,
    cells_of,
    counts_of,
)
from anonymize.tables.rounding_nearest import nearest
from anonymize.tables.structure import Table

_LEAST_BASE = 2


@dataclass(frozen=True)
class Rounded:
    """A rounded table.

    Attributes:
        values: One Int64 per cell of the table, in its order.
        base: The base.
        largest_change: The largest change of any cell, margins included.
        mean_change: The mean absolute change of all cells, margins and zeros included.
        least: The smallest true count that anybody who knows the way of rounding would allow for.
        most: The largest.
    """

    values: Counts
    base: int
    largest_change: int
    mean_change: float
    least: Counts
    most: Counts


def controlled_rounding(table: Table, dimensions: Sequence[Dimension], *, base: int) -> Rounded:
    """Round every cell to a multiple of the base, near to the truth, margins exact.

    A true 0 stays 0 and a multiple of the base at the finest level stays as it is. The sum of
    absolute changes over all cells is the smallest there is where the table is a network, within
    1 % of it for up to 1,000 cells at the finest level (where 200 nodes of the search are enough),
    and found step by step for more.

    Does not hide: that a cell of the finest level is less than `base` away from the truth, and a
    cell that was rounded to the nearest mostly half as far; a true 0 among published ones only as
    far as others become 0 too. Repeated on a changed table, cells that did not change may be rounded
    another way: several such tables over the same persons can be averaged.

    Args:
        table: As `arrange` makes it of `dimensions`.
        dimensions: At least one; alternative sums (a code with two ways of adding up) are allowed
            in all dimensions but the longest of a large table.
        base: At least 2.

    Raises:
        ValueError: Not the table of these dimensions, no counts, a base too small, or alternative
            sums where they cannot be handled.
    """
    require_base(base)
    counts, axes = counts_of(table, dimensions), [axis_of(one) for one in dimensions]
    leaves = _finest(counts, axes)
    return result_of(counts, round_leaves(leaves, axes, base), axes, base)


def small_count_rounding(table: Table, dimensions: Sequence[Dimension], *, base: int) -> Rounded:
    """Round only the counts below the base, to 0 or the base, with the margins that follow.

    No published cell is then between 1 and base − 1. Larger counts of the finest level stay exact,
    and a sum is off by what its small parts are off (Langsrud and Heldal, An algorithm for small
    count rounding of tabular data, Privacy in Statistical Databases 2018). The small counts by
    themselves are a table to be rounded under control; what is added to it is exact.

    Does not hide: changes of large cells from one month to the next. Not for tables that are
    published again and again.

    Args:
        table: As `arrange` makes it of `dimensions`.
        dimensions: As in `controlled_rounding`.
        base: At least 2.

    Raises:
        ValueError: As `controlled_rounding`.
    """
    require_base(base)
    counts, axes = counts_of(table, dimensions), [axis_of(one) for one in dimensions]
    leaves = _finest(counts, axes)
    small = np.where(leaves < base, leaves, 0)
    rounded = leaves - small + round_leaves(small, axes, base)
    result = result_of(counts, rounded, axes, base)
    # Of the finest level all but 0 and the base is seen to be the truth.
    low = np.where(rounded == base, 1, rounded)
    high = np.where(rounded == 0, base - 1, rounded)
    return replace(
        result,
        least=_with_finest(result.least, low, axes, counts.shape),
        most=_with_finest(result.most, high, axes, counts.shape),
    )


def rounded_near(
    table: Table, dimensions: Sequence[Dimension], targets: Counts, *, base: int
) -> Rounded:
    """Find the table of multiples of the base that adds up and is nearest to given numbers.

    Args:
        table: As `arrange` makes it of `dimensions`; a true 0 at the finest level stays 0.
        dimensions: As in `controlled_rounding`.
        targets: One per cell of the table; they need not add up.
        base: At least 1.

    Returns:
        The rounded table; its changes are told against the truth, not against the targets.

    Raises:
        ValueError: As `controlled_rounding`.
    """
    counts, axes = counts_of(table, dimensions), [axis_of(one) for one in dimensions]
    leaves = _finest(counts, axes)
    wanted = add_up(leaves, axes).astype(np.float64)  # with the nodes that no cell stands for
    wanted[tuple(slice(0, size) for size in counts.shape)] = targets.reshape(counts.shape)
    return result_of(counts, round_leaves(leaves, axes, base, wanted), axes, base)


def round_leaves(
    leaves: Counts, axes: Sequence[Axis], base: int, targets: Numbers | None = None
) -> Counts:
    """Return the leaves rounded.

    Args:
        leaves: True counts of the finest level.
        axes: One per dimension of `leaves`.
        base: At least 1.
        targets: What each node should come near to, margins included; None: the truth. Away from
            the truth the leaves may leave the two multiples around their target.
    """
    wanted = add_up(leaves, axes) if targets is None else targets
    return base * nearest(leaves == 0, wanted / base, axes, free=targets is not None)


def _finest(counts: Counts, axes: Sequence[Axis]) -> Counts:
    return counts[_places(axes)]


def result_of(counts: Counts, leaves: Counts, axes: Sequence[Axis], base: int) -> Rounded:
    """Add rounded leaves up and measure the changes against the true counts of all cells."""
    values = cells_of(leaves, axes, counts.shape)
    change = np.abs(values - counts.reshape(-1))
    largest = int(change.max())
    reach = np.full(counts.shape, max(base - 1, largest))
    reach[_places(axes)] = max(base - 1, int(_finest(change.reshape(counts.shape), axes).max()))
    least = np.maximum(0, values - reach.reshape(-1))
    most = values + reach.reshape(-1)
    return Rounded(values, base, largest, float(change.mean()), least, most)


def _places(axes: Sequence[Axis]) -> tuple[Counts, ...]:
    return np.ix_(*(axis.leaves for axis in axes))


def _with_finest(
    cells: Counts, leaves: Counts, axes: Sequence[Axis], shape: tuple[int, ...]
) -> Counts:
    grid = cells.reshape(shape).copy()
    grid[_places(axes)] = leaves
    return grid.reshape(-1)


def require_base(base: int) -> None:
    """Raise unless the base is at least 2.

    Raises:
        ValueError: It is smaller.
    """
    if base < _LEAST_BASE:
        raise complaint(
            "丸めの単位が小さすぎます", "引数 base", "3 以上(3・5・10 など)にしてください。"
        )
