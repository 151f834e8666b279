"""Who lives together: relationship, sex and age of the members of one made-up household.

Ages of spouses, children and parents fit one another. No names, dates or places here. The shares
of household kinds are rounded from what the census says of a city of this kind (about a third
live alone, 2.3 persons a household); they claim nothing about any real town.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

MALE, FEMALE = "1", "2"
HEAD, WIFE, HUSBAND, CHILD = "世帯主", "妻", "夫", "子"
FATHER, MOTHER, OTHER = "父", "母", "その他"

_ADULT = 20
_OLDEST_CHILD_AT_HOME = 28
_OLDEST = 101
_TWO = 2


class Member(NamedTuple):
    """One person of a household, before there is a name."""

    relationship: str
    sex: str
    age: int


def draw_family(stream: Random, *, at_most: int) -> list[Member]:
    """Draw a household of at most so many persons (at least 1)."""
    draw = stream.choices([kind for kind, _ in _KINDS], [weight for _, weight in _KINDS])[0]
    members = draw(stream)
    return members if len(members) <= at_most else _live_alone_young(stream)


def draw_small_family(stream: Random) -> list[Member]:
    """Draw a household of one or two older persons, as a tiny town has."""
    return stream.choice((_live_alone_old, _old_couple))(stream)


def _live_alone_young(stream: Random) -> list[Member]:
    return [Member(HEAD, stream.choice((MALE, FEMALE)), stream.randint(_ADULT, 39))]


def _live_alone_middle(stream: Random) -> list[Member]:
    return [Member(HEAD, stream.choice((MALE, MALE, FEMALE)), stream.randint(40, 69))]


def _live_alone_old(stream: Random) -> list[Member]:
    sex = stream.choices((MALE, FEMALE), (3, 7))[0]
    return [Member(HEAD, sex, min(int(stream.triangular(65, 99, 78)), _OLDEST))]


def _siblings(stream: Random) -> list[Member]:
    head = Member(HEAD, stream.choice((MALE, FEMALE)), stream.randint(35, 80))
    age = head.age + stream.randint(-8, 8)
    return [head, Member(OTHER, stream.choice((MALE, FEMALE)), age)]


def _couple_aged(stream: Random, youngest: int, oldest: int) -> list[Member]:
    husband = stream.randint(youngest, oldest)
    wife = max(_ADULT + 2, husband + round(stream.gauss(-2, 2.5)))
    if stream.random() < 0.1:  # noqa: PLR2004 - share of households headed by the wife
        return [Member(HEAD, FEMALE, wife), Member(HUSBAND, MALE, husband)]
    return [Member(HEAD, MALE, husband), Member(WIFE, FEMALE, wife)]


def _couple(stream: Random) -> list[Member]:
    return _couple_aged(stream, 26, 70)


def _old_couple(stream: Random) -> list[Member]:
    return _couple_aged(stream, 65, 92)


def _with_children(stream: Random) -> list[Member]:
    couple = _couple_aged(stream, 28, 60)
    return couple + _children(stream, min(member.age for member in couple))


def _single_parent(stream: Random) -> list[Member]:
    head = Member(HEAD, stream.choices((MALE, FEMALE), (1, 5))[0], stream.randint(28, 55))
    return [head, *_children(stream, head.age)]


def _three_generations(stream: Random) -> list[Member]:
    family = _with_children(stream)
    age = family[0].age + stream.randint(24, 34)
    parents = [Member(MOTHER, FEMALE, min(age, _OLDEST))]
    if stream.random() < 0.4:  # noqa: PLR2004 - share of grandfathers still alive
        parents.append(Member(FATHER, MALE, min(age + stream.randint(0, 5), _OLDEST)))
    return family + parents


def _children(stream: Random, parent_age: int) -> list[Member]:
    """Draw one to three children; at the first birth the younger parent was 22 to 37 or older."""
    eldest = parent_age - stream.randint(22, 37)
    age = max(0, min(eldest, _OLDEST_CHILD_AT_HOME))
    ages = [age]
    while len(ages) < _TWO + 1 and stream.random() < (0.6 if len(ages) < _TWO else 0.25):
        ages.append(ages[-1] - stream.randint(2, 4))
    return [Member(CHILD, stream.choice((MALE, FEMALE)), age) for age in ages if age >= 0]


_KINDS: tuple[tuple[Callable[[Random], list[Member]], int], ...] = (
    (_live_alone_young, 12),
    (_live_alone_middle, 8),
    (_live_alone_old, 17),
    (_siblings, 2),
    (_couple, 10),
    (_old_couple, 18),
    (_with_children, 29),
    (_single_parent, 6),
    (_three_generations, 4),
)
