"""What an outsider computes about hidden cells: the linear-programming attacker.

Belongs here: the smallest and largest value of every hidden cell that agrees with all that is
published. Must not hold: which cells are hidden (`suppression`), the sheet for people
(`intervals`).

The attacker knows the equations of the table, every published cell, and bounds of the hidden ones
(Fischetti and Salazar, Solving the cell suppression problem on tabular data with linear
constraints, Management Science 47, 2001; Hundepool et al., 2012, section 4.3). His intervals are
those of real numbers. A count is a whole number, so the ends may be rounded inwards; in tables of
three and more dimensions the whole-number interval can be narrower still.
"""

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from anonymize.complaint import complaint
from anonymize.tables.components import Component, Places, components
from anonymize.tables.solver import Extreme, Polyhedron
from anonymize.tables.structure import Flags, Table, Values

_TINY = 8
_EPSILON = 1e-9
EXACT = 1e-6


@dataclass(frozen=True)
class Knowledge:
    """What anybody knows of a cell before the table appears.

    Attributes:
        lower: n numbers; 0 for counts and amounts that cannot be negative.
        upper: n numbers; infinite where nothing is known.
    """

    lower: Values
    upper: Values

    def __post_init__(self) -> None:
        """Require one bound of each kind per cell.

        Raises:
            ValueError: The two differ in length.
        """
        if self.lower.shape != self.upper.shape:
            raise complaint(
                "下限と上限の数が違います",
                "知られている上限・下限",
                "セルの数だけ、両方を渡してください。",
            )


def not_negative(table: Table) -> Knowledge:
    """Know only that no value is negative."""
    n = len(table.values)
    return Knowledge(np.zeros(n), np.full(n, np.inf))


@dataclass(frozen=True)
class Intervals:
    """The attacker's intervals.

    Attributes:
        cells: h places of the hidden cells, ascending.
        lower: h smallest possible values.
        upper: h largest possible values; may be infinite.
    """

    cells: Places
    lower: Values
    upper: Values

    def whole(self) -> "Intervals":
        """Give the same intervals for whole numbers: the ends rounded inwards."""
        allowed = EXACT * np.maximum(1.0, np.abs(self.lower))
        lower, upper = np.ceil(self.lower - allowed) + 0.0, np.floor(self.upper + allowed)
        return Intervals(self.cells, lower, upper)

    @property
    def width(self) -> Values:
        """Length of the intervals."""
        return self.upper - self.lower

    @property
    def exact(self) -> Flags:
        """The attacker knows the value."""
        size = np.maximum(1.0, np.abs(self.lower))
        return self.width <= EXACT * size


def attack(table: Table, hidden: Flags, knowledge: Knowledge | None = None) -> Intervals:
    """Compute the attacker's interval of every hidden cell.

    Args:
        table: The true table.
        hidden: n flags.
        knowledge: Bounds that hold for the true values; `not_negative` when None.
    """
    known = knowledge or not_negative(table)
    cells = np.flatnonzero(hidden)
    lower, upper = table.values.copy(), table.values.copy()
    for part in components(table.equations, hidden):
        low, high = component_interval(part, table.values, known)
        lower[part.cells], upper[part.cells] = low, high
    return Intervals(cells, lower[cells], upper[cells])


def component_interval(part: Component, values: Values, known: Knowledge) -> tuple[Values, Values]:
    """Compute the intervals of one component's cells."""
    true = values[part.cells]
    low, high = known.lower[part.cells], known.upper[part.cells]
    if not len(part.rows):
        return low.copy(), high.copy()
    if len(part.cells) <= _TINY:
        free = linalg.null_space(part.matrix.toarray())
        if free.shape[1] == 0:
            return true.copy(), true.copy()
        if free.shape[1] == 1:
            return _along(free[:, 0], true, low, high)
    return _by_programs(part, true, low, high)


def _along(way: Values, true: Values, low: Values, high: Values) -> tuple[Values, Values]:
    """Go both ways along the only direction in which the cells can move."""
    way = np.where(np.abs(way) < _EPSILON, 0.0, way)
    moving = way != 0
    with np.errstate(divide="ignore", invalid="ignore"):
        to_high = np.where(way > 0, (high - true) / way, (low - true) / way)
        to_low = np.where(way > 0, (low - true) / way, (high - true) / way)
    forth, back = to_high[moving].min(), to_low[moving].max()
    with np.errstate(invalid="ignore"):
        ends = np.where(moving, true + np.outer([back, forth], way), true)
    return ends.min(axis=0), ends.max(axis=0)


def _by_programs(part: Component, true: Values, low: Values, high: Values) -> tuple[Values, Values]:
    """Solve two programs per cell, save where an earlier solution already stands at the bound."""
    model = Polyhedron(part.matrix, true, low, high)
    least, most = true.copy(), true.copy()
    for place in range(len(true)):
        if least[place] > low[place] + _EPSILON:
            _widen(least, most, model.least(place), place)
        if most[place] < high[place] - _EPSILON:
            _widen(least, most, model.most(place), place)
    return least, most


def _widen(least: Values, most: Values, found: Extreme, place: int) -> None:
    """Widen the intervals of all cells by one solution."""
    if np.isfinite(found.point).all():
        np.minimum(least, found.point, out=least)
        np.maximum(most, found.point, out=most)
    least[place], most[place] = min(least[place], found.end), max(most[place], found.end)
