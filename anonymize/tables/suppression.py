"""Hide further cells so that no hidden one can be computed closely enough.

Belongs here: the loop of choosing, attacking and learning. Must not hold: the choice (`cover`), the
attack (`attack`), what is secret in itself (`primary`).

Method: cutting planes after Fischetti and Salazar, Solving the cell suppression problem on tabular
data with linear constraints, Management Science 47, 2001. A cheapest choice under the inequalities
known so far is attacked with linear programs; every cell that is too narrow gives the attacker's
proof as a new inequality; and so on until nothing is too narrow. The choice is made by diving first
and by branch and bound afterwards, so it is good, not proven best. At last, cells are published
again, the dearest first, as long as the attack on what remains fails.
"""

from dataclasses import dataclass
from itertools import islice

import numpy as np

from anonymize.complaint import complaint
from anonymize.tables.attack import Knowledge, not_negative
from anonymize.tables.circulation import Circulations
from anonymize.tables.components import Component, components
from anonymize.tables.cover import Cover, NoChoiceError
from anonymize.tables.structure import Flags, Table, Values
from anonymize.tables.suppression_cuts import (
    Demand,
    Need,
    Reach,
    inequalities,
    part_proofs,
    proofs,
)

_DIVES = 6
_FEW = 400
_MOST_SHORT = 0.6
_MOST_SHORT_AT_LAST = 0.1
_ROUNDS_OF_MOVES = 4
_SEARCHES = 6
_LARGEST_TRIMMED = 400
_NAMED = 5
_SHARE_OF_SIZE = 0.1


@dataclass(frozen=True)
class Task:
    """What is to be protected.

    Attributes:
        table: The true table.
        demand: What must not be computed.
        never: n flags: published in any case, because everybody knows the value (structural zeros,
            totals published elsewhere) or it tells nothing (zeros).
        cost: n positive numbers: what hiding a cell costs.
    """

    table: Table
    demand: Demand
    never: Flags
    cost: Values


def count_of_cells(table: Table) -> Values:
    """Give the cost for few hidden cells: 1 each, and up to a tenth more for a large value.

    The addition makes small cells of detail go before totals where the number is the same.
    """
    size = np.log1p(np.abs(table.values))
    return 1 + _SHARE_OF_SIZE * size / max(1.0, float(size.max(initial=0.0)))


def suppress(
    table: Table,
    primary: Flags,
    need: Need,
    *,
    never: Flags | None = None,
    known: Knowledge | None = None,
    lone: Flags | None = None,
    cost: Values | None = None,
) -> Flags:
    """Choose the cells to hide besides the primary ones.

    The same table gives the same choice.

    Args:
        table: The true table.
        primary: n flags: secret in themselves.
        need: What each hidden cell demands, primary or not.
        never: n flags: published in any case; the zeros that are not primary when None.
        known: What the attacker knows; values are not negative when None.
        lone: n flags: cells of one contributor, who uses his own value against other primary cells;
            none when None. In tables of counts nobody knows that he is alone.
        cost: n positive numbers; `count_of_cells` when None.

    Returns:
        n flags: all hidden cells. `attack` finds every one at least as wide as `need`.

    Raises:
        ValueError: A primary cell among `never`, or cells that cannot be protected whatever is
            hidden (named).
    """
    zeros = (table.values == 0) & ~primary
    alone = np.zeros(len(primary), dtype=bool) if lone is None else lone
    task = Task(
        table,
        Demand(need, known or not_negative(table), primary, alone),
        zeros if never is None else never,
        count_of_cells(table) if cost is None else cost,
    )
    _require_possible(task)
    cover = Cover(table.equations, task.cost, primary, task.never)
    if _hangs_loosely(task, _first_choice(task, cover)):
        return _trim(task, cover, _search(task, cover))
    moved, reach = _by_circulation(task, primary)
    return _trim(task, cover, _complete(task, cover, moved, reach))


def _hangs_loosely(task: Task, hidden: Flags) -> bool:
    """Tell whether learning from proofs will be quick: few cells, or few of them too narrow.

    In tables of several dimensions with much to hide, two hidden cells in every sum hide next to
    nothing, and every round of proofs would only show the next corner of the same truth.
    """
    if hidden.sum() <= _FEW:
        return True
    many = int(_MOST_SHORT * hidden.sum())
    return sum(1 for _ in islice(proofs(task.table, hidden, task.demand), many)) < many


def _first_choice(task: Task, cover: Cover) -> Flags:
    try:
        return cover.choose()
    except NoChoiceError:
        raise _unprotectable(task) from None


def _search(task: Task, cover: Cover) -> Flags:
    """Let the inequalities grow, first with quick choices, then with good ones."""
    for _ in range(_DIVES):
        guess = _first_choice(task, cover)
        found = _learn(task, cover, guess)
        if not found:
            break
    best = _complete(task, cover, guess)
    for _ in range(_SEARCHES):
        if found > _MOST_SHORT_AT_LAST * guess.sum():
            return best
        guess = cover.improve(best)
        found = _learn(task, cover, guess)
        if not found:
            break
    hidden = _complete(task, cover, guess)
    return hidden if hidden @ task.cost < best @ task.cost else best


def _by_circulation(task: Task, hidden: Flags) -> tuple[Flags, Reach]:
    """Hide what moves when the cells that are too narrow are moved, all of them at once.

    Half of them move one way and half the other, then the reverse, so that they make room for each
    other. Which half is drawn with a fixed seed.
    """
    table, need = task.table, task.demand.need
    model = Circulations(table, task.demand.known, task.never)
    below = np.minimum(table.values - task.demand.known.lower, np.maximum(need.width, need.down))
    above = np.maximum(need.width - below, need.up)
    draw = np.random.default_rng(0)
    least, most = table.values.copy(), table.values.copy()
    short = hidden.copy()
    for _ in range(_ROUNDS_OF_MOVES):
        rising = draw.random(len(hidden)) < 0.5  # noqa: PLR2004 - half of them
        for way in (rising, ~rising):
            wanted = np.where(short, np.where(way, above, -below), 0.0)
            change = model.move(wanted, np.where(hidden, 0.0, task.cost))
            hidden = hidden | (change != 0)
            least = np.minimum(least, table.values + change)
            most = np.maximum(most, table.values + change)
        short = hidden & Reach(least, most).short(table.values, need)
        if not short.any():
            break
    return hidden, Reach(least, most)


def _complete(task: Task, cover: Cover, guess: Flags, reach: Reach | None = None) -> Flags:
    """Hide more until nothing is too narrow; ends because intervals then only grow."""
    hidden = guess
    while True:
        try:
            hidden = cover.choose(hidden)
        except NoChoiceError:
            raise _unprotectable(task) from None
        if not _learn(task, cover, hidden, reach):
            return hidden


def _learn(task: Task, cover: Cover, hidden: Flags, reach: Reach | None = None) -> int:
    """Attack a choice and add what it proves; count what was too narrow."""
    found = list(proofs(task.table, hidden, task.demand, reach))
    cover.add(inequalities(task.table, found, task.demand, task.never))
    return len(found)


def _trim(task: Task, cover: Cover, hidden: Flags) -> Flags:
    """Publish what need not be hidden, as far as the attack is cheap."""
    part_of: dict[int, Component] = {}
    for part in components(task.table.equations, hidden):
        part_of.update(dict.fromkeys(part.cells.tolist(), part))

    def agrees(without: Flags, cell: int) -> bool:
        part = part_of[cell]
        if len(part.cells) > _LARGEST_TRIMMED:
            return False
        mine = np.zeros_like(without)
        mine[part.cells] = without[part.cells]
        return not any(
            any(part_proofs(rest, task.table.values, task.demand))
            for rest in components(task.table.equations, mine)
        )

    return cover.drop_needless(hidden, task.demand.primary, agrees)


def _require_possible(task: Task) -> None:
    if (both := np.flatnonzero(task.demand.primary & task.never)).size:
        raise complaint(
            f"秘匿すべきセルが、必ず公表するセルに含まれています: {_names(task.table, both)}",
            "秘匿するセルの指定",
            "必ず公表するセルから除いてください。",
        )
    above, below = (
        task.demand.known.upper - task.table.values,
        task.table.values - task.demand.known.lower,
    )
    allowed = 1e-9 * np.maximum(1.0, np.abs(task.table.values))
    wrong = (above < -allowed) | (below < -allowed)
    if wrong.any():
        raise complaint(
            f"値が、知られている範囲の外にあるセルがあります: "
            f"{_names(task.table, np.flatnonzero(wrong))}",
            "表の値と、知られている上限・下限",
            "負の値のある表では下限を指定し、そうでなければ値を確かめてください。",
        )
    short = (
        (above < task.demand.need.up - allowed)
        | (below < task.demand.need.down - allowed)
        | (above + below < task.demand.need.width - allowed)
    )
    if (cells := np.flatnonzero(short & task.demand.primary)).size:
        raise _impossible(task.table, cells)


def _unprotectable(task: Task) -> ValueError:
    """Name the primary cells that stay too narrow although everything is hidden."""
    found = proofs(task.table, ~task.never, task.demand)
    cells = np.array([one.cell for one in found], dtype=np.int64)
    named = np.unique(cells[task.demand.primary[cells]])
    return _impossible(task.table, named if named.size else np.unique(cells))


def _impossible(table: Table, cells: np.ndarray) -> ValueError:
    return complaint(
        f"何を伏せても守れないセルがあります: {_names(table, cells)}",
        "必ず公表するセルと、必要な幅",
        "必ず公表するセルを減らすか、区分をまとめるか、必要な幅を小さくしてください。",
    )


def _names(table: Table, cells: np.ndarray) -> str:
    names = "、".join(table.name(int(cell)) for cell in cells[:_NAMED])
    return names + (f"(ほか{len(cells) - _NAMED})" if len(cells) > _NAMED else "")
