"""A real table that moved and was renamed in one year; skipped where the files are not at hand."""

import os
from pathlib import Path

import polars as pl
import pytest

import warehouse
from assets.contract import Contract
from assets.register import load_register
from transforms.texts.headers import header_key
from warehouse.drift.change import Validity
from warehouse.drift.compare import compare_delivery
from warehouse.drift.edits import apply_edits, edits_of
from warehouse.drift.known import LastDelivery
from warehouse.readers.extract import extract
from warehouse.readers.grid import ROW
from warehouse.readers.parse import read_grid

BEFORE, AFTER = "2020", "2021"


@pytest.fixture(scope="module")
def files():
    project = Path(warehouse.__file__).resolve().parent.parent
    named = os.environ.get("MACHIKANE_REAL_FILES", project.parent / "shared" / "real")
    found = {p.name[2:6]: p for p in Path(named).glob("messy/FY20*-population_dynamics_municipal*")}
    if not {BEFORE, AFTER} <= set(found):
        pytest.skip("実際のファイルがない")
    return found


def test_the_change_of_2021_is_proposed_as_the_register_writes_it(files):
    today = load_register().datasets["national_population"].contract
    document = today.model_dump(by_alias=True, exclude_unset=True, mode="json")
    document["source"]["layouts"] = [{"header_rows": [2, 4]}]
    for column in document["columns"].values():
        column["source"] = [{"name": column["source"][0]["name"]}]
    old = Contract.model_validate(document)
    read = extract(read_grid(files[BEFORE], old, BEFORE, "f.xls"), old, BEFORE, "f.xls")

    def rows(columns, numbers=None):
        kept = (
            read.rows if numbers is None else read.rows.filter(pl.col(ROW).is_in(numbers.implode()))
        )
        return kept.select(columns)

    last = LastDelivery(BEFORE, read.headers, read.letters, rows, old)
    validity = Validity(AFTER, BEFORE)
    changes = compare_delivery(files[AFTER], old, "f.xlsx", validity, last.know())
    assert changes
    assert all(change.is_settled for change in changes)
    for change in changes:
        document = apply_edits(document, edits_of(change, validity, document))
    proposed = Contract.model_validate(document)
    for name, column in today.columns.items():
        for period in (BEFORE, AFTER):
            ours, theirs = (c.headers(period) for c in (proposed.columns[name], column))
            assert [*map(header_key, ours)] == [*map(header_key, theirs)], name
    now = proposed.source.layout(AFTER)
    assert now is not None
    assert now.header_rows == (2, 6)
