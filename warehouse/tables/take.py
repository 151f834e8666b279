"""A table of a sheet as a frame: its data rows as text, everything else left out but explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from warehouse.readers.grid import ROW
from warehouse.tables.carry import spread_merges

if TYPE_CHECKING:
    from warehouse.readers.grid import Grid
    from warehouse.tables.table import Table


def take_table(grid: Grid, table: Table) -> pl.DataFrame:
    """Take the data rows of a table: `_row` and one String column per column, in its order.

    Merged cells are spread over what they cover, and carried columns filled down; no cell with
    content changes. Columns that share a header path share a name in `table.columns`; here the
    later ones are told apart as `name#2`, `name#3` so that a frame can hold them.
    """
    numbers = [column.number for column in table.columns]
    rows = table.roles.filter(pl.col("role").is_in(["data", "total"]))
    cells = grid.cells.select(ROW, *(f"c{n}" for n in numbers))
    body = cells.join(rows, on=ROW, how="inner", maintain_order="left")
    spread = spread_merges(body, grid, numbers)
    carried = [f"c{column.number}" for column in table.columns if column.is_carried]
    filled = spread.with_columns(pl.col(carried).forward_fill()) if carried else spread
    names = unique_names([column.name for column in table.columns])
    return filled.filter(pl.col("role") == "data").select(
        ROW, **{name: pl.col(f"c{n}") for name, n in zip(names, numbers, strict=True)}
    )


def unique_names(names: list[str]) -> list[str]:
    """Tell equal names apart: the second `a` becomes `a#2`."""
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return unique
