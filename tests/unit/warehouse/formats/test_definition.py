"""The files that explain the data."""

import polars as pl
import pytest

from tests.unit.warehouse.formats.layouts import BLANK, LIBRARY, PLACES, PLAIN, table
from warehouse.formats.csv_file import read_numbers
from warehouse.formats.definition import is_document, write_documents


def test_every_column_is_defined_in_one_line_and_codes_are_explained(tmp_path):
    frame = table(LIBRARY, BLANK)
    definition, codes = write_documents(frame, PLACES, tmp_path, "t", bom=True)
    assert (definition.name, codes.name) == ("t_definition.csv", "t_codes.csv")
    rows = read_numbers(definition, {}).to_dicts()
    assert [row["項目名"] for row in rows] == frame.columns
    by_name = {row["項目名"]: row for row in rows}
    assert by_name["定員"]["単位"] == "人"
    assert by_name["定員"]["型"] == "整数"
    assert by_name["名称"]["意味"] == "名前、通称 を書く"
    assert by_name["区分"]["とりうる値"] == "1;2"
    assert by_name["区分"]["コード表"] == "t_codes.csv"
    assert by_name["ID"]["必須"] == "必須"
    assert [by_name[n]["必須"] for n in ("区分", "車椅子", "名称")] == [
        "推奨",
        "任意",
        "確認できず",
    ]
    assert "先頭の0" in by_name["ID"]["CSVを表計算ソフトで開いたとき"]
    assert read_numbers(codes, {}).rows() == [
        ("区分", "1", "公立"), ("区分", "2", "私立"), ("車椅子", "可", "可"), ("車椅子", "否", "否"),
    ]  # fmt: skip


def test_without_codes_there_is_no_list_of_codes(tmp_path):
    frame = pl.DataFrame({"ID": ["1"], "値": ["a"], "数": [1]})
    (definition,) = write_documents(frame, PLAIN, tmp_path, "t", bom=False)
    assert not definition.read_bytes().startswith(b"\xef\xbb\xbf")
    assert read_numbers(definition, {}).height == 3


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a_definition.csv", True), ("a_codes.csv", True), ("a.csv", False), ("a_codes.json", False)],
)
def test_documents_are_known_by_name(name, expected):
    assert is_document(name) is expected
