"""One node of the lattice, judged: what it suppresses, and what every node below it must lose.

Belongs here: the table as the search sees it, and the verdict on a node. Must not hold: the order
of the search (`full_domain`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.complaint import complaint
from anonymize.hierarchy.hierarchy import Hierarchy
from anonymize.records.classes import Classes, SortedTable, Spread, add_up, sort_table, spread
from anonymize.records.demands import make_demands
from anonymize.records.groups import Groups
from anonymize.records.keys import pack
from anonymize.records.lattice import Lattice, Node, make_ladders
from anonymize.records.models import KMap, Model

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_EVEN_ENOUGH = 0.25
_WHOLE = 1e-6  # counts are whole; this much is rounding


@dataclass(frozen=True)
class Look:
    """The verdict on a node.

    Attributes:
        feasible: Whether the suppressed rows are within the limit.
        suppressed_rows: Rows in failing classes; from below when not feasible, as counting stops.
        extra: Loss through suppression, on top of the lattice's base; NaN when not feasible.
        lost_below: Rows that this node and every node below it must suppress, from below.
        extra_below: Loss through those.
    """

    feasible: bool
    suppressed_rows: int
    extra: float
    lost_below: int
    extra_below: float


class Nodes:
    """The table, its lattice and the demands."""

    def __init__(
        self,
        groups: Groups,
        hierarchies: Sequence[Hierarchy],
        models: Sequence[Model],
        *,
        suppression_limit: float,
        weights: Mapping[str, float] | None,
        population: Groups | None,
    ) -> None:
        """Prepare the search; the table has at least one row.

        Raises:
            ValueError: As `full_domain.search`.
        """
        if not 0 <= suppression_limit <= 1:
            raise complaint(
                "抑制の上限が0から1の間にありません",
                "suppression_limit",
                "行の割合で書いてください(2 % なら 0.02)。",
            )
        self.columns, self.rows = groups.columns, groups.rows
        self.ladders = make_ladders(hierarchies, weights)
        self.demands = make_demands(models, groups)
        self.groups, self._population = _with_population(groups, models, hierarchies, population)
        self._total = groups.total_rows
        self.limit = int(suppression_limit * self._total + _WHOLE)
        self._places = [
            ladder.rank[codes]
            for ladder, codes in zip(self.ladders, self.groups.codes.T, strict=True)
        ]
        self.lattice = Lattice(self.ladders, self._places, self.groups.rows)
        self._tables: dict[int, SortedTable] = {}
        self._largest = [self._largest_label(column) for column in range(len(self.ladders))]

    def look(self, node: Node) -> Look:
        """Judge a node, slice by slice; stop when it is infeasible and will tell no more."""
        table = self._table_for(node)
        failing, lost = _Rows(), _Rows()
        seen = 0
        for begin, end in table.slices(self.ladders, node[table.column]):
            classes = add_up(table, self.ladders, node, begin, end)
            holds, gone = self._judge(table, classes, begin, end)
            example = begin + classes.parts.example
            failing.add(example[~holds], classes.rows[~holds])
            lost.add(example[gone > 0], gone[gone > 0])
            seen += int(classes.rows.sum())
            if lost.total > self.limit:
                return Look(False, failing.total, np.nan, lost.total, np.nan)  # noqa: FBT003
            # At this rate the rest of the table would not rule out the nodes below.
            if failing.total > self.limit and lost.total * self._total < self.limit * seen:
                break
        feasible = failing.total <= self.limit
        extra = self._extra(table, node, failing) if feasible else np.nan
        return Look(feasible, failing.total, extra, lost.total, self._extra(table, node, lost))

    def publish(self, node: Node | None) -> tuple[Ints, Ints]:
        """Return per group its class (-1: suppressed), and the sizes of the classes."""
        if node is None:
            return np.full(len(self.rows), -1), np.empty(0, np.int64)
        table = self._table_for(node)
        end = len(table.rows)
        classes = add_up(table, self.ladders, node, 0, end)
        holds, _ = self._judge(table, classes, 0, end)
        kept = holds & (classes.rows > 0)
        names = np.where(kept, np.cumsum(kept) - 1, -1)
        class_of = np.empty(end, np.int64)
        class_of[table.order] = names[classes.parts.of]
        return class_of[: len(self.rows)], classes.sizes[kept]

    def why_not(self) -> str:
        """Say in Japanese why nothing is feasible."""
        top = tuple(size - 1 for size in self.lattice.base.shape)
        least = self.look(top).suppressed_rows
        return (
            f"どの段階の組み合わせも、抑制できる行の上限({self._total}行のうち{self.limit}行)の中では"
            f"プライバシーモデルを満たしません。すべての列を最上段まで上げても{least}行が残ります。"
            "モデルの値を緩めるか、抑制の上限を上げてください。"
        )

    def _judge(
        self, table: SortedTable, classes: Classes, begin: int, end: int
    ) -> tuple[Bools, Ints]:
        """Per class: whether all demands hold, and the rows lost here and below."""
        holds = self.demands.big_enough(classes) | (classes.rows == 0)
        gone = np.where(holds, 0, classes.rows)
        spreads: dict[str, Spread] = {}
        for demand in self.demands.spreads:
            wanted = holds & (classes.rows > 0)
            if demand.on not in spreads:
                spreads[demand.on] = spread(table, demand.on, classes, begin, end)
            seen = np.flatnonzero(wanted)
            part = spreads[demand.on].only(wanted)
            passed = demand.holds(part, classes.sizes[seen].astype(float))
            failing = part.only(~passed)
            if failing.number:
                whole = classes.rows[seen[~passed]]
                kept = np.floor(demand.most_kept(failing) + _WHOLE)
                rest = np.ceil(failing.add_up(failing.count) - kept).astype(np.int64)
                few = kept < max(self.demands.size, 1)
                gone[seen[~passed]] = np.where(few, whole, np.minimum(rest, whole))
                holds[seen[~passed]] = False
        return holds, gone

    def _extra(self, table: SortedTable, node: Node, rows: "_Rows") -> float:
        """The loss suppression adds: what those rows do not yet lose at the node."""
        example, count = rows.columns()
        left = np.ones(len(example))
        for ladder, level, place in zip(self.ladders, node, table.places, strict=True):
            left -= ladder.losses[level][ladder.labels[level][place[example]]]
        return float(left @ count) / self._total

    def _table_for(self, node: Node) -> SortedTable:
        """Pick the table whose slices at the node are smallest, sorting a new one if need be."""
        shares = [self._largest[column][level] for column, level in enumerate(node)]
        known = min(self._tables, key=shares.__getitem__, default=None)
        if known is not None and shares[known] <= max(_EVEN_ENOUGH, min(shares)):
            return self._tables[known]
        column = int(np.argmin(shares))
        table = sort_table(self.groups, self._population, self._places, column)
        return self._tables.setdefault(column, table)

    def _largest_label(self, column: int) -> Floats:
        """Per level the share of the groups in the largest label."""
        places, ladder = self._places[column], self.ladders[column]
        counts = np.bincount(places, minlength=len(ladder.rank))
        return np.array(
            [np.bincount(labels, counts).max() / len(places) for labels in ladder.labels]
        )


class _Rows:
    """Rows that are lost, by an example group of their class."""

    def __init__(self) -> None:
        self.total = 0
        self._parts: list[tuple[Ints, Ints]] = []

    def add(self, example: Ints, rows: Ints) -> None:
        self.total += int(rows.sum())
        self._parts.append((example, rows))

    def columns(self) -> tuple[Ints, Ints]:
        examples, rows = zip(*self._parts, strict=True)
        return np.concatenate(examples), np.concatenate(rows)


def _with_population(
    groups: Groups,
    models: Sequence[Model],
    hierarchies: Sequence[Hierarchy],
    population: Groups | None,
) -> tuple[Groups, Ints | None]:
    """Add the groups only the population has, with no rows; and everyone's count in it."""
    if not any(isinstance(model, KMap) for model in models):
        return groups, None
    if population is None or len(population.recurring):
        raise complaint(
            "k-map には、1人がただ1つの組に入る母集団の表が要ります",
            "population",
            "住民基本台帳など、1人1行の表を渡してください。",
        )
    radices = [len(h.labels[0]) for h in hierarchies]
    ours, theirs = pack(groups.codes, radices), pack(population.codes, radices)
    index = ours.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("group"))
    found = theirs.join(index, on=ours.columns, how="left", maintain_order="left")["group"]
    place = found.fill_null(-1).to_numpy()
    counts = np.zeros(len(groups.rows), np.int64)
    counts[place[place >= 0]] = population.sizes[place >= 0]
    only = place < 0
    nobody = np.zeros(int(only.sum()), np.int64)
    wider = replace(
        groups,
        codes=np.vstack([groups.codes, population.codes[only]]),
        rows=np.r_[groups.rows, nobody],
        sizes=np.r_[groups.sizes, nobody],
    )
    return wider, np.r_[counts, population.sizes[only]]
