"""One month in the life of the city: births, deaths, moves in, out and within.

Takes households and returns households, each still consistent (one head, relations that hold).
Rates are those of a spring month in a city of this kind, rounded. Tiny towns keep their people.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipelines.city.families import FATHER, FEMALE, HEAD, MOTHER, WIFE, draw_family
from pipelines.city.people import MOVED_WITHIN, draw_block, draw_day, draw_town
from pipelines.city.towns import TINY_TOWNS

if TYPE_CHECKING:
    import datetime as dt
    from random import Random

    from pipelines.city.people import Household, Person, Settler

_MOTHER_AGES = range(23, 42)
_DEATH_FROM_AGE = 74
_LARGEST_FAMILY = 5
_BIRTH_INTERVAL = 2
_SMALL = 2


@dataclass(frozen=True)
class Events:
    """How many of each happened; moves count households, births and deaths persons."""

    births: int
    deaths: int
    moved_in: int
    moved_out: int
    moved_within: int


def plan_events(households: int) -> Events:
    """Say how much happens in a month to so many households, at least one of each."""
    return Events(
        births=max(1, round(households * 0.0018)),
        deaths=max(1, round(households * 0.0025)),
        moved_in=max(1, round(households * 0.014)),
        moved_out=max(1, round(households * 0.011)),
        moved_within=max(1, round(households * 0.007)),
    )


def live_one_month(
    settler: Settler, households: list[Household], first: dt.date, last: dt.date
) -> list[Household]:
    """Let one month pass, from `first` to `last` inclusive."""
    draw, events = settler.stream, plan_events(len(households))
    city = {household[0].household_id: household for household in households}
    for key in _pick(draw, _movable(city), events.moved_out):
        del city[key]
    for key in _pick(draw, _movable(city), events.moved_within):
        city[key] = _move_within(settler, city[key])
    for key in _pick(draw, [k for k, h in city.items() if _mother(h, first)], events.births):
        city[key] = settler.add_newborn(city[key], draw_day(draw, first, last))
    for key in _pick(draw, [k for k, h in city.items() if _eldest(h, first)], events.deaths):
        city[key] = _bury(city[key], first)
    for _ in range(events.moved_in):
        family = draw_family(draw, at_most=_LARGEST_FAMILY)
        newcomers = settler.settle(family, draw_town(draw), last, earliest=first)
        city[newcomers[0].household_id] = newcomers
    return [household for household in city.values() if household]


def _pick(draw: Random, keys: list[str], count: int) -> list[str]:
    """Pick so many, or all there are in a very small city."""
    return draw.sample(keys, min(count, len(keys)))


def _movable(city: dict[str, Household]) -> list[str]:
    return [key for key, household in city.items() if household[0].town not in TINY_TOWNS]


def _move_within(settler: Settler, household: Household) -> Household:
    town, block = draw_town(settler.stream), draw_block(settler.stream)
    return tuple(
        replace(person, town=town, block=block, change_reason_code=MOVED_WITHIN)
        for person in household
    )


def _mother(household: Household, day: dt.date) -> Person | None:
    """Find who may bear a child: of the age, not alone, and without an infant."""
    women = (p for p in household if p.sex_code == FEMALE and p.relationship in {WIFE, HEAD})
    ready = len(household) >= _SMALL and all(_age(p, day) >= _BIRTH_INTERVAL for p in household)
    return next((p for p in women if ready and _age(p, day) in _MOTHER_AGES), None)


def _eldest(household: Household, day: dt.date) -> Person | None:
    """Find who may die without leaving relations that no longer hold."""
    old = [p for p in household if _age(p, day) >= _DEATH_FROM_AGE]
    free = [p for p in old if len(household) <= _SMALL or p.relationship in {FATHER, MOTHER}]
    tiny = household[0].town in TINY_TOWNS
    return min(free, key=lambda p: p.birth_date) if free and not tiny else None


def _bury(household: Household, day: dt.date) -> Household:
    dead = _eldest(household, day)
    left = tuple(person for person in household if person is not dead)
    return tuple(replace(p, relationship=HEAD) for p in left) if len(left) == 1 else left


def _age(person: Person, day: dt.date) -> int:
    born = person.birth_date
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
