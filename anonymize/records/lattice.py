"""Every way to choose one level per column, what each costs at least, and what is ruled out.

Belongs here: the ladders in the order that keeps classes together, lower bounds of the loss, and
the tags of nodes that need not be looked at. Must not hold: counting (`classes`) and the order in
which nodes are looked at (`full_domain`).

A node is a tuple of levels. A node below another generalises no column more. Without suppression a
node's loss is a sum over columns, so the losses of all nodes are one outer sum; suppression only
adds to it. That makes it an exact lower bound.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anonymize.complaint import complaint
from anonymize.hierarchy.hierarchy import Hierarchy
from anonymize.records.loss import column_weights, label_losses

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Node = tuple[int, ...]
_CHUNK = 4096


@dataclass(frozen=True)
class Ladder:
    """A hierarchy renumbered so that at every level the labels follow each other.

    Attributes:
        rank: Per value of level 0 (as in the hierarchy) its place in the new order.
        labels: Per level, per place: the number of its label; never falls along the places.
        losses: Per level, per label: its part of a row's loss, the column's weight included.
        weight: The column's part of the loss of a suppressed row.
    """

    rank: Ints
    labels: tuple[Ints, ...]
    losses: tuple[Floats, ...]
    weight: float

    @property
    def height(self) -> int:
        """The highest level."""
        return len(self.labels) - 1


def make_ladders(
    hierarchies: Sequence[Hierarchy], weights: Mapping[str, float] | None
) -> list[Ladder]:
    """Renumber the hierarchies.

    Raises:
        ValueError: Values share a label but not the higher ones, or as `column_weights`.
    """
    shares = column_weights(hierarchies, weights)
    return [_ladder(h, float(share)) for h, share in zip(hierarchies, shares, strict=True)]


def _ladder(hierarchy: Hierarchy, share: float) -> Ladder:
    order = np.lexsort(hierarchy.codes)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    labels, losses = [], []
    above = [codes[order] for codes in hierarchy.codes[1:]]
    for level, codes in enumerate(hierarchy.codes):
        ordered = codes[order]
        begins = np.r_[True, ordered[1:] != ordered[:-1]]
        torn = any((higher[1:] != higher[:-1])[~begins[1:]].any() for higher in above[level:])
        if torn or begins.sum() != len(np.unique(codes)):
            raise complaint(
                f"段階{level}で同じ区分になる値が、上の段階で別の区分に分かれています",
                f"列「{hierarchy.column}」の階層",
                "同じ区分の値は、それより上の段階でも同じ区分にしてください。",
            )
        labels.append(np.cumsum(begins) - 1)
        losses.append(share * label_losses(hierarchy, level)[ordered[begins]])
    return Ladder(rank, tuple(labels), tuple(losses), share)


class Lattice:
    """The nodes, their lower bounds and their tags, as arrays with one axis per column."""

    def __init__(self, ladders: Sequence[Ladder], places: Sequence[Ints], rows: Ints) -> None:
        """Compute the loss of every node without suppression.

        Args:
            ladders: n, one per column.
            places: n arrays of g: per group the place of its value in the ladder.
            rows: Per group its rows; at least one row in all.
        """
        total = rows.sum()
        self.base = np.zeros(())
        for ladder, place in zip(ladders, places, strict=True):
            counts = np.bincount(place, rows, len(ladder.rank)) / total
            levels = zip(ladder.labels, ladder.losses, strict=True)
            steps = [float(counts @ losses[labels]) for labels, losses in levels]
            self.base = np.add.outer(self.base, np.array(steps))
        self.bound = self.base.copy()
        self.ruled_out = np.zeros(self.base.shape, np.bool_)

    def rule_out_below(self, node: Node) -> None:
        """Tag the node and all below it as infeasible."""
        self.ruled_out[_below(node)] = True

    def raise_below(self, node: Node, extra: float) -> None:
        """Note that the node and all below it lose at least `extra` through suppression."""
        below = _below(node)
        np.maximum(self.bound[below], self.base[below] + extra, out=self.bound[below])

    def leave(self, node: Node) -> None:
        """Tag one node as dealt with."""
        self.ruled_out[node] = True

    def cheapest(self) -> Node | None:
        """The open node of the least bound; the first of equals; None if all are dealt with."""
        bounds = np.where(self.ruled_out, np.inf, self.bound)
        place = int(bounds.argmin())
        node = tuple(int(level) for level in np.unravel_index(place, bounds.shape))
        return None if np.isinf(bounds[node]) else node

    def open_nodes(self, ceiling: Callable[[], float]) -> Iterator[Node]:
        """The nodes that are open and bounded by `ceiling` when their turn comes, dearest first.

        Nothing comes before a node above it: a node found infeasible rules out as much as it can.
        """
        ruled_out, bound = self.ruled_out.reshape(-1), self.bound.reshape(-1)
        flat = np.flatnonzero(~ruled_out & (bound <= ceiling()))
        heights = np.zeros((), np.int16)
        for size in self.base.shape:
            heights = np.add.outer(heights, np.arange(size, dtype=np.int16))
        order = np.lexsort((-heights.reshape(-1)[flat], -self.base.reshape(-1)[flat]))
        for begin in range(0, len(order), _CHUNK):
            chunk = flat[order[begin : begin + _CHUNK]]
            chunk = chunk[~ruled_out[chunk] & (bound[chunk] <= ceiling())]
            for place in chunk.tolist():
                if not ruled_out[place] and bound[place] <= ceiling():
                    yield tuple(map(int, np.unravel_index(place, self.base.shape)))


def _below(node: Node) -> tuple[slice, ...]:
    return tuple(slice(0, level + 1) for level in node)
