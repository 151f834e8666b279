"""Which few columns together single a row out, and which two halves can be tied together.

Belongs here: singling out and linkability as the Article 29 Working Party names them (Opinion
05/2014 on anonymisation techniques, WP216), measured on the published table alone. Must not hold:
inference (`attributes`), an attacker with values of his own (`linkage`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import polars as pl

from anonymize.risk.classes import classes_of
from anonymize.risk.intervals import Share, wilson


@dataclass(frozen=True)
class Combination:
    """Columns that together single rows out, and how many persons (`*` is a value)."""

    columns: tuple[str, ...]
    alone: int


@dataclass(frozen=True)
class Tied:
    """How many rows two files with different columns can be tied together through the table.

    Attributes:
        first: What one file knows.
        second: What the other knows.
        certain: Share of rows that are the only one to fit both halves, while neither half alone
            singles the row out: the table itself is what ties them.
    """

    first: tuple[str, ...]
    second: tuple[str, ...]
    certain: Share


def singling_combinations(
    published: pl.DataFrame, columns: Sequence[str], *, most: int, person: str | None = None
) -> list[Combination]:
    """List the combinations of at most `most` columns in which somebody is alone, worst first.

    A combination is listed only if it singles out more persons than each of its parts.

    Raises:
        ValueError: A missing column.
    """
    alone: dict[tuple[str, ...], int] = {}
    for names in _subsets(columns, most):
        alone[names] = int((classes_of(published, names, person).persons == 1).sum())
    worse = [
        Combination(names, count)
        for names, count in alone.items()
        if count > max((alone[part] for part in _parts(names)), default=0)
    ]
    return sorted(worse, key=lambda c: (-c.alone, len(c.columns), c.columns))


def tied(published: pl.DataFrame, first: Sequence[str], second: Sequence[str]) -> Tied:
    """Measure how many rows of two files the published table ties together.

    Raises:
        ValueError: An empty half or a missing column.
    """
    one, two = classes_of(published, first), classes_of(published, second)
    both = classes_of(published, [*first, *second])
    single = (
        (both.person_of_row == 1) & (one.person_of_row > 1) & (two.person_of_row > 1)
        if published.height
        else np.empty(0, bool)
    )
    return Tied(tuple(first), tuple(second), wilson(int(single.sum()), published.height))


def _subsets(columns: Sequence[str], most: int) -> Iterator[tuple[str, ...]]:
    for size in range(1, min(most, len(columns)) + 1):
        yield from combinations(columns, size)


def _parts(names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    return combinations(names, len(names) - 1) if len(names) > 1 else iter(())
