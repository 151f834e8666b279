"""Cells left blank because the value above still holds: filled down where the contract says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from warehouse.readers.grid import ROW

if TYPE_CHECKING:
    from assets.contract import Contract


class Carrying:
    """Repeats values in the columns that are `carried`, part after part of one delivery.

    Attributes:
        filled: number of cells that were filled.
    """

    def __init__(self, contract: Contract) -> None:
        """Take the columns from the contract of the delivery's period."""
        self._names = [name for name, column in contract.columns.items() if column.carried]
        self._above: dict[str, str | None] = dict.fromkeys(self._names)
        self.filled = 0

    def carry(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Fill the rows of one part; gives them in the order of the file."""
        names = self._names
        if not names or rows.is_empty():
            return rows
        ordered = rows.sort(ROW)
        told = pl.when(pl.col(names).str.strip_chars() != "").then(pl.col(names))
        above = [
            pl.col(name).forward_fill().fill_null(pl.lit(self._above[name], pl.String))
            for name in names
        ]
        filled = ordered.with_columns(told.name.keep()).with_columns(above)
        blank = ordered.select(told.is_null().name.keep())
        still = filled.select(pl.col(names).is_null())
        self.filled += int(blank.sum().sum_horizontal()[0] - still.sum().sum_horizontal()[0])
        self._above = {name: filled[name][-1] for name in names}
        return filled


def carry_down(rows: pl.DataFrame, contract: Contract) -> tuple[pl.DataFrame, int]:
    """Repeat the value above in the blank cells of the columns that are `carried`.

    Args:
        rows: raw text rows of one delivery with `_row`.
        contract: of the dataset, in the delivery's period.

    Returns:
        The rows in the order of the file, and the number of cells that were filled.
    """
    carrying = Carrying(contract)
    return carrying.carry(rows), carrying.filled
