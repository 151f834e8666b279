"""Where the format names its columns, no evidence is weighed: every record is data."""

import polars as pl

from warehouse.readers.grid import ROW, Grid
from warehouse.tables.find import find_tables
from warehouse.tables.take import take_table


def _grid(*rows):
    columns = {f"c{i + 1}": list(column) for i, column in enumerate(zip(*rows, strict=True))}
    cells = pl.DataFrame({ROW: list(range(1, len(rows) + 1)), **columns}).cast(
        dict.fromkeys(columns, pl.String)
    )
    return Grid(cells, names=rows[0])


def test_records_that_look_like_titles_notes_and_totals_are_data():
    grid = _grid(("本人/番号", "名"), ("合計", None), (None, ""), ("※注", "1"), ("1", "2"))
    (table,) = find_tables(grid)
    assert (table.header_rows, table.data_rows) == ((1, 1), (2, 5))
    assert [column.name for column in table.columns] == ["本人/番号", "名"]
    assert table.roles["role"].to_list() == ["header", "data", "blank", "data", "data"]
    assert take_table(grid, table).rows() == [(2, "合計", None), (4, "※注", "1"), (5, "1", "2")]


def test_a_table_without_records_has_columns():
    (table,) = find_tables(_grid(("a", "b")))
    assert table.data_rows is None
    assert len(table.columns) == 2
