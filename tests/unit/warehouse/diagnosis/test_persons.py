"""Whose data a column may be: the same words in a table of persons and in a list of facilities."""

from __future__ import annotations

import pytest

from warehouse.diagnosis.column_types import infer_type
from warehouse.diagnosis.facts import data_rows, gather_facts
from warehouse.diagnosis.persons import suspect_persons

MY_NUMBERS = ["123456789018", "234567890121", "345678901234"]
PEOPLE = {
    "宛名番号": ["0000000101", "0000000102", "0000000103"],
    "氏名": ["山田 太郎", "鈴木　花子", "佐藤次郎"],
    "氏名カナ": ["ﾔﾏﾀﾞ ﾀﾛｳ", "ｽｽﾞｷ ﾊﾅｺ", "ｻﾄｳ ｼﾞﾛｳ"],
    "生年月日": ["S50.4.1", "H2.3.4", "R1.12.31"],
    "性別": ["1", "2", "1"],
    "住所": ["中桜塚三丁目1番1号", "岡町北1-2-3", "曽根東町9番地"],
    "電話番号": ["06-6858-2525", "090-1234-5678", "06-6858-2050"],
    "異動事由コード": ["10", "20", "10"],
}
FACILITIES = {
    "名称": ["中央公民館", "岡町図書館", "ふれあい公園"],
    "住所": ["中桜塚三丁目1番1号", "岡町北1-2-3", "曽根東町9番地"],
    "電話番号": ["06-6858-2525", "06-6858-2026", "06-6858-2050"],
    "緯度": ["34.7811", "34.79", "34.8"],
    "開設年月日": ["S50.4.1", "H2.3.4", "R1.12.31"],
}


@pytest.fixture
def kinds(table_of):
    """Name the suspected kinds by header."""

    def find(columns):
        grid, table = table_of(list(columns), *zip(*columns.values(), strict=True))
        facts = gather_facts(data_rows(grid, table), table)
        types = {column.number: infer_type(column) for column in facts}
        found = suspect_persons(facts, types, today_year=2026).kinds
        return {c.column.name: found[c.number] for c in facts if c.number in found}

    return find


def test_a_register_of_people(kinds):
    names = ("宛名番号", "氏名", "氏名カナ", "生年月日", "性別", "住所", "電話番号")
    assert kinds(PEOPLE) == {name: name for name in names}


def test_a_list_of_facilities_is_nobodys(kinds):
    assert kinds(FACILITIES) == {}


def test_shops_under_a_neutral_header_are_nobodys(kinds):
    shops = {"name": ["スーパー岡町店", "㈱曽根商会", "酒井ストア"], "address": FACILITIES["住所"]}
    assert kinds(shops) == {}


def test_home_addresses_in_a_table_that_does_not_say_are_suspected(kinds):
    assert kinds({"住所": PEOPLE["住所"], "希望": ["はい", "はい", "いいえ"]}) == {"住所": "住所"}


@pytest.mark.parametrize("header", ["個人番号", "備考", "番号"])
def test_an_individual_number_by_its_check_digit(kinds, header):
    assert kinds({header: MY_NUMBERS}) == {header: "個人番号"}


def test_twelve_digits_with_wrong_check_digits_are_none(kinds):
    wrong = [f"{number[:-1]}{(int(number[-1]) + 1) % 10}" for number in MY_NUMBERS]
    assert kinds({"伝票番号": wrong}) == {}


def test_a_corporate_number_is_no_persons(kinds):
    assert kinds({"法人番号": ["7000012050002", "6000020272035", "8000020130001"]}) == {}


@pytest.mark.parametrize(
    "header", ["世帯番号", "口座番号", "被保険者番号", "保険者番号", "基礎年金番号"]
)
def test_numbers_that_name_a_person(kinds, header):
    assert kinds({header: ["0012345", "0012346", "0012347"]}) == {header: header}


def test_names_without_a_header_that_says_so(kinds):
    assert kinds({"項目": ["山田 太郎", "鈴木 花子", "佐藤 次郎"]}) == {"項目": "氏名"}


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("町名", ["中村町", "上野", "山田西"]),
        ("施設", ["山田 公民館", "鈴木医院", "高橋 公園"]),
        ("世帯数", ["12", "34", "56"]),
        ("代表者", ["㈱山田", "鈴木産業株式会社", "岡町組合"]),
        ("生年月日別人数", ["", "", ""]),
    ],
)
def test_what_only_looks_like_persons(kinds, header, values):
    assert kinds({header: values}) == {}


def test_days_that_spread_like_lives_beside_names(kinds):
    people = {"氏名": PEOPLE["氏名"], "日": ["1950-01-02", "1980-03-04", "2015-05-06"]}
    assert kinds(people)["日"] == "生年月日"


def test_the_name_of_a_facilitys_head_is_still_a_name(kinds):
    assert kinds(FACILITIES | {"代表者氏名": PEOPLE["氏名"]}) == {"代表者氏名": "氏名"}


@pytest.mark.parametrize("name", ["ﾔﾏﾀﾞ", "ヤマダ", "YAMADA", "龠"])
def test_a_column_called_names_is_one_in_whatever_letters(kinds, name):
    assert kinds({"氏名": [name], "電話": ["06-6858-2525"]}) == {
        "氏名": "氏名",
        "電話": "電話番号",
    }
