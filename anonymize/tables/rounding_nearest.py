"""The nearest whole numbers for the leaves of a table with margins, one small program at a time.

Belongs here: the order in which the parts of a table are solved, and which sums form a network.
Must not hold: the program itself (`rounding_program`), bases, what a user sees (`rounding`).

A table of one dimension, or of two of which one at most has sums within sums, is a network: one
linear program, and every cell ends next to its target (Cox and Ernst 1982). In other tables the
longest dimension is opened from the top down: the table of all its totals first, then the parts of
each node given the node, so that every program is small and every sum exact. Leaves always end next
to their targets; sums may not, where no such numbers exist (Causey, Cox and Ernst 1985) or where
the order of steps has closed the way to them.
"""

from collections.abc import Sequence
from functools import reduce

import numpy as np
import numpy.typing as npt
from scipy import sparse

from anonymize.complaint import complaint
from anonymize.tables.rounding_axes import Axis, Counts, Numbers
from anonymize.tables.rounding_program import Step, solve

_TWO_WAY = 2  # dimensions
_SMALL = 1_000  # cells
_GROUP = 12  # parts
Flags = npt.NDArray[np.bool_]


def nearest(zero: Flags, targets: Numbers, axes: Sequence[Axis], *, free: bool) -> Counts:
    """Return whole numbers for the leaves, whose sums are near to the targets too.

    Args:
        zero: Leaves that stay 0; one index per leaf of each axis.
        targets: In units of the base; one index per node of each axis.
        axes: One per dimension.
        free: Leaves may leave the two whole numbers around their target.

    Raises:
        ValueError: A large table of which every axis has alternative sums.
    """
    if _is_network(axes) or np.count_nonzero(~zero) <= _SMALL:
        return _step(zero[None], targets[None], axes, None, free=free)[0]
    longest = _longest(axes)
    rest = [axis for place, axis in enumerate(axes) if place != longest]
    zero, targets = np.moveaxis(zero, longest, 0), np.moveaxis(targets, longest, 0)
    opened = _Opened(axes[longest], rest, zero, targets, free=free)
    root = axes[longest].root
    opened.open(root, nearest(np.logical_and.reduce(zero, axis=0), targets[root], rest, free=free))
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
