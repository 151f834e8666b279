"""Who comes: children born to mothers of the city, households moving in, children coming back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipelines.whole_city.people.draws import first_of_each, happen, share
from pipelines.whole_city.people.elsewhere import NOWHERE, draw_places
from pipelines.whole_city.people.figures import FEMALE, MALE, read_figures
from pipelines.whole_city.people.founding import completed_years, found
from pipelines.whole_city.people.moves import new_homes
from pipelines.whole_city.people.names import draw_givens
from pipelines.whole_city.people.places import draw_towns
from pipelines.whole_city.people.register import ALIVE, nobody
from pipelines.whole_city.people.weighing import choose_arriving, weigh_patterns

if TYPE_CHECKING:
    from pipelines.whole_city.people.months import Month
    from pipelines.whole_city.people.register import Register

_NOTICE_DAYS = 14  # 戸籍法第49条、住民基本台帳法第22条
_YOUNGEST, _OLDEST, _BETWEEN_DAYS = 15, 48, 330
_UNMARRIED, _MARRIED = 2, 100  # weights: about two children of a hundred have unmarried mothers
_TWINS, _BOYS = 0.01, 0.512
_COMING_BACK, _TO_MOTHER = 0.02, 0.6  # of those who move in; of those who come back (invented)
_EPOCH, _FROM_ABROAD = 1970, 0.5  # of the foreign households that move in (invented)
_GROWN, _SETTLED = 18, 45  # years


def give_birth(register: Register, month: Month) -> None:
    """Let women of 15 to 48 bear children into their households."""
    rng = month.stream("births")
    mothers = _choose_mothers(register, rng, month)
    mothers = np.concatenate([mothers, mothers[share(rng, len(mothers), _TWINS)]])
    order = np.argsort(mothers, kind="stable")
    mothers = mothers[order]
    # Twins are born and notified together.
    when = month.draw_when(rng, len(mothers), _NOTICE_DAYS).at(np.searchsorted(mothers, mothers))
    children = register.add_people(_make_children(register, rng, mothers, when.effective))
    households = register.people["household"][mothers]
    register.households["busy"][households] = True
    register.people["last_birth"][mothers] = when.effective
    register.place(children, households)
    register.write(children, when, "born")


def move_in(register: Register, month: Month) -> None:
    """Let households move in from elsewhere."""
    rng, figures = month.stream("moves in"), read_figures()
    weighed = weigh_patterns(month.seed)
    expected = round(month.expect("moved_in", seasonal=True))
    chosen = choose_arriving(rng, weighed, expected)
    new = found(
        register, rng, weighed.patterns, chosen,
        towns=draw_towns(rng, len(chosen)), day=month.first,
        foreign_per_mille=figures.foreign_arrivals,
    )  # fmt: skip
    when = month.draw_when(rng, len(chosen), _NOTICE_DAYS)
    heads = register.households["head"][new.households]
    abroad = (register.people["nation"][heads] > 0) & share(rng, len(chosen), _FROM_ABROAD)
    places = np.where(abroad, NOWHERE, draw_places(rng, len(chosen)))
    register.write(new.persons, when.at(new.which), "moved_in", places[new.which])


def come_back(register: Register, month: Month) -> None:
    """Let some of the children who left the city come back, to their mother's home or their own."""
    rng = month.stream("coming back")
    expected = month.expect("moved_in", seasonal=True) * _COMING_BACK
    persons = _choose_returners(register, rng, month, expected)
    people = register.people
    mothers = people["mother"][persons]
    welcome = (mothers >= 0) & people["resident"][mothers]
    homes = np.where(welcome, people["household"][mothers], people["household"][persons])
    kept = first_of_each(homes)
    persons, homes, welcome = persons[kept], homes[kept], welcome[kept]
    welcome &= ~register.households["busy"][homes] & share(rng, len(persons), _TO_MOTHER)
    alone = persons[~welcome]
    new = new_homes(register, rng, np.ones(len(alone), np.int64))
    homes[~welcome] = register.add_households(alone, new)
    register.households["busy"][homes] = True
    register.place(persons, homes)
    when = month.draw_when(rng, len(persons), _NOTICE_DAYS)
    register.write(persons, when, "moved_in", draw_places(rng, len(persons)))


def _choose_returners(
    register: Register, rng: np.random.Generator, month: Month, expected: float
) -> np.ndarray:
    """Choose unmarried grown-ups who left in an earlier month and whose parent is known."""
    people = register.people
    gone = np.flatnonzero(~people["resident"] & (people["death"] == ALIVE))
    ages = completed_years(people["birth"][gone], month.first)
    fit = (people["mother"][gone] >= 0) & ~people["married"][gone]
    fit &= (ages >= _GROWN) & (ages < _SETTLED) & (people["changed"][gone] < month.first)
    return gone[happen(rng, fit.astype(np.int64), expected)]


def _choose_mothers(register: Register, rng: np.random.Generator, month: Month) -> np.ndarray:
    figures, people = read_figures(), register.people
    persons = register.idle_people()
    persons = persons[people["sex"][persons] == FEMALE]
    ages = completed_years(people["birth"][persons], month.first)
    partner = np.maximum(people["spouse"][persons], 0)
    together = people["married"][persons] & people["resident"][partner]
    together &= people["household"][partner] == people["household"][persons]
    ready = (ages >= _YOUNGEST) & (ages < _OLDEST)
    ready &= people["last_birth"][persons] < month.first - _BETWEEN_DAYS
    fertility = figures.fertility[figures.band_of(np.maximum(ages, 0))]
    weights = fertility * np.where(together, _MARRIED, _UNMARRIED) * ready
    mothers = persons[happen(rng, weights, month.expect("births"))]
    return mothers[first_of_each(people["household"][mothers])]


def _make_children(
    register: Register, rng: np.random.Generator, mothers: np.ndarray, days: np.ndarray
) -> np.ndarray:
    people, children = register.people, nobody(len(mothers))
    fathers = np.where(people["married"][mothers], people["spouse"][mothers], -1)
    other = np.where(fathers >= 0, fathers, mothers)
    nations = people["nation"][mothers], people["nation"][other]
    children["nation"] = np.where(nations[1] == 0, 0, nations[0])
    japanese = np.where(nations[0] == 0, mothers, other)
    children["sex"] = np.where(share(rng, len(mothers), _BOYS), MALE, FEMALE)
    children["birth"], children["mother"], children["father"] = days, mothers, fathers
    children["surname"] = people["surname"][japanese]
    children["birth_surname"] = children["surname"]
    years = _EPOCH + days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    children["given"] = draw_givens(rng, children["nation"], children["sex"], years)
    return children
