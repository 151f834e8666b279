"""The register while the city lives: people, households, and every row that was ever written.

Belongs here: holding the state and writing rows of it. What happens to people is said by the
modules of events; a household takes part in one event a month, so that events never meet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from pipelines.whole_city.people.elsewhere import NOWHERE
from pipelines.whole_city.people.kinship import NOBODY, relate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipelines.whole_city.people.draws import When
    from pipelines.whole_city.people.places import Addresses

REASONS = [
    "born", "moved_in", "moved_within", "moved_out", "died", "married", "divorced",
    "head_changed", "corrected",
]  # fmt: skip
ALIVE = np.iinfo(np.int32).min


def _record(*fields: tuple[str, str]) -> np.dtype[np.void]:
    return cast("np.dtype[np.void]", np.dtype(list(fields)))


# Days are counted from 1970-01-01; mother, father and spouse are as `kinship` says.
PERSON = _record(
    ("sex", "i1"), ("birth", "i4"), ("death", "i4"), ("nation", "i2"), ("given", "i4"),
    ("surname", "i4"), ("birth_surname", "i4"), ("mother", "i4"), ("father", "i4"),
    ("spouse", "i4"), ("married", "?"), ("lodger", "?"), ("resident", "?"),
    ("household", "i4"), ("relationship", "i1"), ("rows", "i2"), ("known", "i4"),
    ("last_birth", "i4"), ("changed", "i4"),
)  # fmt: skip
HOUSEHOLD = _record(
    ("head", "i4"), ("town", "i2"), ("block", "i2"), ("number", "i2"), ("building", "i2"),
    ("room", "i2"), ("busy", "?"),
)  # fmt: skip
ROW = _record(
    ("person", "i4"), ("number", "i2"), ("effective", "i4"), ("notified", "i4"),
    ("reason", "i1"), ("surname", "i4"), ("household", "i4"), ("head", "i4"),
    ("relationship", "i1"), ("town", "i2"), ("block", "i2"), ("house", "i2"),
    ("building", "i2"), ("room", "i2"), ("resident", "?"), ("elsewhere", "i4"),
)  # fmt: skip


class Roll(NamedTuple):
    """Who lives in which household at the start of a month.

    Attributes:
        order: residents, sorted by household.
        starts: where in `order` each household begins; one more at the end.
    """

    order: np.ndarray
    starts: np.ndarray

    def sizes(self) -> np.ndarray:
        """Count the residents of every household."""
        return np.diff(self.starts)

    def members(self, households: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """List the residents of households, and beside each which of `households` it is of."""
        counts = self.starts[households + 1] - self.starts[households]
        which = np.repeat(np.arange(len(households)), counts)
        ahead = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
        return self.order[np.repeat(self.starts[households], counts) + ahead], which


class Register:
    """People and households as they stand, and the rows written so far.

    Attributes:
        people: `PERSON`, one a person, never removed.
        households: `HOUSEHOLD`, one a household, never removed.
        roll: as of the start of the month.
    """

    def __init__(self) -> None:
        """Start with nobody."""
        self.people = np.zeros(0, PERSON)
        self.households = np.zeros(0, HOUSEHOLD)
        self._rows: list[NDArray[np.void]] = []
        self.open_month()

    def open_month(self) -> None:
        """Count who lives where, and let every household take part in an event again."""
        self.households["busy"] = False
        there = np.flatnonzero(self.people["resident"])
        where = self.people["household"][there]
        counts = np.bincount(where, minlength=len(self.households))
        self.roll = Roll(
            there[np.argsort(where, kind="stable")], np.concatenate([[0], np.cumsum(counts)])
        )

    def idle(self) -> np.ndarray:
        """List the households that may still take part in an event of this month."""
        old = len(self.roll.starts) - 1
        return np.flatnonzero((self.roll.sizes() > 0) & ~self.households["busy"][:old])

    def idle_people(self) -> np.ndarray:
        """List the residents whose household may still take part in an event of this month."""
        # Whoever came this month is in a household that is busy already.
        busy = self.households["busy"][self.people["household"]]
        return np.flatnonzero(self.people["resident"] & ~busy)

    def add_people(self, born: NDArray[np.void]) -> np.ndarray:
        """Enter new people (`PERSON`), and give their indices."""
        first = len(self.people)
        self.people = np.concatenate([self.people, born])
        return np.arange(first, len(self.people))

    def add_households(self, heads: np.ndarray, addresses: Addresses) -> np.ndarray:
        """Enter new households, which take part in this month's events no more."""
        new = np.zeros(len(heads), HOUSEHOLD)
        new["head"], new["busy"] = heads, True
        first = len(self.households)
        self.households = np.concatenate([self.households, new])
        households = np.arange(first, len(self.households))
        self.set_addresses(households, addresses)
        return households

    def set_addresses(self, households: np.ndarray, addresses: Addresses) -> None:
        """Let households live at addresses."""
        for name, values in zip(addresses._fields, addresses, strict=True):
            self.households[name][households] = values

    def place(self, persons: np.ndarray, households: np.ndarray) -> None:
        """Let people live in households, and say what they are to the heads."""
        self.people["household"][persons] = households
        self.people["resident"][persons] = True
        self.relate(persons)

    def relate(self, persons: np.ndarray) -> None:
        """Say anew what people are to the heads of their households."""
        heads = self.households["head"][self.people["household"][persons]]
        self.people["relationship"][persons] = relate(self.people, persons, heads)

    def write(
        self,
        persons: np.ndarray,
        when: When,
        reason: str | np.ndarray,
        elsewhere: np.ndarray | int = NOWHERE,
    ) -> None:
        """Write a row for each person as everything now stands.

        The city learns of a person's changes in their order, so 届出日 never goes back.

        Args:
            persons: nobody twice.
            when: for each.
            reason: of `REASONS`, or indices of them.
            elsewhere: where they came from or went to, indices of `elsewhere.list_places`.
        """
        people, rows = self.people, np.zeros(len(persons), ROW)
        people["rows"][persons] += 1
        people["known"][persons] = np.maximum(people["known"][persons], when.notified)
        people["changed"][persons] = when.effective
        for name in ("surname", "household", "relationship", "resident"):
            rows[name] = people[name][persons]
        rows["person"], rows["number"] = persons, people["rows"][persons]
        rows["effective"], rows["notified"] = when.effective, people["known"][persons]
        rows["reason"] = REASONS.index(reason) if isinstance(reason, str) else reason
        rows["elsewhere"] = elsewhere
        self._describe(rows)
        self._rows.append(rows)

    def rows(self) -> NDArray[np.void]:
        """Give all rows (`ROW`) in the order of person and number."""
        rows = np.concatenate(self._rows)
        return rows[np.lexsort((rows["number"], rows["person"]))]

    def _describe(self, rows: NDArray[np.void]) -> None:
        where = self.households[rows["household"]]
        for name in ("head", "town", "block", "building", "room"):
            rows[name] = where[name]
        rows["house"] = where["number"]


def nobody(count: int) -> NDArray[np.void]:
    """Give so many new people about whom nothing is known yet."""
    people = np.zeros(count, PERSON)
    people["death"], people["known"], people["last_birth"] = ALIVE, ALIVE, ALIVE
    for who in ("mother", "father", "spouse"):
        people[who] = NOBODY
    return people
