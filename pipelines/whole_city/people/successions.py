"""Who heads a household when its head is gone, and what the others then are to the new head."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipelines.whole_city.people.draws import share
from pipelines.whole_city.people.elsewhere import draw_places
from pipelines.whole_city.people.founding import completed_years

if TYPE_CHECKING:
    from pipelines.whole_city.people.draws import When
    from pipelines.whole_city.people.months import Month
    from pipelines.whole_city.people.register import Register

ADULT, _ELDER = 18, 80
_NOTICE_DAYS = 14  # 住民基本台帳法第25条
_SPOUSE_FIRST, _ADULTS_NEXT = 1000, 500
_RETIRING_FROM, _RETIRING_SHARE = 75, 0.002


def remaining(register: Register, households: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """List those who still live in households, and beside each which of `households` it is of."""
    persons, which = register.roll.members(households)
    people = register.people
    here = people["resident"][persons] & (people["household"][persons] == households[which])
    return persons[here], which[here]


def succeed(register: Register, month: Month, households: np.ndarray, when: When) -> None:
    """Let the households whose head is gone have a new one: the spouse, or the oldest grown up.

    Where only minors are left they move to relatives elsewhere.
    """
    persons, which = remaining(register, households)
    rank = _rank(register, persons, households[which], month)
    best = np.lexsort((persons, -rank, which))
    firsts = best[np.unique(which[best], return_index=True)[1]]
    heirs = firsts[rank[firsts] >= ADULT]
    register.households["head"][households[which[heirs]]] = persons[heirs]
    led = np.isin(which, which[heirs])
    register.relate(persons[led])
    register.write(persons[led], when.at(which[led]), "head_changed")
    _take_in_elsewhere(register, month, persons[~led], when.at(which[~led]))


def hand_over(register: Register, month: Month) -> None:
    """Let a few old heads hand their household over to a grown child who lives with them."""
    rng = month.stream("handing over")
    households = register.idle()
    heads = register.households["head"][households]
    old = completed_years(register.people["birth"][heads], month.first) >= _RETIRING_FROM
    large = register.roll.sizes()[households] > 1
    willing = old & large & share(rng, len(households), _RETIRING_SHARE)
    chosen, when = households[willing], month.draw_when(rng, int(willing.sum()), _NOTICE_DAYS)
    persons, which = register.roll.members(chosen)
    _lead(register, month, (persons, which), chosen, when)


def _lead(
    register: Register,
    month: Month,
    members: tuple[np.ndarray, np.ndarray],
    households: np.ndarray,
    when: When,
) -> None:
    persons, which = members
    people = register.people
    heads = register.households["head"][households][which]
    own = (people["mother"][persons] == heads) | (people["father"][persons] == heads)
    grown = completed_years(people["birth"][persons], month.first) >= ADULT
    heirs = np.flatnonzero(own & grown)
    firsts = heirs[np.unique(which[heirs], return_index=True)[1]]
    led = np.isin(which, which[firsts])
    register.households["head"][households[which[firsts]]] = persons[firsts]
    register.households["busy"][households[which[firsts]]] = True
    register.relate(persons[led])
    register.write(persons[led], when.at(which[led]), "head_changed")


def _rank(
    register: Register, persons: np.ndarray, households: np.ndarray, month: Month
) -> np.ndarray:
    people = register.people
    ages = completed_years(people["birth"][persons], month.first)
    former = register.households["head"][households]
    spouse = people["spouse"][persons] == former
    grown = (ages >= ADULT) & (ages < _ELDER)
    return ages + (grown * _ADULTS_NEXT) + (spouse & (ages >= ADULT)) * _SPOUSE_FIRST


def _take_in_elsewhere(
    register: Register,
    month: Month,
    minors: np.ndarray,
    when: When,
) -> None:
    rng = month.stream("orphans")
    register.people["resident"][minors] = False
    register.write(minors, when, "moved_out", draw_places(rng, len(minors)))
