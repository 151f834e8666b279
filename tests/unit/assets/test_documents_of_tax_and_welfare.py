"""The page on the ledgers of tax, insurance and welfare says what their contracts say."""

import re
from pathlib import Path

import pytest

from assets.register import load_register

PAGE = Path(__file__).parents[3] / "docs" / "ja" / "業務データ_税と福祉.md"
DEPARTMENTS = {"tax", "insurance", "welfare"}
LEVELS = {"standard": "標準仕様", "law": "法令", "practice": "慣行", "assumption": "仮定"}
DATASETS = {n: d for n, d in load_register().datasets.items() if d.department in DEPARTMENTS}


def _section(name):
    text = PAGE.read_text("utf-8")
    return text.split(f"(`{name}`)\n", 1)[1].split("\n### ", 1)[0]


@pytest.mark.parametrize("name", sorted(DATASETS))
def test_every_column_is_told_with_its_meaning_and_how_sure_it_is(name):
    contract = DATASETS[name].contract
    assert contract.evidence is not None
    level = contract.evidence.level
    told = re.findall(
        r"^\| `(\w+)` \| (.+?) \| (.+?) \|.*\| (\S+) \|$", _section(name), re.MULTILINE
    )
    expected = [
        (column, found.title, LEVELS[found.evidence or level])
        for column, found in contract.columns.items()
    ]
    assert [
        (column, meaning.split("。")[0], level) for column, _, meaning, level in told
    ] == expected
    assert f"保存期間: {contract.retention.years}年" in _section(name)


@pytest.mark.parametrize("name", sorted(DATASETS))
def test_nothing_is_the_national_standard_but_what_is_known_to_be(name):
    contract = DATASETS[name].contract
    assert contract.evidence is not None
    assert contract.evidence.level == "assumption"
    standard = {c for c, found in contract.columns.items() if found.evidence == "standard"}
    assert standard <= {"resident_id", "taxpayer_number", "care_level_code"}


@pytest.mark.parametrize("name", sorted(DATASETS))
def test_no_ledger_holds_a_my_number_and_names_never_reach_the_analysts(name):
    columns = DATASETS[name].contract.columns
    assert not [c for c, found in columns.items() if found.type == "my_number"]
    personal = [f for c, f in columns.items() if c in {"full_name", "full_name_kana", "owner_name"}]
    assert {found.role for found in personal} <= {"direct_identifier"}
