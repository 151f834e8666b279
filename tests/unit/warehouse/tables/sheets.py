"""Small made-up sheets: a block of text becomes a grid."""

import polars as pl

from warehouse.readers.grid import ROW, Grid


def sheet(text, *, merges=(), first_row=1):
    """Build a grid: one line a row, `|` between cells, blank cells and lines stay blank."""
    lines = [line.strip() for line in text.strip("\n").splitlines()]
    rows = [[cell.strip() or None for cell in line.split("|")] for line in lines]
    width = max(map(len, rows))
    rows = [row + [None] * (width - len(row)) for row in rows]
    schema = dict.fromkeys([f"c{i + 1}" for i in range(width)], pl.String)
    cells = pl.DataFrame(rows, schema=schema, orient="row")
    numbers = pl.Series(ROW, range(first_row, first_row + len(rows)), dtype=pl.Int64)
    return Grid(cells.insert_column(0, numbers), merges=merges)
