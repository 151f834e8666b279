"""From groups to the equivalence classes of a node, a slice of the table at a time.

Belongs here: adding up groups that share their labels. Must not hold: what is demanded of a class
(`demands`), which node comes next (`full_domain`).

The groups are kept sorted by one column. Groups with different labels in that column never share a
class, so a node can be judged slice by slice, in the processor's cache, and given up as soon as it
has lost too many rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from anonymize.records.groups import Groups
from anonymize.records.lattice import Ladder, Node
from anonymize.records.partition import Partition, put_together

Ints = npt.NDArray[np.int64]
_SLICE = 32_768
_WORD = 2**62


@dataclass(frozen=True)
class Spread:
    """The members of each class by sensitive value; only pairs that occur, sorted.

    Attributes:
        number: How many classes there are.
        of: Per pair its class.
        value: Per pair the sensitive value.
        count: Per pair the members, more than 0.
    """

    number: int
    of: Ints
    value: Ints
    count: Ints

    def add_up(
        self, amounts: npt.NDArray[np.float64 | np.int64 | np.bool_]
    ) -> npt.NDArray[np.float64]:
        """Sum an amount per pair over each class."""
        return np.bincount(self.of, amounts, self.number).astype(np.float64)

    def only(self, wanted: npt.NDArray[np.bool_]) -> "Spread":
        """Keep some classes, renumbered."""
        names = np.cumsum(wanted) - 1
        kept = wanted[self.of]
        return Spread(int(wanted.sum()), names[self.of[kept]], self.value[kept], self.count[kept])


@dataclass(frozen=True)
class Classes:
    """The equivalence classes in one slice of the table, at one node.

    Attributes:
        rows, sizes, population: Per class its rows, its members, its members in the population
            table (as `sizes` where there is none).
        parts: Which groups of the slice are in which class.
    """

    rows: Ints
    sizes: Ints
    population: Ints
    parts: Partition


@dataclass(frozen=True)
class _Part:
    """Entries that belong to groups, sorted by group; `starts` has one entry more than groups."""

    starts: Ints
    columns: tuple[Ints, ...]


@dataclass
class SortedTable:
    """The groups sorted along the ladder of one column.

    Attributes:
        column: The column it is sorted by.
        places: Per column, per group: the place of its value in the ladder.
        rows, sizes, population: Per group.
        order: Per group its number in `Groups`.
    """

    column: int
    places: list[npt.NDArray[np.uint8 | np.uint16 | np.uint32]]
    rows: Ints
    sizes: Ints
    population: Ints | None
    order: Ints
    recurring: _Part
    pairs: dict[str, tuple[int, _Part, _Part]]
    _cuts: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    _labels: dict[tuple[int, int], npt.NDArray[np.unsignedinteger]] = field(default_factory=dict)

    def labels(self, ladder: Ladder, column: int, level: int) -> npt.NDArray[np.unsignedinteger]:
        """Per group the number of its label."""
        if (column, level) not in self._labels:
            small = np.min_scalar_type(len(ladder.losses[level]))
            labels = ladder.labels[level].astype(small)[self.places[column]]
            self._labels[column, level] = labels
        return self._labels[column, level]

    def slices(self, ladders: Sequence[Ladder], level: int) -> list[tuple[int, int]]:
        """Cut the groups where the sorting column's label changes, into slices of decent size."""
        if level not in self._cuts:
            labels = self.labels(ladders[self.column], self.column, level)
            ends = np.r_[np.flatnonzero(labels[1:] != labels[:-1]) + 1, len(labels)]
            cuts, begin = [], 0
            for end in ends.tolist():
                if end - begin >= _SLICE or end == len(labels):
                    cuts.append((begin, end))
                    begin = end
            self._cuts[level] = cuts
        return self._cuts[level]


def sort_table(
    groups: Groups, population: Ints | None, places: Sequence[Ints], column: int
) -> SortedTable:
    """Sort the groups by the place of their value in one column's ladder."""
    order = np.argsort(places[column], kind="stable")
    number = np.empty(len(order), np.int64)
    number[order] = np.arange(len(order))
    rows = groups.rows[order]
    return SortedTable(
        column=column,
        places=[place[order].astype(np.min_scalar_type(int(place.max()))) for place in places],
        rows=rows,
        sizes=rows if groups.sizes is groups.rows else groups.sizes[order],
        population=None if population is None else population[order],
        order=order,
        recurring=_part(number, groups.recurring),
        pairs={
            name: (
                len(pairs.values),
                _part(number, np.stack([pairs.group, pairs.value, pairs.count], axis=1)),
                _part(number, pairs.person),
            )
            for name, pairs in groups.sensitive.items()
        },
    )


def _part(number: Ints, entries: npt.NDArray[np.int32 | np.int64]) -> _Part:
    of = number[entries[:, 0]]
    order = np.argsort(of, kind="stable")
    starts = np.r_[0, np.cumsum(np.bincount(of, minlength=len(number)))]
    rest = tuple(column[order].astype(np.int64) for column in entries.T[1:])
    return _Part(starts, (of[order], *rest))


def add_up(
    table: SortedTable, ladders: Sequence[Ladder], node: Node, begin: int, end: int
) -> Classes:
    """Find the classes of a slice."""
    parts = put_together(_pack_labels(table, ladders, node, begin, end))
    rows = parts.add_up(table.rows[begin:end])
    sizes, population = rows, rows
    if table.sizes is not table.rows:
        sizes = parts.add_up(table.sizes[begin:end])
    group, person = _of_slice(table.recurring, begin, end)
    if len(group):
        sizes = sizes - _counted_twice(parts.of[group - begin], person, len(sizes))
    if table.population is not None:
        population = parts.add_up(table.population[begin:end])
    return Classes(rows, sizes, population, parts)


def spread(table: SortedTable, name: str, classes: Classes, begin: int, end: int) -> Spread:
    """Count the members of each class of a slice by the values of a sensitive column."""
    values, counted, again = table.pairs[name]
    group, value, count = _of_slice(counted, begin, end)
    of = classes.parts.of
    parts = put_together(of[group - begin] * values + value)
    counts = parts.add_up(count)
    group, value, person = _of_slice(again, begin, end)
    if len(group):
        place = np.searchsorted(parts.distinct, of[group - begin] * values + value)
        counts = counts - _counted_twice(place, person, len(counts))
    return Spread(len(classes.rows), parts.distinct // values, parts.distinct % values, counts)


def _pack_labels(
    table: SortedTable, ladders: Sequence[Ladder], node: Node, begin: int, end: int
) -> Ints:
    """Pack the labels of each group of a slice into one key."""
    keys = np.zeros(end - begin, np.int64)
    room = 1
    for column, (ladder, level) in enumerate(zip(ladders, node, strict=True)):
        radix = len(ladder.losses[level])
        if radix == 1:
            continue
        if room > _WORD // radix:
            distinct, keys = np.unique(keys, return_inverse=True)
            room = len(distinct)
        keys *= radix
        keys += table.labels(ladder, column, level)[begin:end]
        room *= radix
    return keys


def _of_slice(part: _Part, begin: int, end: int) -> list[Ints]:
    first, last = part.starts[begin], part.starts[end]
    return [column[first:last] for column in part.columns]


def _counted_twice(of: Ints, person: Ints, number: int) -> Ints:
    """Per class the entries beyond the first of each person."""
    persons = int(person.max()) + 1
    distinct = np.unique(of * persons + person) // persons
    return np.bincount(of, minlength=number) - np.bincount(distinct, minlength=number)
