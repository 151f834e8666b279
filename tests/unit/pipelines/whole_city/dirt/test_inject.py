"""Every kind of dirt is set aside by the platform, and nothing else is: the bar in small."""

import numpy as np
import polars as pl
import pytest

from pipelines.whole_city.dirt.inject import TITLES
from pipelines.whole_city.dirt.words import unlisted_codes
from pipelines.whole_city.writing.delivery import write_delivery
from tests.unit.pipelines.whole_city.every_type import (
    PERIOD,
    make_dataset,
    make_delivery,
    make_rows,
)
from transforms.codes.code_lists import code
from warehouse.normalising.delivery import normalise_delivery
from warehouse.readers.grid import ROW
from warehouse.readers.parse import parse

SOURCES = {
    "csv": {"encoding": "cp932"},
    "tsv": {"file": "全項目_{year}{month}.tsv", "format": "tsv", "encoding": "utf-8"},
    "workbook": {"file": "全項目_{year}{month}.xlsx", "format": "workbook", "encoding": None},
    "json": {"file": "全項目_{year}{month}.json", "format": "json", "encoding": None},
}
# What a format cannot hold, or no contract asks of it.
ONLY_IN_LINES = {"repeated_header", "total_line", "shifted_columns"}
ONLY_DELIMITED = {"too_many_fields", "too_few_fields"}
# Below a minimum of 1 stands 0, and no other column of the contract has a minimum above 0.
MISSING = {
    "csv": set(),
    "tsv": set(),
    "workbook": {*ONLY_DELIMITED, "control_character"},
    "json": {*ONLY_DELIMITED, *ONLY_IN_LINES},
}


def set_aside(dataset, path, folder):
    contract = dataset.contract.in_period(PERIOD)
    found = parse(path, contract, PERIOD, path.name)
    folder.mkdir()
    done = normalise_delivery([found.rows], contract, folder)
    return set(found.quarantine[ROW]) | set(done.bad), done.rows.scan().collect()


def test_there_are_thirty_kinds_and_more():
    assert len(TITLES) >= 30
    assert len(set(TITLES.values())) == len(TITLES)


@pytest.mark.parametrize("system", ["everything", "system_7"])
@pytest.mark.parametrize("name", SOURCES)
def test_dirt_is_caught_and_clean_rows_pass(tmp_path, name, system):
    dataset = make_dataset(system, **SOURCES[name])
    delivery = make_delivery(make_rows(2000))
    written = write_delivery(delivery, dataset, tmp_path, seed=3, share=0.25)
    assert set(written.faults["kind"]) == set(TITLES) - MISSING[name]
    aside, accepted = set_aside(dataset, written.path, tmp_path / "work")
    faulty = set(written.faults[ROW])
    missed = written.faults.filter(pl.col(ROW).is_in(list(faulty - aside)))
    assert missed.is_empty(), missed
    assert not aside - faulty
    assert accepted.select(written.clean.columns).equals(written.clean)
    assert written.rows == accepted.height + len(aside)


def test_a_faulty_row_has_one_fault(tmp_path):
    dataset = make_dataset()
    written = write_delivery(make_delivery(make_rows(2000)), dataset, tmp_path, seed=3, share=0.25)
    assert written.faults[ROW].is_unique().all()
    # A repeated key makes two rows faulty; the rest is one a row.
    assert len(written.faults) == pytest.approx(500 + (written.faults["kind"] == "duplicate_key").sum() / 2, abs=20)  # fmt: skip
    counts = written.faults.group_by("kind").len()["len"].to_list()
    assert min(counts) * 5 > max(counts)


def test_a_delivery_that_must_stay_clean_does(tmp_path):
    delivery = make_delivery(make_rows(100), dirty=False)
    written = write_delivery(delivery, make_dataset(), tmp_path, seed=3, share=0.5)
    assert written.faults.is_empty()
    assert written.rows == 100


def test_the_same_seed_makes_the_same_bytes(tmp_path):
    hashes = []
    for folder, seed in (("a", 1), ("b", 1), ("c", 2)):
        delivery = make_delivery(make_rows(300))
        written = write_delivery(delivery, make_dataset(), tmp_path / folder, seed=seed, share=0.1)
        hashes.append(written.sha256)
    assert hashes[0] == hashes[1] != hashes[2]


@pytest.mark.parametrize(
    "labels",
    [
        {"1": "男", "2": "女"},
        {"01": "転入", "1A": "出生", "99": "他"},
        {str(n): f"名{n}" for n in range(10)},
    ],
)
def test_an_unlisted_code_is_in_no_way_a_code(labels):
    drawn = unlisted_codes(labels)
    assert len(drawn) > 50
    judged = (
        pl.DataFrame({"code": drawn}).select(code(pl.col("code"), labels=labels)).unnest("code")
    )
    assert judged["verdict"].unique().to_list() == ["refused"]
    assert np.all(judged["value"].is_null().to_numpy())
