"""The column layouts of the national standard datasets, against the collected definitions."""

from pathlib import Path

import pytest
import yaml

import assets
from assets.register import load_older_standards, load_register

COLLECTED = Path(assets.__file__).resolve().parents[2] / "shared" / "standard_datasets"
REGISTER = load_register()
STANDARDS = REGISTER.standards
NATIONAL = [name for name, standard in STANDARDS.items() if standard.number is not None]
OLDER = load_older_standards()


def read_collected(folder, ours):
    path = COLLECTED / folder / f"{ours.number:02}_{ours.slug}.yaml"
    if not path.is_file():
        pytest.skip("the collected definitions are not here")
    return yaml.safe_load(path.read_text("utf-8"))


def test_all_31_and_the_14_older_ones_are_here():
    assert {STANDARDS[name].number for name in NATIONAL} == set(range(1, 32))
    assert len(OLDER) == 14


@pytest.mark.parametrize("name", NATIONAL)
def test_columns_are_those_of_the_definition(name):
    ours = STANDARDS[name]
    theirs = read_collected("current", ours)
    assert [(c.name, c.required) for c in ours.columns] == [
        (c["name"], c["required"]) for c in theirs["columns"]
    ]
    assert ours.title == theirs["name_ja"]
    assert (ours.column_order == "official") == (theirs["column_order"] == "official")


@pytest.mark.parametrize("name", OLDER)
def test_older_columns_are_those_of_the_definition(name):
    ours = OLDER[name]
    theirs = read_collected("v1", ours)
    assert [(c.name, c.required) for c in ours.columns] == [
        (c["name"], c["required"]) for c in theirs["columns"]
    ]
    assert ours.title == theirs["name_ja"]


@pytest.mark.parametrize("name", REGISTER.releases)
def test_numbers_of_what_is_released_have_a_unit(name):
    columns = REGISTER.releases[name].standard.columns
    assert [c.name for c in columns if c.is_number and not c.unit] == []


def test_the_list_of_our_data_says_what_each_column_means():
    assert [c.name for c in STANDARDS["open_data_list"].columns if not c.description] == []
