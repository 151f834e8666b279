"""Places for the groups that found no class of their own.

Belongs here: joining them to classes where that costs least. Must not hold: the sweep.

Each group goes to the cheapest of its nearest classes that still satisfies the models with it. Who
finds none, and everybody where there are too many to ask one by one, is put into one class, and the
classes nearest to it are added, 1, 2, 4, …, until it satisfies the models. All together they are
the whole table, so nothing is left only if the table itself fails.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anonymize.records.local_ladders import Ladder, lowest_common
from anonymize.records.local_members import Membership

Codes = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
_WORK = 50_000_000  # groups × classes × columns: some seconds
_ASKED = 16


@dataclass
class _Classes:
    """Classes that take groups in.

    Attributes:
        example: Per class the level-0 codes of one of its groups, c × n.
        level: Per class and column the level of its label.
        rows: Per class its rows.
        cost: Per class the penalty of one of its rows.
        groups: Per class its groups.
    """

    example: Codes
    level: Ints
    rows: Ints
    cost: Floats
    groups: list[Ints]


def repair(
    ladders: Sequence[Ladder], codes: Codes, members: Membership, class_of: Ints
) -> tuple[Ints, bool]:
    """Give every group a class that satisfies the models.

    Args:
        ladders: n of them.
        codes: g × n level-0 codes.
        members: The groups' members and the demands.
        class_of: Per group its class, numbered from 0 without gaps, or -1; all classes satisfy the
            models.

    Returns:
        Per group its class, and whether all of them satisfy the models.
    """
    class_of = class_of.copy()
    left = np.flatnonzero(class_of < 0)
    number = int(class_of.max(initial=-1)) + 1
    classes = _describe(ladders, codes, members, class_of)
    if number and not too_many(class_of, len(ladders)):
        for group in left:
            class_of[group] = _join(ladders, codes, members, classes, group)
    left = np.flatnonzero(class_of < 0)
    return _unite(ladders, codes, members, classes, class_of) if len(left) else (class_of, True)


def too_many(class_of: Ints, columns: int) -> bool:
    """Tell whether there are too many groups without a class to ask them one by one."""
    classes = int(class_of.max(initial=-1)) + 1
    return int((class_of < 0).sum()) * classes * columns > _WORK


def turn_out(members: Membership, class_of: Ints) -> Ints:
    """Take the groups out of classes that fail, and number the others from 0 without gaps."""
    placed = np.flatnonzero(class_of >= 0)
    of = class_of[placed]
    good = members.hold(placed, of, int(class_of.max(initial=-1)) + 1)
    kept = np.full(len(class_of), -1, np.int64)
    kept[placed[good[of]]] = of[good[of]]
    return renumber(kept)


def renumber(class_of: Ints) -> Ints:
    """Number the classes from 0 without gaps; -1 stays."""
    placed = class_of >= 0
    renumbered = np.full(len(class_of), -1, np.int64)
    renumbered[placed] = np.unique(class_of[placed], return_inverse=True)[1]
    return renumbered


def _describe(
    ladders: Sequence[Ladder], codes: Codes, members: Membership, class_of: Ints
) -> _Classes:
    placed = np.flatnonzero(class_of >= 0)
    of = class_of[placed]
    number = int(of.max(initial=-1)) + 1
    level = lowest_common(ladders, codes[placed], of, number)
    example = np.empty((number, len(ladders)), np.int32)
    example[of] = codes[placed]
    cost = np.zeros(number)
    for column, ladder in enumerate(ladders):
        cost += ladder.penalties[level[:, column], example[:, column]]
    rows = np.bincount(of, members.rows[placed], number).astype(np.int64)
    order = np.argsort(of, kind="stable")
    ends = np.cumsum(np.bincount(of, minlength=number))
    return _Classes(example, level, rows, cost, np.split(placed[order], ends[:-1]))


def _join(
    ladders: Sequence[Ladder], codes: Codes, members: Membership, classes: _Classes, group: np.int64
) -> int:
    """Let the cheapest class that can take the group in do so; -1 if none of the nearest can."""
    rows = members.rows[group]
    level, cost = _together(ladders, classes, codes[group], np.zeros(len(ladders), np.int64))
    more = (classes.rows + rows) * cost - classes.rows * classes.cost
    nearest = _cheapest(more, _ASKED)
    for asked in (nearest[:1], nearest[1:]):  # mostly the first one can
        joined = [np.append(classes.groups[place], group) for place in asked]
        of = np.repeat(np.arange(len(asked)), [len(groups) for groups in joined])
        good = np.flatnonzero(members.hold(_concatenate(joined), of, len(asked)))
        if len(good):
            place = int(asked[good[0]])
            classes.groups[place] = joined[good[0]]
            classes.level[place] = level[:, place]
            classes.cost[place] = cost[place]
            classes.rows[place] += rows
            return place
    return -1


def _concatenate(parts: list[Ints]) -> Ints:
    return np.concatenate([np.empty(0, np.int64), *parts])


def _cheapest(costs: Floats, number: int) -> Ints:
    """The places of the smallest, in order; of equals the first."""
    if number < len(costs):
        limit = np.partition(costs, number - 1)[number - 1]
        places = np.flatnonzero(costs <= limit)
    else:
        places = np.arange(len(costs))
    return places[np.argsort(costs[places], kind="stable")][:number]


def _together(
    ladders: Sequence[Ladder], classes: _Classes, value: Codes, own: Ints
) -> tuple[Ints, Floats]:
    """Per class the levels it would have with one more value, n × c, and the penalty of a row.

    Args:
        ladders: n of them.
        classes: The classes.
        value: n level-0 codes.
        own: n levels below which the newcomers share no label themselves.
    """
    levels = np.empty(classes.level.T.shape, np.int64)
    cost = np.zeros(len(classes.rows))
    for column, ladder in enumerate(ladders):
        labels = ladder.labels[own[column] :]
        same = labels == labels[:, value[column], None]
        shared = own[column] + np.argmax(same, axis=0)
        np.maximum(shared[classes.example[:, column]], classes.level[:, column], out=levels[column])
        cost += ladder.penalties[levels[column], value[column]]
    return levels, cost


def _unite(
    ladders: Sequence[Ladder],
    codes: Codes,
    members: Membership,
    classes: _Classes,
    class_of: Ints,
) -> tuple[Ints, bool]:
    """Put all groups without a class into one, with as many of the nearest classes as it takes."""
    left = np.flatnonzero(class_of < 0)
    own = lowest_common(ladders, codes[left], np.zeros(len(left), np.int64), 1)[0]
    cost = _together(ladders, classes, codes[left[0]], own)[1]
    more = (classes.rows + members.rows[left].sum()) * cost - classes.rows * classes.cost
    nearest = np.argsort(more, kind="stable")
    wanted = 0
    while True:
        taken = np.zeros(len(nearest) + 1, np.bool_)  # the last one stands for -1
        taken[nearest[:wanted]] = taken[-1] = True
        united = np.flatnonzero(taken[class_of])
        if members.hold(united, np.zeros(len(united), np.int64), 1)[0]:
            class_of[united] = len(nearest)
            return renumber(class_of), True
        if wanted >= len(nearest):
            return class_of, False
        wanted = min(max(2 * wanted, 1), len(nearest))
