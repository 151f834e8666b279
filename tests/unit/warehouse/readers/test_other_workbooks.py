"""The binary formats and OpenDocument lose nothing either, in both date systems."""

import struct
import zipfile

import pytest

from tests.unit.warehouse.readers.hostile_files import compound_file
from warehouse.readers.grid import Span
from warehouse.readers.workbooks.workbook import list_sheets, read_workbook
from warehouse.refusal import Refusal

SPACE = "urn:oasis:names:tc:opendocument:xmlns:"
CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"


def _record(kind, content=b""):
    return struct.pack("<HH", kind, len(content)) + content


def _label(row, text):
    return _record(0x204, struct.pack("<HHHHB", row, 0, 0, len(text), 1) + text.encode("utf-16-le"))


def _number(row, value, style=0, column=0):
    return _record(0x203, struct.pack("<HHHd", row, column, style, value))


def _xls(path, cells, *, is_1904=False, hidden=0):
    """A workbook of one sheet in BIFF8; style 1 is a date, style 2 a time, style 3 hours."""
    begin = struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 6)
    styles = b"".join(
        _record(0xE0, struct.pack("<HH", 0, code) + b"\0" * 16) for code in (0, 14, 20, 46)
    )
    name = "表".encode("utf-16-le")
    head = _record(0x809, begin) + _record(0x22, struct.pack("<H", is_1904)) + styles
    size = len(head) + 4 + 8 + len(name) + 4
    sheet = _record(0x85, struct.pack("<IBBBB", size, hidden, 0, 1, 1) + name)
    body = _record(0x809, begin[:2] + b"\x10\0" + begin[4:]) + cells + _record(0x0A)
    path.write_bytes(compound_file({"Workbook": head + sheet + _record(0x0A) + body}))
    return path


@pytest.mark.parametrize(("is_1904", "day"), [(False, "2026-04-01"), (True, "2030-04-02")])
def test_an_xls_is_read_as_text(tmp_path, is_1904, day):
    cells = (
        _label(0, "0012") + _number(1, 46113, 1) + _number(2, 0.5, 2) + _number(3, 1.25, 3)
        + _number(4, 46522) + _number(5, 0.1234567890123)
        + _record(0x205, struct.pack("<HHHBB", 6, 0, 0, 7, 1))
        + _record(0x205, struct.pack("<HHHBB", 7, 0, 0, 1, 0))
        + _label(8, "***")
        + _record(0xE5, struct.pack("<HHHHH", 1, 8, 9, 0, 2))
    )  # fmt: skip
    path = _xls(tmp_path / "f.xls", cells, is_1904=is_1904)
    grid = read_workbook(path, sheet=1, file="f")
    assert grid.cells["c1"].to_list() == [
        "0012", day, "12:00:00", "30:00:00", "46522", "0.1234567890123", "#DIV/0!", "TRUE", "***",
    ]  # fmt: skip
    assert grid.merges == (Span(9, 10, 1, 3),)


@pytest.mark.parametrize(("state", "is_hidden"), [(0, False), (1, True), (2, True)])
def test_hidden_sheets_of_an_xls_are_told(tmp_path, state, is_hidden):
    path = _xls(tmp_path / "f.xls", _label(0, "a"), hidden=state)
    assert [(s.name, s.is_hidden) for s in list_sheets(path, "f")[0]] == [("表", is_hidden)]


def test_a_far_cell_in_an_xls_is_refused(tmp_path):
    path = _xls(tmp_path / "f.xls", _label(0, "a") + _number(65535, 1.0, column=255))
    with pytest.raises(Refusal) as caught:
        read_workbook(path, sheet=1, file="f")
    assert caught.value.rule == "workbook.far_cell"
    assert "IV65536" in caught.value.where


@pytest.mark.parametrize("share", [0.3, 0.7, 0.95])
def test_a_cut_xls_is_broken(tmp_path, share):
    whole = _xls(tmp_path / "w.xls", _label(0, "a")).read_bytes()
    path = tmp_path / "cut.xls"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(Refusal) as caught:
        read_workbook(path, sheet=1, file="f")
    assert caught.value.rule == "workbook.broken"


def _part(kind, content=b""):
    head = bytes([kind]) if kind < 128 else bytes([kind & 0xFF, kind >> 7])
    return head + bytes([len(content)]) + content


def _wide(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def test_an_xlsb_is_read_as_text(tmp_path):
    path = tmp_path / "f.xlsb"
    book = _part(0x9C, struct.pack("<II", 1, 1) + _wide("r1") + _wide("表"))
    rows = [
        struct.pack("<IIB", 0, 0, 0)[:8] + _wide("0012"),
        struct.pack("<IId", 0, 0, 0.1234567890123),
        struct.pack("<IIB", 0, 0, 1),
        struct.pack("<IIB", 0, 0, 0x2A),
    ]
    kinds = [6, 5, 4, 3]
    data = b"".join(
        _part(0, struct.pack("<I", n) + b"\0" * 13) + _part(kind, row)
        for n, (kind, row) in enumerate(zip(kinds, rows, strict=True))
    )
    sheet = _part(0x94, struct.pack("<IIII", 0, 3, 0, 0)) + _part(0x91) + data + _part(0x92)
    link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{link}" Target="worksheets/sheet1.bin"/></Relationships>',
        )
        archive.writestr("xl/workbook.bin", _part(0x8F) + book + _part(0x90) + _part(0x84))
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    sheets, _ = list_sheets(path, "f")
    assert [(s.name, s.is_hidden) for s in sheets] == [("表", True)]
    assert sheets[0].read().cells["c1"].to_list() == ["0012", "0.1234567890123", "TRUE", "#N/A"]


def _ods(path, rows):
    xml = (
        f'<office:document-content xmlns:office="{SPACE}office:1.0" xmlns:table="{SPACE}table:1.0" '
        f'xmlns:text="{SPACE}text:1.0" xmlns:calcext="{CALC}" office:version="1.3"><office:body>'
        f'<office:spreadsheet><table:table table:name="表">{rows}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", xml)
        archive.writestr("META-INF/manifest.xml", "<m/>")
    return path


def _row(about, text="", *, attributes=""):
    shown = f"<text:p>{text}</text:p>" if text else ""
    return (
        f"<table:table-row {attributes}><table:table-cell {about}>{shown}</table:table-cell>"
        "</table:table-row>"
    )


def test_an_open_document_is_read_as_text_with_its_errors_and_hours(tmp_path):
    rows = (
        _row('office:value-type="string"', "0012")
        + _row('office:value-type="float" office:value="0.1234567890123"', "0.12")
        + _row('office:value-type="date" office:date-value="2026-04-01"', "令和8年4月1日")
        + _row('office:value-type="time" office:time-value="PT30H05M00S"', "30:05")
        + _row('office:value-type="boolean" office:boolean-value="true"', "TRUE")
        + _row(
            'table:formula="of:=1/0" office:value-type="string" office:string-value="" '
            'calcext:value-type="error"',
            "#DIV/0!",
            attributes='table:visibility="collapse"',
        )
        + _row(
            'table:number-columns-spanned="3" table:number-rows-spanned="2" '
            'office:value-type="string"',
            "***",
        )
    )
    (sheet,), _ = list_sheets(_ods(tmp_path / "f.ods", rows), "f")
    grid = sheet.read()
    assert grid.cells["c1"].to_list() == [
        "0012", "0.1234567890123", "2026-04-01", "30:05:00", "TRUE", "#DIV/0!", "***",
    ]  # fmt: skip
    assert grid.merges == (Span(7, 8, 1, 3),)
    assert (grid.look.hidden_rows, grid.look.formulas) == ((6,), ("A6",))


def test_a_formula_of_an_open_document_without_its_result_is_refused(tmp_path):
    rows = _row('office:value-type="string"', "a") + _row('table:formula="of:=A1"')
    with pytest.raises(Refusal) as caught:
        read_workbook(_ods(tmp_path / "f.ods", rows), sheet=1, file="f")
    assert caught.value.rule == "workbook.no_value"
    assert "A2" in caught.value.where
