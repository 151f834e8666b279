import inspect
import re
from pathlib import Path

import polars as pl
import pytest

from tests.unit.transforms.dates import test_day
from tests.unit.transforms.judging import run
from transforms import catalogue
from transforms.catalogue import RULES, TRANSFORMS
from transforms.verdict import VERDICT

NAMES = [
    "text",
    "name",
    "kana",
    "date",
    "month",
    "year",
    "fiscal_year",
    "integer",
    "decimal",
    "percent",
    "digits",
    "boolean",
    "code",
    "local_government_code",
    "postal_code",
    "phone",
    "corporate_number",
    "invoice_number",
    "my_number",
    "resident_id",
    "school_code",
    "latitude",
    "longitude",
    "point",
    "town",
    "address",
]
NEEDED = {
    "boolean": {"true": ["有"], "false": ["無"]},
    "code": {"labels": {"1": "男", "2": "女"}},
    "address": {"city": "272035"},
}
SAMPLE = [
    *(text for text, *_ in test_day.READ),
    *(text for text, *_ in test_day.LEFT),
    *("", "男", "有", "１", "1,234", "△5", "1,2", "5%", "ｱ", "3丁目", "03丁目", "272035", "27203"),
    *("560-0001", "06-6858-2525", "34.5", "135.5", "9" * 30, "1e5", "…", "a\x00b", "髙"),
]


def test_every_agreed_name_is_there():
    assert sorted(TRANSFORMS) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_entry_tells_the_truth_about_its_function(name):
    entry = TRANSFORMS[name]
    first, *others = inspect.signature(entry.function).parameters
    assert first == "column"
    assert entry.parameters == frozenset(others)
    frame = pl.DataFrame({"raw": SAMPLE})
    judged = frame.select(entry.function(pl.col("raw"), **NEEDED.get(name, {})))
    expected = {"value": entry.dtype, "verdict": VERDICT, "rule": pl.String}
    # Named parts may follow the first three fields.
    fields = dict(list(judged["raw"].struct.schema.items())[:3])
    assert fields == expected


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_column_and_an_all_null_column_work(name):
    function, params = TRANSFORMS[name].function, NEEDED.get(name, {})
    assert run(function, [], **params) == []
    assert run(function, [None, None], **params) == [(None, "ok", "blank")] * 2


@pytest.mark.parametrize("name", NAMES)
def test_emitted_rules_are_declared_with_their_verdict(name):
    for _, verdict, rule in run(TRANSFORMS[name].function, SAMPLE, **NEEDED.get(name, {})):
        assert RULES[rule].verdict == verdict


def test_every_rule_named_in_the_code_has_its_words():
    prefixes = {rule.partition(".")[0] for rule in RULES} - {"blank"}
    literal = re.compile(rf'"((?:{"|".join(prefixes)})\.[a-z_]+)"')
    room = Path(catalogue.__file__).parent
    found = {
        rule for path in room.rglob("*.py") for rule in literal.findall(path.read_text("utf-8"))
    }
    assert found | {"blank"} == set(RULES)


def test_remedies_are_sentences():
    for rule in RULES.values():
        assert rule.title
        assert bool(rule.remedy) == (rule.verdict in {"uncertain", "refused"})
        assert not rule.remedy or rule.remedy.endswith("ください。")
