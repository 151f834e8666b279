"""The table of a format that names its columns itself (JSON, Parquet, dBase): nothing is looked for."""

from __future__ import annotations

import polars as pl

from warehouse.readers.grid import ROW, Grid
from warehouse.readers.headers import band_paths
from warehouse.tables.table import ROLE_SCHEMA, Table, TableColumn

_HEADER = 1


def named_table(grid: Grid) -> Table:
    """Describe a grid whose first row holds the names and whose every other row is a record."""
    columns = [f"c{number}" for number in range(1, grid.width + 1)]
    is_blank = pl.all_horizontal(pl.col(columns).fill_null("") == "")
    role = (
        pl.when(pl.col(ROW) == _HEADER)
        .then(pl.lit("header"))
        .when(is_blank)
        .then(pl.lit("blank"))
        .otherwise(pl.lit("data"))
    )
    roles = grid.cells.select(ROW, role=role).cast(dict(ROLE_SCHEMA))
    rows = roles[ROW].to_list()
    names = band_paths(grid, _HEADER, _HEADER)
    return Table(
        first_row=_HEADER,
        last_row=rows[-1],
        first_column=1,
        last_column=grid.width,
        header_rows=(_HEADER, _HEADER),
        data_rows=(rows[1], rows[-1]) if len(rows) > 1 else None,
        columns=tuple(TableColumn(number, name) for number, name in names.items()),
        roles=roles,
    )
