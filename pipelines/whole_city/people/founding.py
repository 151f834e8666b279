"""From patterns of households to people of the register: births, names, nations and kin.

Belongs here: entering new households, those of the first register and those that move in. When
they came and what row is written is said by `beginnings` and `arrivals`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipelines.whole_city.people import families
from pipelines.whole_city.people.draws import first_of_each, share
from pipelines.whole_city.people.families import ABSENT, FATHER, HEAD, MOTHER, OTHER, SPOUSE
from pipelines.whole_city.people.figures import FEMALE
from pipelines.whole_city.people.names import draw_foreign_nations, draw_givens, draw_surnames
from pipelines.whole_city.people.places import draw_addresses, draw_flats
from pipelines.whole_city.people.register import nobody

if TYPE_CHECKING:
    from pipelines.whole_city.people.families import Patterns
    from pipelines.whole_city.people.register import Register

_DAYS, _CENTURIES = 3_652_425, 10_000
_EPOCH, _MIXED, _TRIES, _MANY = 1970, 0.25, 3, 100_000
_MIXING_KINDS = ("couple", "couple_children")


class Founded(NamedTuple):
    """New households and their people.

    Attributes:
        persons: indices, household after household.
        which: beside each person, which of `households`.
        households: indices.
    """

    persons: np.ndarray
    which: np.ndarray
    households: np.ndarray


def completed_years(births: np.ndarray, day: int) -> np.ndarray:
    """Count the years between days, about: a day around the birthday may be wrong."""
    return (day - births.astype(np.int64)) * _CENTURIES // _DAYS


def years_before(day: np.ndarray | int, years: np.ndarray) -> np.ndarray:
    """Give the day that lies so many years before."""
    return day - years.astype(np.int64) * _DAYS // _CENTURIES


def found(
    register: Register,
    rng: np.random.Generator,
    patterns: Patterns,
    chosen: np.ndarray,
    *,
    towns: np.ndarray,
    day: int,
    foreign_per_mille: int,
) -> Founded:
    """Enter households that follow the chosen patterns; ages are those on `day`. Writes no row."""
    picked = type(patterns)(*(column[chosen] for column in patterns))
    which, slot = np.nonzero(picked.age != ABSENT)
    first = len(register.people)
    people = _make_people(rng, picked, which, slot, day)
    _tell_kin(people, picked, which, slot, (first, len(register.households)))
    _name(rng, people, picked, which, slot, foreign_per_mille=foreign_per_mille)
    persons = register.add_people(people)
    heads = persons[np.flatnonzero(slot == HEAD)]
    flats = draw_flats(rng, np.bincount(which))
    size_of_city = max(len(register.households), len(chosen))
    households = register.add_households(heads, draw_addresses(rng, towns, flats, size_of_city))
    register.place(persons, households[which])
    _remember_births(register, persons)
    return Founded(persons, which, households)


def _make_people(
    rng: np.random.Generator, picked: Patterns, which: np.ndarray, slot: np.ndarray, day: int
) -> np.ndarray:
    people = nobody(len(which))
    people["sex"] = picked.sex[which, slot]
    people["lodger"] = picked.lodger[which, slot]
    ages = picked.age[which, slot]
    people["birth"] = years_before(day, ages) - 1 - rng.integers(0, 364, len(which))
    return people


def _tell_kin(
    people: np.ndarray,
    picked: Patterns,
    which: np.ndarray,
    slot: np.ndarray,
    firsts: tuple[int, int],
) -> None:
    """Turn slots into people; parents outside the city get numbers below -1 of their own."""
    there = picked.age != ABSENT
    index = firsts[0] + np.cumsum(there.ravel()).reshape(there.shape) - 1
    for who in ("mother", "father", "spouse"):
        said = getattr(picked, who)[which, slot].astype(np.int64)
        known = (said >= 0) & there[which, np.maximum(said, 0)]
        outside = -2 - 2 * (firsts[1] + which) - (said == families.OUTSIDE_FATHER)
        people[who] = np.where(known, index[which, np.maximum(said, 0)], -1)
        people[who] = np.where(said < families.UNKNOWN, outside, people[who])
    people["married"] = people["spouse"] >= 0


def _name(
    rng: np.random.Generator,
    people: np.ndarray,
    picked: Patterns,
    which: np.ndarray,
    slot: np.ndarray,
    *,
    foreign_per_mille: int,
) -> None:
    """Give nations and names: a family has one, and the wife's parents hers; lodgers their own."""
    people["nation"] = _draw_nations(rng, picked, which, slot, foreign_per_mille)
    own = draw_surnames(rng, people["nation"])
    heads = np.flatnonzero(slot == HEAD)
    maiden = draw_surnames(rng, people["nation"][heads])[which]
    alien = people["nation"] != people["nation"][heads][which]
    apart = ((slot == OTHER) & ~_are_siblings(picked)[which]) | alien
    wife = (people["sex"] == FEMALE) & people["married"] & (slot <= SPOUSE) & ~alien
    # Foreign wives keep the name they were born with.
    hers = _are_parents_of_wife(picked, which, slot) | (wife & (people["nation"] > 0))
    people["surname"] = np.where(apart, own, np.where(hers, maiden, own[heads][which]))
    people["birth_surname"] = np.where(wife, maiden, people["surname"])
    years = _EPOCH + people["birth"].astype(np.int64) * _CENTURIES // _DAYS
    people["given"] = draw_givens(rng, people["nation"], people["sex"], years)
    for _ in range(_TRIES):
        twice = ~np.isin(np.arange(len(which)), _first_of_each_pair(which, people["given"]))
        same = people[twice]
        people["given"][twice] = draw_givens(rng, same["nation"], same["sex"], years[twice])


def _first_of_each_pair(which: np.ndarray, given: np.ndarray) -> np.ndarray:
    """Give the positions at which a given name stands for the first time in its household."""
    return first_of_each(which * _MANY + given)


def _are_parents_of_wife(picked: Patterns, which: np.ndarray, slot: np.ndarray) -> np.ndarray:
    rows = np.arange(len(picked.kind))
    owner = np.where(picked.mother[:, SPOUSE] == MOTHER, SPOUSE, HEAD)
    wife = (picked.spouse[rows, owner] >= 0) & (picked.sex[rows, owner] == FEMALE)
    return ((slot == FATHER) | (slot == MOTHER)) & wife[which]


def _are_siblings(picked: Patterns) -> np.ndarray:
    return picked.mother[:, OTHER] == families.OUTSIDE_MOTHER


def _draw_nations(
    rng: np.random.Generator,
    picked: Patterns,
    which: np.ndarray,
    slot: np.ndarray,
    per_mille: int,
) -> np.ndarray:
    """Draw nations by household; in a mixed couple one is Japanese, and so are the children."""
    count = len(picked.kind)
    foreign = rng.integers(0, 1000, count) < per_mille
    nations = np.where(foreign, draw_foreign_nations(rng, count), 0)
    mixing = np.isin(picked.kind, _MIXING_KINDS) & share(rng, count, _MIXED)
    alien = np.where(share(rng, count, 0.5), HEAD, SPOUSE)
    drawn = nations[which]
    return np.where(mixing[which] & (slot != alien[which]), 0, drawn)


def _remember_births(register: Register, persons: np.ndarray) -> None:
    people = register.people
    children = persons[people["mother"][persons] >= 0]
    np.maximum.at(people["last_birth"], people["mother"][children], people["birth"][children])
