"""What a policy may say, and how a slip in it is named: path, reason, remedy."""

import re
from pathlib import Path

import pytest

import assets
from assets.anonymisation import load_policy
from assets.anonymisation_rules import RULES, AgeRule
from assets.errors import RegisterError

GOOD = """
quasi_identifiers:
  age: {rule: age, top: 85}
  town: {hierarchy: town.csv, weight: 2}
sensitive: [illness, income]
models:
  - {k: 5}
  - {l_distinct: 3, on: illness}
  - {t_ordered: 0.2, on: income, order: ["0", "100"]}
  - {alpha: 0.5, k: 6, on: illness}
suppression_limit: 0.02
person: id
"""


def written(tmp_path, text):
    path = tmp_path / "policy.yaml"
    path.write_text(text, "utf-8")
    return path


def faults(tmp_path, text):
    with pytest.raises(RegisterError) as caught:
        load_policy(written(tmp_path, text))
    return caught.value.faults


def test_a_policy_is_read(tmp_path):
    policy = load_policy(written(tmp_path, GOOD))
    assert isinstance(policy.quasi_identifiers["age"], AgeRule)
    assert policy.quasi_identifiers["town"].weight == 2
    assert [type(model).__name__ for model in policy.models] == [
        *("K", "DistinctL", "OrderedT", "AlphaK"),
    ]
    assert policy.on(policy.models[1]) == "illness"
    assert policy.withheld == ["id"]


def test_the_only_sensitive_column_needs_not_be_named_again(tmp_path):
    one = "quasi_identifiers: {a: {rule: age}}\nsensitive: s\nmodels: [{delta: 1}]"
    policy = load_policy(written(tmp_path, one))
    assert policy.on(policy.models[0]) == "s"
    named = "quasi_identifiers: {a: {rule: age}}\nmodels: [{beta: 1, on: s}]"
    assert load_policy(written(tmp_path, named)).sensitive_columns == ["s"]


@pytest.mark.parametrize(
    ("old", "new", "path", "told"),
    [
        ("{k: 5}", "{k: 1}", "models.0.k", "小さすぎる値"),
        ("{k: 5}", "{l: 5}", "models.0", "知らないモデルです: l"),
        ("{k: 5}", "k", "models.0", "{k: 5}"),
        ("on: illness", "on: ilness", "", "sensitive にありません: ilness。「illness」"),
        ("{l_distinct: 3, on: illness}", "{l_distinct: 3}", "", "on: 列名"),
        ("{rule: age, top: 85}", "{rule: aeg}", "quasi_identifiers.age", "「age」の書き間違い"),
        ("top: 85", "topp: 85", "quasi_identifiers.age.topp", "知らない項目"),
        ("hierarchy: town.csv", "file: town.csv", "quasi_identifiers.town", "hierarchy:"),
        ("{rule: age", "{hierarchy: a.csv, rule: age", "quasi_identifiers.age", "どちらか1つ"),
        ("[illness, income]", "[illness, income, town]", "", "「town」"),
        ("person: id", "person: age", "", "「age」"),
        ("0.02", "2", "suppression_limit", "大きすぎる値"),
        ("0.02", "0.02\nrecoding: global", "recoding", "使えない値"),
        ("0.02", "0.02\nhousehold: {id: h, columns: [town]}", "", "recoding: local"),
        ("0.02", "0.02\nrecoding: local\nhousehold: {id: h, columns: [st]}", "", "household.columns"),
        ("{rule: age, top: 85}", "{rule: towns, table: t.csv}", "quasi_identifiers.age.columns", "必要な項目"),
        ("weight: 2", "weight: -2", "quasi_identifiers.town.weight", "小さすぎる値"),
    ],
)  # fmt: skip
def test_a_slip_is_named_with_its_path(tmp_path, old, new, path, told):
    assert old in GOOD
    (fault,) = faults(tmp_path, GOOD.replace(old, new, 1))
    assert fault.path == path
    assert told in f"{fault.message} {fault.remedy}"
    assert len(str(fault).splitlines()) == 3


@pytest.mark.parametrize("text", ["", "- a", "a: [", "models: [{k: 5}]", "k: 1\nk: 2"])
def test_what_is_no_policy_is_refused(tmp_path, text):
    assert faults(tmp_path, text)


def test_weights_that_are_all_zero_are_refused(tmp_path):
    text = "quasi_identifiers: {a: {rule: age, weight: 0}}\nmodels: [{k: 5}]"
    assert "weight" in faults(tmp_path, text)[0].message


def test_a_file_that_is_not_there_or_not_utf8_is_refused(tmp_path):
    with pytest.raises(RegisterError, match="ファイルがありません"):
        load_policy(tmp_path / "none.yaml")
    path = tmp_path / "policy.yaml"
    path.write_bytes("町: 1".encode("cp932"))
    with pytest.raises(RegisterError, match="UTF-8"):
        load_policy(path)


def test_the_manual_shows_a_policy_that_is_one(tmp_path):
    project = Path(assets.__file__).resolve().parent.parent
    manual = (project / "docs" / "ja" / "匿名加工.md").read_text("utf-8")
    (shown,) = re.findall(r"```yaml\n(.*?)```", manual, re.DOTALL)
    assert load_policy(written(tmp_path, shown)).quasi_identifiers
    models = re.findall(r"^\| `(\{.*?\})` \|", manual, re.MULTILINE)
    assert len(models) == 10
    for model in models:
        named = f"quasi_identifiers: {{a: {{rule: age}}}}\nmodels: [{model}]"
        assert load_policy(written(tmp_path, named)).models
    rules = re.findall(r"^\| `(\w+)` \| .* → ", manual, re.MULTILINE)
    assert set(RULES) <= set(rules)
