"""Optimal full-domain generalisation: one level per column, few rows suppressed, least loss.

Belongs here: the order in which nodes are looked at, and the proof that none is better. Must not
hold: the lattice and its bounds (`lattice`), classes (`classes`), demands (`demands`), the
published table (`recode`).

A class that fails a model is suppressed. A node is feasible if it suppresses no more rows than the
limit. Its loss (`loss`) counts suppressed rows in full. The search has two parts:

1. From the cheapest open node a chain of cheapest steps leads to the top; halving finds where along
   it nodes become feasible. A few chains give a solution that is good, mostly the best.
2. Every open node whose lower bound does not exceed the best loss is looked at, dearest first. One
   that must lose too many rows (`demands`) rules out all below it. When none is left the best is
   proven.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anonymize.hierarchy.hierarchy import Hierarchy
from anonymize.records.groups import Groups
from anonymize.records.lattice import Lattice, Node
from anonymize.records.models import Model
from anonymize.records.nodes import Look, Nodes

_SAME = 1e-12  # losses nearer than this are equal: sums of the same terms in another order
_CHAINS = 4


@dataclass(frozen=True)
class Solution:
    """What the search found.

    Attributes:
        feasible: Whether any node satisfies the models within the limit.
        reason: Why not, in Japanese; empty when feasible.
        optimal_proven: Whether no node of less loss exists; True also when none is feasible.
        levels: Level per column; empty when not feasible.
        loss: From 0 to 1; 1 when not feasible.
        suppressed: Per group whether its rows are suppressed.
        suppressed_rows: Rows in suppressed groups.
        classes: Equivalence classes that are not suppressed.
        min_class: Members of the smallest of them; 0 without any.
        class_of: Per group its class, Int64: classes that are not suppressed from 0 on in the order
            of their labels, -1 for suppressed groups.
        nodes: How many nodes the lattice has.
        looked_at: How many were counted.
        seconds: Wall time.
    """

    feasible: bool
    reason: str
    optimal_proven: bool
    levels: dict[str, int]
    loss: float
    suppressed: npt.NDArray[np.bool_]
    suppressed_rows: int
    classes: int
    min_class: int
    class_of: npt.NDArray[np.int64]
    nodes: int
    looked_at: int
    seconds: float


class _Search:
    def __init__(self, nodes: Nodes, lattice: Lattice, seconds: float | None) -> None:
        self.nodes, self.lattice = nodes, lattice
        self.deadline = None if seconds is None else time.monotonic() + seconds
        self.best: tuple[float, int, Node] | None = None
        self.looks: dict[Node, Look] = {}

    @property
    def ceiling(self) -> float:
        return np.inf if self.best is None else self.best[0] + _SAME

    @property
    def out_of_time(self) -> bool:
        return self.deadline is not None and time.monotonic() > self.deadline

    def look(self, node: Node) -> bool:
        """Count a node, tag what follows from it, keep it if it is the best; True if feasible."""
        if node in self.looks:
            return self.looks[node].feasible
        found = self.looks[node] = self.nodes.look(node)
        if found.lost_below > self.nodes.limit:
            self.lattice.rule_out_below(node)
            return False
        self.lattice.raise_below(node, found.extra_below)
        self.lattice.leave(node)
        if found.feasible:
            loss = float(self.lattice.base[node] + found.extra)
            if self.best is None or self._better(loss, found.suppressed_rows, node):
                self.best = (loss, found.suppressed_rows, node)
        return found.feasible

    def _better(self, loss: float, suppressed: int, node: Node) -> bool:
        """Less loss; of equal losses fewer suppressed rows, then lower levels from the left."""
        if self.best is None or abs(loss - self.best[0]) > _SAME:
            return self.best is None or loss < self.best[0]
        return (suppressed, node) < self.best[1:]

    def climb(self) -> None:
        """Look along chains until several in a row bring nothing better."""
        idle = 0
        while idle < _CHAINS and not self.out_of_time:
            start = self.lattice.cheapest()
            if start is None or self.lattice.bound[start] > self.ceiling:
                return
            before = self.best
            self._halve(self._chain(start))
            self.look(start)
            idle = idle + 1 if self.best == before else 0

    def _chain(self, node: Node) -> list[Node]:
        chain = [node]
        while True:
            above = [
                (self.lattice.base[up], up)
                for column, height in enumerate(self.lattice.base.shape)
                if node[column] + 1 < height
                and self.lattice.base[up := (*node[:column], node[column] + 1, *node[column + 1 :])]
                <= self.ceiling
            ]
            if not above:
                return chain
            node = min(above)[1]
            chain.append(node)

    def _halve(self, chain: list[Node]) -> None:
        low, high = 0, len(chain) - 1
        while low <= high and not self.out_of_time:
            middle = (low + high) // 2
            if self.look(chain[middle]):
                high = middle - 1
            else:
                low = middle + 1

    def prove(self) -> bool:
        """Look at every node that could be as good; False if time ran out first."""
        for node in self.lattice.open_nodes(lambda: self.ceiling):
            if self.out_of_time:
                return False
            self.look(node)
        return True


def search(
    groups: Groups,
    hierarchies: Sequence[Hierarchy],
    models: Sequence[Model],
    suppression_limit: float,
    weights: Mapping[str, float] | None = None,
    *,
    population: Groups | None = None,
    seconds: float | None = None,
) -> Solution:
    """Find the levels of least loss.

    Args:
        groups: The table.
        hierarchies: One per column of `groups`, in its order.
        models: All must hold in every class that is not suppressed.
        suppression_limit: Share of the rows that may be suppressed, from 0 to 1.
        weights: Columns' weights in the loss, 1 where not named.
        population: The population by the same hierarchies; needed for k-map.
        seconds: Give up proving after that; the best found so far is returned, not proven. With it
            the result may depend on the machine. None: search to the end.

    Raises:
        ValueError: The demands cannot be read (limit, weights, order, missing population).
    """
    begun = time.monotonic()
    if not groups.total_rows:
        return _untouched(groups)
    nodes = Nodes(
        groups,
        hierarchies,
        models,
        suppression_limit=suppression_limit,
        weights=weights,
        population=population,
    )
    hunt = _Search(nodes, nodes.lattice, seconds)
    hunt.climb()
    proven = hunt.prove()
    return _solution(hunt, proven, begun)


def _solution(hunt: _Search, proven: bool, begun: float) -> Solution:  # noqa: FBT001
    nodes = hunt.nodes
    node = None if hunt.best is None else hunt.best[2]
    class_of, sizes = nodes.publish(node)
    return Solution(
        feasible=hunt.best is not None,
        reason="" if hunt.best is not None else nodes.why_not(),
        optimal_proven=proven,
        levels={} if node is None else dict(zip(nodes.columns, node, strict=True)),
        loss=1.0 if hunt.best is None else hunt.best[0],
        suppressed=class_of < 0,
        suppressed_rows=int(nodes.rows[class_of < 0].sum()),
        classes=len(sizes),
        min_class=int(sizes.min()) if len(sizes) else 0,
        class_of=class_of,
        nodes=nodes.lattice.base.size,
        looked_at=len(hunt.looks),
        seconds=time.monotonic() - begun,
    )


def _untouched(groups: Groups) -> Solution:
    """A table without rows needs no change."""
    nothing = np.empty(0, np.int64)
    levels = dict.fromkeys(groups.columns, 0)
    return Solution(
        feasible=True,
        reason="",
        optimal_proven=True,
        levels=levels,
        loss=0.0,
        suppressed=np.empty(0, np.bool_),
        suppressed_rows=0,
        classes=0,
        min_class=0,
        class_of=nothing,
        nodes=1,
        looked_at=0,
        seconds=0.0,
    )
