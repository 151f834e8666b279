"""One period is read again, from the command line or in Dagster, and no other period is touched.

Two datasets: places, whose deliveries speak of their year alone, and residents, whose deliveries
become intervals.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import dagster as dg
import pytest

from assets.register import load_register
from pipelines.blueprint import make_definitions
from pipelines.city.facility_files import FACILITIES
from warehouse.home import Home
from warehouse.lake import open_lake

pytestmark = pytest.mark.slow  # a minute or more of whole runs

PLACES, PEOPLE = "public_facilities", "resident_register"
LAYERS = ("landing", "raw", "common", "internal")
TABLES = ("secure.raw", "secure.common", "secure.verdict", "internal.common")
FIRST, GAP, LAST = "2023", "2025", "2026"


@pytest.fixture(scope="module")
def grown(small, machikane, tmp_path_factory):
    """The small city with lists of places of earlier years, too: its home, inbox and register."""
    root = tmp_path_factory.mktemp("grown")
    home = Home(Path(shutil.copytree(small.home.root, root / "home")))
    inbox = Path(shutil.copytree(small.inbox, root / "inbox"))
    for year in ("令和5", "令和6"):
        shutil.copyfile(inbox / FACILITIES, inbox / f"公共施設一覧_{year}年度.csv")
    done = machikane("run", "--inbox", inbox, "--home", home.root, "--register", small.register)
    assert done.returncode == 0, done.stdout + done.stderr
    return home, inbox, small.register


@pytest.fixture
def city(grown, tmp_path):
    """A copy that a test may change."""
    home, inbox, register = grown
    return Home(Path(shutil.copytree(home.root, tmp_path / "home"))), inbox, register


def _rows(home, name):
    """Table and period → number and hash of its rows with their provenance, and their row ids."""
    with open_lake(home, read=["secure", "internal"]) as con:
        found = {}
        for table in TABLES:
            rows = con.sql(
                "SELECT _period, (count(*), sum(hash(t)::HUGEINT)), (min(rowid), max(rowid)) "
                f"FROM {table}.{name} t GROUP BY 1"
            ).fetchall()
            found |= {(table, period): (said, ids) for period, said, ids in rows}
        return found


def _content(rows):
    return {key: said for key, (said, _) in rows.items()}


def _entries(home, name):
    """Layer and period → the fingerprint of what was done."""
    with open_lake(home, read=["secure", "internal"]) as con:
        rows = con.sql(
            "FROM (FROM secure.meta.loaded UNION ALL FROM internal.meta.loaded) "
            f"SELECT asset, fingerprint, account WHERE ends_with(asset, '/{name}')"
        ).fetchall()
    return {(asset, json.loads(about).get("period")): mark for asset, mark, about in rows}


def _files(home):
    """The Parquet files of the lake that hold rows of the dataset's tables, with their times."""
    files = (home.root / "lake").rglob("*.parquet")
    return {path.relative_to(home.root).as_posix(): path.stat().st_mtime_ns for path in files}


def test_a_period_read_again_leaves_the_others_as_they_are(city, machikane, steps):
    home, inbox, register = city
    before, people = _rows(home, PLACES), _rows(home, PEOPLE)
    entries, files = _entries(home, PLACES), _files(home)
    done = machikane(
        "run", "--inbox", inbox, "--home", home.root, "--register", register,
        "--dataset", PLACES, "--period", FIRST, "--again",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    after = _rows(home, PLACES)
    assert _content(after) == _content(before)
    assert _entries(home, PLACES) == entries
    # A row written anew has a new id: those of the period have, and no others.
    rewritten = {key for key in before if before[key][1] != after[key][1]}
    assert {
        ("secure.raw", FIRST),
        ("secure.common", FIRST),
        ("internal.common", FIRST),
    } <= rewritten
    assert {period for _, period in rewritten} == {FIRST}
    assert _rows(home, PEOPLE) == people
    # No file was written over; files were added.
    now = _files(home)
    assert {path: now[path] for path in files} == files
    assert set(steps(home)) == {"landing", *(f"{layer}/{PLACES}" for layer in LAYERS[1:])}


@pytest.mark.slow
def test_of_what_is_new_only_the_named_period_is_taken_in(city, machikane, tmp_path, steps):
    home, inbox, register = city
    more = Path(shutil.copytree(inbox, tmp_path / "more"))
    for year in ("令和3", "令和4"):
        shutil.copyfile(inbox / FACILITIES, more / f"公共施設一覧_{year}年度.csv")
    before = _rows(home, PLACES)
    command = ("run", "--inbox", more, "--home", home.root, "--register", register)
    done = machikane(*command, "--dataset", PLACES, "--period", "2021")
    assert done.returncode == 0, done.stdout + done.stderr
    after = _rows(home, PLACES)
    assert {key: after[key] for key in before} == before
    assert {period for _, period in after} - {period for _, period in before} == {"2021"}
    again = machikane(*command, "--dataset", PLACES, "--period", "2021")
    assert again.returncode == 0, again.stdout + again.stderr
    assert _rows(home, PLACES) == after
    assert {step.status for step in steps(home).values()} == {"変更なし"}


def test_dagster_shows_the_periods_that_are_there_on_every_layer_and_the_gap(grown, dagster_of):
    home, _, _ = grown
    there = {period for _, period in _rows(home, PLACES)}
    with dagster_of(home) as instance:
        shown = instance.get_dynamic_partitions(f"periods_of_{PLACES}")
        made = {
            layer: instance.get_materialized_partitions(dg.AssetKey([layer, PLACES]))
            for layer in LAYERS
        }
    assert there == {FIRST, "2024", LAST}
    assert set(shown) == {*there, GAP}
    assert made == dict.fromkeys(LAYERS, there)


@pytest.mark.slow
def test_a_backfill_in_dagster_makes_the_same_intervals_again(city, dagster_of, monkeypatch):
    home, inbox, register_root = city
    monkeypatch.setenv("MACHIKANE_HOME", str(home.root))
    monkeypatch.setenv("MACHIKANE_INBOX", str(inbox))
    monkeypatch.setenv("MACHIKANE_REGISTER", str(register_root))
    before, places = _rows(home, PEOPLE), _rows(home, PLACES)
    job = make_definitions(load_register(register_root)).resolve_implicit_global_asset_job_def()
    keys = [dg.AssetKey([layer, PEOPLE]) for layer in LAYERS[1:]]
    with dagster_of(home) as instance:
        result = job.execute_in_process(
            instance=instance, asset_selection=keys, partition_key="2026-05", raise_on_error=False
        )
        made = [event.partition for event in result.all_events if event.is_step_materialization]
    assert result.success
    assert made == ["2026-05"] * len(keys)
    after = _rows(home, PEOPLE)
    assert _content(after) == _content(before)
    raw = {key[1] for key in before if key[0] == "secure.raw" and before[key] != after[key]}
    assert raw == {"2026-05"}
    assert _rows(home, PLACES) == places


def test_the_nightly_run_is_one_run_of_what_has_come(grown, monkeypatch):
    home, inbox, register_root = grown
    monkeypatch.setenv("MACHIKANE_HOME", str(home.root))
    monkeypatch.setenv("MACHIKANE_INBOX", str(inbox))
    definitions = make_definitions(load_register(register_root))
    schedule = definitions.resolve_schedule_def("nightly")
    with dg.build_schedule_context() as context:
        [request] = schedule.evaluate_tick(context).run_requests or []
    job = definitions.resolve_job_def(str(schedule.job_name))
    assert job.partitions_def is None
    selected = set(request.asset_selection or [])
    assert dg.AssetKey(["raw", PLACES]) in selected
    subset = job.get_subset(asset_selection=selected)
    assert dg.validate_run_config(subset, request.run_config)["loggers"].keys() == {"console"}
