"""What the register itself holds for the SQL of marts: a CSV beside it, and the codes of contracts."""

import pytest

from assets.contract import Contract
from assets.declared import list_codes
from assets.register import load_register
from tests.unit.assets.declaring import CONTRACT, MART, changed, fault_of, write, write_register

LISTED = {**MART, "sources": [], "declared": ["entries"]}


def _root(root, csv, mart=LISTED):
    return write_register(root, **{"marts/by_town.yaml": mart, "marts/by_town.csv": csv})


def test_the_csv_beside_a_mart_is_read_as_text(tmp_path):
    root = _root(tmp_path, '\ufefftown,n\n本町,1\n"南町,西",\n')
    mart = load_register(root).marts["by_town"]
    assert mart.declared["entries"].columns == ("town", "n")
    assert mart.declared["entries"].rows == (("本町", "1"), ("南町,西", ""))


def test_a_change_of_the_csv_changes_the_mart(tmp_path):
    before = load_register(_root(tmp_path, "town\n本町\n")).marts["by_town"].fingerprint
    write(tmp_path, "marts/by_town.csv", "town\n南町\n")
    assert load_register(tmp_path).marts["by_town"].fingerprint != before


@pytest.mark.parametrize(
    ("csv", "mart", "word"),
    [
        (None, LISTED, "CSV がありません"),
        ("town,n\n本町\n", LISTED, "列の数"),
        ("", LISTED, "読めません"),
        ("town\n本町\n", MART, "使われません"),
    ],
)
def test_a_csv_that_is_missing_wrong_or_unused_is_told(tmp_path, csv, mart, word):
    fault = fault_of(_root(tmp_path, csv, mart))
    assert word in fault.message
    assert fault.file.name == "by_town.csv"


def test_a_csv_in_another_encoding_is_told(tmp_path):
    root = _root(tmp_path, "town\n本町\n")
    (root / "marts/by_town.csv").write_bytes("town\n本町\n".encode("cp932"))
    assert "読めません" in fault_of(root).message


def test_every_code_of_every_contract_is_listed_in_its_order():
    codes = {"source": "区分", "title": "区分", "type": "code", "labels": {"2": "乙", "1": "甲"}, "classification": "庁内"}  # fmt: skip
    contract = changed(CONTRACT, columns__kind_code=codes)
    table = list_codes(
        {"users": Contract.model_validate(contract), "none": Contract.model_validate(CONTRACT)}
    )
    assert table.rows == (
        ("users", "利用者", "kind_code", "区分", "2", "乙", "1"),
        ("users", "利用者", "kind_code", "区分", "1", "甲", "2"),
    )


def test_the_codes_of_the_register_reach_the_mart_that_asks_for_them(tmp_path):
    mart = {**MART, "sources": [], "declared": ["code_lists"]}
    register = load_register(write_register(tmp_path, **{"marts/by_town.yaml": mart}))
    assert register.marts["by_town"].declared["code_lists"].columns[:2] == (
        "dataset",
        "dataset_title",
    )
