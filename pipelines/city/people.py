"""The made-up residents: households with names, birth dates, addresses and numbers.

A household is drawn as a whole because its members depend on one another; everything after
`to_register` works on columns. How a department misspells all this is `spelling` and `faults`.
Nobody here can be real: 番 beyond 900 do not exist in these towns, and no telephone number has
four zeros after its area code.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from random import Random
from typing import TYPE_CHECKING

import polars as pl

from pipelines.city.families import CHILD, FEMALE, MALE, Member, draw_family, draw_small_family
from pipelines.city.names import SURNAMES, Name, draw_given_name
from pipelines.city.towns import FIRST_BLOCK, TINY_TOWNS, TOWNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOVED_IN, BORN, MOVED_WITHIN = "10", "20", "30"
_PHONE_FROM_AGE = 12
_DAYS_A_YEAR = 365.2425


@dataclass(frozen=True, slots=True)
class Person:
    """One resident. `style` decides how the department happens to spell the row."""

    resident_id: str
    household_id: str
    full_name: str
    full_name_kana: str
    birth_date: dt.date
    sex_code: str
    relationship: str
    town: str
    block: str
    resident_since_date: dt.date
    change_reason_code: str
    phone: str
    style: int


Household = tuple[Person, ...]


def open_stream(seed: int, purpose: str) -> Random:
    """Open a reproducible stream of random numbers, one a purpose, so that none disturbs another."""
    return Random(f"{seed}/{purpose}")  # noqa: S311 - made-up people, not secrets


class Settler:
    """Turns families into households of the city, with numbers that never repeat."""

    def __init__(self, stream: Random) -> None:
        """Start numbering from the beginning."""
        self.stream = stream
        self._resident = 1_000_000
        self._household = 200_000

    def settle(
        self, members: Sequence[Member], town: str, as_of: dt.date, earliest: dt.date | None = None
    ) -> Household:
        """Give a family names, an address and a day of arrival between `earliest` and `as_of`.

        Without `earliest` they came at any time in the last 35 years.
        """
        draw = self.stream
        since = draw_day(draw, earliest or as_of - dt.timedelta(days=35 * 365), as_of)
        household, surname = self._next_household(), draw.choice(SURNAMES)
        block = draw_block(draw)
        births = [birth_of(draw, member.age, as_of) for member in members]
        # Adults came as adults: nobody heads a household before the age of 18.
        since = max(since, min(as_of, births[0] + dt.timedelta(days=18 * 366)))
        return tuple(
            self.person(
                member, birth, household=household, surname=surname, town=town, block=block,
                since=max(since, birth), as_of=as_of,
            )
            for member, birth in zip(members, births, strict=True)
        )  # fmt: skip

    def person(
        self,
        member: Member,
        birth: dt.date,
        *,
        household: str,
        surname: Name,
        town: str,
        block: str,
        since: dt.date,
        as_of: dt.date,
    ) -> Person:
        """Register one person; somebody resident since the day of birth was born here."""
        given = draw_given_name(self.stream, member.sex, birth.year)
        return Person(
            resident_id=self._next_resident(),
            household_id=household,
            full_name=f"{surname.kanji}　{given.kanji}",
            full_name_kana=f"{surname.kana} {given.kana}",
            birth_date=birth,
            sex_code=member.sex,
            relationship=member.relationship,
            town=town,
            block=block,
            resident_since_date=since,
            change_reason_code=BORN if since == birth else MOVED_IN,
            phone=self._draw_phone(birth, as_of),
            style=self.stream.randrange(10_000),
        )

    def add_newborn(self, household: Household, birth: dt.date) -> Household:
        """Register a child born to a household."""
        head = household[0]
        kanji, kana = head.full_name.split("　")[0], head.full_name_kana.split(" ")[0]
        member = Member(CHILD, self.stream.choice((MALE, FEMALE)), 0)
        child = self.person(
            member, birth, household=head.household_id, surname=Name(kanji, kana),
            town=head.town, block=head.block, since=birth, as_of=birth,
        )  # fmt: skip
        return (*household, child)

    def _next_resident(self) -> str:
        self._resident += self.stream.randint(1, 9)
        return f"{self._resident:010}"

    def _next_household(self) -> str:
        self._household += self.stream.randint(1, 9)
        return f"{self._household:010}"

    def _draw_phone(self, birth: dt.date, as_of: dt.date) -> str:
        # 0000 would read as a number that stands for none.
        number = f"{self.stream.randrange(1, 10_000):04}"
        if as_of.year - birth.year < _PHONE_FROM_AGE or self.stream.random() < 0.1:  # noqa: PLR2004
            return ""
        return f"{self.stream.choice(('06-1000', '090-0000', '080-0000'))}-{number}"


def settle_city(settler: Settler, residents: int, as_of: dt.date) -> list[Household]:
    """Settle exactly `residents` persons (at least 100), tiny towns first."""
    households = [
        settler.settle(draw_small_family(settler.stream), town, as_of)
        for town, count in TINY_TOWNS.items()
        for _ in range(count)
    ]
    room = residents - sum(map(len, households))
    while room > 0:
        family = draw_family(settler.stream, at_most=room)
        households.append(settler.settle(family, draw_town(settler.stream), as_of))
        room -= len(family)
    return households


def to_register(households: Iterable[Household]) -> pl.DataFrame:
    """Lay the residents out as a table, one row a person, clean and typed."""
    return pl.DataFrame([asdict(person) for household in households for person in household])


def draw_town(stream: Random) -> str:
    """Draw a town by its weight; the tiny ones are never drawn."""
    return stream.choices(TOWNS, [town.households for town in TOWNS])[0].name


def draw_block(stream: Random) -> str:
    """Draw an address that does not exist."""
    return f"{stream.randint(FIRST_BLOCK + 1, 999)}番{stream.randint(1, 30)}号"


def draw_day(stream: Random, first: dt.date, last: dt.date) -> dt.date:
    """Draw a day between two days, both inclusive."""
    return first + dt.timedelta(days=stream.randint(0, (last - first).days))


def birth_of(stream: Random, age: int, as_of: dt.date) -> dt.date:
    """Draw the birth date of somebody who is `age` years old on `as_of`."""
    return as_of - dt.timedelta(days=int(age * _DAYS_A_YEAR) + 1 + stream.randrange(364))
