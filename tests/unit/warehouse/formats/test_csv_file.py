"""CSV as other programs read it."""

import csv
import io

import polars as pl
import pytest
from hypothesis import given, settings

from tests.unit.warehouse.formats.layouts import LIBRARY, PLACES, table, tables
from warehouse.formats.csv_file import BOM, read_csv, read_numbers, write_csv


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("csv") / "t.csv"


@settings(deadline=None, max_examples=40)
@given(tables)
def test_other_programs_read_the_same_cells(path, frame):
    text = frame.drop("定員", "面積")
    write_csv(text, path, bom=True)
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    assert rows[0] == text.columns
    assert rows[1:] == [[cell or "" for cell in row] for row in text.rows()]


def test_mark_line_ends_and_no_e_notation(path):
    frame = pl.DataFrame({"ID": ["0012", None], "面積": [1e-7, 1e15], "定員": [-5, 10**17]})
    write_csv(frame, path, bom=True)
    said = "ID,面積,定員\r\n0012,0.0000001,-5\r\n,1000000000000000,100000000000000000\r\n"
    assert path.read_bytes() == BOM + said.encode()
    write_csv(frame, path, bom=False)
    assert path.read_bytes() == said.encode()
    assert read_csv(path, PLACES).equals(frame)


def test_only_the_layouts_numbers_become_numbers(path):
    write_csv(table(LIBRARY), path, bom=True)
    assert read_csv(path, PLACES).equals(table(LIBRARY))
    assert read_numbers(path.read_bytes(), {}).row(0)[2:4] == ("120", "35.5")


def test_a_word_among_numbers_is_an_error(path):
    path.write_bytes("定員\r\n約30\r\n".encode())
    with pytest.raises(pl.exceptions.InvalidOperationError):
        read_csv(path, PLACES)
