"""A table of a sheet as a frame: its data rows as text, everything else left out but explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from warehouse.readers.grid import ROW

if TYPE_CHECKING:
    from warehouse.readers.grid import Grid
    from warehouse.tables.table import Table


def take_table(grid: Grid, table: Table) -> pl.DataFrame:
    """Take the data rows of a table: `_row` and one String column per column, in its order.

    Columns that share a header path share a name in `table.columns`; here the later ones are
    told apart as `name#2`, `name#3` so that a frame can hold them.
    """
    rows = table.roles.filter(pl.col("role") == "data").select(ROW)
    names = unique_names([column.name for column in table.columns])
    taken = grid.cells.join(rows, on=ROW, how="semi", maintain_order="left")
    return taken.select(
        ROW,
        **{n: pl.col(f"c{c.number}") for n, c in zip(names, table.columns, strict=True)},
    )


def unique_names(names: list[str]) -> list[str]:
    """Tell equal names apart: the second `a` becomes `a#2`."""
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return unique
