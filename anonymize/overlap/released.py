"""One released table as an outsider holds it: addresses, and between which counts each cell lies.

Belongs here: the shape of a released table and the bounds that a published number implies under
each method (all methods are known to the attacker). Must not hold: attacks, files, declarations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from anonymize.complaint import complaint, require_columns

if TYPE_CHECKING:
    from anonymize.overlap.averaging import Channel

LOW, HIGH, HIDDEN, SEEN = "low", "high", "hidden", "seen"
ENDLESS = 1 << 28  # persons: more than any city has, and small enough for exact arithmetic
SHAPE = {LOW: pl.Int64, HIGH: pl.Int64, HIDDEN: pl.Boolean, SEEN: pl.Int64}


@dataclass(frozen=True)
class Released:
    """A version of a release.

    Attributes:
        release: name of the release.
        version: which of its versions; later ones sort higher within a period.
        period: as of when it counts, in a form that sorts by time (`2026-04-01`).
        cells: one row a published cell: a text column per dimension (null: all of it), `low` and
            `high` (persons, inclusive), `hidden` (marked as withheld), `seen` (the number as
            published; null where none is).
        channel: how counts became numbers, where that is random.
        is_candidate: waits for approval; everything else is out.
    """

    release: str
    version: int
    period: str
    cells: pl.DataFrame
    channel: Channel | None = None
    is_candidate: bool = False

    def __post_init__(self) -> None:
        """Refuse cells that are not as they must be.

        Raises:
            ValueError: A column is missing, a bound is null, or an interval is empty.
        """
        require_columns(self.cells.columns, list(SHAPE), f"公開した表「{self.release}」")
        bounds = self.cells.select(
            bad=pl.any_horizontal(pl.col(LOW, HIGH, HIDDEN).is_null())
            | (pl.col(LOW) > pl.col(HIGH))
        )
        if bounds["bad"].any():
            raise complaint(
                "公開した表のセルの範囲が正しくありません",
                f"公開した表「{self.release}」",
                "下限を上限以下にし、空の値をなくしてください。",
            )

    @property
    def dimensions(self) -> list[str]:
        """Names of the dimensions, in the order of the columns."""
        return [name for name in self.cells.columns if name not in SHAPE]


def as_counted(seen: str) -> list[pl.Expr]:
    """Bounds of numbers published as they are; null is a cell nobody knows anything of."""
    number = pl.col(seen).cast(pl.Int64)
    return [
        number.fill_null(0).alias(LOW),
        number.fill_null(ENDLESS).alias(HIGH),
        number.is_null().alias(HIDDEN),
        number.alias(SEEN),
    ]


def as_hidden_below(seen: str, threshold: int, *, least: int = 0) -> list[pl.Expr]:
    """Bounds where counts under the threshold are withheld (null); `least` is the smallest such."""
    number = pl.col(seen).cast(pl.Int64)
    return [
        number.fill_null(least).alias(LOW),
        number.fill_null(threshold - 1).alias(HIGH),
        number.is_null().alias(HIDDEN),
        number.alias(SEEN),
    ]


def as_rounded(seen: str, base: int) -> list[pl.Expr]:
    """Bounds under random rounding: the count is less than the base away, and not negative."""
    number = pl.col(seen).cast(pl.Int64)
    return [
        (number - base + 1).clip(0).fill_null(0).alias(LOW),
        (number + base - 1).fill_null(ENDLESS).alias(HIGH),
        pl.lit(value=False).alias(HIDDEN),
        number.alias(SEEN),
    ]


def as_within(seen: str, deviation: int) -> list[pl.Expr]:
    """Bounds under noise of at most the deviation that leaves an empty cell empty."""
    number = pl.col(seen).cast(pl.Int64)
    least = pl.when(number > 0).then(1).otherwise(0)
    return [
        pl.max_horizontal(number - deviation, least).fill_null(0).alias(LOW),
        (number + deviation).fill_null(ENDLESS).alias(HIGH),
        pl.lit(value=False).alias(HIDDEN),
        number.alias(SEEN),
    ]
