"""Raw text rows into the common form: every value with a verdict, every row loaded or explained.

Here rows that fit into memory; a whole delivery goes through `normalising.delivery`, part by part.
The meaning of a value is `transforms`; what a column must satisfy is the contract.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from warehouse.normalising.keys import SeenKeys, key_faults
from warehouse.normalising.my_numbers import SeenNumbers
from warehouse.normalising.part import PartJudge
from warehouse.readers.grid import ROW

if TYPE_CHECKING:
    from assets.contract import Contract


@dataclass(frozen=True)
class Normalised:
    """The rows of one delivery in the common form.

    Attributes:
        rows: `_row` and the typed columns; only rows without a refused value.
        quarantine: one line a fault: `_row, column, raw_value, rule`; a row may have several.
        verdicts: one line a value that is not simply ok:
            `_row, column, raw_value, verdict, rule, earliest, latest`.
        counts: how many values each rule has read: `column, verdict, rule, count`.
        quarantined_rows: number of distinct rows set aside.
    """

    rows: pl.DataFrame
    quarantine: pl.DataFrame
    verdicts: pl.DataFrame
    counts: pl.DataFrame
    quarantined_rows: int


def normalise(raw: pl.DataFrame, contract: Contract) -> Normalised:
    """Normalise the raw rows (`_row` and one String column per contract column)."""
    part, keys, numbers = PartJudge(contract).judge(raw), SeenKeys(contract), SeenNumbers(contract)
    keys.add(part.typed)
    numbers.add(raw)
    repeated = part.typed.filter(pl.col(ROW).is_in(keys.repeated().implode()))
    faults = pl.concat([part.faults, key_faults(repeated, contract), numbers.faults()])
    bad = faults[ROW].unique()
    return Normalised(
        rows=part.typed.filter(~pl.col(ROW).is_in(bad.implode())),
        quarantine=faults.sort(ROW, "column"),
        verdicts=part.verdicts,
        counts=part.counts,
        quarantined_rows=bad.len(),
    )
