"""What one person is to another: 続柄, derived from parents and spouses alone.

Because every 続柄 is derived here, those of a household agree with one another whoever heads it.
Parents who never lived in the city are numbers below -1, so that siblings are known as such; -1 is
nobody. No households here.
"""

from __future__ import annotations

import numpy as np

from pipelines.whole_city.people.figures import FEMALE

NOBODY = -1
# The order is that of looking: the first that fits is said.
RELATIONSHIPS = [
    "世帯主", "妻", "夫", "子", "父", "母", "妻の子", "夫の子", "妻の父", "妻の母", "夫の父", "夫の母",
    "子の妻", "子の夫", "子の子", "父の父", "父の母", "母の父", "母の母",
    "兄", "姉", "弟", "妹", "同居人", "縁故者",
]  # fmt: skip
HEAD, WIFE, HUSBAND, CHILD = 0, 1, 2, 3
_SIDES = ("father", "mother")


def relate(people: np.ndarray, persons: np.ndarray, heads: np.ndarray) -> np.ndarray:
    """Say what each of `persons` is to the head beside it, as indices into `RELATIONSHIPS`.

    Args:
        people: `register.PERSON`, all people of the city.
        persons: indices into `people`.
        heads: as many indices.
    """
    female = people["sex"][persons] == FEMALE
    spouse = _of(people, "spouse", heads)
    wife = (people["sex"][heads] != FEMALE) & (spouse >= 0)
    married = (spouse == persons) & people["married"][persons]
    own = {who: _of(people, who, heads) for who in _SIDES}
    in_law = {who: _of(people, who, spouse) for who in _SIDES}
    partner = _of(people, "spouse", persons)
    child, stepchild = _is_child(people, persons, heads), _is_child(people, persons, spouse)
    sibling = _are_siblings(people, persons, heads)
    older = people["birth"][persons] < people["birth"][heads]
    lodger = people["lodger"][persons] | people["lodger"][heads]
    tests = [
        persons == heads,
        married & female,
        married & ~female,
        child,
        own["father"] == persons,
        own["mother"] == persons,
        stepchild & wife,
        stepchild & ~wife,
        (in_law["father"] == persons) & wife,
        (in_law["mother"] == persons) & wife,
        (in_law["father"] == persons) & ~wife,
        (in_law["mother"] == persons) & ~wife,
        _is_child(people, partner, heads) & female,
        _is_child(people, partner, heads) & ~female,
        _is_grandchild(people, persons, heads),
        *(_of(people, who, own[side]) == persons for side in _SIDES for who in _SIDES),
        sibling & older & ~female,
        sibling & older & female,
        sibling & ~older & ~female,
        sibling & ~older & female,
        lodger,
    ]
    return np.select(tests, list(range(len(tests))), len(tests)).astype(np.int8)


def _of(people: np.ndarray, who: str, persons: np.ndarray) -> np.ndarray:
    """Give the mother, father or spouse of persons; nobody for those not of the city."""
    return np.where(persons >= 0, people[who][np.maximum(persons, 0)], NOBODY)


def _is_child(people: np.ndarray, persons: np.ndarray, parents: np.ndarray) -> np.ndarray:
    mother, father = _of(people, "mother", persons), _of(people, "father", persons)
    return (parents >= 0) & ((mother == parents) | (father == parents))


def _is_grandchild(people: np.ndarray, persons: np.ndarray, heads: np.ndarray) -> np.ndarray:
    mother, father = _of(people, "mother", persons), _of(people, "father", persons)
    return _is_child(people, mother, heads) | _is_child(people, father, heads)


def _are_siblings(people: np.ndarray, persons: np.ndarray, heads: np.ndarray) -> np.ndarray:
    shared = [
        (_of(people, who, persons) != NOBODY)
        & (_of(people, who, persons) == _of(people, who, heads))
        for who in _SIDES
    ]
    return shared[0] | shared[1]
