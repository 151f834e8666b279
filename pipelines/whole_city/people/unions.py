"""Marriages and divorces: who takes whose name, and who lives with whom from then on.

A marriage and the move it brings are two rows of one day; the later number holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipelines.whole_city.people.draws import first_of_each, happen, share
from pipelines.whole_city.people.figures import FEMALE, MALE
from pipelines.whole_city.people.founding import completed_years
from pipelines.whole_city.people.kinship import CHILD, HEAD, NOBODY
from pipelines.whole_city.people.moves import new_homes

if TYPE_CHECKING:
    from pipelines.whole_city.people.draws import When
    from pipelines.whole_city.people.months import Month
    from pipelines.whole_city.people.register import Register

_NOTICE_DAYS = 0  # both take effect by 届出; other offices pass a few on late
_AGES, _YOUNGEST = (18, 50), 18
# Weights by age, from 18 on, of who marries; in about 95 of 100 couples the wife takes the name
# (人口動態統計), and three of five divorced wives take back theirs (approximate).
_MARRYING = np.round(
    np.interp(np.arange(18, 50), [18, 22, 27, 31, 38, 49], [2, 20, 100, 90, 30, 5])
)
_HIS_NAME, _NAME_BACK = 0.95, 0.6
_CHILDREN_WITH_MOTHER, _MINOR = 0.9, 18


class Couples(NamedTuple):
    """Couples beside each other."""

    women: np.ndarray
    men: np.ndarray

    def only(self, mask: np.ndarray) -> Couples:
        """Keep the couples for which a mask is true."""
        return Couples(self.women[mask], self.men[mask])


def marry(register: Register, month: Month) -> None:
    """Let single people of the city marry and live together, in his flat or a new home."""
    rng = month.stream("marriages")
    couples = _match(register, rng, month)
    when = month.draw_when(rng, len(couples.women), _NOTICE_DAYS)
    people = register.people
    for one, other in (couples, couples[::-1]):
        register.households["busy"][people["household"][one]] = True
        people["spouse"][one], people["married"][one] = other, True
    _take_names(register, rng, couples)
    both = np.concatenate(couples)
    twice = np.tile(np.arange(len(couples.women)), 2)
    register.write(both, when.at(twice), "married")
    alone = _heads_alone(register, couples.men)
    _join(register, couples.only(alone), when.at(alone))
    _start_home(register, rng, couples.only(~alone), when.at(~alone))


def divorce(register: Register, month: Month) -> None:
    """Let couples part: the one who is not the head moves to another home in the city.

    Minor children go with their mother in nine of ten cases where she moves.
    """
    rng = month.stream("divorces")
    stayers, leavers = _choose_couples(register, rng, month)
    people = register.people
    homes = people["household"][stayers].astype(np.int64)
    when = month.draw_when(rng, len(stayers), _NOTICE_DAYS)
    register.households["busy"][homes] = True
    children, which = _children_to_take(register, rng, (homes, stayers, leavers), month)
    for one in (stayers, leavers):
        people["spouse"][one], people["married"][one] = NOBODY, False
    _take_names_back(register, rng, np.concatenate([stayers, leavers]))
    register.relate(leavers)
    both = np.concatenate([stayers, leavers])
    register.write(both, when.at(np.tile(np.arange(len(stayers)), 2)), "divorced")
    sizes = 1 + np.bincount(which, minlength=len(leavers))
    new = register.add_households(leavers, new_homes(register, rng, sizes))
    moving = np.concatenate([leavers, children])
    whose = np.concatenate([np.arange(len(leavers)), which])
    register.place(moving, new[whose])
    register.write(moving, when.at(whose), "moved_within")


def _match(register: Register, rng: np.random.Generator, month: Month) -> Couples:
    """Match women and men of an age, one of a household and no siblings."""
    people, persons = register.people, _choose_singles(register, rng, month)
    women = persons[people["sex"][persons] == FEMALE]
    men = persons[people["sex"][persons] == MALE]
    count = min(len(women), len(men))
    women, men = (rng.permutation(one)[:count] for one in (women, men))
    jitter = rng.integers(0, 4 * 365, (2, count))
    women = women[np.lexsort((women, people["birth"][women] + jitter[0]))]
    men = men[np.lexsort((men, people["birth"][men] + jitter[1]))]
    mothers, fathers = people["mother"], people["father"]
    related = (mothers[women] == mothers[men]) & (mothers[men] != NOBODY)
    related |= (fathers[women] == fathers[men]) & (fathers[men] != NOBODY)
    return Couples(women, men).only(~related)


def _choose_singles(register: Register, rng: np.random.Generator, month: Month) -> np.ndarray:
    """Choose unmarried people who live alone or as children of the house, one of a household."""
    persons, people = register.idle_people(), register.people
    ages = completed_years(people["birth"][persons], month.first)
    free = (ages >= _AGES[0]) & (ages < _AGES[1]) & ~people["married"][persons]
    free &= (people["relationship"][persons] == CHILD) | _heads_alone(register, persons)
    weights = np.where(free, _MARRYING[np.clip(ages, *_AGES) - _AGES[0] - (ages >= _AGES[1])], 0)
    weights = weights.astype(np.int64)
    women = people["sex"][persons] == FEMALE
    expected = month.expect("marriages")
    chosen = np.concatenate(
        [persons[happen(rng, weights * of_sex, expected)] for of_sex in (women, ~women)]
    )
    chosen = rng.permutation(np.sort(chosen))
    return chosen[first_of_each(people["household"][chosen])]


def _heads_alone(register: Register, persons: np.ndarray) -> np.ndarray:
    """Tell who headed a household of one at the start of the month."""
    people = register.people
    sizes = register.roll.sizes()[people["household"][persons]]
    return (people["relationship"][persons] == HEAD) & (sizes == 1)


def _take_names(register: Register, rng: np.random.Generator, couples: Couples) -> None:
    """Let one take the other's name; where one is not Japanese each keeps the own."""
    people = register.people
    his = share(rng, len(couples.women), _HIS_NAME)
    japanese = (people["nation"][couples.women] == 0) & (people["nation"][couples.men] == 0)
    changing = np.where(his, couples.women, couples.men)[japanese]
    giving = np.where(his, couples.men, couples.women)[japanese]
    people["birth_surname"][changing] = people["surname"][changing]
    people["surname"][changing] = people["surname"][giving]


def _join(register: Register, couples: Couples, when: When) -> None:
    """Let women move in with men who lived alone."""
    register.place(couples.women, register.people["household"][couples.men])
    register.write(couples.women, when, "moved_within")


def _start_home(register: Register, rng: np.random.Generator, couples: Couples, when: When) -> None:
    """Let couples move together; the one whose name they bear is the head."""
    people, count = register.people, len(couples.women)
    renamed = people["surname"][couples.men] != people["birth_surname"][couples.men]
    heads = np.where(renamed, couples.women, couples.men)
    homes = register.add_households(heads, new_homes(register, rng, np.full(count, 2)))
    both, twice = np.concatenate(couples), np.tile(np.arange(count), 2)
    register.place(both, homes[twice])
    register.write(both, when.at(twice), "moved_within")


def _choose_couples(
    register: Register, rng: np.random.Generator, month: Month
) -> tuple[np.ndarray, np.ndarray]:
    """Choose heads and spouses who live together, under 70 and of no larger family."""
    people, households = register.people, register.idle()
    heads = register.households["head"][households]
    partners = np.maximum(people["spouse"][heads], 0)
    fit = people["married"][heads] & (people["spouse"][heads] >= 0) & people["resident"][partners]
    fit &= people["household"][partners] == households
    fit &= _are_nuclear(register, households)
    ages = completed_years(people["birth"][heads], month.first)
    weights = np.where(fit, np.maximum(70 - ages, 0), 0)
    chosen = happen(rng, weights, month.expect("divorces"))
    return heads[chosen], partners[chosen]


def _are_nuclear(register: Register, households: np.ndarray) -> np.ndarray:
    persons, which = register.roll.members(households)
    other = register.people["relationship"][persons] > CHILD
    return np.bincount(which, weights=other, minlength=len(households)) == 0


def _children_to_take(
    register: Register,
    rng: np.random.Generator,
    parting: tuple[np.ndarray, np.ndarray, np.ndarray],
    month: Month,
) -> tuple[np.ndarray, np.ndarray]:
    """List the minor children who go with the leaver, and beside each whose."""
    homes, _, leavers = parting
    people = register.people
    persons, which = register.roll.members(homes)
    taken = share(rng, len(leavers), _CHILDREN_WITH_MOTHER)[which]
    hers = people["mother"][persons] == leavers[which]
    minor = completed_years(people["birth"][persons], month.first) < _MINOR
    going = taken & hers & minor
    return persons[going], which[going]


def _take_names_back(register: Register, rng: np.random.Generator, persons: np.ndarray) -> None:
    people = register.people
    back = persons[share(rng, len(persons), _NAME_BACK)]
    people["surname"][back] = people["birth_surname"][back]
