"""Controlled rounding: every published cell a multiple of the base, and the table still adds up.

Belongs here: the order in which the parts of a table are rounded, and the two ways of rounding.
Must not hold: the program of one step (`rounding_program`), the random way (`rounding_random`).

A table of one dimension, or of two of which one at most has sums within sums, is a network: one
linear program, and every cell ends less than the base away (Cox and Ernst 1982). In other tables
the longest dimension is opened from the top down: the table of all its totals first, then the parts of each
node given the node, so that every program is small and every sum exact. Cells at the finest level
always end less than the base away; sums may not, where no such rounding exists (Causey, Cox and
Ernst 1985) or where the order of steps has closed the way to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt
from scipy import sparse

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
from anonymize.tables.rounding_program import Step, solve
from anonymize.tables.structure import Table

_LEAST_BASE = 2
_TWO_WAY = 2  # dimensions
_SMALL = 1_000  # cells
_GROUP = 12  # parts
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Rounded:
    """A rounded table.

    Attributes:
        values: One Int64 per cell of the table, in its order.
        base: The base.
        largest_change: The largest change of any cell, margins included.
        mean_change: The mean absolute change of all cells, margins and zeros included.
    """

    values: Counts
    base: int
    largest_change: int
    mean_change: float


def controlled_rounding(table: Table, dimensions: Sequence[Dimension], *, base: int) -> Rounded:
    """Round every cell to a multiple of the base, near to the truth, margins exact.

    A true 0 stays 0 and a multiple of the base at the finest level stays as it is. The result is
    nearest in the sum of absolute changes over all cells: exactly where the table is a network,
    within 1 % for up to 1,000 cells at the finest level, step by step for more.

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
    _require_base(base)
    counts, axes = counts_of(table, dimensions), [axis_of(one) for one in dimensions]
    leaves = _finest(counts, axes)
    return _result(counts, round_leaves(leaves, axes, base), axes, base)


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
    _require_base(base)
    counts, axes = counts_of(table, dimensions), [axis_of(one) for one in dimensions]
    leaves = _finest(counts, axes)
    small = np.where(leaves < base, leaves, 0)
    return _result(counts, leaves - small + round_leaves(small, axes, base), axes, base)


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
    return _result(counts, round_leaves(leaves, axes, base, wanted), axes, base)


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
    return base * _nearest(leaves == 0, wanted / base, axes, free=targets is not None)


def _nearest(zero: Flags, targets: Numbers, axes: Sequence[Axis], *, free: bool) -> Counts:
    """Return whole numbers for the leaves, near to targets in units of the base."""
    if _is_network(axes) or np.count_nonzero(~zero) <= _SMALL:
        return _step(zero[None], targets[None], axes, None, free=free)[0]
    longest = _longest(axes)
    rest = [axis for place, axis in enumerate(axes) if place != longest]
    zero, targets = np.moveaxis(zero, longest, 0), np.moveaxis(targets, longest, 0)
    opened = _Opened(axes[longest], rest, zero, targets, free=free)
    root = axes[longest].root
    opened.open(root, _nearest(np.logical_and.reduce(zero, axis=0), targets[root], rest, free=free))
    return np.moveaxis(opened.found, 0, longest)


class _Opened:
    """The longest axis of a table while it is opened from the top down."""

    def __init__(
        self, axis: Axis, rest: Sequence[Axis], zero: Flags, targets: Numbers, *, free: bool
    ) -> None:
        self.axis, self.rest, self.free = axis, rest, free
        self.zero, self.targets = zero, targets
        self.found = np.zeros(zero.shape, np.int64)

    def open(self, node: int, value: Counts) -> None:
        """Give the numbers of a node's leaves, the node's own being `value`."""
        if parts := self.axis.parts[node]:
            self._share([(part,) for part in parts], value)
        else:
            self.found[np.flatnonzero(self.axis.leaves == node)[0]] = value

    def _share(self, groups: list[tuple[int, ...]], value: Counts) -> None:
        """Share a node's numbers among groups of its parts; many groups are first put together.

        A group of several parts is a margin that nobody sees: it keeps the programs small.
        """
        if len(groups) > _GROUP:
            size = _GROUP ** int(np.ceil(np.log(len(groups)) / np.log(_GROUP) - 1))
            joined = [groups[i : i + size] for i in range(0, len(groups), size)]
        else:
            joined = [[group] for group in groups]
        nodes = [[node for group in one for node in group] for one in joined]
        zero = np.stack([self._is_zero(one) for one in nodes])
        targets = np.stack([self.targets[one].sum(axis=0) for one in nodes])
        values = _step(zero, targets, self.rest, value, free=self.free)
        for one, mine in zip(joined, values, strict=True):
            if len(one) > 1:
                self._share(one, mine)
            else:
                self.open(one[0][0], mine)

    def _is_zero(self, nodes: list[int]) -> Flags:
        under = self.axis.members[nodes].sum(axis=0) > 0
        return np.logical_and.reduce(self.zero[under], axis=0)


def _step(
    zero: Flags,
    targets: Numbers,
    axes: Sequence[Axis],
    value: Counts | None,
    *,
    free: bool,
) -> Counts:
    """Round p parts over the same axes together, summing to `value` where it is given."""
    parts, shape = len(zero), zero.shape
    members = reduce(sparse.kron, [axis.members for axis in axes]).tocsr()
    nodes = np.arange(members.shape[0]).reshape(targets.shape[1:])
    leaves = nodes[np.ix_(*(axis.leaves for axis in axes))].reshape(-1)
    margins = np.setdiff1d(nodes, leaves)
    flat = targets.reshape(parts, -1)
    each = sparse.eye_array(len(leaves))
    fixed = sparse.kron(np.ones((1, parts)), each) if value is not None else each.tocsr()[:0]
    step = Step(
        targets=flat[:, leaves].reshape(-1),
        free=np.full(zero.size, free),
        zero=zero.reshape(-1),
        near=sparse.csr_array(sparse.kron(sparse.eye_array(parts), members[margins])),
        near_targets=flat[:, margins].reshape(-1),
        fixed=sparse.csr_array(fixed),
        fixed_values=np.zeros(0, np.int64) if value is None else value.reshape(-1),
        network=np.tile(_network(axes, alone=value is None)[margins], parts),
    )
    return solve(step).reshape(shape)


def _is_network(axes: Sequence[Axis]) -> bool:
    nested = [axis for axis in axes if len(axis.margins) > 1]
    return len(axes) <= _TWO_WAY and len(nested) <= 1 and all(axis.is_tree for axis in axes)


def _network(axes: Sequence[Axis], *, alone: bool) -> Flags:
    """Tell of each node of the axes' product whether it belongs to a network of sums.

    All of them where the axes alone form one. Else those of one nested family: some axes at a leaf,
    then one at any node, the others at their root; the fixed sums are the other family.
    """
    if alone and _is_network(axes):
        return np.ones(int(np.prod([len(axis.parts) for axis in axes])), np.bool_)
    nested, root = np.ones(1, np.bool_), 0
    for axis in reversed(axes):
        nodes = np.arange(len(axis.parts))
        leaf, at_root = np.isin(nodes, axis.leaves), np.arange(len(nested)) == root
        usable = leaf | (nodes == axis.root) | axis.is_tree
        nested = (leaf[:, None] & nested | usable[:, None] & at_root).reshape(-1)
        root += axis.root * len(at_root)
    return nested


def _longest(axes: Sequence[Axis]) -> int:
    """Choose the axis to open: the longest of those that are trees."""
    trees = [place for place, axis in enumerate(axes) if axis.is_tree]
    if not trees:
        raise complaint(
            "どの区分にも2通りの合計があり、この大きさの表は丸められません",
            "引数 dimensions",
            "1つの区分は、合計の組み方を1通りにしてください。",
        )
    return max(trees, key=lambda place: len(axes[place].leaves))


def _finest(counts: Counts, axes: Sequence[Axis]) -> Counts:
    return counts[np.ix_(*(axis.leaves for axis in axes))]


def _result(counts: Counts, leaves: Counts, axes: Sequence[Axis], base: int) -> Rounded:
    values = cells_of(leaves, axes, counts.shape)
    change = np.abs(values - counts.reshape(-1))
    return Rounded(values, base, int(change.max()), float(change.mean()))


def _require_base(base: int) -> None:
    if base < _LEAST_BASE:
        raise complaint(
            "丸めの単位が小さすぎます", "引数 base", "3 以上(3・5・10 など)にしてください。"
        )
