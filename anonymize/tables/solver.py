"""The set of all tables that agree with what is published, and its ends.

Belongs here: one HiGHS model of hidden cells, whose objective alone changes, so that every program
starts from the last one's basis. Must not hold: which cells are asked about (`attack`), what
follows from an answer.
"""

from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from anonymize.tables.structure import Values

_LARGEST = 1e6
_UNBOUNDED = {
    highspy.HighsModelStatus.kUnbounded,
    highspy.HighsModelStatus.kUnboundedOrInfeasible,
}


@dataclass(frozen=True)
class Extreme:
    """One end of a cell's interval.

    Attributes:
        end: The value; infinite when nothing bounds the cell.
        point: k values of a table that agrees and reaches it; infinite when there is none.
        prices: r multipliers of the equations: they prove the end (zeros when there is none).
    """

    end: float
    point: Values
    prices: Values


class SilentHighs(highspy.Highs):
    """HiGHS without callbacks, whose installation prints a banner to standard output."""

    def __init__(self) -> None:
        """Silence the solver before anything else."""
        super(highspy.Highs, self).__init__()
        self.setOptionValue("output_flag", False)  # noqa: FBT003 - the library's signature
        self.setOptionValue("threads", 1)


class Polyhedron:
    """Tables x with `matrix @ x` as in the true table, between bounds."""

    def __init__(self, matrix: sparse.csr_array, true: Values, low: Values, high: Values) -> None:
        """Build the model; nothing is solved yet.

        Args:
            matrix: r × k.
            true: k true values; they satisfy the bounds.
            low: k lower bounds; may be infinite.
            high: k upper bounds; may be infinite.
        """
        # HiGHS works with absolute tolerances; amounts in yen are brought to the size of counts.
        self._scale = max(1.0, float(np.abs(true).max(initial=0.0)) / _LARGEST)
        self._count = len(true)
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = matrix.shape[1], matrix.shape[0]
        program.col_cost_ = np.zeros(self._count)
        program.col_lower_, program.col_upper_ = low / self._scale, high / self._scale
        right = matrix @ (true / self._scale)
        program.row_lower_ = program.row_upper_ = right
        columns = sparse.csc_array(matrix)
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        program.a_matrix_.start_ = columns.indptr
        program.a_matrix_.index_ = columns.indices
        program.a_matrix_.value_ = columns.data
        self._model = SilentHighs()
        for option, value in [
            ("presolve", "off"),
            ("solver", "simplex"),
            ("simplex_strategy", 4),  # primal: the last solution stays feasible
        ]:
            self._model.setOptionValue(option, value)
        self._model.passModel(program)

    def least(self, place: int) -> Extreme:
        """Find the smallest value of a cell."""
        return self._solve(place, 1.0)

    def most(self, place: int) -> Extreme:
        """Find the largest value of a cell."""
        return self._solve(place, -1.0)

    def fix(self, place: int, low: float, high: float) -> None:
        """Set other bounds of a cell."""
        self._model.changeColBounds(place, low / self._scale, high / self._scale)

    def _solve(self, place: int, sign: float) -> Extreme:
        self._model.changeColCost(place, sign)
        self._model.run()
        status = self._model.getModelStatus()
        self._model.changeColCost(place, 0.0)
        if status in _UNBOUNDED:
            rows = self._model.getNumRow()
            return Extreme(-sign * np.inf, np.full(self._count, np.inf), np.zeros(rows))
        if status != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError(f"linear program: {status.name}")
        solution = self._model.getSolution()
        point = np.array(solution.col_value) * self._scale
        return Extreme(float(point[place]), point, np.array(solution.row_dual))
