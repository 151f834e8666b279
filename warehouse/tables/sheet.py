"""A sheet from afar: how many cells every row has, and which rows are worth a closer look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from warehouse.readers.grid import ROW
from warehouse.tables import page as kinds
from warehouse.tables.page import WHITE, kind_of, open_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from warehouse.readers.grid import Grid
    from warehouse.tables.page import Page

_CELLS = 400_000
_ROWS = 400
_LEAST = 60
_JUDGED = 512


@dataclass(frozen=True)
class Outline:
    """All rows of some columns of a sheet.

    Attributes:
        grid: where they stand.
        columns: 0-based, ascending.
        rows: record numbers.
        counts: number of cells with content, per row.
    """

    grid: Grid
    columns: tuple[int, ...]
    rows: np.ndarray
    counts: np.ndarray

    def page(self, start: int, limit: int = _ROWS) -> Page:
        """Open the rows with content from a place on; the first few hundred columns tell enough."""
        limit = min(limit, max(_LEAST, _CELLS // max(self.grid.width, 1)))
        places = start + np.flatnonzero(self.counts[start:])[:limit]
        return open_page(self.grid, self.rows[places]).narrow(self.columns[:_JUDGED])

    def open(self, places: np.ndarray) -> Page:
        """Open the rows at these places."""
        return open_page(self.grid, self.rows[places]).narrow(self.columns)

    def place(self, row: int) -> int:
        """Find where a record number stands."""
        return int(np.searchsorted(self.rows, row))

    def after_gaps(self, start: int) -> np.ndarray:
        """Find the rows with content that follow a blank row."""
        blank = self.counts == 0
        return start + 1 + np.flatnonzero(blank[start:-1] & ~blank[start + 1 :])

    def with_words(self, start: int, columns: Sequence[int]) -> np.ndarray:
        """Find the rows that hold words in most of these columns (0-based), which hold numbers."""
        if not columns:
            return np.array([], dtype=np.int64)
        cells = [pl.col(f"c{column + 1}") for column in columns]
        worded = pl.sum_horizontal(
            (
                cell.is_not_null()
                & ~kind_of(cell).is_in(
                    [kinds.BLANK, kinds.NUMBER, kinds.MARK, kinds.DATE, kinds.CODE, kinds.NAMELIKE]
                )
            ).cast(pl.Int32)
            for cell in cells
        )
        numeric = pl.all_horizontal(cell.is_null() | cell.str.contains(r"^-?\d") for cell in cells)
        slim = self.grid.cells.slice(start).with_row_index("place").filter(~numeric)
        found = slim.filter(worded > 0.5 * len(columns))["place"]
        return start + found.to_numpy().astype(np.int64)


def outline(grid: Grid, columns: tuple[int, ...] | None = None) -> Outline:
    """Count the cells of every row, all columns or some."""
    if columns is None:
        columns = tuple(range(grid.width))
    content = [pl.col(f"c{c + 1}").str.strip_chars(WHITE) != "" for c in columns]
    counted = grid.cells.select(
        ROW,
        cells=pl.sum_horizontal(cell.fill_null(False).cast(pl.Int32) for cell in content),  # noqa: FBT003
    )
    return Outline(grid, columns, counted[ROW].to_numpy(), counted["cells"].to_numpy())
