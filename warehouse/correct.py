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
    from assets.corrections import Correction
    from assets.register import Dataset

DROPPED = "訂正で除外"


@dataclass(frozen=True)
class Corrected:
    """Rows after correction, how many were dropped, and what to scale once values are numbers."""

    rows: pl.DataFrame
    dropped: int
    applied: int
    scales: list[Scale]


def apply_corrections(rows: pl.DataFrame, dataset: Dataset, period: str) -> Corrected:
    """Correct the raw text rows of one delivery.

    Raises:
        Refusal: `correction.mended` when a row meant is not there or its value is not the one
            expected: the source has been mended, so the correction must go.
    """
    scales: list[Scale] = []
    before, applied = rows.height, 0
    for number, correction in enumerate(dataset.corrections.root, start=1):
        if correction.periods and period not in correction.periods:
            continue
        hit = _row_test(correction.match)
        _check_guard(rows, correction, hit, dataset, number)
        applied += 1
        if isinstance(correction, Drop):
            rows = rows.filter(~hit)
        elif isinstance(correction, Override):
            fixed = pl.when(hit).then(pl.lit(correction.value)).otherwise(pl.col(correction.column))
            rows = rows.with_columns(fixed.alias(correction.column))
        elif isinstance(correction, Scale):
            scales.append(correction)
    return Corrected(rows, before - rows.height, applied, scales)


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


def _check_guard(
    rows: pl.DataFrame, correction: Correction, hit: pl.Expr, dataset: Dataset, number: int
) -> None:
    meant = rows.filter(hit)
    as_expected = meant.filter(_row_test(correction.expect))
    if meant.height and meant.height == as_expected.height:
        return
    raise Refusal(
        "correction.mended",
        f"訂正の {number} 番目({correction.reason})が当てはまりません。元データが直されたようです。",
        f"{dataset.name}.corrections.yaml の {number} 番目",
        "届いたデータを確かめ、直っていればこの訂正を消すか、periods で期間を限ってください。",
    )
