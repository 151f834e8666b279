"""The column layouts of the national standard datasets, against the collected definitions."""

from pathlib import Path

import pytest
import yaml

import assets
from assets.register import load_register

REFERENCE = Path(assets.__file__).resolve().parents[2] / "shared" / "standard_datasets" / "current"
STANDARDS = load_register().standards


@pytest.mark.parametrize("name", ["population", "public_facility"])
def test_columns_are_those_of_the_definition(name):
    ours = STANDARDS[name]
    path = REFERENCE / f"{ours.number:02}_{ours.slug}.yaml"
    if not path.is_file():
        pytest.skip("the collected definitions are not here")
    theirs = yaml.safe_load(path.read_text("utf-8"))
    assert [(c.name, c.required) for c in ours.columns] == [
        (c["name"], c["required"]) for c in theirs["columns"]
    ]
    assert ours.title == theirs["name_ja"]


@pytest.mark.parametrize("name", STANDARDS)
def test_no_column_stands_twice(name):
    names = [column.name for column in STANDARDS[name].columns]
    assert len(names) == len(set(names))
