"""The diagnosis of whole files: its public form, refusals as findings, and no person's value in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
import xlsxwriter

from warehouse.diagnosis.diagnose import diagnose, inspect_file
from warehouse.readers.child import ParsingChild

PERSON = {
    "宛名番号": "0000098765", "個人番号": "123456789018", "氏名": "綾小路　麻里子", "氏名カナ": "ｱﾔﾉｺｳｼﾞ ﾏﾘｺ",
    "生年月日": "S52.11.29", "住所": "中桜塚三丁目45番67号", "電話番号": "090-9876-5432",
    "メール": "mariko.a@example.org", "備考": "長男は綾小路光 080-1111-2222",
}  # fmt: skip
OTHERS = (
    ["0000098766", "234567890121", "勅使河原　剛", "ﾃｼｶﾞﾜﾗ ﾂﾖｼ", "H3.2.17", "岡町北89-12", "06-6858-9753", "teshi@example.org", "転居予定"],
    ["0000098767", "345678901234", "鈴木　一", "ｽｽﾞｷ ﾊｼﾞﾒ", "R2.8.31", "曽根東町34番地", "06-6858-8642", "hajime@example.org", "勅使河原と同居"],
)  # fmt: skip


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "住民_202604.csv"
    lines = [",".join(row) for row in (PERSON.keys(), PERSON.values(), *OTHERS)]
    path.write_bytes("\r\n".join(lines).encode("cp932") + b"\r\n")
    return path


def _say(path) -> dict[str, Any]:
    return diagnose(path, path.name).as_json()


def test_the_public_form(people):
    said = _say(people)
    assert (said["type"], said["encoding"]) == ("csv", "cp932")
    (sheet,) = said["sheets"]
    (table,) = sheet["tables"]
    assert (sheet["name"], sheet["hidden"]) == ("", False)
    assert (table["range"], table["header_rows"], table["data_rows"]) == ("A1:I4", [1, 1], [2, 4])
    assert {"letter", "name", "unit", "type", "examples", "personal"} <= table["columns"][0].keys()
    assert [c["personal"] for c in table["columns"][:8]] == [
        "宛名番号", "個人番号", "氏名", "氏名カナ", "生年月日", "住所", "電話番号", "メールアドレス"
    ]  # fmt: skip
    assert {"rule", "severity", "where", "message", "remedy"} == said["findings"][0].keys()
    json.dumps(said)


def test_no_value_of_a_person_is_in_it(people):
    said = json.dumps(diagnose(people, people.name).as_json(), ensure_ascii=False)
    values = [*PERSON.values(), *(value for row in OTHERS for value in row)]
    parts = {part for value in values for part in value.replace("　", " ").split() if len(part) > 1}
    assert [part for part in parts if part in said] == []


def test_a_row_taken_for_the_header_is_not_shown(tmp_path):
    path = tmp_path / "a.csv"
    rows = [*(PERSON | {"備考": ""}).values()], *OTHERS
    path.write_text("\n".join(",".join(row) for row in rows) + "\n", "utf-8")
    said = json.dumps(diagnose(path, path.name).as_json(), ensure_ascii=False)
    hidden = ("123456789018", "麻里子", "090-9876-5432", "mariko.a@example.org", "S52.11.29")
    assert [value for value in hidden if value in said] == []


def test_a_list_of_facilities_is_shown_as_it_is(tmp_path):
    path = tmp_path / "施設.csv"
    path.write_text("名称,住所,電話番号\n岡町図書館,岡町北1-2-3,06-6858-0000\n", "utf-8")
    (sheet,) = _say(path)["sheets"]
    columns = sheet["tables"][0]["columns"]
    assert [c["personal"] for c in columns] == [None, None, None]
    assert columns[2]["examples"] == ["06-6858-0000"]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "kind.pdf"),
        (b"", "kind.empty"),
        ("氏名,番号\n".encode("cp932") + "山田,1\n住民,2\n".encode() * 9, "encoding."),
    ],
)
def test_a_refused_file_is_an_answer(tmp_path, content, rule):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    said = _say(path)
    assert said["sheets"] == []
    assert said["encoding"] is None
    assert said["findings"][0]["severity"] == "fatal"
    assert said["findings"][0]["rule"].startswith(rule)


def test_a_workbook_sheet_by_sheet(tmp_path):
    path = tmp_path / "b.csv"
    with xlsxwriter.Workbook(path) as book:
        for name in ("公園", "控え"):
            sheet = book.add_worksheet(name)
            sheet.write_column("A1", ["公園名", "岡町公園", "曽根公園", "桜塚公園"])
            sheet.write_column("B1", ["面積(㎡)", 120, 340, 560])
        sheet.hide()
    said = diagnose(path, path.name)
    assert [(s.name, s.is_hidden) for s in said.sheets] == [("公園", False), ("控え", True)]
    assert said.sheets[0].tables[0].columns[1].type == "integer"
    assert {"type.differs", "sheet.hidden"} <= {finding.rule for finding in said.findings}
    assert said.encoding is None


def test_the_parsing_child_answers_the_same(people):
    with ParsingChild() as child:
        assert inspect_file(people, child) == diagnose(people, people.name)
