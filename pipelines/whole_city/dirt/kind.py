"""What a named kind of dirt is: where it can fall, and what it makes of a value.

A kind falls only where the contract has a rule against it; which rule the platform then names is
not asked. Kinds that change a whole record are `records`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assets.column import Column


@dataclass(frozen=True)
class Field:
    """One column of one file, as a kind of dirt sees it.

    Attributes:
        name: of the column.
        column: what the contract says of it.
        is_key: whether it belongs to the key.
        is_unicode: whether the file's format is Unicode whatever the system is.
        is_raw_text: whether control characters survive in the file's format.
    """

    name: str
    column: Column
    is_key: bool
    is_unicode: bool
    is_raw_text: bool

    @property
    def is_doubt_refused(self) -> bool:
        """Tell whether a value that stays unclear makes the row wait."""
        return self.column.required and not self.column.keep_uncertain


@dataclass(frozen=True)
class Kind:
    """One named kind of dirt in a value.

    Attributes:
        id: short and stable.
        title: what a clerk would call it.
        fits: whether it can fall into a column.
        spoil: makes of written values (String, null where blank) faulty ones; a value that stays
            null or as it was is not spoiled.
    """

    id: str
    title: str
    fits: Callable[[Field], bool]
    spoil: Callable[[pl.Series, Field, np.random.Generator], pl.Series]


def pick(rng: np.random.Generator, words: Sequence[str], count: int) -> pl.Series:
    """Draw words."""
    return pl.Series(np.asarray(words, object)[rng.integers(0, len(words), count)], dtype=pl.String)


def numbers(rng: np.random.Generator, low: int, high: int, count: int) -> pl.Series:
    """Draw whole numbers from `low` to `high`, both inclusive."""
    return pl.Series(rng.integers(low, high, count, endpoint=True))


def digits(rng: np.random.Generator, length: int, count: int) -> pl.Series:
    """Draw texts of so many digits."""
    drawn = pl.Series(rng.integers(0, 10**length, count)).cast(pl.String)
    return drawn.str.zfill(length)


def apply(expression: pl.Expr, **columns: pl.Series) -> pl.Series:
    """Compute an expression over named series."""
    return pl.DataFrame(columns).select(expression.alias("made")).to_series()
