"""A table goes out in every format, and comes back from each as it was."""

import hashlib
import json

import polars as pl
import pytest
from hypothesis import given, settings
from python_calamine import CalamineWorkbook

from tests.unit.warehouse.formats.layouts import BLANK, LIBRARY, PLACES, PLAIN, table, tables
from warehouse.formats.agreement import find_disagreements, read_back
from warehouse.formats.typed import type_columns
from warehouse.formats.write import write_formats


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("formats")


def _write(folder, frame, standard=PLACES, *, bom=True, xlsx=True):
    return write_formats(frame, standard, folder, "t", bom=bom, xlsx=xlsx)


@settings(deadline=None, max_examples=40)
@given(tables)
def test_every_format_gives_back_the_same_values(folder, frame):
    files = _write(folder, frame)
    typed = type_columns(frame, PLACES)
    assert find_disagreements(typed, files, PLACES) == ()
    for file in files:
        assert read_back(file, typed.schema, PLACES).schema == typed.schema


@settings(deadline=None, max_examples=10)
@given(tables)
def test_the_same_table_gives_the_same_bytes(folder, frame):
    first = [hashlib.sha256(f.read_bytes()).hexdigest() for f in _write(folder, frame)]
    again = [hashlib.sha256(f.read_bytes()).hexdigest() for f in _write(folder, frame.clone())]
    assert first == again


def test_the_csv_is_first_and_a_workbook_comes_on_demand(tmp_path):
    names = [file.name for file in _write(tmp_path, table(LIBRARY, BLANK))]
    assert names == ["t.csv", "t.json", "t.geojson", "t.parquet", "t.xlsx"]
    names = [file.name for file in _write(tmp_path, table(LIBRARY), xlsx=False)]
    assert names == ["t.csv", "t.json", "t.geojson", "t.parquet"]


@pytest.mark.parametrize(
    ("frame", "standard"),
    [
        (pl.DataFrame({"ID": ["1"], "値": ["a"], "数": [1]}), PLAIN),
        (table(BLANK), PLACES),
        (table(LIBRARY).drop("経度"), PLACES),
    ],
)
def test_without_a_position_there_is_no_map(tmp_path, frame, standard):
    names = [file.name for file in _write(tmp_path, frame, standard, xlsx=False)]
    assert names == ["t.csv", "t.json", "t.parquet"]


def test_codes_are_text_and_only_the_layouts_numbers_are_numbers(tmp_path):
    csv, as_json, geojson, parquet, xlsx = _write(tmp_path, table(LIBRARY, BLANK), bom=False)
    assert csv.read_bytes().decode().splitlines()[1:] == [
        "001,図書館,120,35.5,34.781300,135.469000,1,可,1", "002,,,,,,,,",
    ]  # fmt: skip
    rows = json.loads(as_json.read_text("utf-8"))
    assert rows[0] == {
        "ID": "001", "名称": "図書館", "定員": 120, "面積": 35.5, "緯度": "34.781300",
        "経度": "135.469000", "区分": "1", "車椅子": "可", "洪水": "1",
    }  # fmt: skip
    assert set(rows[1].values()) == {"002", None}
    first, second = json.loads(geojson.read_text("utf-8"))["features"]
    assert first == {
        "type": "Feature", "properties": rows[0],
        "geometry": {"type": "Point", "coordinates": [135.469, 34.7813]},
    }  # fmt: skip
    assert (second["geometry"], second["properties"]) == (None, rows[1])
    assert pl.read_parquet(parquet).to_dicts() == rows
    sheet = CalamineWorkbook.from_path(xlsx).get_sheet_by_index(0).to_python()
    blank = [cell or "" for cell in rows[1].values()]
    assert sheet == [list(rows[0]), list(rows[0].values()), blank]


def test_a_table_without_rows_is_a_header(tmp_path):
    files = _write(tmp_path, table())
    assert [file.name for file in files] == ["t.csv", "t.json", "t.parquet", "t.xlsx"]
    assert find_disagreements(table(), files, PLACES) == ()
    assert json.loads(files[1].read_text("utf-8")) == []


def test_more_rows_than_are_written_at_once_stay_in_order(tmp_path):
    frame = pl.DataFrame({"ID": [f"{n:06}" for n in range(140_000)], "値": "x", "数": 1})
    files = _write(tmp_path, frame, PLAIN, xlsx=False)
    assert find_disagreements(type_columns(frame, PLAIN), files, PLAIN) == ()


def test_a_file_with_another_value_is_named(tmp_path):
    frame = table(LIBRARY)
    files = _write(tmp_path, frame)
    for file in files[:3]:
        file.write_bytes(file.read_bytes().replace("図書館".encode(), "図書室".encode()))
    assert find_disagreements(frame, files, PLACES) == ("t.csv", "t.json", "t.geojson")
