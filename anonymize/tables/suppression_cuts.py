"""Why a hidden cell is not hidden enough, as an inequality on what must be hidden besides.

Belongs here: the attacker's proofs turned into inequalities. Must not hold: the choice of cells
(`cover`), the loop (`suppression`).

Source: the capacity inequalities of Fischetti and Salazar, Management Science 47, 2001, section 4.
For any multipliers π of the equations A x = 0, and g = ±e_p + Aᵀπ, a table x that agrees with what
is published has ±(x_p − v_p) = g·(x − v) ≤ Σ over hidden cells of g⁺·(upper − v) + g⁻·(v − lower).
So hidden cells whose sum of these weights is below the width demanded prove that p is too narrow:
the sum over the hidden ones must reach it. Weights are cut at what is demanded, since x is 0 or 1.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from anonymize.tables.attack import Knowledge
from anonymize.tables.components import Component, Places, components
from anonymize.tables.cover import Inequality
from anonymize.tables.solver import Extreme, Polyhedron
from anonymize.tables.structure import Flags, Table, Values

_ZERO = 1e-9
_RELATIVE = 1e-7


@dataclass(frozen=True)
class Need:
    """How far the attacker must stay from a hidden cell.

    Attributes:
        down: n distances: the interval reaches at least so far below the value.
        up: n distances: at least so far above it.
        width: n lengths: the interval is at least so long, wherever it lies (sliding protection).
        whole: Values are whole numbers and everybody knows it.
    """

    down: Values
    up: Values
    width: Values
    whole: bool = False


@dataclass(frozen=True)
class Demand:
    """What must not be computed, by whom.

    Attributes:
        need: How far he must stay from each hidden cell.
        known: What everybody knows of the cells.
        primary: n flags: secret in themselves.
        lone: n flags: cells with one single contributor, who knows the value and must stay as far
            from the other primary cells in its sums as everybody else.
    """

    need: Need
    known: Knowledge
    primary: Flags
    lone: Flags


@dataclass(frozen=True)
class Proof:
    """Multipliers that prove one end or both ends of a cell's interval.

    Attributes:
        cell: The cell.
        rows: Places of equations.
        prices: 1 or 2 rows of multipliers, one for each end that counts.
        signs: −1 for a largest value, +1 for a smallest, in the order of `prices`.
        demanded: What the ends together must reach.
        insider: The cell whose value the attacker knows as its contributor.
    """

    cell: int
    rows: Places
    prices: tuple[Values, ...]
    signs: tuple[float, ...]
    demanded: float
    insider: int | None = None


@dataclass(frozen=True)
class Reach:
    """Values known to be possible: every table between two that agree agrees.

    Attributes:
        least: n smallest values found.
        most: n largest values found.
    """

    least: Values
    most: Values

    def short(self, values: Values, need: Need) -> Flags:
        """Flag the cells for which this is less than the need."""
        allowed = _RELATIVE * np.maximum(1.0, np.abs(values))
        least, most = self.least, self.most
        if need.whole:
            least, most = np.ceil(least - allowed), np.floor(most + allowed)
        return (
            (need.width - (most - least) > allowed)
            | (need.up - (most - values) > allowed)
            | (need.down - (values - least) > allowed)
        )


def proofs(
    table: Table, hidden: Flags, demand: Demand, reach: Reach | None = None
) -> Iterator[Proof]:
    """Attack every hidden cell and prove each that is too narrow.

    Args:
        table: The true table.
        hidden: n flags.
        demand: What must not be computed.
        reach: What is known to be possible with these cells hidden; saves programs.
    """
    for part in components(table.equations, hidden):
        if len(part.rows):
            yield from part_proofs(part, table.values, demand, reach)


def part_proofs(
    part: Component, values: Values, demand: Demand, reach: Reach | None = None
) -> Iterator[Proof]:
    """Attack the cells of one component; stop at a cell as soon as it is wide enough."""
    true = values[part.cells]
    low, high = demand.known.lower[part.cells], demand.known.upper[part.cells]
    model = Polyhedron(part.matrix, true, low, high)
    known = reach or Reach(values, values)
    search = _Search(part, true, demand.need, known)
    for place in range(len(true)):
        yield from search.prove(model, place, None)
    for insider in np.flatnonzero(demand.lone[part.cells]).tolist():
        model.fix(insider, true[insider], true[insider])
        search = _Search(part, true, demand.need, Reach(values, values))
        near = _beside(part, insider)
        for place in near[demand.primary[part.cells[near]]].tolist():
            yield from search.prove(model, place, int(part.cells[insider]))
        model.fix(insider, low[insider], high[insider])


def _beside(part: Component, cell: int) -> Places:
    """Find the other cells that share a sum with a cell."""
    rows = sparse.csc_array(part.matrix)[:, [cell]].indices
    near = np.unique(part.matrix[rows].indices)
    return near[near != cell].astype(np.int64)


class _Search:
    """The ends found so far of one component's cells, for one attacker."""

    def __init__(self, part: Component, true: Values, need: Need, reach: Reach) -> None:
        self._part, self._true, self._whole = part, true, need.whole
        self._need = (need.up[part.cells], need.down[part.cells], need.width[part.cells])
        self._allowed = _RELATIVE * np.maximum(1.0, np.abs(true))
        self._least, self._most = reach.least[part.cells], reach.most[part.cells]

    def prove(self, model: Polyhedron, place: int, insider: int | None) -> Iterator[Proof]:
        """Find the ends of a cell and yield a proof for every demand it does not meet."""
        if not self._missing(place):
            return
        most = self._reach(model.most(place), place)
        if not self._missing(place):
            return
        least = self._reach(model.least(place), place)
        used = {0: ((most,), (-1.0,)), 1: ((least,), (1.0,)), 2: ((most, least), (-1.0, 1.0))}
        cell = int(self._part.cells[place])
        for kind, demanded in self._missing(place).items():
            prices, signs = used[kind]
            yield Proof(cell, self._part.rows, prices, signs, demanded, insider)

    def _reach(self, end: Extreme, place: int) -> Values:
        point = np.where(np.isfinite(end.point), end.point, self._true)
        np.minimum(self._least, point, out=self._least)
        np.maximum(self._most, point, out=self._most)
        self._least[place] = min(self._least[place], end.end)
        self._most[place] = max(self._most[place], end.end)
        return end.prices

    def _missing(self, place: int) -> dict[int, float]:
        """Give the demands not met by what was found: 0 up, 1 down, 2 width.

        Whole numbers are rounded inwards. Where only that makes a cell too narrow, one more is
        demanded: an interval of w + 1 holds w + 1 whole numbers, wherever it lies.
        """
        least, most, true = self._least[place], self._most[place], self._true[place]
        allowed = self._allowed[place]
        real = (most - true, true - least, most - least)
        if self._whole:
            least, most = np.ceil(least - allowed), np.floor(most + allowed)
        reached = (most - true, true - least, most - least)
        found = {}
        for kind, needs in enumerate(self._need):
            if needs[place] - reached[kind] > allowed:
                rounded = real[kind] >= needs[place] - allowed
                found[kind] = float(needs[place] + (1.0 if rounded else 0.0))
        return found


def inequalities(
    table: Table, found: list[Proof], demand: Demand, never: Flags
) -> list[Inequality]:
    """Turn proofs into inequalities on hidden cells.

    Args:
        table: The true table.
        found: Proofs.
        demand: What was demanded.
        never: n flags: published in any case.
    """
    if not found:
        return []
    above = demand.known.upper - table.values
    below = table.values - demand.known.lower
    gains = _gains(table, found)
    made, row = [], 0
    for one in found:
        weights: dict[int, float] = {}
        for _ in one.signs:
            span = slice(gains.indptr[row], gains.indptr[row + 1])
            cells, gain = gains.indices[span], gains.data[span]
            with np.errstate(invalid="ignore"):
                reach = np.where(gain > 0, gain * above[cells], -gain * below[cells])
            for cell, length in zip(cells.tolist(), reach.tolist(), strict=True):
                if length > _ZERO and not never[cell] and cell != one.insider:
                    weights[cell] = weights.get(cell, 0.0) + length
            row += 1
        made.append(_inequality(one, weights, demand.primary))
    return made


def _gains(table: Table, found: list[Proof]) -> sparse.csr_array:
    """Compute g = −(sign·e_p − Aᵀπ) of every end."""
    ends = [
        (one, price, sign)
        for one in found
        for price, sign in zip(one.prices, one.signs, strict=True)
    ]
    used = [np.flatnonzero(np.abs(price) > _ZERO) for _, price, _ in ends]
    indptr = np.concatenate([[0], np.cumsum([len(u) for u in used])])
    indices = np.concatenate([one.rows[u] for (one, _, _), u in zip(ends, used, strict=True)])
    data = np.concatenate([price[u] for (_, price, _), u in zip(ends, used, strict=True)])
    multipliers = sparse.csr_array(
        (data, indices, indptr), shape=(len(ends), table.equations.shape[0])
    )
    own = sparse.csr_array(
        ([sign for _, _, sign in ends], (range(len(ends)), [one.cell for one, _, _ in ends])),
        shape=(len(ends), len(table.values)),
    )
    gains = sparse.csr_array(multipliers @ table.equations - own)
    gains.data[np.abs(gains.data) < _ZERO] = 0.0
    gains.eliminate_zeros()
    return gains


def _inequality(one: Proof, weights: dict[int, float], always: Flags) -> Inequality:
    """Put what is hidden in any case to the right, and cut the weights at what remains."""
    own = weights.pop(one.cell, 0.0)
    sure = sum(w for cell, w in weights.items() if always[cell])
    remaining = one.demanded - own - sure
    free = {cell: min(w / remaining, 1.0) for cell, w in weights.items() if not always[cell]}
    cells = np.array([*free], dtype=np.int64)
    size = np.array([*free.values()])
    if always[one.cell]:
        return Inequality(cells, size, 1.0)
    return Inequality(np.append(cells, one.cell), np.append(size, -1.0), 0.0)
