"""Units, marks, and blanks that mean the value above."""

from tests.unit.warehouse.tables.sheets import sheet
from warehouse.readers.grid import Span
from warehouse.tables.find import find_tables
from warehouse.tables.marks import meaning_of
from warehouse.tables.take import take_table, unique_names
from warehouse.tables.units import unit_from_lines, unit_lines, unit_of


def _columns(text, **more):
    [table] = find_tables(sheet(text, **more))
    return {column.name: column for column in table.columns}, table


def test_units_come_from_the_unit_row():
    columns, table = _columns("町名|人口|面積\n|（人）|㎡\n本町|310|1200\n栄町|190|900")
    assert {name: c.unit for name, c in columns.items()} == {
        "町名": None,
        "人口": "人",
        "面積": "㎡",
    }
    assert table.roles["role"].to_list() == ["header", "unit", "data", "data"]


def test_units_come_from_the_header():
    assert unit_of("", "人口(人)") == "人"
    assert unit_of("", "令和3年/人口/男/人") == "人"
    assert unit_of("", "決算額(単位:千円)") == "千円"
    assert unit_of("", "計(A)") is None
    assert unit_of("", "人") is None


def test_units_come_from_a_line_beside_the_table():
    columns, table = _columns(
        "歳入の状況\n|||（単位：千円・％）\n区分|決算額|構成比|説明\n市税|670899|27.8|甲\n交付税|101950|4.2|乙\n市債|1950|0.2|丙"
    )
    assert {name: c.unit for name, c in columns.items()} == {
        "区分": None, "決算額": "千円", "構成比": "％", "説明": None,
    }  # fmt: skip
    assert [(n.cell, n.kind) for n in table.notes] == [("A1", "title"), ("D2", "unit")]


def test_a_unit_line_may_say_what_it_counts():
    lines = unit_lines(["単位：人数（人）、伸率（％）"])
    assert lines == [("人数", "人"), ("伸率", "％")]
    assert unit_from_lines(lines, "伸率") == "％"
    assert unit_from_lines(lines, "1月") == "人"


def test_marks_are_kept_with_the_meaning_the_sheet_gives():
    columns, table = _columns(
        "町名|男|女\n本町|-|***\n栄町|3|x\n緑町|…|6\n旭町|7|8\n注) 「-」は皆無又は該当なし、「x」は秘匿した数値である。"
    )
    assert columns["男"].marks == {"-": "皆無又は該当なし", "…": "不詳(数値が得られない)"}
    assert columns["女"].marks == {"***": "秘匿", "x": "秘匿した数値である"}
    grid = sheet("町名|男\n本町|-\n栄町|***\n緑町|3\n旭町|5")
    [table] = find_tables(grid)
    assert take_table(grid, table)["男"].to_list() == ["-", "***", "3", "5"]


def test_a_minus_sign_of_the_trade_is_no_mark():
    columns, _ = _columns("町名|増減\n本町|△12\n栄町|▲3\n緑町|15")
    assert columns["増減"].marks == {}


def test_legends_are_read_however_they_are_written():
    assert meaning_of("-", ["－：該当なし"]) == "該当なし"
    assert meaning_of("***", ["(注) 「***」は秘匿"]) == "秘匿"
    assert meaning_of("x", ["本表のうち、Xは秘匿を示す"]) == "秘匿を示す"
    assert meaning_of("-", ["増減率は5年前との比である"]) == "該当なし(皆無)"


def test_regions_written_once_are_carried_down():
    text = "区|町名|男|女\n北区|本町|1|2\n|栄町|3|4\n南区|緑町|5|6\n|旭町|7|8\n|泉町|9|9"
    columns, table = _columns(text)
    assert [name for name, c in columns.items() if c.is_carried] == ["区"]
    assert take_table(sheet(text), table)["区"].to_list() == ["北区"] * 2 + ["南区"] * 3


def test_values_that_are_merely_missing_are_not_carried():
    columns, _ = _columns(
        "名称|通称|住所|定員\n本町園||本町1|60\n栄町園|さかえ|栄町2|90\n緑町園||緑町3|45\n旭町園||旭町4|30"
    )
    assert not any(column.is_carried for column in columns.values())
    columns, _ = _columns("地区|備考|男|女\n本町|改修中|1|2\n栄町||3|4\n緑町||5|6")
    assert not any(column.is_carried for column in columns.values())


def test_merged_cells_of_the_body_are_spread():
    text = "区|町名|男|女\n北区|本町|1|2\n|栄町|3|4\n南区|緑町|5|6\n|旭町|7|8"
    merges = (Span(2, 3, 1, 1), Span(4, 5, 1, 1))
    columns, table = _columns(text, merges=merges)
    assert columns["区"].is_carried
    taken = take_table(sheet(text, merges=merges), table)
    assert taken["区"].to_list() == ["北区", "北区", "南区", "南区"]


def test_a_label_set_by_a_total_is_not_lost_to_its_rows():
    text = "区|町名|男|女\n北区|計|4|6\n|本町|1|2\n|栄町|3|4\n南区|計|12|14\n|緑町|5|6\n|旭町|7|8"
    _, table = _columns(text)
    assert [total.is_proved for total in table.totals] == [True, True]
    assert take_table(sheet(text), table)["区"].to_list() == ["北区", "北区", "南区", "南区"]


def test_equal_names_are_told_apart_in_a_frame():
    assert unique_names(["a", "b", "a", "a"]) == ["a", "b", "a#2", "a#3"]
