"""Contracts drafted from real cities' files take every row of them; skipped without the files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assets.contract import Contract
from assets.strict_yaml import load_yaml
from warehouse.diagnosis.draft import draft_contract
from warehouse.diagnosis.draft_yaml import write_yaml
from warehouse.normalise import normalise
from warehouse.readers.grid import ROW
from warehouse.readers.parse import parse
from warehouse.refusal import Refusal

KINDS = {".csv", ".xlsx", ".xls"}
MONTHLY = "0066_"
ONE_MONTH = "0066_201811.csv"
TAKEN = 0.9
# What no contract can take: records of another shape than their header, and a row that stands twice.
FAULTS_OF_FILES = {"row.ragged", "key.identical"}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def files(project):
    real = Path(os.environ.get("MACHIKANE_REAL_FILES", project.parent / "shared" / "real"))
    folder = real / "open_data"
    if not folder.is_dir():
        pytest.skip("実際のファイルがない")
    found = sorted(path for path in folder.rglob("*") if path.suffix in KINDS)
    return [p for p in found if not p.name.startswith(MONTHLY) or p.name == ONE_MONTH]


@pytest.fixture(scope="module")
def loaded(files):
    """File → how its rows ended (in, loaded, set aside, quarantined, why), or the refusal's rule."""
    return {path.name: _load(path) for path in files}


def _load(path):
    try:
        draft = draft_contract(path, path.name, "課")
        contract = Contract.model_validate(load_yaml(write_yaml(draft)))
        extracted = parse(path, contract, draft.period, path.name)
    except Refusal as refusal:
        return refusal.rule
    result = normalise(extracted.rows, contract)
    bad = extracted.quarantine[ROW].n_unique() + result.quarantined_rows
    rules = {*extracted.quarantine["rule"], *result.quarantine["rule"]}
    return extracted.rows_in, result.rows.height, sum(extracted.set_aside.values()), bad, rules


def test_every_row_is_accounted_for(loaded):
    ends = {file: end for file, end in loaded.items() if not isinstance(end, str)}
    open_accounts = {f: end for f, end in ends.items() if end[0] != sum(end[1:4])}
    assert open_accounts == {}


def test_refused_files_are_no_tables(loaded):
    assert {end for end in loaded.values() if isinstance(end, str)} <= {"add.no_table"}


def test_no_drafted_type_or_key_sets_a_row_aside(loaded):
    rules = {rule for end in loaded.values() if not isinstance(end, str) for rule in end[4]}
    assert rules <= FAULTS_OF_FILES


def test_nearly_every_file_is_loaded_whole(loaded):
    whole = [f for f, end in loaded.items() if not isinstance(end, str) and end[3] == 0]
    assert len(whole) >= TAKEN * len(loaded)
