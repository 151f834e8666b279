"""All risks of one release of records, before and after, as one account.

Belongs here: which measure is taken on which table. Must not hold: the measures themselves, wording.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from anonymize.complaint import complaint, require_columns
from anonymize.hierarchy.hierarchy import Hierarchy
from anonymize.risk.attributes import Disclosed, Inferred, disclosed, inferred
from anonymize.risk.classes import Classes, classes_of
from anonymize.risk.combinations import Combination, Tied, singling_combinations, tied
from anonymize.risk.linkage import Linked, link
from anonymize.risk.reidentification import Found, journalist, prosecutor
from anonymize.risk.uniqueness import Uniqueness, uniqueness

_MOST_COLUMNS = 3


@dataclass(frozen=True, kw_only=True)
class Question:
    """What an outsider may know, and against what it is measured.

    Attributes:
        quasi_identifiers: Columns an outsider may know.
        sensitive: Columns he wants to learn.
        threshold: Chance of being found from which a row counts as in danger (k = 5: 0.2).
        fraction: Share of the population that is in the table; 1: it is the population.
        person: Column that says which rows belong to one person.
        attackers: The columns that stated attackers know; none: one who knows all of them.
        hierarchies: Ladders by column, which the attacker knows too.
    """

    quasi_identifiers: tuple[str, ...]
    sensitive: tuple[str, ...] = ()
    threshold: float = 0.2
    fraction: float = 1.0
    person: str | None = None
    attackers: tuple[tuple[str, ...], ...] = ()
    hierarchies: Mapping[str, Hierarchy] = field(default_factory=dict)


@dataclass(frozen=True)
class Side:
    """The table before or after.

    Attributes:
        rows: Rows.
        classes: Equivalence classes, that of suppressed rows included.
        smallest: Persons of the smallest class (suppressed rows not counted); 0: no class.
        suppressed: Rows with `*` in every quasi-identifier.
    """

    rows: int
    classes: int
    smallest: int
    suppressed: int
    prosecutor: Found
    journalist: Found
    marketer: float
    uniqueness: Uniqueness
    disclosed: tuple[Disclosed, ...]
    inferred: tuple[Inferred, ...]


@dataclass(frozen=True)
class Risks:
    """Everything measured; `linked` and `combinations` are of the published table."""

    before: Side
    after: Side
    linked_before: tuple[Linked, ...]
    linked: tuple[Linked, ...]
    combinations: tuple[Combination, ...]
    tied: Tied | None


def measure_risks(
    original: pl.DataFrame,
    published: pl.DataFrame,
    question: Question,
    population: pl.DataFrame | None = None,
) -> Risks:
    """Measure the risks of a release of records.

    Args:
        original: The rows before, aligned with `published`.
        published: The rows as published.
        question: What is asked.
        population: A table of the population with the labels of `published`; then `fraction` is
            not used for it.

    Raises:
        ValueError: Missing columns, or tables of different length.
    """
    _require(original, published, question)
    names, who = question.quasi_identifiers, question.person
    people = None if who is None else original[who]
    attackers = question.attackers or (names,)
    truth = np.arange(published.height)

    def attack(table: pl.DataFrame) -> tuple[Linked, ...]:
        return tuple(
            link(original, table, known, question.hierarchies, truth=truth, person=people)
            for known in attackers
        )

    half = len(names) // 2
    return Risks(
        before=_side(original, original, question, None),
        after=_side(original, published, question, population),
        linked_before=attack(original),
        linked=attack(published),
        combinations=tuple(singling_combinations(published, names, most=_MOST_COLUMNS)),
        tied=tied(published, names[:half], names[half:]) if half else None,
    )


def _side(
    original: pl.DataFrame,
    table: pl.DataFrame,
    question: Question,
    population: pl.DataFrame | None,
) -> Side:
    names, who = question.quasi_identifiers, question.person
    shown = table if who is None else table.with_columns(original[who])
    classes = classes_of(shown, names, who)
    whole = None if population is None else classes_of(population, names)
    fraction = question.fraction if whole is None else None
    found = journalist(classes, question.threshold, population=whole, fraction=fraction)
    kept = classes.persons[~classes.suppressed]
    return Side(
        rows=table.height,
        classes=classes.count,
        smallest=int(kept.min()) if len(kept) else 0,
        suppressed=int(classes.rows[classes.suppressed].sum()),
        prosecutor=prosecutor(classes, question.threshold),
        journalist=found,
        marketer=found.mean,
        uniqueness=uniqueness(classes, population=whole, fraction=fraction),
        disclosed=tuple(disclosed(classes, table[name]) for name in question.sensitive),
        inferred=_infer(classes, original, question.sensitive),
    )


def _infer(
    classes: Classes, original: pl.DataFrame, sensitive: Sequence[str]
) -> tuple[Inferred, ...]:
    return tuple(inferred(classes, original[name]) for name in sensitive)


def _require(original: pl.DataFrame, published: pl.DataFrame, question: Question) -> None:
    needed = [*question.quasi_identifiers, *question.sensitive]
    require_columns(published.columns, needed, "公開する表")
    extra = [] if question.person is None else [question.person]
    require_columns(original.columns, [*needed, *extra], "元の表")
    if original.height != published.height:
        raise complaint(
            "元の表と公開する表の行数が違います",
            "引数 original・published",
            "行の並びをそろえたまま(並べ替えの前に)測ってください。",
        )
