"""What the published labels of a dimension stand for, made comparable between tables.

Belongs here: ages read off labels, groups of regions and their parts, the row of what is left over,
and the coarsest common parts (atoms) of all labels used. Must not hold: counts, tables, attacks.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from anonymize.complaint import complaint

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

OLDEST = 130
_RANGE = re.compile(r"(\d{1,3})歳?[-~〜‐–—−ー](\d{1,3})歳?(未満)?")
_SINGLE = re.compile(r"(\d{1,3})歳?(以上|未満|以下)?")
_NAMED = {"年少": (0, 14), "生産年齢": (15, 64), "老年": (65, OLDEST), "高齢者": (65, OLDEST)}


@dataclass(frozen=True)
class Dimension:
    """One way in which persons are told apart, the same in every table of a population.

    Attributes:
        name: such as 地域 or 年齢.
        kind: `age` reads ranges of completed years off the labels; the labels of a `category` are
            names.
        groups: label to its parts, which may be groups again (地域 → 町).
        rest: label of the row that holds whoever is in no other row of its table.
        exhaustive: every person has one of the labels seen, so that a whole less its parts is
            empty. False: there may be persons under labels that no table shows.
    """

    name: str
    kind: Literal["age", "category"]
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rest: str | None = None
    exhaustive: bool = True


Elements = frozenset[int]


@dataclass(frozen=True)
class Aligned:
    """The labels of one dimension in terms of atoms, one mapping a table; None stands for all.

    Attributes:
        atoms: Per table, label to the sorted numbers of its atoms.
        count: Number of atoms.
    """

    atoms: tuple[Mapping[str | None, tuple[int, ...]], ...]
    count: int


def read_age(label: str) -> tuple[int, int] | None:
    """Read the first and last completed year off a label; None: it names no ages."""
    text = unicodedata.normalize("NFKC", label).replace(" ", "").removesuffix("人口")
    if text in _NAMED:
        return _NAMED[text]
    if found := _RANGE.fullmatch(text):
        first, last = int(found[1]), int(found[2]) - (found[3] is not None)
        return (first, last) if first <= last <= OLDEST else None
    if not (found := _SINGLE.fullmatch(text)) or int(found[1]) > OLDEST:
        return None
    age = int(found[1])
    ends = {"以上": (age, OLDEST), "未満": (0, age - 1), "以下": (0, age)}
    first, last = ends.get(found[2], (age, age))
    return (first, last) if first <= last else None


def align(dimension: Dimension, labels: Sequence[Iterable[str | None]]) -> Aligned:
    """Cut a dimension into atoms so that every label of every table is a union of them.

    Args:
        dimension: What the labels mean.
        labels: Per table, the labels it uses; None for "all".

    Raises:
        ValueError: An age that cannot be read, a group that contains itself.
    """
    used = [{name for name in names if name is not None} for names in labels]
    read = _ages(used) if dimension.kind == "age" else _names(dimension, used)
    universe = frozenset().union(*(e for sets in read for e in sets.values()))
    universe |= _beyond(dimension, universe)
    meant = [
        {**sets, **_left_over(dimension, names, sets, universe), None: universe}
        for names, sets in zip(used, read, strict=True)
    ]
    distinct = list(dict.fromkeys(elements for sets in meant for elements in sets.values()))
    signature: dict[int, list[int]] = {element: [] for element in universe}
    for number, elements in enumerate(distinct):
        for element in elements:
            signature[element].append(number)
    numbers: dict[tuple[int, ...], int] = {}
    atom = {e: numbers.setdefault(tuple(signature[e]), len(numbers)) for e in sorted(universe)}
    cut = {elements: tuple(sorted({atom[e] for e in elements})) for elements in distinct}
    return Aligned(
        tuple({label: cut[elements] for label, elements in sets.items()} for sets in meant),
        len(numbers),
    )


def _ages(used: list[set[str]]) -> list[dict[str, Elements]]:
    return [{label: _years(label) for label in names} for names in used]


def _years(label: str) -> Elements:
    found = read_age(label)
    if found is None:
        raise complaint(
            "年齢として読めない区分があります",
            f"区分「{label}」",
            "「0-4歳」「85歳以上」のように書くか、宣言の種類を category にしてください。",
        )
    return frozenset(range(found[0], found[1] + 1))


def _names(dimension: Dimension, used: list[set[str]]) -> list[dict[str, Elements]]:
    """Number the labels that have no parts; a group is the union of its parts."""
    labels = {label for names in used for label in names if label != dimension.rest}
    leaves: dict[str, Elements] = {}
    numbers: dict[str, int] = {}
    for label in sorted(labels):
        leaves[label] = _leaves(dimension, label, numbers, ())
    return [{label: leaves[label] for label in names - {dimension.rest}} for names in used]


def _leaves(
    dimension: Dimension, label: str, numbers: dict[str, int], above: tuple[str, ...]
) -> Elements:
    if label in above:
        raise complaint(
            "区分が自分自身を含んでいます",
            f"区分「{label}」",
            "groups の書き間違いを直してください。",
        )
    if label not in dimension.groups:
        return frozenset({numbers.setdefault(label, len(numbers))})
    parts = (_leaves(dimension, p, numbers, (*above, label)) for p in dimension.groups[label])
    return frozenset().union(*parts)


def _beyond(dimension: Dimension, universe: Elements) -> Elements:
    """Give one more element where persons may be under labels that nobody has seen."""
    if dimension.kind == "age":
        # Persons of every age may exist beside the ages some table shows.
        return frozenset(range(OLDEST + 1)) if universe else frozenset({0})
    is_closed = dimension.exhaustive and dimension.rest is None and universe
    return frozenset() if is_closed else frozenset({-1})


def _left_over(
    dimension: Dimension, names: set[str], sets: Mapping[str, Elements], universe: Elements
) -> dict[str, Elements]:
    if dimension.rest is None or dimension.rest not in names:
        return {}
    return {dimension.rest: universe.difference(*sets.values())}
