"""Every release of one population against the candidate: what comes out, exactly and likely.

Belongs here: which tables speak of the same moment, and the order of the attacks. Must not hold:
the attacks, files, wording.

A moment is the newest version of every release at one period. An earlier version of a release at
the same period is a moment of its own, since a correction may lie between. Tables that contradict
each other at one moment (made from different extracts) are attacked as different moments.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from anonymize.overlap.equations import Space, incidence, make_space
from anonymize.overlap.moments import Moment, make_moment
from anonymize.overlap.program import ContradictionError
from anonymize.overlap.solving import SECONDS
from anonymize.overlap.statements import STATEMENTS, state_changes, state_sizes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scipy import sparse

    from anonymize.overlap.labels import Dimension
    from anonymize.overlap.released import Released


@dataclass(frozen=True)
class Exact:
    """What is certain.

    Attributes:
        changes: `STATEMENTS`: changes of one or two persons.
        sizes: `STATEMENTS`: withheld cells given back, and small groups no cell shows.
        contradictions: periods whose tables cannot all be true at once.
        undecided: cells that time ran out for.
    """

    changes: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=STATEMENTS))
    sizes: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=STATEMENTS))
    contradictions: tuple[str, ...] = ()
    undecided: int = 0


def attack(
    candidate: Released,
    earlier: Sequence[Released],
    dimensions: Sequence[Dimension],
    *,
    seconds: float = SECONDS,
) -> Exact:
    """Find all that the candidate, with everything that is out, lets an outsider state exactly.

    Args:
        candidate: What waits for approval.
        earlier: All that was ever published about the same population.
        dimensions: What the labels mean; a column of cells that is none of them is an error.
        seconds: For the linear programs of each moment.

    Raises:
        ValueError: Labels that cannot be read, or an undeclared dimension.
        ContradictionError: One table by itself cannot be true.
    """
    if _says_nothing_new(candidate, earlier):
        return Exact()
    room = _Room([candidate, *earlier], dimensions, seconds)
    # The candidate is compared with every moment that it does not itself belong to.
    siblings = _newest(t for t in earlier if t.period == candidate.period and t.release != candidate.release)  # fmt: skip
    own = [t for t in earlier if t.release == candidate.release]
    now, apart = room.together(candidate, siblings)
    alone = room.together(candidate, [])[0] if len(now.tables) > 1 else None
    before = [
        moment for tables in _before(candidate, own, siblings) for moment in room.moments(tables)
    ]
    others = [*apart, *before]
    if now.knows_anything:
        others += room.others(candidate, earlier, siblings)
    changes = [state_changes(now, other, before, alone) for other in _distinct(others)]
    undecided = sum(m.solved.undecided for m in _distinct([now, *others]))
    return Exact(
        pl.concat([pl.DataFrame(schema=STATEMENTS), *changes]),
        state_sizes(now, before, alone),
        tuple(sorted(room.contradictions)),
        undecided,
    )


class _Room:
    """All tables over one space, and the moments made of them so far."""

    def __init__(
        self, tables: Sequence[Released], dimensions: Sequence[Dimension], seconds: float
    ) -> None:
        self.tables, self.seconds = list(tables), seconds
        self.space: Space = make_space(dimensions, self.tables)
        self.cells: dict[int, sparse.csr_matrix] = {}
        self.made: dict[tuple[int, ...], Moment] = {}
        self.contradictions: set[str] = set()

    def moment(self, tables: Sequence[Released]) -> Moment:
        """Solve tables together, once."""
        places = tuple(next(n for n, t in enumerate(self.tables) if t is table) for table in tables)
        if places not in self.made:
            sets = [self._sets(place) for place in places]
            self.made[places] = make_moment(self.space, tables, sets, seconds=self.seconds)
        return self.made[places]

    def together(self, first: Released, others: Sequence[Released]) -> tuple[Moment, list[Moment]]:
        """Solve a table with others; where they contradict it, each by itself."""
        try:
            return self.moment([first, *others]), []
        except ContradictionError:
            self.contradictions.add(first.period)
            return self.moment([first]), [self.moment([other]) for other in others]

    def moments(self, tables: Sequence[Released]) -> list[Moment]:
        """Solve tables together, or each by itself."""
        if not tables:
            return []
        together, apart = self.together(tables[0], tables[1:])
        return [together, *apart]

    def others(
        self, candidate: Released, earlier: Sequence[Released], siblings: Sequence[Released]
    ) -> list[Moment]:
        """Give every other moment: other periods, and versions that newer ones replaced."""
        found: list[Moment] = []
        for period in dict.fromkeys(t.period for t in earlier):
            at = [t for t in earlier if t.period == period]
            newest = list(siblings) if period == candidate.period else _newest(at)
            if period != candidate.period:
                found += self.moments(newest)
            for old in at:
                if not any(old is t for t in newest):
                    beside = [t for t in newest if t.release != old.release]
                    found += self.moments([old, *beside])
        return found

    def _sets(self, place: int) -> sparse.csr_matrix:
        if place not in self.cells:
            self.cells[place] = incidence(self.space, self.tables[place], place)
        return self.cells[place]


def _before(
    candidate: Released, own: Sequence[Released], siblings: Sequence[Released]
) -> list[list[Released]]:
    """Group what told of the candidate's content before: its period, and a version equal to it."""
    same_period = _newest(t for t in own if t.period == candidate.period)
    groups = [[*same_period, *siblings]] if same_period or siblings else []
    equal = [t for t in own if _same_cells(t, candidate)]
    return groups + [[t] for t in equal if not any(t is s for s in same_period)]


def _says_nothing_new(candidate: Released, earlier: Sequence[Released]) -> bool:
    """Tell whether the same table is out already for the same period."""
    return any(
        t.release == candidate.release
        and t.period == candidate.period
        and _same_cells(t, candidate)
        for t in earlier
    )


def _same_cells(one: Released, other: Released) -> bool:
    if set(one.cells.columns) != set(other.cells.columns):
        return False
    names = one.cells.columns
    return one.cells.sort(names).equals(other.cells.select(names).sort(names))


def _newest(tables: Iterable[Released]) -> list[Released]:
    """Keep the newest version of every release."""
    newest: dict[str, Released] = {}
    for table in tables:
        held = newest.get(table.release)
        if held is None or table.version > held.version:
            newest[table.release] = table
    return list(newest.values())


def _distinct(moments: Iterable[Moment]) -> list[Moment]:
    return list({id(moment): moment for moment in moments}.values())
