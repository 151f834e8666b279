"""Lists of places go the whole way, from the files of their departments, faults and all, to releases."""

from __future__ import annotations

from importlib import import_module

import polars as pl
import pytest

from anonymize.gate import judge_release
from assets.register import load_register
from pipelines.settings import register_root
from pipelines.whole_city.dirt.measuring import Findings, load_dataset, read_truth
from pipelines.whole_city.people.settle import count_months, settle
from pipelines.whole_city.writing.inbox import INBOX, write_inbox
from warehouse.home import Home
from warehouse.inbox import scan_inbox
from warehouse.lake import open_lake
from warehouse.landing import collect
from warehouse.protect import protect
from warehouse.readers.child import ParsingChild
from warehouse.release.shape import shape
from warehouse.standards.check import check_table
from warehouse.standards.difference import ERROR

DATASETS = (
    *("aeds", "bicycle_parkings", "care_services", "childcare_facilities", "cultural_properties"),
    *("emergency_shelters", "fire_hydrants", "medical_institutions", "polling_places"),
    *("public_facilities", "public_toilets", "public_wireless_lans", "tourist_spots"),
)
RELEASES = 13
RESIDENTS = 300


def deliveries(city):
    for name in DATASETS:
        yield from import_module(f"pipelines.whole_city.systems.{name}").deliver(city)


def bring_in(folder, home, register):
    """Bring all files up to the internal zone."""
    truth, findings = read_truth(folder), Findings()
    for arrival in scan_inbox(folder / INBOX, register.datasets):
        assert arrival.dataset in DATASETS
        collect(home, arrival)
    datasets = [register.datasets[name] for name in DATASETS]
    with open_lake(home, write=["secure"]) as con, ParsingChild() as parser:
        for dataset in datasets:
            load_dataset(con, home, dataset, parser, truth=truth, findings=findings)
    assert not findings.refused
    with open_lake(home, read=["secure"], write=["internal"]) as con:
        for dataset in datasets:
            protect(con, home, dataset)
    return truth


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.0, 0.1])
def test_releases_keep_to_the_standard_whatever_the_files_hold(tmp_path, share):
    register, home = load_register(register_root()), Home(tmp_path / "home")
    city = settle(RESIDENTS, 1, count_months(1))
    write_inbox(deliveries(city), register_root(), tmp_path / "city", seed=1, share=share, processes=1)  # fmt: skip
    truth = bring_in(tmp_path / "city", home, register)
    assert bool(truth.faults.height) == (share > 0)
    made = 0
    with open_lake(home, read=["internal"]) as con:
        for release in register.releases.values():
            if not {s.removeprefix("common.") for s in release.spec.sources} <= set(DATASETS):
                continue
            shaped = shape(con, home, register, release)
            texts = shaped.table.select(pl.all().cast(pl.String))
            found = check_table(texts, release.standard)
            assert [str(d) for d in found if d.severity == ERROR] == [], release.name
            assert [f.rule for f in judge_release(shaped.table, shaped.policy)] == []
            made += 1
    assert made == RELEASES
