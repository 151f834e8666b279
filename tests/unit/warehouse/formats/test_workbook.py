"""Workbooks: what only an eye can read is not there, and what Excel cannot hold is refused."""

import zipfile

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from tests.unit.warehouse.formats.layouts import LIBRARY, PLACES, PLAIN, table
from warehouse.formats.workbook import write_xlsx
from warehouse.refusal import Refusal


def _plain(value="a", number=1):
    return pl.DataFrame({"ID": ["1"], "値": [value], "数": [number]})


def _part(path, name):
    with zipfile.ZipFile(path) as opened:
        return opened.read(name).decode()


def test_no_merges_formulas_or_looks(tmp_path):
    path = tmp_path / "t.xlsx"
    write_xlsx(_plain("=1+1"), PLAIN, path)
    sheet, styles = _part(path, "xl/worksheets/sheet1.xml"), _part(path, "xl/styles.xml")
    assert "<f>" not in sheet
    assert "mergeCell" not in sheet
    assert ' s="' not in sheet
    assert '<cellXfs count="1">' in styles
    workbook = CalamineWorkbook.from_path(path)
    assert len(workbook.sheet_names) == 1
    assert workbook.get_sheet_by_index(0).to_python() == [["ID", "値", "数"], ["1", "=1+1", 1.0]]


def test_the_sheet_is_named_without_what_excel_forbids(tmp_path):
    write_xlsx(table(LIBRARY), PLACES, tmp_path / "t.xlsx")
    assert CalamineWorkbook.from_path(tmp_path / "t.xlsx").sheet_names == ["施設 一覧"]


def test_it_does_not_say_when_it_was_written(tmp_path):
    write_xlsx(_plain(), PLAIN, tmp_path / "t.xlsx")
    with zipfile.ZipFile(tmp_path / "t.xlsx") as opened:
        core = opened.read("docProps/core.xml").decode()
        assert {info.date_time[0] for info in opened.infolist()} == {1980}
    assert core.count("2000-01-01T00:00:00Z") == 2


@pytest.mark.parametrize(
    "frame",
    [_plain("長" * 32_768), _plain("\uffff"), _plain(number=10**15), _plain(number=0.1 + 0.2)],
)
def test_what_a_sheet_cannot_hold_is_refused(tmp_path, frame):
    with pytest.raises(Refusal) as caught:
        write_xlsx(frame, PLAIN, tmp_path / "t.xlsx")
    assert caught.value.rule == "format.too_large"


def test_more_rows_than_a_sheet_has_are_refused(tmp_path):
    frame = pl.DataFrame({"ID": pl.repeat("1", 1_048_576, eager=True)})
    with pytest.raises(Refusal, match="行が 1,048,576 行"):
        write_xlsx(frame, PLAIN, tmp_path / "t.xlsx")
