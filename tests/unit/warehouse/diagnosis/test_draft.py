"""A drafted contract runs on its own file without an edit: no value of it is set aside."""

from __future__ import annotations

import pytest
import xlsxwriter

from assets.contract import Contract
from assets.strict_yaml import load_yaml
from warehouse.diagnosis.draft import draft_contract
from warehouse.diagnosis.draft_yaml import scalar, write_yaml
from warehouse.normalise import normalise
from warehouse.readers.parse import parse
from warehouse.refusal import Refusal

FACILITIES = """\
施設コード,名称,所在地,電話番号,緯度,経度,開設日,定員,車いす,区分コード,備考
0101,岡町図書館,岡町北3-4-2,06-6843-4553,34.7811,135.4690,S50.4.1,120人,○,1,
0102,中央公民館,曽根東町3-7-3,06-6866-0222,34.7712,135.4703,平成2年3月1日,１８０人,,2,"休館 月曜日"
0103,桜塚公園,中桜塚3-1,,34.7801,135.4699,2001/4/1,-,○,2,約100本の桜
0104,桜塚広場,中桜塚3-2,06-6843-0000,34.7802,135.4698,2003/4/1,20人,○,1,
"""
PEOPLE = """\
宛名番号,個人番号,氏名,生年月日,住所,異動事由
0000098765,123456789018,山田　太郎,S52.11.29,中桜塚三丁目45番67号,転入
0000098766,234567890121,鈴木　花子,H3.2.17,岡町北89番12号,転居
0000098767,345678901234,佐藤　次郎,R2.8.31,曽根東町34番地,出生
"""


def run(path, draft):
    """Load the file by what was written, as a run does."""
    contract = Contract.model_validate(load_yaml(write_yaml(draft)))
    extracted = parse(path, contract, draft.period, path.name)
    result = normalise(extracted.rows, contract)
    return contract, extracted, result


@pytest.fixture
def written(tmp_path):
    def make(text, name="公共施設_202604.csv", encoding="cp932"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return make


def test_every_row_is_loaded(written):
    path = written(FACILITIES)
    draft = draft_contract(path, path.name, "財務部")
    _, extracted, result = run(path, draft)
    assert (result.rows.height, result.quarantined_rows) == (4, 0)
    assert extracted.quarantine.is_empty()
    assert draft.quarantined == 0


def test_what_the_values_are_is_in_the_contract(written):
    path = written(FACILITIES)
    contract = draft_contract(path, path.name, "財務部").as_contract()
    assert contract.source.file == "公共施設_{year}{month}.csv"
    assert (contract.source.encoding, contract.frequency) == ("cp932", "monthly")
    assert contract.key == ["facility_code"]
    kinds = {name: column.type for name, column in contract.columns.items()}
    assert kinds == {
        "facility_code": "digits", "name": "text", "address": "text", "phone": "phone",
        "latitude": "latitude", "longitude": "longitude", "opening_date": "date",
        "capacity_count": "integer", "wheelchair": "boolean", "category_code": "code", "note": "text",
    }  # fmt: skip
    assert contract.columns["capacity_count"].unit == "人"
    assert contract.columns["capacity_count"].marks == {"-": "該当なし(皆無)"}
    assert {column.classification for column in contract.columns.values()} == {"庁内"}


def test_persons_get_the_class_that_protects_them(written):
    path = written(PEOPLE, "住民.csv")
    contract = draft_contract(path, path.name, "市民課").as_contract()
    classes = {c.title: (c.classification, c.role) for c in contract.columns.values()}
    assert classes["個人番号"] == ("特定個人", "direct_identifier")
    assert classes["宛名番号"] == ("個人", "identifier")
    assert classes["氏名"] == ("個人", "direct_identifier")
    assert classes["生年月日"] == ("個人", "quasi_identifier")
    assert classes["異動事由"] == ("個人", "attribute")


def test_the_draft_names_nobody(written):
    path = written(PEOPLE, "住民.csv")
    text = write_yaml(draft_contract(path, path.name, "市民課"))
    values = [value for line in PEOPLE.splitlines()[1:] for value in line.split(",")[:-1]]
    assert [value for value in values if value in text] == []


def test_one_odd_value_makes_the_column_text(written):
    rows = "".join(f"{number},{number * 10}\n" for number in range(40))
    path = written(f"番号,人口\n{rows}99,約400\n")
    draft = draft_contract(path, path.name, "課")
    assert draft.as_contract().columns["population"].type == "text"
    assert run(path, draft)[2].rows.height == 41


def test_the_key_is_widened_until_it_tells_the_rows_apart(written):
    rows = [f"{town},{age},5" for town in ("甲町", "乙町") for age in ("0歳", "1歳")]
    path = written("町名,年齢階級,人数\n" + "\n".join(rows) + "\n")
    assert draft_contract(path, path.name, "課").as_contract().key == ["town", "age_class"]


def test_a_sheet_with_title_total_and_note(tmp_path):
    path = tmp_path / "人口_令和6年.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("表")
        sheet.write("A1", "地区別の人口")
        sheet.write_row("A3", ["地区", "世帯数", "人口"])
        for number, row in enumerate([["岡町", 10, 25], ["曽根", 20, 45], ["桜塚", 30, 65]]):
            sheet.write_row(3 + number, 0, row)
        sheet.write_row("A7", ["合計", 60, 135])
        sheet.write("A9", "※ 住民記録による。")
    draft = draft_contract(path, path.name, "課")
    contract, extracted, result = run(path, draft)
    assert contract.source.file == "人口_{era_year}年.xlsx"
    assert result.rows["district"].to_list() == ["岡町", "曽根", "桜塚"]
    assert (result.rows.height, result.quarantined_rows) == (3, 0)
    assert extracted.rows_in == result.rows.height + sum(extracted.set_aside.values())
    assert extracted.set_aside["合計"] == 1
    assert extracted.set_aside["注記"] == 1


def test_years_in_a_header_are_left_open_for_the_next_file(tmp_path):
    path = tmp_path / "人口_2024.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("表")
        sheet.write("A1", "地区")
        sheet.merge_range("A1:A2", "地区")
        sheet.merge_range("B1:C1", "令和6年")
        sheet.write_row("B2", ["男", "女"])
        for number, name in enumerate(["岡町", "曽根", "桜塚"]):
            sheet.write_row(2 + number, 0, [name, 10 + number, 20 + number])
    contract = draft_contract(path, path.name, "課").as_contract()
    assert contract.columns["male"].source[0].name == "*/男"


@pytest.mark.parametrize("text", ["メモだけ\n", "1,2\n3,4\n"])
def test_a_file_without_a_table_is_refused_politely(written, text):
    path = written(text)
    with pytest.raises(Refusal) as refused:
        draft_contract(path, path.name, "課")
    assert refused.value.rule == "add.no_table"


@pytest.mark.parametrize(
    "value",
    [
        "no",
        "on",
        "0066",
        "#a",
        "a: b",
        "a, b",
        "1.5",
        "2024-01-01",
        "{x}",
        "",
        " a",
        "人口",
        "-",
        "null",
        "yes",
        "a\nb",
        "○",
        "名前 [1]",
        "a'b",
        '"q"',
        "*/男",
        "~",
    ],
)
def test_a_scalar_reads_back_as_it_was(value):
    assert load_yaml(f"k: {{x: {scalar(value)}}}") == {"k": {"x": value}}
