"""Finding headings and rows in files as cities publish them."""

import pytest
import xlsxwriter

from warehouse.standards.files import judge_file
from warehouse.standards.layouts import built_in_layouts
from warehouse.standards.reading import read_tables

LAYOUTS = built_in_layouts()
HEAD = "都道府県コード又は市区町村コード,NO,都道府県名,市区町村名,名称,名称_カナ,住所,緯度,経度,SSID,提供エリア"
ROW = "999993,0001,架空県,架空市,中央公園,チュウオウコウエン,架空市中央1-1,35.123456,135.123456,KAKUU,全域"


def judged(path):
    read = read_tables(path, path.name, LAYOUTS.headings)
    return read, judge_file(read, LAYOUTS)


def write_book(path, **sheets):
    book = xlsxwriter.Workbook(path)
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_any_encoding_gives_the_same_table(tmp_path, encoding):
    path = tmp_path / "999993_public_wireless_lan.csv"
    path.write_bytes(f"{HEAD}\r\n{ROW}\r\n".encode(encoding))
    read, verdict = judged(path)
    assert read.tables[0].rows["NO"].to_list() == ["0001"]
    assert verdict.tables[0].detection.layout.slug == "public_wireless_lan"
    told = [d.rule for d in verdict.differences]
    assert told == ([] if encoding.startswith("utf-8") else ["file.encoding"])


def test_rows_of_linkdata_before_and_after_the_keys_are_no_data(tmp_path):
    path = tmp_path / "0001.csv"
    path.write_text(
        "#LINK,,,,\n#lang,ja,,,\n#property,name,address,location,installationPosition\n"
        "#object_type_xsd,string,string,string,string\n"
        '1,中央会館,架空市中央1,"35.1234,135.1234",1階\n2,北会館,架空市北1,",",\n',
        "utf-8",
    )
    table = judged(path)[0].tables[0]
    assert table.header_row == 3
    assert table.rows["_row"].to_list() == [5, 6]
    assert table.rows["name"].to_list() == ["中央会館", "北会館"]


def test_titles_above_and_template_remains_beside(tmp_path):
    rows = [
        ["公衆無線LAN一覧"],
        [*HEAD.split(","), "", "←データの項目名を入力"],
        [*ROW.split(","), "", "←2行目以降にデータを入力"],
        ["", "2", *[""] * 9],
    ]
    path = write_book(tmp_path / "list.xlsx", 一覧=rows, 入力例=rows[1:3])
    read, verdict = judged(path)
    assert read.tables[0].header_row == 2
    first, sample = verdict.tables
    assert first.rows == 1
    assert {"column.template", "row.numbered"} <= {d.rule for d in first.differences}
    assert "見本" in sample.aside
    assert not sample.differences


def test_values_under_no_heading_are_told(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"{HEAD},\n{ROW},余り\n", "utf-8")
    told = [d for d in judged(path)[1].all_differences if d.rule == "column.nameless"]
    assert [d.column for d in told] == ["(L列)"]


def test_rows_of_another_width_are_told(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"{HEAD}\n{ROW}\n{ROW},余り\n{ROW}\n", "utf-8")
    told = [d.row for d in judged(path)[1].all_differences if d.rule == "row.ragged"]
    assert told == [3]


def test_line_breaks_in_a_heading_do_not_hide_it(tmp_path):
    path = tmp_path / "a.csv"
    head = HEAD.replace("都道府県コード又は市区町村コード", '"都道府県コード又は\n市区町村コード"')
    path.write_text(f"{head}\n{ROW}\n", "utf-8")
    verdict = judged(path)[1]
    assert verdict.tables[0].detection.layout.slug == "public_wireless_lan"
    assert "column.renamed" in {d.rule for d in verdict.all_differences}


def test_a_file_without_a_standard_table_fails_and_says_so(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("日付,件数\n2026-01-01,3\n2026-01-02,4\n", "utf-8")
    verdict = judged(path)[1]
    assert not verdict.passes
    assert verdict.recognised == ()
    assert verdict.tables[0].detection.certainty == "違う"
