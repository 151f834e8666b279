"""Who is in a class made of any groups, and whether the models hold there.

Belongs here: counting persons and sensitive values of sets of groups. Must not hold: the tests
themselves (`demands`), the making of classes (`local_sweep`, `local_repair`).
"""

import copy
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from anonymize.records.classes import Spread
from anonymize.records.demands import Demands
from anonymize.records.groups import Groups

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _ByGroup:
    """Entries sorted by group: those of group i lie from starts[i] to starts[i + 1]."""

    starts: Ints
    columns: tuple[npt.NDArray[np.int32 | np.int64], ...]

    def pick(self, groups: Ints) -> tuple[Ints, list[npt.NDArray[np.int32 | np.int64]]]:
        """The entries of some groups: per entry the place of its group in `groups`, and columns."""
        begins = self.starts[groups]
        lengths = self.starts[groups + 1] - begins
        owner = np.repeat(np.arange(len(groups)), lengths)
        place = np.arange(len(owner)) - (np.cumsum(lengths) - lengths)[owner] + begins[owner]
        return owner, [column[place] for column in self.columns]


def _by_group(
    groups: int, of: npt.NDArray[np.int32 | np.int64], *columns: npt.NDArray[np.int32 | np.int64]
) -> _ByGroup:
    order = np.argsort(of, kind="stable")
    starts = np.searchsorted(of[order], np.arange(groups + 1))
    return _ByGroup(starts, tuple(column[order] for column in columns))


class Membership(Protocol):
    """What the making of classes needs to know of groups, or of what stands for groups.

    Attributes:
        demands: What a class must satisfy.
        rows: Per group its rows.
        sizes: Per group its members.
    """

    demands: Demands
    rows: Ints
    sizes: Ints

    def hold(self, chosen: Ints, of: Ints, classes: int) -> Bools:
        """Tell per class whether it satisfies every model.

        Args:
            chosen: Some groups.
            of: Per chosen group its class, from 0.
            classes: How many classes there are, each with a group.
        """
        ...

    def count(self, chosen: Ints, of: Ints, classes: int) -> Ints:
        """Count the members of each class, everyone once."""
        ...


class Members:
    """The members of the groups, ready to be counted for any classes; a `Membership`."""

    def __init__(self, groups: Groups, demands: Demands) -> None:
        """Sort what the demands need by group."""
        number = len(groups.rows)
        self.demands, self.sizes, self.rows = demands, groups.sizes, groups.rows
        self._again = _by_group(number, groups.recurring[:, 0], groups.recurring[:, -1])
        self._counted = {
            name: (
                len(pairs.values),
                _by_group(number, pairs.group, pairs.value, pairs.count),
                _by_group(number, pairs.person[:, 0], *pairs.person.T[1:]),
            )
            for name, pairs in groups.sensitive.items()
        }

    def demanding(self, size: int) -> "Members":
        """Give the same members with a demand of at least `size` of them in a class."""
        other = copy.copy(self)
        other.demands = replace(self.demands, size=max(size, self.demands.size))
        return other

    def hold(self, chosen: Ints, of: Ints, classes: int) -> Bools:
        """Tell per class whether it satisfies every model."""
        sizes = self.count(chosen, of, classes)
        good = sizes >= self.demands.size
        for demand in self.demands.spreads:
            # Only classes that are still good are counted: the others are many and large.
            kept = np.flatnonzero(good[of])
            if not len(kept):
                break
            number = np.cumsum(good) - 1
            spread = self._spread(demand.on, chosen[kept], number[of[kept]], int(good.sum()))
            good[good] = demand.holds(spread, sizes[good].astype(np.float64))
        return good

    def count(self, chosen: Ints, of: Ints, classes: int) -> Ints:
        """Count the members of each class, everyone once."""
        sizes = np.bincount(of, self.sizes[chosen], classes).astype(np.int64)
        owner, (person,) = self._again.pick(chosen)
        return sizes - _beyond_first(of[owner], person, classes)

    def _spread(self, on: str, chosen: Ints, of: Ints, classes: int) -> Spread:
        values, counted, again = self._counted[on]
        owner, (value, count) = counted.pick(chosen)
        keys, place = np.unique(of[owner] * values + value, return_inverse=True)
        counts = np.bincount(place, count, len(keys)).astype(np.int64)
        owner, (value, person) = again.pick(chosen)
        where = np.searchsorted(keys, of[owner] * values + value)
        counts -= _beyond_first(where, person, len(keys))
        return Spread(classes, keys // values, keys % values, counts)


class Bundles:
    """Groups bound together, each bundle to be placed as one; a `Membership`."""

    def __init__(self, members: Membership, groups: Ints, of: Ints) -> None:
        """Bind groups together.

        Args:
            members: Who is in the groups.
            groups: The groups to bind; others are left out.
            of: Per bound group its bundle, numbered from 0 without gaps.
        """
        number = int(of.max(initial=-1)) + 1
        self.demands, self._members = members.demands, members
        self._groups = _by_group(number, of, groups)
        self.rows = np.bincount(of, members.rows[groups], number).astype(np.int64)
        self.sizes = np.bincount(of, members.sizes[groups], number).astype(np.int64)

    def hold(self, chosen: Ints, of: Ints, classes: int) -> Bools:
        """Tell per class of bundles whether it satisfies every model."""
        owner, (groups,) = self._groups.pick(chosen)
        return self._members.hold(groups.astype(np.int64), of[owner], classes)

    def count(self, chosen: Ints, of: Ints, classes: int) -> Ints:
        """Count the members of each class of bundles, everyone once."""
        owner, (groups,) = self._groups.pick(chosen)
        return self._members.count(groups.astype(np.int64), of[owner], classes)


def _beyond_first(of: Ints, person: npt.NDArray[np.int32 | np.int64], classes: int) -> Ints:
    """Per class the entries beyond the first of each person."""
    if not len(of):
        return np.zeros(classes, np.int64)
    persons = int(person.max()) + 1
    once = np.unique(of * persons + person) // persons
    return np.bincount(of, minlength=classes) - np.bincount(once, minlength=classes)
