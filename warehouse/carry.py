"""Cells left blank because the value above still holds: filled down where the contract says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from warehouse.readers.grid import ROW

if TYPE_CHECKING:
    from assets.contract import Contract


def carry_down(rows: pl.DataFrame, contract: Contract) -> tuple[pl.DataFrame, int]:
    """Repeat the value above in the blank cells of the columns that are `carried`.

    Args:
        rows: raw text rows of one delivery with `_row`.
        contract: of the dataset, in the delivery's period.

    Returns:
        The rows in the order of the file, and the number of cells that were filled.
    """
    names = [name for name, column in contract.columns.items() if column.carried]
    if not names:
        return rows, 0
    ordered = rows.sort(ROW)
    told = pl.when(pl.col(names).str.strip_chars() != "").then(pl.col(names))
    filled = ordered.with_columns(told.name.keep()).with_columns(pl.col(names).forward_fill())
    blank = ordered.select(told.is_null().name.keep())
    still = filled.select(pl.col(names).is_null())
    return filled, int(blank.sum().sum_horizontal()[0] - still.sum().sum_horizontal()[0])
