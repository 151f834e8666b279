"""A sheet arrives as its text, cell for cell; what is no workbook is refused."""

import datetime as dt
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.unit.warehouse.readers import hostile_files as hostile
from warehouse.readers.workbooks import opened
from warehouse.readers.workbooks.workbook import list_sheets, read_workbook
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


def _formats(book, *codes):
    return [book.add_format({"num_format": code}) for code in codes]


@pytest.mark.parametrize("is_1904", [False, True])
def test_dates_times_and_hours_are_spelled_apart_in_both_date_systems(tmp_path, is_1904):
    path = tmp_path / "f.xlsx"
    book = xlsxwriter.Workbook(str(path), {"date_1904": is_1904})
    sheet = book.add_worksheet()
    day, moment, clock, hours = _formats(book, "yyyy/m/d", "yyyy/m/d h:mm:ss", "h:mm", "[h]:mm")
    values: list[Any] = [
        dt.date(2026, 4, 1), dt.datetime(2026, 4, 1, 13, 5, 7),  # noqa: DTZ001
        dt.time(13, 5), dt.timedelta(hours=30, minutes=5),
    ]  # fmt: skip
    for row, (value, spelling) in enumerate(zip(values, (day, moment, clock, hours), strict=True)):
        sheet.write_datetime(row, 0, value, spelling)
    book.close()
    grid = read_workbook(path, sheet=1, file="f", with_look=True)
    assert _column(grid) == ["2026-04-01", "2026-04-01 13:05:07", "13:05:00", "30:05:00"]
    assert grid.look.is_1904 is is_1904


@pytest.mark.parametrize(
    "code",
    [27, 31, 50, 57, 58, "[$-411]ge.m.d", 'ggge"年"m"月"d"日"', '[$-411]ggge"年度"', "ge", "aaa"],
)  # fmt: skip
def test_dates_in_japanese_formats_are_dates(write, code):
    def fill(book, sheet):
        sheet.write_string(0, 0, "日付")
        sheet.write_number(1, 0, 43859, *_formats(book, code))

    assert _column(read_workbook(write(fill), sheet=1, file="f")) == ["日付", "2020-01-29"]


def test_text_that_looks_like_a_date_stays_as_it_is(write):
    def fill(book, sheet):
        sheet.write_string(0, 0, "2026-04-01 00:00:00")
        sheet.write_datetime(1, 0, dt.date(2026, 4, 1), *_formats(book, "yyyy/m/d"))
        sheet.write_string(2, 0, "1899-12-31 13:05:00")

    assert _column(read_workbook(write(fill), sheet=1, file="f")) == [
        "2026-04-01 00:00:00", "2026-04-01", "1899-12-31 13:05:00",
    ]  # fmt: skip


def test_numbers_keep_every_digit_in_the_shortest_plain_spelling(tmp_path):
    written = {
        "46522": "46522", "46522.0": "46522", "1E5": "100000", "1.5E-10": "0.00000000015",
        "5.0999999999999996": "5.1", "0.30000000000000004": "0.30000000000000004",
        "34.781234567890123": "34.781234567890124", "12345678901234567890": "12345678901234567890",
        "9007199254740993": "9007199254740993", "1.2345678901234568E+17": "123456789012345680",
        "-0.125": "-0.125", "123456789.1": "123456789.1", "10000000000000.199": "10000000000000.2",
    }  # fmt: skip
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{v}</v></c></row>' for n, v in enumerate(written, start=1)
    )
    path = hostile.with_sheet(tmp_path / "f.xlsx", hostile.sheet_xml(rows))
    found = _column(read_workbook(path, sheet=1, file="f"))
    assert found == list(written.values())


def test_what_the_format_shows_does_not_alter_the_value(write):
    def fill(book, sheet):
        for row, code in enumerate(["0.0%", '#,##0"円"', "0.0", "[DBNum3]0", "@"]):
            sheet.write_number(row, 0, 0.125, *_formats(book, code))

    grid = read_workbook(write(fill), sheet=1, file="f", with_look=True)
    assert _column(grid) == ["0.125"] * 5
    assert grid.look.styles["number_format"].to_list() == [
        "0.0%", '#,##0"円"', "0.0", "[DBNum3]0", "@",
    ]  # fmt: skip
    assert set(grid.look.styles["stored"]) == {"number"}


def test_marks_and_very_long_texts_stay(write):
    long = "あ" * 32_767

    def fill(_, sheet):
        sheet.write_column(0, 0, ["***", "-", "x", "…", "　", long])

    assert _column(read_workbook(write(fill), sheet=1, file="f")) == [
        "***", "-", "x", "…", "　", long,
    ]  # fmt: skip


FORMULAS = (
    '<row r="2"><c r="A2"><f>SUM(B1:B2)</f></c><c r="B2"><f>1+1</f><v></v></c>'
    '<c r="C2" t="str"><f>""</f><v></v></c><c r="D2"><f t="shared" si="0"/><v>3</v></c></row>'
)


def test_a_formula_without_its_result_is_refused_by_cell(tmp_path):
    path = hostile.with_sheet(tmp_path / "f.xlsx", hostile.sheet_xml(FORMULAS))
    with pytest.raises(Refusal) as caught:
        read_workbook(path, sheet=1, file="届いた.xlsx")
    assert caught.value.rule == "workbook.no_value"
    assert "「表」の A2、B2)" in caught.value.where
    (sheet,), _ = list_sheets(path, "f")
    look = sheet.read().look
    assert look.formulas_without_value == ("A2", "B2")
    assert look.formulas == ("A2", "B2", "C2", "D2")


def test_all_sheets_are_listed_and_what_has_no_cells_is_told(write):
    def fill(book, sheet):
        sheet.write_string(0, 0, "表紙")
        book.add_worksheet("隠し").hide()
        book.add_worksheet("見えない").very_hidden()
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=表!$A$1:$A$2"})
        book.add_chartsheet("グラフ").set_chart(chart)

    path = write(fill)
    sheets, warnings = list_sheets(path, "f")
    assert [(s.name, s.is_hidden) for s in sheets] == [
        ("表", False), ("隠し", True), ("見えない", True),
    ]  # fmt: skip
    assert len(warnings) == 1
    assert "グラフ" in warnings[0]
    assert sheets[1].read().is_hidden
    with pytest.raises(Refusal) as caught:
        read_workbook(path, sheet="グラフ", file="f")
    assert caught.value.rule == "workbook.no_sheet"


def test_macros_and_links_are_told_and_left_alone(write, tmp_path):
    plain = write(lambda _, sheet: sheet.write_string(0, 0, "a"))
    link = f"<externalLink {hostile.MAIN}><ddeLink/></externalLink>".encode()
    path = hostile.repack(
        plain, tmp_path / "f.xlsm",
        xl__vbaProjectDOTbin=b"x", xl__externalLinks__externalLink1DOTxml=link,
    )  # fmt: skip
    sheets, warnings = list_sheets(path, "f")
    assert _column(sheets[0].read()) == ["a"]
    assert [word for word in ("マクロ", "リンク先", "DDE") if any(word in w for w in warnings)] == [
        "マクロ", "リンク先", "DDE",
    ]  # fmt: skip


ODD_SPELLINGS = {
    "prefix": (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<x:sheetData><x:row r="1"><x:c r="A1" t="b"><x:v>1</x:v></x:c><x:c r="B1"><x:v>0.30000000000000004'
        '</x:v></x:c></x:row></x:sheetData><x:mergeCells><x:mergeCell ref="A1:B1"/></x:mergeCells>'
        "</x:worksheet>"
    ),
    "order": hostile.sheet_xml(
        '<row r="1"><c t="b" r="A1"><v>1</v></c><c s="0" r="B1"><v>0.30000000000000004</v></c></row>',
        after='<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>',
    ),
    "no address": hostile.sheet_xml(
        '<row><c t="b"><v>1</v></c><c><v>0.30000000000000004</v></c></row>',
        after='<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>',
    ),
    "spaces": hostile.sheet_xml(
        '\n<row r="1">\n <c r="A1" t="b">\n  <v>1</v>\n </c>\n <c r="B1">\n  <v>0.30000000000000004</v>'
        "\n </c>\n</row>",
        after='<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>',
    ),
}


@pytest.mark.parametrize("xml", ODD_SPELLINGS.values(), ids=ODD_SPELLINGS)
def test_every_spelling_of_the_xml_is_read_alike(tmp_path, xml):
    grid = read_workbook(hostile.with_sheet(tmp_path / "f.xlsx", xml), sheet=1, file="f")
    assert grid.cells.rows() == [(1, "TRUE", "0.30000000000000004")]
    assert [(m.first_row, m.first_column, m.last_column) for m in grid.merges] == [(1, 1, 2)]


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**15), 10**15),
    st.floats(-1e15, 1e15, allow_nan=False).map(lambda x: float(f"{x:.15g}")),
    st.dates(dt.date(1900, 3, 1), dt.date(2099, 12, 31)),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=5)
    .filter(lambda t: t.strip() and not t.startswith(("=", "_x"))),
    st.sampled_from(["***", "-", "0012", "1899-12-31 00:00:00", "2026-04-01 00:00:00", "true"]),
)  # fmt: skip


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=5))
@example([[-0.0]])
def test_the_quick_way_and_the_exact_way_give_the_same(tmp_path, rows):
    path = tmp_path / "both.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("表")
    (day,) = _formats(book, "yyyy/m/d")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, value)
            elif isinstance(value, dt.date):
                sheet.write_datetime(number, column, value, day)
            elif value is not None:
                sheet.write(number, column, value)
    book.close()
    quick = read_workbook(path, sheet=1, file="f").cells
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opened, "read_quickly", lambda *_: None)
        exact = read_workbook(path, sheet=1, file="f").cells
    assert quick.rows() == exact.rows()
    assert quick.columns == exact.columns


def test_rows_beyond_one_piece_keep_their_repairs(tmp_path, monkeypatch):
    monkeypatch.setattr("warehouse.readers.safety.zip_check._CHUNK", 300)
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="b"><v>1</v></c><c r="B{n}"><v>0.1234567890123</v></c></row>'
        for n in range(1, 60)
    )
    path = hostile.with_sheet(tmp_path / "f.xlsx", hostile.sheet_xml(rows))
    grid = read_workbook(path, sheet=1, file="f")
    assert grid.cells.rows() == [(n, "TRUE", "0.1234567890123") for n in range(1, 60)]
