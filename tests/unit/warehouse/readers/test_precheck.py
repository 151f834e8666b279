"""What is dangerous to open is named before a parser sees it, quickly, and honest files pass."""

import struct
import time
import zipfile

import pytest
import xlsxwriter

from tests.unit.warehouse.readers import hostile_files as hostile
from warehouse.readers.safety import precheck
from warehouse.readers.safety.precheck import check_safe
from warehouse.readers.workbooks.workbook import read_workbook
from warehouse.refusal import Refusal

FILE = "届いた.xlsx"


def _rule(path, kind="xlsx"):
    started = time.monotonic()
    with pytest.raises(Refusal) as caught:
        check_safe(path, kind, FILE)
    assert time.monotonic() - started < 5
    assert FILE in caught.value.where
    assert "提出" in caught.value.remedy
    return caught.value.rule


@pytest.mark.parametrize(
    ("make", "kind", "rule"),
    [
        (hostile.bomb, "xlsx", "zip.bomb"),
        (hostile.traversal, "xlsx", "zip.unsafe_name"),
        (hostile.xxe, "xlsx", "workbook.doctype"),
        (hostile.billion_laughs, "xlsx", "workbook.doctype"),
        (hostile.encrypted, "xls", "workbook.encrypted"),
        (hostile.far_cell, "xlsx", "workbook.far_cell"),
        (hostile.long_cell, "xlsx", "cell.too_long"),
    ],
)
def test_each_is_named(tmp_path, make, kind, rule):
    path = make(tmp_path / "f.xlsx")
    assert _rule(path, kind) == rule
    with pytest.raises(Refusal) as caught:
        read_workbook(path, sheet=1, file=FILE)
    assert caught.value.rule == rule


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8"])
def test_a_document_type_is_seen_in_every_encoding_and_behind_comments(tmp_path, encoding):
    xml = f'<?xml version="1.0" encoding="{encoding}"?><!--{"x" * 2_000_000}--><!DOCTYPE a><a/>'
    plain = hostile.write_workbook(tmp_path / "p.xlsx", ("a",))
    path = hostile.repack(plain, tmp_path / "f.xlsx", customXml__itemDOTxml=xml.encode(encoding))
    assert _rule(path) == "workbook.doctype"


@pytest.mark.parametrize("address", ["XFD1048576", "A1048576", "ZZ999999", "XFD1"])
def test_a_far_cell_is_told_by_its_address_not_by_what_the_file_says(tmp_path, address):
    path = hostile.far_cell(tmp_path / "f.xlsx", address)
    if address in {"XFD1", "A1048576"}:  # one row or one column is a line, not a rectangle
        check_safe(path, "xlsx", FILE)
        return
    with pytest.raises(Refusal) as caught:
        check_safe(path, "xlsx", FILE)
    assert caught.value.rule == "workbook.far_cell"
    assert address in caught.value.where


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c><c s="0" r="XFD1048576"><v>1</v></c></row>',
        "<row r='1'><c r='A1'><v>1</v></c><c r='XFD1048576'><v>1</v></c></row>",
        '<row r="1"><c><v>1</v></c></row><row r="9"><c><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>',
    ],
)
def test_a_far_cell_hides_behind_no_spelling(tmp_path, rows):
    assert _rule(hostile.with_sheet(tmp_path / "f.xlsx", hostile.sheet_xml(rows))) == (
        "workbook.far_cell"
    )


def test_a_far_cell_hides_behind_no_namespace(tmp_path):
    xml = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row><x:row r="1048576">'
        '<x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    assert _rule(hostile.with_sheet(tmp_path / "f.xlsx", xml)) == "workbook.far_cell"


def test_far_blanks_are_harmless(tmp_path):
    rows = f'<row r="1">{hostile.cell("A1", "a")}</row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    path = hostile.with_sheet(tmp_path / "f.xlsx", hostile.sheet_xml(rows))
    check_safe(path, "xlsx", FILE)
    assert read_workbook(path, sheet=1, file=FILE).cells.rows() == [(1, "a")]


def test_an_honest_big_sheet_passes(tmp_path):
    path = tmp_path / "big.xlsx"
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    for row in range(5_000):
        sheet.write_row(row, 0, [0] * 40)
    book.close()
    assert path.stat().st_size * 10 < sum(i.file_size for i in zipfile.ZipFile(path).infolist())
    check_safe(path, "xlsx", FILE)
    assert read_workbook(path, sheet=1, file=FILE).cells.shape == (5_000, 41)


def test_a_part_longer_than_the_archive_says_is_a_bomb(tmp_path):
    path = hostile.with_sheet(tmp_path / "f.xlsx", hostile.sheet_xml(" " * 3_000_000))
    raw = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        size = struct.pack("<I", archive.getinfo(hostile.SHEET).file_size)
    assert raw.count(size) == 2
    path.write_bytes(raw.replace(size, struct.pack("<I", 1000)))
    assert _rule(path) == "zip.bomb"


def test_parts_that_share_their_bytes_are_refused(tmp_path):
    path = tmp_path / "f.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", b"x" * 100)
        archive.writestr("b", b"y" * 100)
        archive.getinfo("b").header_offset = 0
    assert _rule(path, "zip") == "zip.overlap"


def test_a_zip_with_a_password_and_a_link_are_refused(tmp_path):
    path = tmp_path / "f.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", b"x")
    raw = bytearray(path.read_bytes())
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)
    assert _rule(path, "zip") == "zip.encrypted"
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("link")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    assert _rule(path, "zip") == "zip.link"


@pytest.mark.parametrize("name", ["../a", "/a", "C:\\a", "a/../../b", "..\\..\\a"])
def test_names_that_lead_out_are_refused(tmp_path, name):
    path = tmp_path / "f.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), b"x")
    assert _rule(path, "zip") == "zip.unsafe_name"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_a_cut_archive_is_broken(tmp_path, share):
    whole = hostile.write_workbook(tmp_path / "w.xlsx", *[(n, "あ") for n in range(200)])
    path = tmp_path / "cut.xlsx"
    path.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * share)])
    assert _rule(path) == "workbook.broken"
    assert _rule(path, "zip") == "zip.broken"


def test_a_password_of_the_old_format_shows_in_the_first_records(tmp_path):
    start = bytes.fromhex("0908100000060500") + b"\0" * 12
    for records, is_secret in (
        (b"\x2f\x00\x02\x00\x00\x00", True),
        (b"\x42\x00\x02\x00\xa4\x03", False),
    ):
        path = tmp_path / "f.xls"
        path.write_bytes(hostile.compound_file({"Workbook": start + records + b"\x0a\0\0\0"}))
        if is_secret:
            assert _rule(path, "xls") == "workbook.encrypted"
        else:
            check_safe(path, "xls", FILE)


def _ods(path, rows, *, before=""):
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    xml = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content '
        f'xmlns:office="{space}office:1.0" xmlns:table="{space}table:1.0" '
        f'xmlns:text="{space}text:1.0" office:version="1.3"><office:body><office:spreadsheet>'
        f'<table:table table:name="表">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", xml)
        archive.writestr("META-INF/manifest.xml", "<m/>")
    return path


TEXT = '<table:table-cell{} office:value-type="string"><text:p>あ</text:p></table:table-cell>'
ENDING = (
    '<table:table-row><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    '<table:table-row table:number-rows-repeated="1048570">'
    '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
)


def test_repeated_blanks_at_the_end_of_an_open_document_are_normal(tmp_path):
    row = f"<table:table-row>{TEXT.format('')}</table:table-row>"
    path = _ods(tmp_path / "f.ods", row + ENDING)
    check_safe(path, "ods", FILE)
    assert read_workbook(path, sheet=1, file=FILE).cells.rows() == [(1, "あ")]


@pytest.mark.parametrize(
    "rows",
    [
        '<table:table-row table:number-rows-repeated="1000000">'
        + TEXT.format(' table:number-columns-repeated="16000"') + "</table:table-row>",
        ENDING
        + "<table:table-row>" + TEXT.format(' table:number-columns-repeated="9"')
        + "</table:table-row>",
    ],
)  # fmt: skip
def test_a_few_bytes_that_claim_a_whole_sheet_are_refused(tmp_path, rows):
    assert _rule(_ods(tmp_path / "f.ods", rows), "ods") == "workbook.far_cell"


def test_a_document_type_in_an_open_document_is_refused(tmp_path):
    path = _ods(tmp_path / "f.ods", "", before="<!DOCTYPE a>")
    assert _rule(path, "ods") == "workbook.doctype"


def test_text_is_left_to_its_reader(tmp_path):
    path = tmp_path / "f.csv"
    path.write_bytes(b"x" * (precheck.LONGEST_CELL + 1))
    check_safe(path, "csv", FILE)
