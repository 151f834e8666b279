"""A published file as tables of text with their headings, as a checker of layouts needs them.

Belongs here: finding the row of headings and the rows below it. Standard files are flat: one row of
headings and data to the end; so the row is looked for by known headings first, and by the shape of
the sheet (`warehouse.tables`) only where nothing is known. Must not hold: parsing of formats
(`warehouse.readers`), judging.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from transforms.verdict import trim
from warehouse.readers.grid import ROW, column_letter
from warehouse.readers.opening import open_book
from warehouse.standards.headings import fold_loosely
from warehouse.tables.find import find_tables
from warehouse.tables.take import unique_names

if TYPE_CHECKING:
    from pathlib import Path

    from warehouse.readers.grid import Grid
    from warehouse.tables.table import Table

_LOOKED_AT = 40
_FEWEST_KNOWN = 3
_LEAST_KNOWN = 0.3
_SHAPES = 2
# Rows that LinkData puts around its data begin so; the row of names begins with the second.
META, NAMES = "#", "#property"
_TEMPLATE = ("←", "↓", "→", "↑")


@dataclass(frozen=True)
class FoundTable:
    """One table of a file.

    Attributes:
        sheet: Name of the sheet; empty for text.
        header_row: 1-based; 0 where the format names its columns itself.
        rows: `_row` and one text column a heading, in the order of the file; equal headings told
            apart as `name#2`, nameless columns by their letter as `(A列)`.
        nameless: Those of the headings that are only letters.
        asides: Headings that are remarks of a template, not names.
        ragged: Rows whose number of cells differs.
        is_hidden: Whether the sheet is hidden.
    """

    sheet: str
    header_row: int
    rows: pl.DataFrame
    nameless: tuple[str, ...] = ()
    asides: tuple[str, ...] = ()
    ragged: tuple[int, ...] = ()
    is_hidden: bool = False

    @property
    def headings(self) -> list[str]:
        """Give the headings, nameless ones left out."""
        set_apart = {ROW, *self.nameless, *self.asides}
        return [name for name in self.rows.columns if name not in set_apart]


@dataclass(frozen=True)
class ReadFile:
    """A file as it was read.

    Attributes:
        kind: Real type, told from the bytes.
        encoding: Of a text; None for workbooks.
        tables: One a sheet whose headings are known; where none are, what a few sheets look like.
        warnings: What was met on opening, in Japanese.
    """

    file: str
    kind: str
    encoding: str | None
    tables: tuple[FoundTable, ...]
    warnings: tuple[str, ...] = ()


def read_tables(path: Path, file: str, known: frozenset[str]) -> ReadFile:
    """Read every sheet's table; meant to run in the parsing child.

    Args:
        path: Where the bytes are.
        file: Name it was published under.
        known: Folded headings of all layouts.

    Raises:
        Refusal: when it is no table, hostile or broken.
    """
    book = open_book(path, file)
    tables: list[FoundTable] = []
    others: list[Grid] = []
    for sheet in book.sheets:
        grid = sheet.read()
        table = find_known_table(grid, known)
        if table is not None:
            tables.append(table)
        elif len(others) < _SHAPES:
            others.append(grid)
    # Only to say what the file looks like: finding tables by shape costs seconds a sheet.
    shaped = (find_shaped_table(grid) for grid in others if not tables)
    found = tuple(tables) or tuple(table for table in shaped if table is not None)
    return ReadFile(file, book.kind, book.encoding, found, book.warnings)


def find_known_table(grid: Grid, known: frozenset[str]) -> FoundTable | None:
    """Find a row of headings that layouts know, and everything below it."""
    if grid.names:
        return _below(grid, list(grid.names), 0)
    row = _known_row(grid, known)
    return None if row is None else _below(grid, _cells_of(grid, row), row)


def find_shaped_table(grid: Grid) -> FoundTable | None:
    """Find the largest table by the shape of the sheet; None for a sheet without a table."""
    tables = [table for table in find_tables(grid) if table.header_rows]
    if not tables:
        return None
    largest = max(tables, key=lambda table: table.roles.height * len(table.columns))
    return _by_shape(grid, largest)


def _known_row(grid: Grid, known: frozenset[str]) -> int | None:
    """Find the first row most of whose cells are headings of some layout."""
    best: tuple[int, int] | None = None
    for row, *cells in grid.cells.head(_LOOKED_AT).iter_rows():
        texts = [text for text in cells if text and text.strip()]
        if texts and texts[0].strip().casefold() == NAMES:
            return int(row)
        count = sum(fold_loosely(text) in known for text in texts)
        enough = count >= _FEWEST_KNOWN and count >= _LEAST_KNOWN * len(texts)
        if enough and (best is None or count > best[1]):
            best = int(row), count
    return best[0] if best else None


def _cells_of(grid: Grid, row: int) -> list[str]:
    cells = grid.cells.filter(pl.col(ROW) == row).drop(ROW).row(0)
    return [(cell or "").strip() for cell in cells]


def _by_shape(grid: Grid, table: Table) -> FoundTable:
    names = [""] * grid.width
    for column in table.columns:
        names[column.number - 1] = column.name
    header = table.header_rows[1] if table.header_rows else 0
    return _below(grid, names, header)


def _below(grid: Grid, names: list[str], header: int) -> FoundTable:
    """Take the rows below the headings; empty rows, metadata and empty nameless columns are none."""
    columns = [f"c{number}" for number in range(1, grid.width + 1)]
    below = grid.cells.filter(pl.col(ROW) > header)
    content = [trim(pl.col(column)) != "" for column in columns]
    below = below.filter(pl.any_horizontal(content))
    if names and names[0].casefold() == NAMES:
        below = below.filter(~trim(pl.col("c1")).str.starts_with(META))
    filled = below.select(content[n].any() for n in range(len(columns)))
    holds = filled.row(0) if below.height else (False,) * len(columns)
    spoken = [
        (column, name or f"({column_letter(number)}列)", not name)
        for number, (column, name, holds) in enumerate(
            zip(columns, names, holds, strict=True), start=1
        )
        if name or holds
    ]
    _, *unique = unique_names([ROW, *(name for _, name, _ in spoken)])
    return FoundTable(
        sheet=grid.sheet,
        header_row=header,
        rows=below.select(
            ROW, *(pl.col(c).alias(name) for (c, *_), name in zip(spoken, unique, strict=True))
        ),
        nameless=tuple(n for (*_, bare), n in zip(spoken, unique, strict=True) if bare),
        asides=tuple(n for n in unique if n.startswith(_TEMPLATE)),
        ragged=tuple(grid.ragged.filter(pl.col(ROW) > header)[ROW].to_list()),
        is_hidden=grid.is_hidden,
    )
