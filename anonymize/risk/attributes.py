"""What a class tells of its members without finding a row: attribute disclosure and inference.

Belongs here: classes (nearly) of one sensitive value, and the guess of the class's most frequent
value against the guess without the table. Must not hold: the models that forbid it (`records`).

The idea of measuring a guess against a baseline, and of telling what is learnt of those in the table
from what is learnt of anybody: Giomi et al., A unified framework for quantifying privacy risk in
synthetic data, PoPETs 2023. Here nobody is set aside: a person's own row is left out of the guess
instead.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from anonymize.risk.classes import Classes, Floats, Ints, classes_of
from anonymize.risk.intervals import Share, wilson

_VALUE = "\0value"


@dataclass(frozen=True)
class Disclosed:
    """Classes in which a sensitive value is certain, or nearly.

    Attributes:
        on: The sensitive column.
        certain_classes: Classes with one value only (also those of one person).
        certain_persons: Persons in them.
        near_classes: Classes in which one value has at least the share `near`, certain included.
        near_persons: Persons in them.
        near: The share.
    """

    on: str
    certain_classes: int
    certain_persons: int
    near_classes: int
    near_persons: int
    near: float


@dataclass(frozen=True)
class Inferred:
    """How often the sensitive value is guessed right, as shares of all rows.

    Attributes:
        on: The sensitive column.
        guess: The most frequent value of the class, the person's own row included.
        without_self: The same, own row left out: what the table tells of anybody of that kind.
        baseline: The most frequent value of the whole table.
    """

    on: str
    guess: Share
    without_self: Share
    baseline: Share

    @property
    def gain(self) -> float:
        """Share of what was open that the class closes: (guess - baseline) / (1 - baseline)."""
        left = 1 - self.baseline.value
        return max(0.0, (self.guess.value - self.baseline.value) / left) if left else 0.0


def disclosed(classes: Classes, sensitive: pl.Series, near: float = 0.9) -> Disclosed:
    """Count the classes that give a sensitive value away.

    A suppressed class (`*` throughout) counts like any other: whoever knows that a person was
    suppressed learns its values.

    Args:
        classes: Of the published table.
        sensitive: Its sensitive column, aligned with the rows.
        near: Share of one value from which a class is nearly certain.
    """
    highest = np.zeros(classes.count, np.int64)
    of_class, counts = _pairs(classes, sensitive)
    np.maximum.at(highest, of_class, counts)
    certain = highest == classes.rows
    close = highest >= near * classes.rows
    return Disclosed(
        sensitive.name,
        int(certain.sum()),
        int(classes.persons[certain].sum()),
        int(close.sum()),
        int(classes.persons[close].sum()),
        near,
    )


def inferred(classes: Classes, sensitive: pl.Series) -> Inferred:
    """Guess the sensitive value of every row from its class.

    Args:
        classes: Of the published table, by what the attacker knows.
        sensitive: The true values, aligned with the rows.
    """
    height = len(sensitive)
    of_class, counts = _pairs(classes, sensitive)
    highest = np.zeros(classes.count, np.int64)
    np.maximum.at(highest, of_class, counts)
    whole = sensitive.value_counts()["count"].max() if height else 0
    return Inferred(
        sensitive.name,
        wilson(int(highest.sum()), height),
        wilson(round(float(_without_self(classes, of_class, counts).sum())), height),
        wilson(int(whole or 0), height),  # ty: ignore[invalid-argument-type]
    )


def _without_self(classes: Classes, of_class: Ints, counts: Ints) -> Floats:
    """Give the expected right guesses per pair of class and value, own row left out.

    A row of a value with c rows is guessed right if c - 1 beats every other value of the class; ties
    are broken by chance.
    """
    order = np.lexsort((-counts, of_class))
    sorted_class, sorted_count = of_class[order], counts[order]
    first = np.r_[True, sorted_class[1:] != sorted_class[:-1]] if len(order) else np.empty(0, bool)
    start = np.flatnonzero(first)
    size = np.diff(np.r_[start, len(order)])
    second = np.zeros(classes.count, np.int64)
    has_second = size > 1
    second[sorted_class[start[has_second]]] = sorted_count[start[has_second] + 1]
    top = np.zeros(classes.count, np.int64)
    top[sorted_class[start]] = sorted_count[start]
    tied_at = np.zeros(len(counts), np.int64)
    # Only a value of highest count c can win, with c - 1 against the best other value.
    rival = np.where(counts == top[of_class], second[of_class], top[of_class])
    left = counts - 1
    equals = _how_many(of_class, counts, rival)
    tied_at[:] = equals
    right = np.where(left > rival, 1.0, np.where(left == rival, 1 / (1 + tied_at), 0.0))
    # Alone with one value and no other row, nothing is left to guess by.
    return np.where(left > 0, counts * right, 0.0)


def _how_many(of_class: Ints, counts: Ints, wanted: Ints) -> Ints:
    """Count per pair the values of its class that have `wanted` rows."""
    pairs = pl.DataFrame({"class": of_class, "count": counts})
    known = pairs.group_by("class", "count").len()
    asked = pl.DataFrame({"class": of_class, "count": wanted})
    joined = asked.join(known, on=["class", "count"], how="left", maintain_order="left")
    return joined["len"].fill_null(0).to_numpy().astype(np.int64)


def _pairs(classes: Classes, sensitive: pl.Series) -> tuple[Ints, Ints]:
    """Count the rows of every pair of class and value that occurs."""
    frame = pl.DataFrame({"class": classes.of_row, _VALUE: sensitive})
    pairs = classes_of(frame, ["class", _VALUE])
    return pairs.labels["class"].to_numpy(), pairs.rows
