"""What the equations of one moment leave possible: bounds by propagation, then by linear programs.

Belongs here: the smallest and largest count of every column and row that fits all published cells.
Must not hold: what that says between moments (`statements`).

Propagation is bound consistency for sums (Dobra and Fienberg, Bounds for cell entries in contingency
tables given marginal totals, PNAS 97, 2000; the "shuttle" of Buzzigoli and Giusti, 1998). What it
leaves open is decided by HiGHS, all connected components in one program: a sum of one objective per
component is solved as if each were alone. Bounds of the program are rounded inwards, since counts
are whole; so a bound is never too narrow, but may be wider than whole numbers allow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anonymize.overlap.program import ContradictionError, Program
from anonymize.overlap.released import ENDLESS

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

    from anonymize.overlap.equations import Equations

_ROUNDS = 200
SECONDS = 90.0


@dataclass(frozen=True)
class Solved:
    """Bounds of one moment.

    Attributes:
        low, high: per column.
        row_low, row_high: per row.
        by_program: columns fixed only by the linear program.
        row_by_program: the same of rows.
        undecided: columns and rows that time ran out for; their bounds are those of propagation.
    """

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    row_low: NDArray[np.int64]
    row_high: NDArray[np.int64]
    by_program: NDArray[np.bool_]
    row_by_program: NDArray[np.bool_]
    undecided: int


def solve(equations: Equations, *, seconds: float = SECONDS) -> Solved:
    """Bound every column and row.

    Args:
        equations: Of one moment.
        seconds: For the linear programs; what they do not reach counts as undecided.

    Raises:
        ContradictionError: No counts fit.
    """
    low = np.zeros(equations.columns.shape[1], dtype=np.int64)
    high = np.full_like(low, ENDLESS)
    rows = (equations.low, equations.high)
    low, high, row_low, row_high = _propagate(equations.columns, low, high, *rows)
    program = Program(equations.columns, low, high, row_low, row_high)
    undecided = program.narrow(seconds)
    fixed, row_fixed = program.low == program.high, program.row_low == program.row_high
    return Solved(
        program.low,
        program.high,
        program.row_low,
        program.row_high,
        by_program=fixed & (low < high),
        row_by_program=row_fixed & (row_low < row_high),
        undecided=undecided,
    )


def _propagate(
    matrix: sparse.csr_matrix,
    low: NDArray[np.int64],
    high: NDArray[np.int64],
    row_low: NDArray[np.int64],
    row_high: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Narrow columns by rows and rows by columns until nothing moves (or enough was done)."""
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    column = matrix.indices
    for _ in range(_ROUNDS):
        least, most = matrix @ low, matrix @ high
        new_row_low, new_row_high = np.maximum(row_low, least), np.minimum(row_high, most)
        new_low, new_high = low.copy(), high.copy()
        np.maximum.at(new_low, column, new_row_low[row] - (most[row] - high[column]))
        np.minimum.at(new_high, column, new_row_high[row] - (least[row] - low[column]))
        if (new_low > new_high).any() or (new_row_low > new_row_high).any():
            raise ContradictionError
        before = (low, high, row_low, row_high)
        low, high, row_low, row_high = new_low, new_high, new_row_low, new_row_high
        if all(map(np.array_equal, before, (low, high, row_low, row_high))):
            break
    return low, high, row_low, row_high
