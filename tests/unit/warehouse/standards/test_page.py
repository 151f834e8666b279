"""The result as one page, and for machines."""

import json

from warehouse.standards.detect import detect
from warehouse.standards.difference import CAUTION, ERROR, Difference
from warehouse.standards.layouts import built_in_layouts
from warehouse.standards.page import ROWS_SHOWN, render_page
from warehouse.standards.verdict import FileVerdict, TableVerdict, as_json, group_differences

LAYOUTS = built_in_layouts()


def verdict_of(*differences):
    layout = LAYOUTS.find("public_toilet")
    assert layout is not None
    names = [column.name for column in layout.standard.columns]
    table = TableVerdict("", 1, 3, detect(names, LAYOUTS), differences)
    return FileVerdict("a.csv", "csv", "utf-8", (table,), notes=("文字コード: UTF-8(BOM なし)",))


def time_at(row):
    return Difference(
        "time.form", ERROR, "時刻の形", "「09:00」と書いてください。", "開始", row, "9:00"
    )


def test_the_page_is_whole_and_escapes_what_a_file_says():
    hostile = Difference("url.form", ERROR, "URL", "直す", "<b>列", 2, "<script>alert(1)</script>")
    page = render_page([verdict_of(hostile)])
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page
    assert 'lang="ja"' in page
    assert "標準データセット 13 公衆トイレ一覧" in page


def test_the_page_shows_the_first_rows_of_many_and_says_so():
    page = render_page([verdict_of(*(time_at(row) for row in range(2, 102)))])
    assert page.count("「09:00」と書いてください。") == ROWS_SHOWN
    assert "100 件" in page
    assert f"はじめの {ROWS_SHOWN} 件" in page


def test_machines_get_every_difference():
    verdict = verdict_of(*(time_at(row) for row in range(2, 102)))
    told = json.loads(json.dumps(as_json(verdict), ensure_ascii=False))
    assert told["errors"] == len(told["tables"][0]["differences"]) == 100
    assert told["tables"][0]["dataset"] == "public_toilet"
    assert not told["passes"]


def test_errors_come_before_cautions_and_rows_are_counted():
    mild = Difference("column.blank", CAUTION, "空欄", "", "名称", rows=7)
    groups = group_differences((mild, time_at(2), time_at(5)))
    assert [(g.first.rule, g.count) for g in groups] == [("time.form", 2), ("column.blank", 7)]
    assert verdict_of(mild).passes
