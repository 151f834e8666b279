"""Sheets nobody has looked at: nearly every header is found, and nothing is lost in any of them."""

import polars as pl

from tests.unit.warehouse.tables.random_sheets import make_sheet
from warehouse.readers.grid import ROW
from warehouse.tables.find import find_tables
from warehouse.tables.roles import sheet_roles
from warehouse.tables.take import take_table

SHEETS = 60
RIGHT = 0.97


def test_headers_are_found_on_nearly_all():
    missed = {}
    for seed in range(SHEETS):
        made = make_sheet(seed)
        found = [
            (t.header_rows, t.unit_row, t.data_rows and t.data_rows[0])
            for t in find_tables(made.grid)
        ]
        if found != [(made.header, made.unit, made.values)]:
            missed[seed] = ((made.header, made.unit, made.values), found)
    assert len(missed) <= (1 - RIGHT) * SHEETS, missed


def test_the_account_closes_and_no_cell_is_lost_on_all():
    for seed in range(SHEETS, SHEETS + 20):
        made = make_sheet(seed)
        tables = find_tables(made.grid)
        roles = sheet_roles(made.grid, tables)
        assert roles[ROW].equals(made.grid.cells[ROW])
        for table in tables:
            taken = take_table(made.grid, table)
            given = made.grid.cells.filter(pl.col(ROW).is_in(taken[ROW].implode()))
            for name, column in zip(taken.columns[1:], table.columns, strict=True):
                before, after = given[f"c{column.number}"].to_list(), taken[name].to_list()
                assert [
                    a for a, b in zip(after, before, strict=True) if b is not None and a != b
                ] == []
