"""Who leaves the city: by death, with the whole household, or alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipelines.whole_city.people.draws import first_of_each, happen, happen_by_rate
from pipelines.whole_city.people.elsewhere import NOWHERE, draw_places
from pipelines.whole_city.people.figures import read_figures
from pipelines.whole_city.people.founding import completed_years
from pipelines.whole_city.people.kinship import CHILD
from pipelines.whole_city.people.months import MONTHS_A_YEAR
from pipelines.whole_city.people.successions import succeed

if TYPE_CHECKING:
    from pipelines.whole_city.people.draws import When
    from pipelines.whole_city.people.months import Month
    from pipelines.whole_city.people.register import Register

_PER_DEATHS = 100_000 * MONTHS_A_YEAR
_DEATH_DAYS, _MOVE_DAYS = 7, 14  # 戸籍法第86条、住民基本台帳法第22条〜第24条
# Of those who move out, parts of 100: with the household, grown children, heads sent elsewhere.
_TOGETHER, _CHILDREN, _SENT = 0.83, 0.13, 0.04
# How willing households of one, two, and more are to move (invented; those who come are alike).
_WILLING = np.array([0, 10, 7, 5])
_LEAVING_AGES, _SENT_AGES = (18, 34), (30, 58)


def die(register: Register, month: Month) -> None:
    """Let people die as their age and sex have it; at most one in a household and month."""
    rng, figures = month.stream("deaths"), read_figures()
    persons = register.idle_people()
    people = register.people
    ages = completed_years(people["birth"][persons], month.first)
    rates = figures.deaths[people["sex"][persons] - 1, figures.band_of(np.maximum(ages, 0))]
    dead = persons[happen_by_rate(rng, rates, _PER_DEATHS)]
    dead = dead[first_of_each(people["household"][dead])]
    when = month.draw_when(rng, len(dead), _DEATH_DAYS)
    people["death"][dead] = when.effective
    partners = people["spouse"][dead]
    people["married"][partners[partners >= 0]] = False
    people["married"][dead] = False
    _go(register, month, dead, when, "died")


def move_out(register: Register, month: Month) -> None:
    """Let households move out, grown children leave them, and heads be sent elsewhere by work."""
    _move_out_together(register, month)
    _move_out_alone(register, month)


def choose_movers(
    register: Register, rng: np.random.Generator, month: Month, persons: float
) -> np.ndarray:
    """Choose households to move, of `persons` members on average, by the ages of their heads."""
    figures, households = read_figures(), register.idle()
    heads = register.households["head"][households]
    ages = completed_years(register.people["birth"][heads], month.first)
    sizes = register.roll.sizes()[households]
    weights = figures.mobility[figures.band_of(ages)] * _WILLING[np.minimum(sizes, 3)]
    total = int((weights * sizes).sum())
    return households[happen(rng, weights, persons * int(weights.sum()) / max(total, 1))]


def choose_grown_children(
    register: Register, rng: np.random.Generator, month: Month, expected: float
) -> np.ndarray:
    """Choose unmarried grown children of the house to leave it, one of a household."""
    persons = register.idle_people()
    people = register.people
    ages = completed_years(people["birth"][persons], month.first)
    free = (people["relationship"][persons] == CHILD) & ~people["married"][persons]
    free &= (ages >= _LEAVING_AGES[0]) & (ages <= _LEAVING_AGES[1])
    chosen = persons[happen(rng, free.astype(np.int64), expected)]
    return chosen[first_of_each(people["household"][chosen])]


def _move_out_together(register: Register, month: Month) -> None:
    rng, expected = month.stream("moves out"), month.expect("moved_out", seasonal=True)
    households = choose_movers(register, rng, month, expected * _TOGETHER)
    persons, which = register.roll.members(households)
    when = month.draw_when(rng, len(households), _MOVE_DAYS)
    places = draw_places(rng, len(households))
    register.households["busy"][households] = True
    register.people["resident"][persons] = False
    register.write(persons, when.at(which), "moved_out", places[which])


def _move_out_alone(register: Register, month: Month) -> None:
    rng, expected = month.stream("moves out alone"), month.expect("moved_out", seasonal=True)
    grown = choose_grown_children(register, rng, month, expected * _CHILDREN)
    sent = _choose_sent(register, rng, month, expected * _SENT)
    people = register.people
    leaving = np.sort(np.concatenate([grown, sent]))
    leaving = leaving[first_of_each(people["household"][leaving])]
    when = month.draw_when(rng, len(leaving), _MOVE_DAYS)
    _go(register, month, leaving, when, "moved_out", places=draw_places(rng, len(leaving)))


def _choose_sent(
    register: Register, rng: np.random.Generator, month: Month, expected: float
) -> np.ndarray:
    people, households = register.people, register.idle()
    heads = register.households["head"][households]
    ages = completed_years(people["birth"][heads], month.first)
    partner = people["spouse"][heads]
    together = (partner >= 0) & people["married"][heads]
    together &= people["household"][np.maximum(partner, 0)] == households
    together &= people["resident"][np.maximum(partner, 0)]
    fit = together & (ages >= _SENT_AGES[0]) & (ages <= _SENT_AGES[1])
    return heads[happen(rng, fit.astype(np.int64), expected)]


def _go(
    register: Register,
    month: Month,
    persons: np.ndarray,
    when: When,
    reason: str,
    *,
    places: np.ndarray | int = NOWHERE,
) -> None:
    """Write that people are gone, one of a household, and who heads it where that was the head."""
    households = register.people["household"][persons]
    register.households["busy"][households] = True
    register.people["resident"][persons] = False
    register.write(persons, when, reason, places)
    heads = register.households["head"][households] == persons
    succeed(register, month, households[heads], when.at(heads))
