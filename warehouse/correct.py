"""Apply the declared corrections of a dataset to its raw rows, with their guards.

What a correction may say is `assets.corrections`. Values never appear in a refusal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from assets.corrections import Drop, Override, Scale
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from assets.register import Dataset

DROPPED = "訂正で除外"


@dataclass(frozen=True)
class Corrected:
    """Rows after correction, how many were dropped, and what to scale once values are numbers."""

    rows: pl.DataFrame
    dropped: int
    applied: int
    scales: list[Scale]


class Correcting:
    """Corrects the raw text rows of one delivery, part after part.

    Attributes:
        scales: what to scale once values are numbers.
        dropped: number of rows left out.
        applied: number of corrections that hold for the period.
    """

    def __init__(self, dataset: Dataset, period: str) -> None:
        """Take the corrections that hold for the period."""
        self._dataset = dataset
        self._corrections = {
            number: correction
            for number, correction in enumerate(dataset.corrections.root, start=1)
            if not correction.periods or period in correction.periods
        }
        self._met: set[int] = set()
        self.scales = [c for c in self._corrections.values() if isinstance(c, Scale)]
        self.dropped, self.applied = 0, len(self._corrections)

    def correct(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Correct the rows of one part.

        Raises:
            Refusal: `correction.mended` when the value of a row meant is not the one expected.
        """
        before = rows.height
        for number, correction in self._corrections.items():
            hit = _row_test(correction.match)
            meant = rows.filter(hit)
            if meant.filter(_row_test(correction.expect)).height != meant.height:
                raise self._mended(number)
            if meant.height:
                self._met.add(number)
            if isinstance(correction, Drop):
                rows = rows.filter(~hit)
            elif isinstance(correction, Override):
                fixed = pl.when(hit).then(pl.lit(correction.value))
                kept = fixed.otherwise(pl.col(correction.column))
                rows = rows.with_columns(kept.alias(correction.column))
        self.dropped += before - rows.height
        return rows

    def close(self) -> None:
        """Say that all parts have come.

        Raises:
            Refusal: `correction.mended` when a row meant is not there: the source has been
                mended, so the correction must go.
        """
        missing = [number for number in self._corrections if number not in self._met]
        if missing:
            raise self._mended(missing[0])

    def _mended(self, number: int) -> Refusal:
        return Refusal(
            "correction.mended",
            f"訂正の {number} 番目({self._corrections[number].reason})が当てはまりません。元データが直されたようです。",
            f"{self._dataset.name}.corrections.yaml の {number} 番目",
            "届いたデータを確かめ、直っていればこの訂正を消すか、periods で期間を限ってください。",
        )


def apply_corrections(rows: pl.DataFrame, dataset: Dataset, period: str) -> Corrected:
    """Correct the raw text rows of one delivery that is there as a whole.

    Raises:
        Refusal: as `Correcting`.
    """
    correcting = Correcting(dataset, period)
    corrected = correcting.correct(rows)
    correcting.close()
    return Corrected(corrected, correcting.dropped, correcting.applied, correcting.scales)


def scale_values(typed: pl.DataFrame, raw: pl.DataFrame, scales: list[Scale]) -> pl.DataFrame:
    """Multiply the numbers that were delivered in the wrong unit; rows stand in the same order."""
    for scale in scales:
        hit = raw.select(_row_test(scale.match).alias("hit"))["hit"]
        column = pl.col(scale.column)
        typed = typed.with_columns(
            pl.when(hit).then(column * scale.factor).otherwise(column).alias(scale.column)
        )
    return typed


def _row_test(match: dict[str, str]) -> pl.Expr:
    return pl.all_horizontal(
        (pl.col(c).str.strip_chars() == v).fill_null(value=False) for c, v in match.items()
    )
