"""Some raw rows of a delivery, judged whole: the typed rows and everything told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from warehouse.normalising.column import COUNTS, FAULTS, VERDICTS, ColumnJudge
from warehouse.readers.grid import ROW

if TYPE_CHECKING:
    from assets.contract import Contract


class JudgedPart(NamedTuple):
    """Some rows judged; the rules of keys need all rows and are not asked here.

    Attributes:
        typed: `_row` and the columns of the common form, of every row.
        faults: as `JudgedColumn`, of all columns, by row and column.
        verdicts: likewise.
        counts: likewise.
    """

    typed: pl.DataFrame
    faults: pl.DataFrame
    verdicts: pl.DataFrame
    counts: pl.DataFrame


class PartJudge:
    """Judges the rows of one delivery, part after part."""

    def __init__(self, contract: Contract) -> None:
        """Take the contract of the delivery's period."""
        self._columns = [ColumnJudge(name, contract) for name in contract.columns]

    def judge(self, raw: pl.DataFrame) -> JudgedPart:
        """Judge raw rows (`_row` and one String column per contract column)."""
        judged = [column.judge(raw) for column in self._columns]
        values = [value for column in judged for value in column.values]
        faults = pl.concat([pl.DataFrame(schema=FAULTS), *(column.faults for column in judged)])
        verdicts = pl.concat(
            [pl.DataFrame(schema=VERDICTS), *(column.verdicts for column in judged)]
        )
        return JudgedPart(
            typed=pl.DataFrame([raw[ROW], *values]),
            faults=faults.sort(ROW, "column", maintain_order=True),
            verdicts=verdicts.sort(ROW, "column"),
            counts=pl.concat([pl.DataFrame(schema=COUNTS), *(column.counts for column in judged)]),
        )
