"""Tables that differ from the true one in few published cells.

Belongs here: the linear program that moves chosen cells and pays for every published cell that
must move with them. Must not hold: what is done with the answer (`suppression`).

Source: the heuristics of Kelly, Golden and Assad, Cell suppression: disclosure protection for
sensitive tabular data, Networks 22, 1992, and Fischetti and Salazar, Management Science 47, 2001,
section 5: a change y with A y = 0 leaves all sums as they are. If the cells it changes are hidden,
the attacker cannot tell the true table x from x + y.
"""

import highspy
import numpy as np
from scipy import sparse

from anonymize.tables.attack import Knowledge
from anonymize.tables.solver import SilentHighs
from anonymize.tables.structure import Flags, Table, Values

_REWARD = 1e3
_STILL = 1e-7


class Circulations:
    """One model of all changes; only bounds and costs differ from question to question."""

    def __init__(self, table: Table, known: Knowledge, never: Flags) -> None:
        """Build the model.

        Args:
            table: The true table.
            known: Bounds that a changed table must keep.
            never: n flags: cells that cannot change.
        """
        n = len(table.values)
        self._scale = max(1.0, float(np.abs(table.values).max(initial=0.0)) / 1e6)
        self._up = np.where(never, 0.0, known.upper - table.values) / self._scale
        self._down = np.where(never, 0.0, table.values - known.lower) / self._scale
        matrix = sparse.csc_array(sparse.hstack([table.equations, -table.equations]))
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = 2 * n, matrix.shape[0]
        program.col_cost_ = np.zeros(2 * n)
        program.col_lower_ = np.zeros(2 * n)
        program.col_upper_ = np.concatenate([self._up, self._down])
        program.row_lower_ = program.row_upper_ = np.zeros(matrix.shape[0])
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        program.a_matrix_.start_ = matrix.indptr
        program.a_matrix_.index_ = matrix.indices
        program.a_matrix_.value_ = matrix.data
        self._model = SilentHighs()
        # Where much is hidden the programs are degenerate: the simplex method takes ten times as long.
        self._model.setOptionValue("solver", "ipm")
        # A large cell takes a unit of change more easily than a small one: with prices that fall
        # with the root of the value, fewer cells move, and the program is solved ten times faster.
        self._ease = np.sqrt(np.maximum(1.0, np.abs(table.values) / self._scale))
        self._model.passModel(program)

    def move(self, wanted: Values, cost: Values) -> Values:
        """Move cells as far as wanted where that is possible, the rest as little as it costs.

        Args:
            wanted: n distances with sign; 0: the cell need not move.
            cost: n prices, not negative; 0 for cells that are hidden already.

        Returns:
            n changes y with A y = 0.

        Raises:
            ArithmeticError: The solver gave up.
        """
        n = len(wanted)
        goal = wanted / self._scale
        up, down = self._up.copy(), self._down.copy()
        prices = np.tile(cost / self._ease, 2)
        rising, falling = np.flatnonzero(goal > 0), np.flatnonzero(goal < 0)
        up[rising] = np.minimum(up[rising], goal[rising])
        down[rising] = 0.0
        down[falling] = np.minimum(down[falling], -goal[falling])
        up[falling] = 0.0
        prices[rising] = prices[n + falling] = -_REWARD
        places = np.arange(2 * n, dtype=np.int32)
        self._model.changeColsCost(2 * n, places, prices)
        self._model.changeColsBounds(2 * n, places, np.zeros(2 * n), np.concatenate([up, down]))
        self._model.run()
        if self._model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError(self._model.getModelStatus().name)
        solution = np.array(self._model.getSolution().col_value)
        change = solution[:n] - solution[n:]
        change[np.abs(change) < _STILL] = 0.0
        return change * self._scale
