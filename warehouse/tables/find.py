"""The tables of a sheet: where they stand, what their columns and rows are, what lies around them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from warehouse.readers.grid import ROW
from warehouse.tables.areas import split_columns
from warehouse.tables.blocks import find_blocks
from warehouse.tables.body import read_body
from warehouse.tables.carry import find_carried
from warehouse.tables.marks import find_marks
from warehouse.tables.named import named_table
from warehouse.tables.notes import find_tail, is_prose, notes_aside, notes_of
from warehouse.tables.sheet import outline
from warehouse.tables.table import Table, TableColumn
from warehouse.tables.units import unit_from_lines, unit_lines, unit_of

if TYPE_CHECKING:
    from warehouse.readers.grid import Grid
    from warehouse.tables.band import Band
    from warehouse.tables.blocks import Block
    from warehouse.tables.body import Body
    from warehouse.tables.page import Page
    from warehouse.tables.sheet import Outline
    from warehouse.tables.table import Note

_SAMPLE = 400
_ROUNDED = re.compile("四捨五入|端数|ラウンド|一致しない|合わない")


def find_tables(grid: Grid) -> tuple[Table, ...]:
    """Find the tables of a sheet, from the top, those side by side from the left."""
    if grid.names:
        return (named_table(grid),)
    whole = outline(grid)
    if not whole.counts.any():
        return ()
    areas = split_columns(whole.page(0), grid.merges)
    emphasis = _emphasis(grid)
    tables: list[Table] = []
    for columns in areas.tables:
        sheet = outline(grid, columns) if len(areas.tables) > 1 or areas.asides else whole
        blocks = [] if is_prose(sheet) else find_blocks(sheet, emphasis)
        for block in blocks:
            asides = areas.asides if columns == areas.tables[-1] else ()
            tables.append(_describe(sheet, block, asides))
    return tuple(sorted(tables, key=lambda table: (table.first_row, table.first_column)))


def _emphasis(grid: Grid) -> dict[int, float]:
    """Say how much of every row is bold, filled or underlined by a border."""
    styles = grid.look.styles
    if styles.is_empty():
        return {}
    shown = (pl.col("is_bold") | pl.col("is_filled")).cast(pl.Float64).mean()
    return dict(styles.group_by(ROW).agg(shown.alias("shown")).iter_rows())


def _describe(sheet: Outline, block: Block, asides: tuple[int, ...]) -> Table:
    grid, band = sheet.grid, block.band
    first = band.first or band.body or int(sheet.rows[block.start])
    body_place = sheet.place(band.body) if band.body is not None else block.end
    tail = find_tail(sheet, body_place, block.end) if band.body is not None else _after(sheet, band)
    before = sheet.open(np.arange(block.start, sheet.place(first)))
    after = sheet.open(np.arange(tail, block.end))
    last_row = int(sheet.rows[tail - 1])
    notes = [*notes_of(before, below=False), *notes_of(after, below=True)]
    notes += notes_aside(grid, asides, int(sheet.rows[block.start]), int(sheet.rows[block.end - 1]))
    body = read_body(sheet, band, body_place, tail, rounded=_says_rounded(notes))
    notes += body.notes
    columns = _columns(sheet, band, body, notes)
    return Table(
        first_row=first,
        last_row=last_row,
        first_column=columns[0].number if columns else sheet.columns[0] + 1,
        last_column=columns[-1].number if columns else sheet.columns[-1] + 1,
        header_rows=(band.first, band.last) if band.first and band.last else None,
        data_rows=body.span,
        columns=columns,
        roles=body.roles,
        unit_row=band.unit,
        notes=tuple(sorted(notes, key=lambda note: note.row)),
        totals=body.totals,
        row_groups=body.row_groups,
    )


def _after(sheet: Outline, band: Band) -> int:
    return sheet.place(band.last or int(sheet.rows[0])) + 1


def _says_rounded(notes: list[Note]) -> bool:
    return any(_ROUNDED.search(note.text) for note in notes)


def _columns(sheet: Outline, band: Band, body: Body, notes: list[Note]) -> tuple[TableColumn, ...]:
    """Name every column and say its unit, its marks and whether its blanks carry on."""
    names = body.names
    lines = unit_lines(note.text for note in notes if note.kind == "unit")
    units = _unit_cells(sheet, band)
    numeric = [n for n in names if n in body.numeric]
    texts = [note.text for note in notes]
    marks = find_marks(body.cells, list(names), numeric, texts)
    carried: set[int] = set()
    for totals in (True, False):
        carried |= find_carried(_sample(sheet, body, totals=totals), names, sheet.grid.merges)
    return tuple(
        TableColumn(
            number,
            name,
            unit_of(units.get(number, ""), name)
            or (unit_from_lines(lines, name) if number in body.counted else None),
            number in carried,
            marks.get(number, {}),
        )
        for number, name in names.items()
    )


def _sample(sheet: Outline, body: Body, *, totals: bool) -> Page:
    """Open the first rows of the body, with or without the proved totals in it."""
    aside = [] if totals else [total.row for total in body.totals if total.is_proved]
    rows = body.cells.filter(~pl.col(ROW).is_in(aside))[ROW].head(_SAMPLE)
    return sheet.open(np.array([sheet.place(int(row)) for row in rows], dtype=np.int64))


def _unit_cells(sheet: Outline, band: Band) -> dict[int, str]:
    if band.unit is None:
        return {}
    row = sheet.grid.cells.filter(pl.col(ROW) == band.unit)
    cells = {n + 1: row[f"c{n + 1}"][0] for n in sheet.columns} if row.height else {}
    for span in sheet.grid.merges:
        if span.first_row <= band.unit <= span.last_row and cells.get(span.first_column):
            for number in range(span.first_column, span.last_column + 1):
                cells[number] = cells[span.first_column]
    return {number: cell for number, cell in cells.items() if cell and cell.strip()}
