from dataclasses import replace

import pytest

from anonymize.law.checklist import fill_checklist
from anonymize.law.facts import ColumnFact, Declaration, Measured
from anonymize.law.items import TITLES
from anonymize.law.method_information import MethodInformation, leaked_in, public_part
from anonymize.law.sensitive import suspected_sensitive

COLUMNS = (
    ColumnFact("name", "氏名", "個人", "direct_identifier", "name", "削除"),
    ColumnFact("my_number", "個人番号", "特定個人", "direct_identifier", "my_number", "削除"),
    ColumnFact("resident_id", "宛名番号", "個人", "identifier", "digits", "削除"),
    ColumnFact("age", "年齢", "個人", "quasi_identifier", "integer", "一般化", ("k",)),
    ColumnFact("disease", "病名", "個人", "attribute", "text", "そのまま", ("l_distinct",)),
)
SAID = Declaration(
    basis="匿名加工情報",
    manner="公開",
    sensitive_columns=("disease",),
    nature_of_file="町名ごとの人数は20人以上で、報道された出来事はない",
    known_to_outsiders="近所の人は年齢と町名を知りうる",
    answered_by="情報政策課 係長",
    legal_review="法務課 2026-04-01",
)
MEASURED = Measured(
    of_persons=True,
    k_asked=5,
    k_measured=6,
    models_hold=True,
    rows=1000,
    suppressed=10,
    attacks=("攻撃者のファイルとの照合",),
    method_zone="secure",
)


def _status(columns=COLUMNS, said=SAID, measured=MEASURED):
    return {item.id: item.status for item in fill_checklist(columns, said, measured).items}


def test_a_complete_release_of_records_meets_every_item():
    checklist = fill_checklist(COLUMNS, SAID, MEASURED)
    assert checklist.is_met
    assert {item.id for item in checklist.items} == set(TITLES)
    assert all(item.evidence and all(item.evidence) for item in checklist.items)


def test_nothing_answered_is_nothing_met():
    checklist = fill_checklist((), Declaration(), Measured(of_persons=True))
    assert not checklist.is_met
    silent = {item.id for item in checklist.open_items()}
    assert silent == {"basis", "manner", "rule62.4", "rule62.5", "sensitive", "method", "person"}


@pytest.mark.parametrize(
    ("answer", "item"),
    [
        ("basis", "basis"),
        ("manner", "manner"),
        ("sensitive_columns", "sensitive"),
        ("nature_of_file", "rule62.5"),
        ("known_to_outsiders", "rule62.5"),
        ("answered_by", "person"),
        ("legal_review", "manner"),
    ],
)
def test_each_answer_that_is_missing_keeps_its_item_open(answer, item):
    assert _status(said=replace(SAID, **{answer: None}))[item] == "未回答"


@pytest.mark.parametrize(
    ("change", "item"),
    [
        ({"basis": "仮名加工情報"}, "basis"),
        ({"basis": "統計情報"}, "basis"),
        ({"basis": "行政機関等匿名加工情報"}, "manner"),
        ({"basis": "何か"}, "basis"),
        ({"manner": "何か"}, "manner"),
        ({"sensitive_columns": ()}, "sensitive"),
    ],
)
def test_a_wrong_answer_fails_its_item(change, item):
    assert _status(said=replace(SAID, **change))[item] == "不適合"


@pytest.mark.parametrize(
    "basis", ["統計情報", "匿名加工情報", "行政機関等匿名加工情報", "仮名加工情報"]
)
@pytest.mark.parametrize("manner", ["公開", "契約による提供"])
def test_pseudonymised_rows_never_go_out(basis, manner):
    said = replace(SAID, basis=basis, manner=manner, receiver="研究所")
    met = fill_checklist(COLUMNS, said, MEASURED).is_met
    assert met == (
        (basis, manner)
        in {
            ("匿名加工情報", "公開"),
            ("匿名加工情報", "契約による提供"),
            ("行政機関等匿名加工情報", "契約による提供"),
        }
    )


def test_a_contract_needs_its_receiver():
    said = replace(SAID, basis="行政機関等匿名加工情報", manner="契約による提供", receiver=None)
    assert _status(said=said)["manner"] == "未回答"


@pytest.mark.parametrize(
    ("name", "treatment", "item"),
    [
        ("name", "そのまま", "rule62.1"),
        ("my_number", "仮名", "rule62.2"),
        ("resident_id", "そのまま", "rule62.3"),
        ("resident_id", "仮名", "rule62.3"),
    ],
)
def test_an_identifier_in_the_file_fails_its_item(name, treatment, item):
    columns = [replace(c, treatment=treatment) if c.name == name else c for c in COLUMNS]
    status = _status(columns)
    assert status[item] == "不適合"
    assert sum(s == "不適合" for s in status.values()) == 1


def test_pseudonyms_may_go_to_a_receiver_under_contract():
    columns = [replace(c, treatment="仮名") if c.name == "resident_id" else c for c in COLUMNS]
    said = replace(SAID, basis="行政機関等匿名加工情報", manner="契約による提供", receiver="研究所")
    assert _status(columns, said)["rule62.3"] == "適合"


@pytest.mark.parametrize(
    ("rule", "item"),
    [
        ("pattern.person_name", "rule62.1"),
        ("pattern.my_number", "rule62.2"),
        ("pattern.hash", "rule62.3"),
        ("rare.value", "rule62.4"),
    ],
)
def test_a_finding_of_the_gate_fails_the_item_it_belongs_to(rule, item):
    assert _status(measured=replace(MEASURED, findings={rule: 3}))[item] == "不適合"


def test_models_that_do_not_hold_fail_item_5_and_unmeasured_ones_leave_it_open():
    assert _status(measured=replace(MEASURED, models_hold=False))["rule62.5"] == "不適合"
    assert _status(measured=replace(MEASURED, models_hold=None))["rule62.5"] == "未回答"


def test_method_information_outside_secure_fails():
    assert _status(measured=replace(MEASURED, method_zone="open"))["method"] == "不適合"
    assert _status(measured=replace(MEASURED, method_zone=None))["method"] == "未回答"


def test_a_table_of_counts_is_statistics_and_needs_attacks():
    said = replace(SAID, basis="統計情報", sensitive_columns=(), legal_review=None)
    table = Measured(of_persons=False, attacks=("前月との差分",), method_zone="secure")
    facts = (ColumnFact("count", "人数", "公開", None, "integer", "そのまま"),)
    assert fill_checklist(facts, said, table).is_met
    assert _status(facts, said, replace(table, attacks=()))["rule62.5"] == "未回答"
    found = replace(table, findings={"cells.recoverable": 2})
    assert _status(facts, said, found)["rule62.5"] == "不適合"


def test_words_of_the_law_are_recognised_in_titles_but_nationality_is_not_race():
    def column(title):
        return ColumnFact("c", title, "個人", "attribute", "text", "そのまま")

    assert all(suspected_sensitive(column(t)) for t in ("障害の程度", "病名", "健診結果", "人種"))
    assert not any(suspected_sensitive(column(t)) for t in ("国籍", "年齢", "職業", "町名"))


def test_method_information_stays_out_of_what_goes_out():
    method = MethodInformation(
        "r", ("scope-abc",), {"shuffle": 20260401}, {"age": 2}, {}, ("name",), (3, 7)
    )
    assert set(public_part(method)) == {"release", "levels", "removed_columns"}
    assert leaked_in("ふつうの表 2026", method, ["0000012345"]) == []
    assert leaked_in("scope-abc 20260401 0000012345", method, ["0000012345"]) == [
        "鍵の名前",
        "乱数の種",
        "削除した値",
    ]
