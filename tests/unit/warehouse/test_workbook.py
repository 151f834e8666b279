"""A sheet arrives as its text, cell for cell; what is no workbook is refused."""

import datetime as dt

import pytest
import xlsxwriter

from warehouse.readers.workbook import read_workbook
from warehouse.refusal import Refusal


@pytest.fixture
def write(tmp_path):
    def make(fill, *, name="book.xlsx", sheet="表"):
        path = tmp_path / name
        book = xlsxwriter.Workbook(str(path))
        fill(book, book.add_worksheet(sheet))
        book.close()
        return path

    return make


def _column(grid, letter="c1"):
    return grid.cells[letter].to_list()


def _rule(path):
    with pytest.raises(Refusal) as caught:
        read_workbook(path, sheet=1, file="届いた.xlsx")
    assert "届いた.xlsx" in caught.value.where
    return caught.value.rule


def test_every_kind_of_cell_becomes_its_plain_text(write):
    def fill(book, sheet):
        day = book.add_format({"num_format": "yyyy/m/d"})
        sheet.write_string(0, 0, "0012")
        sheet.write_number(1, 0, 600)
        sheet.write_number(2, 0, -7.5)
        sheet.write_number(3, 0, 12345678901234)
        sheet.write_datetime(4, 0, dt.date(2026, 4, 1), day)
        sheet.write_formula(5, 0, '="00"&"7"', None, "007")
        sheet.write_formula(6, 0, "=1+1", None, 2)
        sheet.write_column(7, 0, [True])
        sheet.write_string(8, 0, "二行の\n文 ")
        sheet.write_string(9, 0, "")
        sheet.write_string(10, 0, "終")

    assert _column(read_workbook(write(fill), sheet="表", file="f")) == [
        "0012", "600", "-7.5", "12345678901234", "2026-04-01", "007", "2", "TRUE",
        "二行の\n文 ", None, "終",
    ]  # fmt: skip


def test_an_error_of_a_formula_is_no_blank(write):
    def fill(_, sheet):
        sheet.write_string(0, 1, "人数")
        for row, error in enumerate(["#DIV/0!", "#N/A", "#REF!", "#VALUE!"], start=1):
            sheet.write_formula(row, 1, "=A1", None, error)

    grid = read_workbook(write(fill), sheet=1, file="f")
    assert _column(grid, "c2") == ["人数", "#DIV/0!", "#N/A", "#REF!", "#VALUE!"]


def test_cells_keep_their_address_when_the_sheet_starts_late(write):
    def fill(_, sheet):
        sheet.write_string(3, 2, "C4")
        sheet.write_string(5, 4, "E6")

    grid = read_workbook(write(fill), sheet=1, file="f")
    assert grid.cells.columns == ["_row", "c1", "c2", "c3", "c4", "c5"]
    assert grid.cells["_row"].to_list() == [1, 2, 3, 4, 5, 6]
    assert grid.cells["c3"].to_list()[3] == "C4"
    assert grid.cells["c5"].to_list()[5] == "E6"
    assert grid.cells.null_count().sum_horizontal().item() == 6 * 5 - 2


def test_hidden_rows_and_columns_are_rows_and_columns(write):
    def fill(_, sheet):
        sheet.write_column(0, 0, ["a", "b", "c"])
        sheet.write_column(0, 1, ["x", "y", "z"])
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})

    grid = read_workbook(write(fill), sheet=1, file="f")
    assert (_column(grid), _column(grid, "c2")) == (["a", "b", "c"], ["x", "y", "z"])


def test_merged_ranges_are_told_with_their_address(write):
    def fill(_, sheet):
        sheet.merge_range(1, 1, 2, 3, "入所児童数")
        sheet.write_string(3, 4, "終")

    spans = read_workbook(write(fill), sheet=1, file="f").merges
    assert [(s.first_row, s.last_row, s.first_column, s.last_column) for s in spans] == [
        (2, 3, 2, 4)
    ]


def test_a_sheet_is_found_by_number_or_name_also_when_it_is_hidden(write):
    def fill(book, sheet):
        sheet.write_string(0, 0, "表紙")
        second = book.add_worksheet("令和8年度")
        second.write_string(0, 0, "値")
        second.hide()

    path = write(fill)
    assert read_workbook(path, sheet=2, file="f").sheet == "令和8年度"
    assert _column(read_workbook(path, sheet="令和8年度", file="f")) == ["値"]


@pytest.mark.parametrize("sheet", [2, 0, "なし"])
def test_a_missing_sheet_is_refused_with_those_there_are(write, sheet):
    path = write(lambda _, first: first.write_string(0, 0, "a"))
    with pytest.raises(Refusal) as caught:
        read_workbook(path, sheet=sheet, file="f")
    assert caught.value.rule == "workbook.no_sheet"
    assert "表" in caught.value.where


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"<html><table><tr><td>1</td></tr></table></html>", "番号,氏名\n".encode("cp932")],
)
def test_bytes_that_are_no_workbook_are_refused(tmp_path, content):
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    assert _rule(path) == "workbook.not_one"


@pytest.mark.parametrize("share", [0.02, 0.5, 0.97])
def test_a_cut_workbook_is_refused(write, tmp_path, share):
    whole = write(lambda _, sheet: sheet.write_column(0, 0, list(range(500)))).read_bytes()
    path = tmp_path / "cut.xlsx"
    path.write_bytes(whole[: int(len(whole) * share)])
    assert _rule(path) == "workbook.broken"


def test_another_zip_and_an_encrypted_workbook_are_refused(tmp_path):
    empty_zip = tmp_path / "zip.xlsx"
    empty_zip.write_bytes(b"PK\x03\x04" + b"\x00" * 100)
    assert _rule(empty_zip) == "workbook.broken"
    compound = tmp_path / "secret.xlsx"
    compound.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600)
    assert _rule(compound) == "workbook.broken"


def test_an_empty_sheet_is_an_empty_grid(write):
    grid = read_workbook(write(lambda *_: None), sheet=1, file="f")
    assert (grid.cells.height, grid.width, grid.merges) == (0, 0, ())
