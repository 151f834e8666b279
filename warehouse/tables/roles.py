"""The account of a sheet: every record has exactly one role."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from warehouse.readers.grid import ROW
from warehouse.tables.page import WHITE
from warehouse.tables.table import ROLE_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable

    from warehouse.readers.grid import Grid
    from warehouse.tables.table import Note, Table

# Where tables share a row, the first of these wins: a row with data in any of them is data.
_ORDER = ("data", "total", "group", "header", "unit", "metadata", "title", "note", "blank")
_BESIDE = ("title", "unit", "metadata", "note")


def sheet_roles(grid: Grid, tables: tuple[Table, ...]) -> pl.DataFrame:
    """Give every record of the sheet its role (`ROLE_SCHEMA`), in the order of the sheet.

    Rows of no table are blank, or what the notes of the tables say they are, else notes.
    """
    frames = [table.roles.select(*ROLE_SCHEMA) for table in tables]
    frames += [_roles_of_notes(table.notes) for table in tables]
    content = (
        pl.any_horizontal(pl.exclude(ROW).str.strip_chars(WHITE) != "")
        if grid.width
        else pl.lit(value=False)
    )
    rest = pl.when(content).then(pl.lit("note")).otherwise(pl.lit("blank"))
    every = grid.cells.select(ROW, _rest=rest)
    ranked = (
        pl.concat(frames or [pl.DataFrame(schema=ROLE_SCHEMA)])
        .with_columns(
            rank=pl.col("role").replace_strict(
                {r: i for i, r in enumerate(_ORDER)}, return_dtype=pl.Int32
            )
        )
        .filter(pl.col("role") != "blank")
        .group_by(ROW)
        .agg(pl.col("role").sort_by("rank").first())
    )
    joined = every.join(ranked, on=ROW, how="left", maintain_order="left")
    return joined.select(ROW, role=pl.coalesce("role", "_rest"))


def _roles_of_notes(notes: Iterable[Note]) -> pl.DataFrame:
    """A row with a title is a title, whatever else stands in it."""
    best: dict[int, str] = {}
    for note in notes:
        kind = best.get(note.row, note.kind)
        best[note.row] = min(kind, note.kind, key=_BESIDE.index)
    return pl.DataFrame({ROW: list(best), "role": list(best.values())}, schema=ROLE_SCHEMA)
