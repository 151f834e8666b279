"""What an outsider computes exactly from a rounded table.

Belongs here: the search for other tables that agree with all that is seen and known. Must not hold:
the linear program itself (`rounding_program`), rounding and what its way tells (`rounding`).

The attacker knows the base and what the way of rounding says of every cell of the finest level; of
sums he is given more than he can know, the largest change that was made. A count is safe from exact
disclosure when a table that agrees shows it one person or more away. The rounded table itself
agrees, because it adds up: so no count that was changed is known exactly, unless he knows more
(bring it in by `least` and `most` of the rounded table, say true totals). He does not use that the
table is the nearest of its kind, that others of the same persons exist, or that counts elsewhere
are whole numbers.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from anonymize.tables.rounding import Rounded
from anonymize.tables.rounding_program import minimise
from anonymize.tables.structure import Table, Values

_TOLERANCE = 1e-6
_TOGETHER = 6
Places = npt.NDArray[np.int64]


def exactly_known(table: Table, rounded: Rounded, cells: Sequence[int] | Places) -> Places:
    """Return those of the cells whose true count the attacker knows exactly.

    The rounded table is the first that agrees. Then many cells are moved by one program: up, down, in
    random directions. What has not moved by then is asked one by one, two programs a cell.

    Args:
        table: The true table.
        rounded: As published.
        cells: Places of the cells asked about.
    """
    low, high = rounded.least.astype(np.float64), rounded.most.astype(np.float64)
    rest = np.unique(np.asarray(cells, dtype=np.int64))
    for point in _points(table, rounded, low, high, rest):
        rest = rest[np.abs(point[rest] - table.values[rest]) < 1 - _TOLERANCE]
        if not len(rest):
            break
    known = [cell for cell in rest.tolist() if not _moves(table, low, high, cell)]
    return np.array(known, dtype=np.int64)


def _points(
    table: Table, rounded: Rounded, low: Values, high: Values, cells: Places
) -> Iterator[Values]:
    """Give tables that agree with what is known, far from each other in the cells."""
    if ((low <= rounded.values) & (rounded.values <= high)).all():
        yield rounded.values.astype(np.float64)
    rng = np.random.default_rng(0)
    ones = np.ones(len(cells), dtype=np.int64)
    for signs in [ones, -ones, *(rng.choice([-1, 1], len(cells)) for _ in range(_TOGETHER))]:
        yield _extreme(table, low, high, cells, signs)


def _moves(table: Table, low: Values, high: Values, cell: int) -> bool:
    ends = [_extreme(table, low, high, np.array([cell]), np.array([s]))[cell] for s in (1, -1)]
    return bool(np.abs(np.array(ends) - table.values[cell]).max() >= 1 - _TOLERANCE)


def _extreme(
    table: Table, low: Values, high: Values, cells: Places, signs: npt.NDArray[np.int64]
) -> Values:
    """Return a table between the bounds that adds up and is smallest in the signed cells."""
    cost = np.zeros(len(low))
    cost[cells] = signs
    matrix = table.equations.tocsc()
    found = minimise(matrix, -(table.equations @ low), high - low, cost, 0)
    if found is None:
        raise ArithmeticError("the true table itself does not agree with what was published")
    return found + low
