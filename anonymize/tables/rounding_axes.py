"""The axes of a table that is to be rounded: nodes, leaves under each node, and sums over them.

Belongs here: one axis as nodes over leaves, addition of a table of leaves to all its margins, the
counts of a table as an array. Must not hold: equations (`structure`), rounding, solving.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from anonymize.complaint import complaint
from anonymize.tables.dimensions import Dimension
from anonymize.tables.structure import Table

Counts = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
_WHOLE = 1e-6


@dataclass(frozen=True)
class Axis:
    """One dimension of a table with margins.

    Attributes:
        leaves: The node of each leaf.
        members: Nodes × leaves, 1 where a leaf lies under a node.
        parts: Of each node the nodes right under it; empty for leaves.
        root: The node over everything.
        is_tree: No node is part of two others, and no node has two ways of adding up.
    """

    leaves: npt.NDArray[np.int64]
    members: sparse.csr_array
    parts: tuple[tuple[int, ...], ...]
    root: int
    is_tree: bool

    @property
    def margins(self) -> npt.NDArray[np.int64]:
        """The nodes that are no leaf."""
        return np.setdiff1d(np.arange(len(self.parts)), self.leaves)


def axis_of(one: Dimension) -> Axis:
    """Make an axis of a dimension, one node per code in the order of its codes.

    Where several codes stand at the top, one node more at the end stands over them.
    """
    place = {code: i for i, code in enumerate(one.codes)}
    parts: list[tuple[int, ...]] = [()] * len(one.codes)
    for parent, below in one.sums:
        parts[place[parent]] = parts[place[parent]] or tuple(place[part] for part in below)
    is_tree = len({parent for parent, _ in one.sums}) == len(one.sums)
    under = [node for below in parts for node in below]
    tops = sorted(set(range(len(parts))) - set(under))
    if len(tops) > 1:
        parts.append(tuple(tops))
    leaves = np.array([place[code] for code in one.leaves])
    members = _members(parts, leaves)
    root = tops[0] if len(tops) == 1 else len(parts) - 1
    return Axis(leaves, members, tuple(parts), root, is_tree and len({*under}) == len(under))


def add_up(leaves: npt.NDArray, axes: Sequence[Axis]) -> npt.NDArray:
    """Return the table with all its margins: one index per node of each axis."""
    whole = leaves
    for position, axis in enumerate(axes):
        first = np.moveaxis(whole, position, 0)
        summed = axis.members @ first.reshape(first.shape[0], -1)
        whole = np.moveaxis(summed.reshape(-1, *first.shape[1:]), 0, position)
    return whole


def counts_of(table: Table, dimensions: Sequence[Dimension]) -> Counts:
    """Return the counts of a table as an array, one index per code of each dimension.

    Raises:
        ValueError: The table is not that of the dimensions, or holds what is no count.
    """
    shape = tuple(len(one.codes) for one in dimensions)
    columns = [one.column for one in dimensions]
    if table.cells.columns != columns or table.cells.height != int(np.prod(shape)):
        raise complaint(
            "表と区分の定義が合いません",
            "引数 table・dimensions",
            "表を組み立てたときの区分を、同じ順で渡してください。",
        )
    counts = np.rint(table.values)
    if (np.abs(table.values - counts) > _WHOLE).any() or (counts < 0).any():
        raise complaint(
            "人数の表に、整数でない値か負の値があります",
            "引数 table",
            "集計をやり直し、該当者のない所は 0 にしてください。",
        )
    return counts.astype(np.int64).reshape(shape)


def cells_of(leaves: npt.NDArray, axes: Sequence[Axis], shape: tuple[int, ...]) -> npt.NDArray:
    """Return all cells with their margins in the order of the table, without nodes added here."""
    return add_up(leaves, axes)[tuple(slice(0, size) for size in shape)].reshape(-1)


def _members(parts: list[tuple[int, ...]], leaves: npt.NDArray[np.int64]) -> sparse.csr_array:
    place = {int(node): i for i, node in enumerate(leaves)}
    found: dict[int, tuple[int, ...]] = {node: (i,) for node, i in place.items()}

    def under(node: int) -> tuple[int, ...]:
        if node not in found:
            found[node] = tuple(dict.fromkeys(i for part in parts[node] for i in under(part)))
        return found[node]

    groups = [under(node) for node in range(len(parts))]
    rows = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    columns = np.array([i for group in groups for i in group])
    ones = np.ones(len(rows), np.int64)
    return sparse.csr_array((ones, (rows, columns)), shape=(len(groups), len(leaves)))
