"""What a sheet shows beyond its text is told cell by cell, of the first cells and no more."""

import pytest
import xlsxwriter

from tests.unit.warehouse.readers import hostile_files as hostile
from warehouse.readers.workbooks import look
from warehouse.readers.workbooks.styles import Style
from warehouse.readers.workbooks.workbook import read_workbook


def _read(path):
    return read_workbook(path, sheet=1, file="f", with_look=True).look


@pytest.fixture
def dressed(tmp_path):
    path = tmp_path / "f.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    head = book.add_format({"bold": True, "bg_color": "#DDDDDD", "top": 1, "bottom": 2})
    sheet.write_string(0, 0, "人数", head)
    sheet.write_number(1, 0, 5, book.add_format({"num_format": '#,##0"人"'}))
    sheet.write_number(2, 0, 46113, book.add_format({"num_format": "ge.m.d"}))
    sheet.write_boolean(3, 0, True)  # noqa: FBT003
    sheet.write_formula(4, 0, "=1/0", None, "#DIV/0!")
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.set_column(2, 3, None, None, {"hidden": True})
    sheet.write_comment(0, 0, "めも")
    chart = book.add_chart({"type": "line"})
    assert chart is not None
    chart.add_series({"values": "=Sheet1!$A$1:$A$2"})
    sheet.insert_chart(6, 6, chart)
    sheet.insert_textbox(20, 6, "図形")
    book.close()
    return path


def test_styles_types_and_what_is_hidden_are_told(dressed):
    seen = _read(dressed)
    assert seen.styles.rows() == [
        (1, 1, "text", True, True, True, True, "General"),
        (2, 1, "number", False, False, False, False, '#,##0"人"'),
        (3, 1, "date", False, False, False, False, "ge.m.d"),
        (4, 1, "boolean", False, False, False, False, "General"),
        (5, 1, "error", False, False, False, False, "General"),
    ]
    assert (seen.hidden_rows, seen.hidden_columns) == ((3,), (3, 4))
    assert (seen.objects, seen.comments, seen.formulas) == (2, 1, ("A5",))


def test_the_plain_way_pays_for_none_of_it(dressed, monkeypatch):
    monkeypatch.setattr("warehouse.readers.workbooks.opened.read_look", pytest.fail)
    assert read_workbook(dressed, sheet=1, file="f").look.styles.is_empty()


def test_styles_are_told_of_the_first_cells_only(dressed, monkeypatch):
    monkeypatch.setattr(look, "STYLED_CELLS", 2)
    seen = _read(dressed)
    assert (seen.styles.height, seen.hidden_rows) == (2, (3,))


def test_furigana_is_offered_as_the_reading_of_its_cell(tmp_path):
    strings = (
        f"<sst {hostile.MAIN}><si><t>印</t></si><si><t>山田　太郎さま</t>"
        '<rPh sb="0" eb="2"><t>ヤマダ</t></rPh><rPh sb="3" eb="5"><t>タロウ</t></rPh></si></sst>'
    )
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    plain = hostile.with_sheet(tmp_path / "p.xlsx", hostile.sheet_xml(rows))
    path = hostile.repack(plain, tmp_path / "f.xlsx", xl__sharedStringsDOTxml=strings.encode())
    grid = read_workbook(path, sheet=1, file="f", with_look=True)
    assert grid.cells.rows() == [(1, "印", "山田　太郎さま")]
    assert grid.look.readings == {"B1": "ヤマダ　タロウさま"}


@pytest.mark.parametrize(
    ("code", "is_date"),
    [
        ("General", False), ("@", False), ("0.0%", False), ("yyyy/m/d", True), ("h:mm", True),
        ('0"日"', False), ("[Red]0", False), ('[$-411]ggge"年"', True), ("0.00E+00", False),
        ("[h]:mm", True), ("#,##0_ ;[Red]\\-#,##0\\ ", False), ("[<=9999]000\\-0000", False),
        ("[DBNum3][$-411]0", False), ("aaa", True), ('General"人"', False), ('G/標準"人"', False),
    ],
)  # fmt: skip
def test_a_format_tells_a_date_from_a_number(code, is_date):
    assert Style(number_format=code).is_date is is_date
