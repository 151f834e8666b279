"""Texts around a table: titles, notes, units, metadata, and where the body ends above them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl

from warehouse.readers.grid import ROW, column_letter
from warehouse.tables import page as kinds
from warehouse.tables import vocabulary as words
from warehouse.tables.page import WHITE
from warehouse.tables.table import Note
from warehouse.tables.units import is_unit_line

if TYPE_CHECKING:
    from warehouse.readers.grid import Grid
    from warehouse.tables.page import Page
    from warehouse.tables.sheet import Outline

_NOTE = re.compile(words.NOTE, re.IGNORECASE)
_TAIL = 200
NoteKind = Literal["title", "note", "unit", "metadata"]
_ASIDES = 1000


def notes_of(page: Page, *, below: bool) -> list[Note]:
    """Read every cell of some rows as a note; above a table the rest are titles."""
    found = []
    for place, column in zip(*np.nonzero(page.filled), strict=True):
        text, row = str(page.texts[place, column]), int(page.rows[place])
        is_metadata = str(page.texts[place, 0]).startswith("#")
        kind: NoteKind = "metadata" if is_metadata else _kind(text, below=below)
        found.append(Note(row, f"{column_letter(int(column) + 1)}{row}", text, kind))
    return found


def _kind(text: str, *, below: bool) -> NoteKind:
    if is_unit_line(text):
        return "unit"
    return "note" if below or _NOTE.match(text) else "title"


def notes_aside(grid: Grid, columns: tuple[int, ...], first: int, last: int) -> list[Note]:
    """Read the cells of columns (0-based) that hold only remarks."""
    found = []
    for column in columns:
        cells = grid.cells.select(ROW, cell=pl.col(f"c{column + 1}").str.strip_chars(WHITE)).filter(
            (pl.col("cell") != "") & pl.col(ROW).is_between(first, last)
        )
        letter = column_letter(column + 1)
        for row, text in cells.head(_ASIDES).iter_rows():
            found.append(
                Note(row, f"{letter}{row}", text, "unit" if is_unit_line(text) else "note")
            )
    return found


def is_prose(sheet: Outline) -> bool:
    """Tell whether a sheet only holds sentences, one under another."""
    if sheet.counts.max(initial=0) > 1:
        return False
    page = sheet.page(0)
    cells = page.kinds[page.filled]
    return bool(len(cells) > 1 and (cells == kinds.LONG).mean() > 0.5)  # noqa: PLR2004


def find_tail(sheet: Outline, body: int, end: int) -> int:
    """Find the place behind the last row of the body; what follows are notes and blanks."""
    places = body + np.flatnonzero(sheet.counts[body:end])
    if not len(places):
        return body
    usual = float(np.median(sheet.counts[places[:_TAIL]]))
    tail = places[-_TAIL:]
    page = sheet.open(tail)
    keep = len(tail)
    while keep and _is_note(sheet, page, keep - 1, tail, usual):
        keep -= 1
    return int(tail[keep - 1]) + 1 if keep else int(tail[0])


def _is_note(sheet: Outline, page: Page, i: int, tail: np.ndarray, usual: float) -> bool:
    texts = [str(text) for text in page.texts[i] if text]
    row = page.kinds[i][page.filled[i]]
    if (row == kinds.NUMBER).any() or (row == kinds.DATE).any():
        return False
    if _NOTE.match(texts[0]) or is_unit_line(texts[0]):
        return len(texts) <= max(3, 0.4 * usual) and (len(texts) < usual or usual == 1)
    gap = tail[i] > 0 and sheet.counts[tail[i] - 1] == 0
    alone = len(texts) == 1 and usual > 1
    return alone and (len(texts[0]) > 24 or gap or texts[0].startswith((" ", "\u3000")))  # noqa: PLR2004


def note_rows(body: pl.DataFrame, counts: np.ndarray, usual: float) -> list[int]:
    """Find the remarks that stand between the rows of a body: one cell that says it is one."""
    if usual <= 1:
        return []
    lone = body.filter(pl.Series(counts == 1))
    text = pl.coalesce(pl.exclude(ROW).str.strip_chars(WHITE).replace("", None))
    pattern = f"(?i){words.NOTE}"
    return lone.filter(text.str.contains(pattern))[ROW].to_list()
