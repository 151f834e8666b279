"""The linear program of what propagation leaves open at one moment.

Belongs here: the program, which bounds are worth asking for, and how the answers are read. Must not
hold: propagation (`solving`), where the equations come from.

Most cells are shown not to be exact by a few points far apart that all fit; only what these leave is
asked for one by one. Components do not meet, so one run answers one question of each.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import highspy
import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from anonymize.overlap.released import ENDLESS
from anonymize.tables.solver import SilentHighs

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SETTLED = 0.9  # while a tenth of what waits is settled a round, another round pays
_EPSILON = 1e-5


class ContradictionError(Exception):
    """The published cells cannot all be true of the same persons at the same moment."""


class Program:
    """The linear program of what propagation left open, and the bounds seen so far."""

    def __init__(
        self,
        matrix: sparse.csr_matrix,
        low: NDArray[np.int64],
        high: NDArray[np.int64],
        row_low: NDArray[np.int64],
        row_high: NDArray[np.int64],
    ) -> None:
        """Take what propagation left: rows x columns with the bounds of both."""
        self.low, self.high = low.copy(), high.copy()
        self.row_low, self.row_high = row_low.copy(), row_high.copy()
        known = np.where(low == high, low, 0)
        self.open = np.flatnonzero(low < high)
        part = matrix[:, self.open].tocsr()
        inner = np.flatnonzero(np.diff(part.indptr) > 0)
        joined = _linked(part[inner])
        # A column that stands in one row, alone with others of that row, is bounded already.
        self.open = self.open[joined.columns]
        self.rows = inner[joined.rows]
        self.matrix = part[self.rows][:, joined.columns].tocsr()
        self.component, self.row_component = joined.column_component, joined.row_component
        self.known = (matrix @ known)[self.rows]

    def narrow(self, seconds: float) -> int:
        """Bound every open column and row; tell how many were not reached."""
        if not len(self.open):
            return 0
        self.solver = self._load()
        self._watch()
        until = time.monotonic() + seconds
        self._probe(until)
        done = np.zeros((2, self._count), dtype=bool)
        while (waiting := self._waiting(done)).any():
            if time.monotonic() >= until:
                return int(waiting.any(axis=0).sum())
            self._ask(waiting, done, until)
        return 0

    @property
    def _count(self) -> int:
        return len(self.open) + len(self.rows)

    def _probe(self, until: float) -> None:
        """Look at points far apart, as long as they show many more bounds to be wide."""
        # Points inside the polytope do as well as corners here, and cost the same at every size.
        self.solver.setOptionValue("solver", "ipm")
        self.solver.setOptionValue("run_crossover", "off")
        rng = np.random.default_rng(0)
        never = np.zeros((2, self._count), dtype=bool)
        waiting, before = self._count, np.inf
        while waiting and waiting < _SETTLED * before and time.monotonic() < until:
            before = waiting
            # Rows count too: a row is wide as soon as two points differ in its sum.
            wanted = self._waiting(never)[:, : len(self.open)].any(axis=0)
            for draw in (np.ones(len(self.open)), rng.choice([-1.0, 1.0], len(self.open))):
                for sign in (1.0, -1.0):
                    self._solve(sign * draw * wanted, until)
            waiting = int(self._waiting(never).any(axis=0).sum())
        self.solver.setOptionValue("solver", "simplex")

    def _load(self) -> highspy.Highs:
        solver = SilentHighs()
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.open), len(self.rows)
        model.col_cost_ = np.zeros(len(self.open))
        model.col_lower_ = self.low[self.open].astype(float)
        model.col_upper_ = self.high[self.open].astype(float)
        model.row_lower_ = (self.row_low[self.rows] - self.known).astype(float)
        model.row_upper_ = (self.row_high[self.rows] - self.known).astype(float)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = self.matrix.indptr
        model.a_matrix_.index_ = self.matrix.indices
        model.a_matrix_.value_ = self.matrix.data.astype(float)
        solver.passModel(model)
        return solver

    def _watch(self) -> None:
        """Begin with nothing seen: the range of what feasible points show."""
        self.least = np.full(self._count, np.inf)
        self.most = np.full(self._count, -np.inf)

    def _solve(self, costs: NDArray[np.float64], until: float) -> bool:
        """Minimise, and remember what the point found shows; False: no answer in time."""
        columns = np.arange(len(costs), dtype=np.int32)
        self.solver.changeColsCost(len(costs), columns, costs)
        self.solver.setOptionValue(
            "time_limit", self.solver.getRunTime() + max(until - time.monotonic(), 0.01)
        )
        self.solver.run()
        status = self.solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            raise ContradictionError
        if status != highspy.HighsModelStatus.kOptimal:
            return False
        values = np.asarray(self.solver.getSolution().col_value)
        point = np.concatenate([values, self.matrix @ values])
        self.least, self.most = np.minimum(self.least, point), np.maximum(self.most, point)
        return True

    def _waiting(self, done: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Tell which of (smallest, largest) are still wanted: those that may turn out exact."""
        is_wide = np.floor(self.most + _EPSILON) - np.ceil(self.least - _EPSILON) >= 1
        fixed_row = self.row_low[self.rows] == self.row_high[self.rows]
        settled = is_wide | np.concatenate([np.zeros(len(self.open), dtype=bool), fixed_row])
        return ~done & ~settled

    def _ask(self, waiting: NDArray[np.bool_], done: NDArray[np.bool_], until: float) -> None:
        """Ask each component for one bound at once."""
        of = np.concatenate([self.component, self.row_component])
        end = 0 if waiting[0].any() else 1
        targets = np.flatnonzero(waiting[end])
        _, first = np.unique(of[targets], return_index=True)
        targets = targets[first]
        sign = 1.0 if end == 0 else -1.0
        costs = np.zeros(len(self.open))
        of_columns = targets[targets < len(self.open)]
        of_rows = targets[targets >= len(self.open)] - len(self.open)
        costs[of_columns] += sign
        costs += sign * np.asarray(self.matrix[of_rows].sum(axis=0)).ravel()
        if self._solve(costs, until):
            done[end, targets] = True
            self._keep(targets, end)
        elif time.monotonic() < until:
            # The solver gave up for another reason: leave these bounds as propagation made them.
            raise ArithmeticError

    def _keep(self, targets: NDArray[np.int64], end: int) -> None:
        """Write down bounds that were reached, rounded inwards."""
        is_column = targets < len(self.open)
        columns = self.open[targets[is_column]]
        rows = self.rows[targets[~is_column] - len(self.open)]
        add = self.known[targets[~is_column] - len(self.open)]
        if end == 0:
            reached = np.ceil(self.least[targets] - _EPSILON)
            self.low[columns] = np.maximum(self.low[columns], _whole(reached[is_column]))
            self.row_low[rows] = np.maximum(self.row_low[rows], _whole(reached[~is_column]) + add)
        else:
            reached = np.floor(self.most[targets] + _EPSILON)
            self.high[columns] = np.minimum(self.high[columns], _whole(reached[is_column]))
            self.row_high[rows] = np.minimum(self.row_high[rows], _whole(reached[~is_column]) + add)


@dataclass(frozen=True)
class _Linked:
    """Columns and rows of components that more than one row holds together."""

    columns: NDArray[np.int64]
    rows: NDArray[np.int64]
    column_component: NDArray[np.int64]
    row_component: NDArray[np.int64]


def _linked(part: sparse.csr_matrix) -> _Linked:
    height, width = part.shape
    graph = sparse.bmat([[None, part], [part.T, None]]) if height and width else None
    if graph is None:
        empty = np.zeros(0, dtype=np.int64)
        return _Linked(empty, empty, empty, empty)
    _, label = connected_components(graph, directed=False)
    rows_in = np.bincount(label[:height], minlength=label.max() + 1)
    rows = np.flatnonzero(rows_in[label[:height]] > 1)
    columns = np.flatnonzero(rows_in[label[height:]] > 1)
    return _Linked(columns, rows, label[height:][columns], label[:height][rows])


def _whole(values: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.clip(values, -ENDLESS, ENDLESS).astype(np.int64)
