"""Where the tables of a sheet stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from warehouse.readers.grid import ROW, column_letter
from warehouse.readers.headers import band_paths
from warehouse.tables.table import ROLE_SCHEMA, Note, Table, TableColumn

if TYPE_CHECKING:
    from warehouse.readers.grid import Grid

_SEEN = 100


def find_tables(grid: Grid) -> tuple[Table, ...]:
    """Find the tables of a sheet: header band, body, notes, totals."""
    filled = pl.sum_horizontal(pl.exclude(ROW).is_not_null().cast(pl.Int64))
    counted = grid.cells.select(ROW, filled=filled)
    if not counted["filled"].sum():
        return ()
    head = counted.head(_SEEN)
    header = head.filter(pl.col("filled") >= 0.8 * pl.col("filled").max())[ROW][0]
    paths = band_paths(grid, header, header)
    role = (
        pl.when(pl.col("filled") == 0)
        .then(pl.lit("blank"))
        .when(pl.col(ROW) < header)
        .then(pl.lit("title"))
        .when(pl.col(ROW) == header)
        .then(pl.lit("header"))
        .otherwise(pl.lit("data"))
    )
    roles = counted.select(ROW, role=role).cast(dict(ROLE_SCHEMA))
    data = roles.filter(pl.col("role") == "data")[ROW]
    columns = tuple(
        TableColumn(number, paths.get(number) or column_letter(number))
        for number in range(1, grid.width + 1)
        if grid.cells[f"c{number}"].is_not_null().any()
    )
    titles = grid.cells.filter(pl.col(ROW) < header)
    notes = tuple(
        Note(row[0], f"{column_letter(i)}{row[0]}", cell, "title")
        for row in titles.iter_rows()
        for i, cell in enumerate(row)
        if i and cell
    )
    return (
        Table(
            first_row=header,
            last_row=roles.filter(pl.col("role") != "blank")[ROW].max(),  # type: ignore[arg-type]
            first_column=columns[0].number,
            last_column=columns[-1].number,
            header_rows=(header, header),
            data_rows=(data.min(), data.max()) if len(data) else None,  # type: ignore[arg-type]
            columns=columns,
            roles=roles,
            notes=notes,
        ),
    )
