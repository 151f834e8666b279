"""Patterns of households: who lives together, of which sex and age, and how they are kin.

Each pattern is one row of a few matrices with a fixed slot for each member, so that ages fit by
construction: a mother was 18 to 44 at each birth, spouses are of an age. How often each pattern is
used is `weighing`; names, dates and places come later.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipelines.whole_city.people.draws import pick, share
from pipelines.whole_city.people.figures import FEMALE, MALE

# Slots of a pattern; children stand in four of them.
HEAD, SPOUSE, CHILD, FATHER, MOTHER, OTHER, PARTNER, GRANDCHILD, SLOTS = 0, 1, 2, 6, 7, 8, 9, 10, 12
CHILDREN, GRANDCHILDREN = slice(2, 6), slice(10, 12)
ABSENT, UNKNOWN, OUTSIDE_MOTHER, OUTSIDE_FATHER = -1, -1, -2, -3
OLDEST, ADULT = 104, 18
_YOUNGEST_MOTHER, _OLDEST_MOTHER = 18, 44
# Weights of the mother's age at her first child, from 18 on; of husband's age less wife's, from -4 on;
# of years between children, from 2 on; of how many children in 100 still live at home, by age.
_FIRST_BIRTH = np.array(
    [1, 1, 2, 3, 4, 5, 7, 8, 10, 11, 12, 12, 12, 11, 10, 9, 8, 6, 5, 4, 3, 2, 1]
)
_AGE_GAPS = np.array([2, 3, 5, 9, 14, 14, 13, 11, 9, 7, 5, 4, 3, 2, 2, 1, 1])
_LEAST_GAP = 4
_BETWEEN = np.array([5, 5, 3, 1])
_AT_HOME = np.round(
    np.interp(
        np.arange(OLDEST + 1), [17, 18, 22, 26, 30, 40, 60, 75], [100, 90, 70, 45, 25, 13, 8, 0]
    )
)


class Patterns(NamedTuple):
    """Patterns in matrices of a row each; columns are slots.

    Attributes:
        kind: of `figures.yaml`, one a row.
        age: completed years, -1 where nobody is.
        sex: `MALE` or `FEMALE`.
        mother, father, spouse: slots; -1 unknown, -2 and -3 parents outside the city.
        lodger: whether somebody is no relative.
    """

    kind: np.ndarray
    age: np.ndarray
    sex: np.ndarray
    mother: np.ndarray
    father: np.ndarray
    spouse: np.ndarray
    lodger: np.ndarray


def draw_patterns(rng: np.random.Generator, each: int) -> Patterns:
    """Draw up to `each` patterns of every kind; what does not fit is left out."""
    made = [
        _keep(kind, draw(rng, _empty(each)))
        for kind, draw in (
            ("single", _single),
            ("couple", _couple),
            ("couple_children", _couple_children),
            ("single_parent", _single_parent),
            ("parents_with_head", _parents_with_head),
            ("head_with_grandchildren", _head_with_grandchildren),
            ("siblings", _siblings),
            ("relatives", _relatives),
            ("lodgers", _lodgers),
        )
    ]
    return Patterns(*(np.concatenate(column) for column in zip(*made, strict=True)))


def _empty(count: int) -> Patterns:
    shape = (count, SLOTS)
    return Patterns(
        np.empty(count, "U24"),
        np.full(shape, ABSENT, np.int16),
        np.full(shape, MALE, np.int8),
        *(np.full(shape, UNKNOWN, np.int8) for _ in range(3)),
        np.zeros(shape, bool),
    )


def _keep(kind: str, made: Patterns) -> Patterns:
    """Keep the patterns in which everybody may live, and parents were grown up at each birth."""
    adults = made.age[:, [HEAD, SPOUSE, FATHER, MOTHER, OTHER, PARTNER]]
    fits = ((adults >= ADULT) | (adults == ABSENT)).all(axis=1) & (made.age[:, HEAD] >= ADULT)
    fits &= (made.age <= OLDEST).all(axis=1) & _are_old_enough(made)
    if kind in {"couple_children", "single_parent"}:
        fits &= (made.age[:, CHILDREN] >= 0).any(axis=1)
    if kind == "head_with_grandchildren":
        fits &= (made.age[:, CHILD] >= ADULT) & (made.age[:, GRANDCHILDREN] >= 0).any(axis=1)
    kept = [column[fits] for column in made]
    kept[0] = np.full(int(fits.sum()), kind, "U24")
    return Patterns(*kept)


def _are_old_enough(made: Patterns) -> np.ndarray:
    rows = np.arange(len(made.age))[:, None]
    fits = np.ones(len(made.age), bool)
    for slots in (made.mother, made.father):
        parent = made.age[rows, np.maximum(slots, 0)]
        asked = (slots >= 0) & (parent != ABSENT) & (made.age != ABSENT)
        fits &= (~asked | (parent - made.age >= _YOUNGEST_MOTHER)).all(axis=1)
    return fits


def _single(rng: np.random.Generator, made: Patterns) -> Patterns:
    made.age[:, HEAD] = rng.integers(ADULT, OLDEST + 1, len(made.age))
    made.sex[:, HEAD] = rng.integers(MALE, FEMALE + 1, len(made.age))
    return made


def _couple(
    rng: np.random.Generator, made: Patterns, youngest: int = 20, oldest: int = 98
) -> Patterns:
    """Let spouses be of an age; the husband is the head in nine of ten."""
    count, rows = len(made.age), np.arange(len(made.age))
    wife = rng.integers(youngest, oldest + 1, count)
    husband = np.maximum(wife + pick(rng, _AGE_GAPS, count) - _LEAST_GAP, ADULT)
    wife_slot = np.where(share(rng, count, 0.1), HEAD, SPOUSE)
    made.age[rows, wife_slot], made.age[rows, 1 - wife_slot] = wife, husband
    made.sex[rows, wife_slot], made.sex[rows, 1 - wife_slot] = FEMALE, MALE
    made.spouse[:, HEAD], made.spouse[:, SPOUSE] = SPOUSE, HEAD
    return made


def _couple_children(rng: np.random.Generator, made: Patterns) -> Patterns:
    made = _couple(rng, made, 19, 80)
    wife = np.where(made.sex[:, HEAD] == FEMALE, HEAD, SPOUSE)
    return _add_children(rng, made, wife)


def _single_parent(rng: np.random.Generator, made: Patterns) -> Patterns:
    count = len(made.age)
    made.age[:, HEAD] = rng.integers(20, 95, count)
    made.sex[:, HEAD] = np.where(share(rng, count, 0.85), FEMALE, MALE)
    made = _add_children(rng, made, np.full(count, HEAD))
    man = (made.sex[:, HEAD] == MALE)[:, None]
    made.mother[:, CHILDREN] = np.where(man, UNKNOWN, HEAD)
    made.father[:, CHILDREN] = np.where(man, HEAD, UNKNOWN)
    return made


def _add_children(rng: np.random.Generator, made: Patterns, mother: np.ndarray) -> Patterns:
    """Add up to four children whom the one in slot `mother` had at 18 to 44, if still at home."""
    count, rows = len(made.age), np.arange(len(made.age))
    at_birth = _YOUNGEST_MOTHER + pick(rng, _FIRST_BIRTH, count)
    wanted = 1 + pick(rng, np.array([40, 44, 14, 2]), count)
    for nth in range(4):
        age = made.age[rows, mother] - at_birth
        home = rng.integers(0, 100, count) < _AT_HOME[np.clip(age, 0, OLDEST)]
        there = (nth < wanted) & (age >= 0) & (at_birth <= _OLDEST_MOTHER) & home
        made.age[:, CHILD + nth] = np.where(there, age, ABSENT)
        at_birth = at_birth + 2 + pick(rng, _BETWEEN, count)
    made.sex[:, CHILDREN] = rng.integers(MALE, FEMALE + 1, (count, 4))
    made.mother[:, CHILDREN] = mother[:, None]
    made.father[:, CHILDREN] = 1 - mother[:, None]
    return made


def _parents_with_head(rng: np.random.Generator, made: Patterns) -> Patterns:
    """Add the mother, the father or both of the head, married or not, or of the spouse."""
    made, count = _couple_children(rng, made), len(made.age)
    unmarried = share(rng, count, 0.3)
    made.age[unmarried, SPOUSE:FATHER] = ABSENT
    of_spouse = share(rng, count, 0.2) & ~unmarried
    owner, rows = np.where(of_spouse, SPOUSE, HEAD), np.arange(count)
    mother = made.age[rows, owner] + rng.integers(20, 39, count)
    who = rng.integers(0, 100, count)
    made.age[:, MOTHER] = np.where(who < 85, mother, ABSENT)  # noqa: PLR2004 - shares of 100
    father = mother + pick(rng, _AGE_GAPS, count) - _LEAST_GAP
    made.age[:, FATHER] = np.where(who >= 60, father, ABSENT)  # noqa: PLR2004 - shares of 100
    made.sex[:, MOTHER] = FEMALE
    made.mother[rows, owner], made.father[rows, owner] = MOTHER, FATHER
    made.spouse[:, MOTHER], made.spouse[:, FATHER] = FATHER, MOTHER
    return made


def _head_with_grandchildren(rng: np.random.Generator, made: Patterns) -> Patterns:
    """Let an old head live with a grown child, its spouse and their children."""
    made, count = _couple(rng, made, 52, 92), len(made.age)
    wife = np.where(made.sex[:, HEAD] == FEMALE, HEAD, SPOUSE)
    child = made.age[np.arange(count), wife] - rng.integers(20, 36, count)
    sex = rng.integers(MALE, FEMALE + 1, count)
    gap = pick(rng, _AGE_GAPS, count) - _LEAST_GAP
    partner = np.where(sex == MALE, child - gap, child + gap)
    made.age[:, CHILD], made.age[:, PARTNER] = child, partner
    made.sex[:, CHILD], made.sex[:, PARTNER] = sex, MALE + FEMALE - sex
    made.mother[:, CHILD], made.father[:, CHILD] = wife, 1 - wife
    made.spouse[:, CHILD], made.spouse[:, PARTNER] = PARTNER, CHILD
    _lose_spouse(rng, made)
    return _add_grandchildren(rng, made)


def _lose_spouse(rng: np.random.Generator, made: Patterns) -> None:
    made.age[share(rng, len(made.age), 0.4), SPOUSE] = ABSENT


def _add_grandchildren(rng: np.random.Generator, made: Patterns) -> Patterns:
    count, rows = len(made.age), np.arange(len(made.age))
    mother = np.where(made.sex[:, CHILD] == FEMALE, CHILD, PARTNER)
    at_birth = _YOUNGEST_MOTHER + pick(rng, _FIRST_BIRTH, count)
    for slot in (GRANDCHILD, GRANDCHILD + 1):
        age = made.age[rows, mother] - at_birth
        there = (age >= 0) & (age <= ADULT) & (at_birth <= _OLDEST_MOTHER)
        made.age[:, slot] = np.where(there, age, ABSENT)
        at_birth = at_birth + 2 + pick(rng, _BETWEEN, count)
    made.sex[:, GRANDCHILDREN] = rng.integers(MALE, FEMALE + 1, (count, 2))
    made.mother[:, GRANDCHILDREN] = mother[:, None]
    made.father[:, GRANDCHILDREN] = (CHILD + PARTNER - mother)[:, None]
    return made


def _siblings(rng: np.random.Generator, made: Patterns) -> Patterns:
    made, count = _with_other(rng, made), len(made.age)
    apart = rng.integers(1, 9, count) * np.where(share(rng, count, 0.5), 1, -1)
    made.age[:, OTHER] = made.age[:, HEAD] + apart
    made.mother[:, [HEAD, OTHER]], made.father[:, [HEAD, OTHER]] = OUTSIDE_MOTHER, OUTSIDE_FATHER
    return made


def _relatives(rng: np.random.Generator, made: Patterns) -> Patterns:
    return _with_other(rng, made)


def _lodgers(rng: np.random.Generator, made: Patterns) -> Patterns:
    made = _with_other(rng, made, 20, 65)
    made.lodger[:, OTHER] = True
    return made


def _with_other(
    rng: np.random.Generator, made: Patterns, youngest: int = 22, oldest: int = 90
) -> Patterns:
    made = _single(rng, made)
    made.age[:, HEAD] = rng.integers(youngest, oldest + 1, len(made.age))
    made.age[:, OTHER] = rng.integers(youngest, oldest + 1, len(made.age))
    made.sex[:, OTHER] = rng.integers(MALE, FEMALE + 1, len(made.age))
    return made
