"""What each column of a table tells of a row: its values, its entropy, whom it makes unique.

Here stand the numbers alone; what is proposed from them is `proposal`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Profile:
    """One column.

    Attributes:
        column: its name.
        distinct: different values, the blank counted as one.
        blanks: share of rows without a value.
        entropy: bits that the value tells (Shannon, 1948): -Σ p log2 p over the table's values.
        most: share of rows with the most frequent value.
    """

    column: str
    distinct: int
    blanks: float
    entropy: float
    most: float


def profile(column: pl.Series) -> Profile:
    """Count one column of text; null is the blank value."""
    numbers = column.fill_null("").value_counts(sort=True, name="\0n")["\0n"].to_numpy()
    shares = numbers / max(numbers.sum(), 1)
    blanks = column.fill_null("") == ""
    return Profile(
        column.name,
        len(numbers),
        int(blanks.sum()) / max(len(column), 1),
        float(-(shares * np.log2(shares)).sum()),
        float(shares[0]) if len(shares) else 0.0,
    )


def share_unique(frame: pl.DataFrame, columns: Sequence[str]) -> float:
    """Share of rows that no other row equals in the columns; 0 without columns or rows."""
    if not columns or frame.is_empty():
        return 0.0
    counts = frame.group_by(list(columns)).len("\0n")["\0n"]
    return int((counts == 1).sum()) / frame.height


def contributions(frame: pl.DataFrame, columns: Sequence[str]) -> dict[str, float]:
    """Tell by how much each column raises the share of unique rows beside all the others."""
    coded = frame.select(pl.col(name).fill_null("").cast(pl.Categorical) for name in columns)
    whole = share_unique(coded, columns)
    return {
        name: whole - share_unique(coded, [other for other in columns if other != name])
        for name in columns
    }
