"""A whole delivery into the common form, part by part: what is held of all rows is their keys.

Belongs here: the order of the steps and what is put down where. Must not hold: a rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from warehouse.normalising.column import COUNTS, FAULTS
from warehouse.normalising.keys import SeenKeys, key_faults
from warehouse.normalising.my_numbers import SeenNumbers
from warehouse.normalising.part import PartJudge
from warehouse.normalising.table_parts import TableParts
from warehouse.readers.grid import ROW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from assets.contract import Contract

PART_ROWS = 120_000


@dataclass(frozen=True)
class NormalisedDelivery:
    """What was made of one delivery, put down as files.

    Attributes:
        rows: `_row` and the typed columns; only rows without a refused value.
        quarantine: one line a fault, as `explain` made it of `FAULTS`.
        verdicts: one line a value that is not simply ok (`VERDICTS`).
        counts: how many values each rule has read (`COUNTS`).
        rows_in: number of rows that came.
        bad: numbers of the rows set aside, each once.
    """

    rows: TableParts
    quarantine: TableParts
    verdicts: TableParts
    counts: pl.DataFrame
    rows_in: int
    bad: pl.Series

    @property
    def rows_out(self) -> int:
        """Number of rows that went on."""
        return self.rows_in - self.bad.len()


def normalise_delivery(
    parts: Iterable[pl.DataFrame],
    contract: Contract,
    folder: Path,
    *,
    finish: Callable[[pl.DataFrame, pl.DataFrame], pl.DataFrame] = lambda typed, _: typed,
    explain: Callable[[pl.DataFrame], pl.DataFrame] = lambda faults: faults,
) -> NormalisedDelivery:
    """Normalise the raw rows of a delivery into files in `folder`.

    Args:
        parts: at least one; `_row` and one String column per contract column, in the order of
            the file.
        contract: of the dataset, in the delivery's period.
        folder: an empty folder.
        finish: last step on typed rows; sees the raw rows too, in the same order.
        explain: makes of faults (`FAULTS`) what is put down; keeps the lines.
    """
    judge, counts = PartJudge(contract), [pl.DataFrame(schema=COUNTS)]
    keys, numbers = SeenKeys(contract), SeenNumbers(contract)
    bad, rows_in = [pl.Series(ROW, [], pl.Int64)], 0
    names = ("rows", "aside", "quarantine", "verdicts")
    rows, aside, quarantine, verdicts = (TableParts(folder, name) for name in names)
    for raw in parts:
        part = judge.judge(raw)
        typed = finish(part.typed, raw)
        faulty = part.faults[ROW].unique()
        is_bad = pl.col(ROW).is_in(faulty.implode())
        keys.add(typed)
        numbers.add(raw)
        rows.add(typed.filter(~is_bad) if faulty.len() else typed)
        aside.add(typed.filter(is_bad))
        quarantine.add(explain(part.faults))
        verdicts.add(part.verdicts)
        counts.append(part.counts)
        bad.append(faulty)
        rows_in += raw.height
    doubted = pl.concat([_doubt_keys(keys.repeated(), rows, aside, contract), numbers.faults()])
    rows.drop(doubted[ROW].unique())
    quarantine.add(explain(doubted))
    return NormalisedDelivery(
        rows=rows,
        quarantine=quarantine,
        verdicts=verdicts,
        counts=pl.concat(counts).group_by(list(COUNTS)[:-1]).agg(pl.sum("count")).sort(pl.all()),
        rows_in=rows_in,
        bad=pl.concat([*bad, doubted[ROW]]).unique(),
    )


def _doubt_keys(
    repeated: pl.Series, rows: TableParts, aside: TableParts, contract: Contract
) -> pl.DataFrame:
    """Judge the rows that share their key; a row that is set aside anyway is looked at too."""
    if repeated.is_empty():
        return pl.DataFrame(schema=FAULTS)
    shared = pl.concat([rows.choose(repeated), aside.choose(repeated)])
    return key_faults(shared.sort(ROW), contract)
