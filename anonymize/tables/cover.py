"""Choose few cells so that every inequality on the chosen ones holds.

Belongs here: the covering program over cells, its relaxation with HiGHS, rounding by diving, removal
of what is not needed. Must not hold: where inequalities come from (`suppression_cuts`).

The program: minimise Σ cost·x over x in {0, 1} with Σ a·x ≥ b for every inequality, and, of every
equation of the table, never one hidden cell alone: x_i ≤ Σ of the other x. The latter are too many
to write down; those that a solution breaks are added when it does (Fischetti and Salazar,
Management Science 47, 2001, section 4, call them bridge-less inequalities).
"""

from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from anonymize.tables.components import Places
from anonymize.tables.solver import SilentHighs
from anonymize.tables.structure import Flags, Values

_SLACK = 1e-6
_SURE = 0.75
_SHARE = 0.05
_PAIR = 2
# Branch and bound is for tables where it takes seconds; its nodes are counted, never its time, so
# that the same table always gives the same choice.
_MOST_ROWS = 20_000
_MOST_NODES = 100
_GAP = 5e-4


class NoChoiceError(ArithmeticError):
    """No choice of cells satisfies the inequalities."""


@dataclass(frozen=True)
class Inequality:
    """Σ `weights`·x[`cells`] ≥ `least`; x of a cell is 1 when hidden."""

    cells: Places
    weights: Values
    least: float


class Cover:
    """The covering program; inequalities are only ever added."""

    def __init__(
        self, equations: sparse.csr_array, cost: Values, always: Flags, never: Flags
    ) -> None:
        """Start with no inequality but those of the equations.

        Args:
            equations: m × n.
            cost: n positive numbers: what hiding a cell costs.
            always: n flags: hidden in any case.
            never: n flags: published in any case; none of `always`.
        """
        self._members = sparse.csr_array(abs(equations) > 0).astype(np.int64)
        self._of_cell = sparse.csc_array(self._members)
        self._cost = cost
        self._always, self._never = always, never
        self._kept: list[Inequality] = []
        self._model = _start(cost, always, never)

    def add(self, inequalities: list[Inequality]) -> None:
        """Add inequalities."""
        if not inequalities:
            return
        self._kept.extend(inequalities)
        sizes = [len(one.cells) for one in inequalities]
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int32)
        self._model.addRows(
            len(inequalities),
            np.array([one.least for one in inequalities]),
            np.full(len(inequalities), highspy.kHighsInf),
            int(sum(sizes)),
            starts,
            np.concatenate([one.cells for one in inequalities]).astype(np.int32),
            np.concatenate([one.weights for one in inequalities]),
        )

    def choose(self, keep: Flags | None = None) -> Flags:
        """Choose cells by diving: solve, fix what is nearly chosen, solve again.

        Args:
            keep: Cells chosen already, if any.

        Returns:
            n flags that satisfy every inequality and equation.

        Raises:
            NoChoiceError: Not even all cells together satisfy them.
        """
        kept = self._always if keep is None else self._always | keep
        fixed = kept
        self._bound(fixed)
        while True:
            share = self._solve()
            if self._add_lonely(share):
                continue
            open_ones = (share > _SLACK) & (share < 1 - _SLACK) & ~fixed
            if not open_ones.any():
                return self.drop_needless(share > 1 - _SLACK, kept)
            fixed = fixed | (share >= 1 - _SLACK) | self._nearly(share, open_ones)
            self._bound(fixed)

    def improve(self, hidden: Flags) -> Flags:
        """Search for a cheaper choice by branch and bound; return the given one if there is none.

        The choice satisfies every inequality added so far; what it breaks of the equations is added
        for the next time.

        Args:
            hidden: A choice that satisfies all inequalities.
        """
        if len(self._kept) > _MOST_ROWS:
            return hidden
        self._bound(self._always)
        self._set_kind(highspy.HighsVarType.kInteger)
        start = highspy.HighsSolution()
        start.col_value = hidden.astype(float)
        self._model.setSolution(start)
        self._model.run()
        share = np.array(self._model.getSolution().col_value)
        self._set_kind(highspy.HighsVarType.kContinuous)
        if len(share) != len(hidden):
            return hidden
        self._add_lonely(share.round())
        return (share > 0.5) | self._always  # noqa: PLR2004 - whole numbers but for rounding

    def drop_needless(
        self, chosen: Flags, keep: Flags, agrees: Callable[[Flags, int], bool] | None = None
    ) -> Flags:
        """Publish, the dearest first, every cell without which all inequalities hold.

        Args:
            chosen: A choice that satisfies all.
            keep: Cells that stay hidden.
            agrees: Further judge of the choice without a cell, asked last.
        """
        hidden = chosen.copy()
        places = np.flatnonzero(hidden & ~keep & ~self._always)
        counts = self._members @ hidden.astype(np.int64)
        matrix, least = self._matrix()
        reached = matrix @ hidden
        by_cell = sparse.csc_array(matrix)
        for cell in places[np.lexsort((places, -self._cost[places]))]:
            mine = slice(self._of_cell.indptr[cell], self._of_cell.indptr[cell + 1])
            rows = self._of_cell.indices[mine]
            span = slice(by_cell.indptr[cell], by_cell.indptr[cell + 1])
            touched, weights = by_cell.indices[span], by_cell.data[span]
            if (counts[rows] == _PAIR).any():
                continue
            if (reached[touched] - weights < least[touched] - _SLACK).any():
                continue
            hidden[cell] = False
            if agrees is not None and not agrees(hidden, int(cell)):
                hidden[cell] = True
                continue
            counts[rows] -= 1
            reached[touched] -= weights
        return hidden

    def _solve(self) -> Values:
        self._model.run()
        if self._model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise NoChoiceError(self._model.getModelStatus().name)
        return np.array(self._model.getSolution().col_value)

    def _bound(self, fixed: Flags) -> None:
        n = len(fixed)
        self._model.changeColsBounds(
            n, np.arange(n, dtype=np.int32), fixed.astype(float), (~self._never).astype(float)
        )

    def _set_kind(self, kind: highspy.HighsVarType) -> None:
        n = len(self._cost)
        self._model.changeColsIntegrality(n, np.arange(n, dtype=np.int32), np.array([kind] * n))

    def _nearly(self, share: Values, open_ones: Flags) -> Flags:
        """Take what is at least three quarters chosen, else the first twentieth of the rest."""
        sure = open_ones & (share >= _SURE)
        if sure.any():
            return sure
        places = np.flatnonzero(open_ones)
        order = np.lexsort((places, self._cost[places], -share[places]))
        taken = np.zeros(len(share), dtype=bool)
        taken[places[order[: max(1, int(len(places) * _SHARE))]]] = True
        return taken

    def _add_lonely(self, share: Values) -> bool:
        """Add, of every equation whose largest x exceeds the sum of the others, that inequality."""
        weighted = sparse.csr_array(self._members.multiply(share[None, :]))
        total = weighted.sum(axis=1)
        largest = weighted.max(axis=1).toarray().ravel()
        found = []
        for row in np.flatnonzero(2 * largest > total + _SLACK):
            cells = self._members.indices[self._members.indptr[row] : self._members.indptr[row + 1]]
            cells = cells[~self._never[cells]].astype(np.int64)
            weights = np.ones(len(cells))
            weights[np.argmax(share[cells])] = -1.0
            found.append(Inequality(cells, weights, 0.0))
        self.add(found)
        return bool(found)

    def _matrix(self) -> tuple[sparse.csr_array, Values]:
        sizes = [len(one.cells) for one in self._kept]
        indptr = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        indices = np.concatenate([np.zeros(0, dtype=np.int64), *(o.cells for o in self._kept)])
        data = np.concatenate([np.zeros(0), *(one.weights for one in self._kept)])
        shape = (len(sizes), len(self._cost))
        return (
            sparse.csr_array((data, indices, indptr), shape=shape),
            np.array([one.least for one in self._kept]),
        )


def _start(cost: Values, always: Flags, never: Flags) -> highspy.Highs:
    model = SilentHighs()
    for option, value in [
        ("solver", "simplex"),
        ("mip_max_nodes", _MOST_NODES),
        ("mip_rel_gap", _GAP),
    ]:
        model.setOptionValue(option, value)
    n = len(cost)
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = n, 0
    program.col_cost_ = cost
    program.col_lower_, program.col_upper_ = always.astype(float), (~never).astype(float)
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = np.zeros(1, dtype=np.int32)
    model.passModel(program)
    return model
