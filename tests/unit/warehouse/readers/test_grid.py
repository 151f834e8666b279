from hypothesis import given
from hypothesis import strategies as st

from warehouse.readers.grid import Grid, column_letter


def test_columns_are_called_as_a_spreadsheet_calls_them():
    numbers = (1, 26, 27, 52, 702, 703, 16384)
    assert [column_letter(n) for n in numbers] == ["A", "Z", "AA", "AZ", "ZZ", "AAA", "XFD"]


@given(st.integers(1, 20_000))
def test_a_letter_names_one_column(number):
    value = 0
    for letter in column_letter(number):
        value = value * 26 + ord(letter) - 64
    assert value == number


def test_a_grid_without_ragged_rows_has_an_empty_table_of_them(grid_of):
    grid = grid_of(["a", "b"])
    assert isinstance(grid, Grid)
    assert grid.width == 2
    assert grid.ragged.is_empty()
