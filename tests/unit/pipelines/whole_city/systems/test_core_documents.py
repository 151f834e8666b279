"""The manual of the ten core systems says of every column what its contract says."""

from pathlib import Path

import pytest

from tests.unit.pipelines.whole_city.systems.checking import CONTRACTS

MANUAL = Path(__file__).parents[5] / "docs/ja/業務データ_住民とこども.md"
WORDS = {"standard": "標準仕様", "law": "法令", "practice": "慣行", "assumption": "仮定"}
DATASETS = (
    *("resident_changes", "voter_roll", "family_registers", "family_register_addresses"),
    *("seal_registrations", "school_register", "child_allowance", "child_rearing_allowance"),
    *("childcare_certifications", "health_records"),
)


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_column_stands_in_the_manual_with_how_sure_it_is(dataset):
    contract = CONTRACTS[dataset]
    assert contract.evidence is not None
    section = MANUAL.read_text("utf-8").split(f"\n## {contract.title}\n")[1].split("\n## ")[0]
    rows = [
        line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| `")
    ]
    said = {row[0].strip("`"): (row[1], row[-1]) for row in rows}
    assert said == {
        name: (column.title, WORDS[column.evidence or contract.evidence.level])
        for name, column in contract.columns.items()
    }


@pytest.mark.parametrize("dataset", DATASETS)
def test_no_column_holds_an_individual_number(dataset):
    assert {c.classification for c in CONTRACTS[dataset].columns.values()} == {"個人"}
