"""The 30 rules and what a breach costs."""

import pytest

from warehouse.readability.rulebook import deduction, load_rulebook


def test_there_are_fifteen_six_and_nine_rules():
    rules = load_rulebook().values()
    assert [sum(rule.level == level for rule in rules) for level in (1, 2, 3)] == [15, 6, 9]


@pytest.mark.parametrize(
    ("severity", "costs"),
    [
        ("fatal", [100, 100, 100]), ("critical", [10, 40, 15]), ("major", [5, 30, 10]),
        ("minor", [2, 10, 5]), ("info", [0, 0, 0]),
    ],
)  # fmt: skip
def test_what_a_breach_costs(severity, costs):
    assert [deduction(severity, level) for level in (1, 2, 3)] == costs


def test_rules_of_one_kind_of_file_are_told_apart():
    rules = load_rulebook()
    assert {r.id for r in rules.values() if r.only == "csv"} == {"L1-14", "L1-15"}
    assert {r.severity for r in rules.values() if r.only == "csv"} == {"fatal"}
    assert len([r for r in rules.values() if r.only == "excel"]) == 5
