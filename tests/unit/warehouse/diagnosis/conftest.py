"""Small made-up tables, as a diagnosis sees them."""

import polars as pl
import pytest

from warehouse.diagnosis.facts import data_rows, gather_facts
from warehouse.readers.grid import ROW, Grid
from warehouse.tables.table import ROLE_SCHEMA, Table, TableColumn


@pytest.fixture
def table_of():
    """Build a grid and its table from a header row and data rows."""

    def make(header, *rows, units=None, marks=None, look=None, merges=()):
        schema = {f"c{i + 1}": pl.String for i in range(len(header))}
        lines = [[value or None for value in row] for row in (header, *rows)]
        cells = pl.DataFrame(lines, schema=schema, orient="row")
        numbers = pl.Series(ROW, range(1, len(lines) + 1), dtype=pl.Int64)
        extra = {"look": look} if look else {}
        grid = Grid(cells.insert_column(0, numbers), merges=merges, **extra)
        roles = pl.DataFrame(
            {ROW: numbers, "role": ["header", *["data"] * len(rows)]}, schema=ROLE_SCHEMA
        )
        columns = tuple(
            TableColumn(i, name, (units or {}).get(name), marks=(marks or {}).get(name, {}))
            for i, name in enumerate(header, start=1)
        )
        table = Table(
            first_row=1, last_row=len(lines), first_column=1, last_column=len(header),
            header_rows=(1, 1), data_rows=(2, len(lines)) if rows else None,
            columns=columns, roles=roles,
        )  # fmt: skip
        return grid, table

    return make


@pytest.fixture
def facts_of(table_of):
    """Gather the facts of one column."""

    def make(header, values, unit=None, marks=None):
        grid, table = table_of(
            [header], *([v] for v in values), units={header: unit}, marks={header: marks or {}}
        )
        return gather_facts(data_rows(grid, table), table)[0]

    return make
