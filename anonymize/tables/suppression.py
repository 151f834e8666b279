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

import numpy as np

from anonymize.complaint import complaint
from anonymize.tables.attack import Knowledge, not_negative
from anonymize.tables.components import Component, components
from anonymize.tables.cover import Cover, NoChoiceError
from anonymize.tables.structure import Flags, Table, Values
from anonymize.tables.suppression_cuts import (
    Demand,
    Need,
    inequalities,
    part_proofs,
    proofs,
)

_DIVES = 6
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
    best = _settle(task, cover, None, _DIVES)
    for _ in range(_SEARCHES):
        guess = cover.improve(best)
        if not _learn(task, cover, guess):
            break
    hidden = _settle(task, cover, guess, 0)
    cheaper = hidden if hidden @ task.cost < best @ task.cost else best
    return _trim(task, cover, cheaper)


def _settle(task: Task, cover: Cover, guess: Flags | None, free_rounds: int) -> Flags:
    """Choose and attack until nothing is too narrow.

    After the free rounds what is hidden stays hidden, so that the loop ends: intervals then only
    grow.
    """
    hidden, rounds = guess, 0
    while True:
        keep = hidden if rounds >= free_rounds else None
        try:
            hidden = cover.choose(keep)
        except NoChoiceError:
            raise _unprotectable(task, hidden) from None
        if not _learn(task, cover, hidden):
            return hidden
        rounds += 1


def _learn(task: Task, cover: Cover, hidden: Flags) -> bool:
    """Attack a choice and add what it proves; tell whether anything was too narrow."""
    found = list(proofs(task.table, hidden, task.demand))
    cover.add(inequalities(task.table, found, task.demand, task.never))
    return bool(found)


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


def _unprotectable(task: Task, hidden: Flags | None) -> ValueError:
    """Name the primary cells that stay too narrow although everything is hidden."""
    found = proofs(task.table, ~task.never, task.demand)
    cells = np.array([one.cell for one in found], dtype=np.int64)
    named = cells[task.demand.primary[cells]] if hidden is None else cells
    return _impossible(task.table, named if named.size else cells)


def _impossible(table: Table, cells: np.ndarray) -> ValueError:
    return complaint(
        f"何を伏せても守れないセルがあります: {_names(table, cells)}",
        "必ず公表するセルと、必要な幅",
        "必ず公表するセルを減らすか、区分をまとめるか、必要な幅を小さくしてください。",
    )


def _names(table: Table, cells: np.ndarray) -> str:
    names = "、".join(table.name(int(cell)) for cell in cells[:_NAMED])
    return names + (f"(ほか{len(cells) - _NAMED})" if len(cells) > _NAMED else "")
