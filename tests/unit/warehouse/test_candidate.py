"""A release that waits: staged from its inputs, judged as it lies on disk, known by its content."""

import hashlib
import json

import pytest

from tests.unit.warehouse.publishing import (
    FACILITY_SQL,
    POPULATION,
    facility,
    make_register,
    population,
    put_places,
    put_towns,
)
from warehouse.formats.csv_file import read_csv
from warehouse.home import Home
from warehouse.lake import open_lake
from warehouse.release.candidate import (
    candidate_from,
    folder_of,
    is_intact,
    newest_candidate,
    read_candidate,
)
from warehouse.release.staging import stage_candidate


@pytest.fixture(scope="module")
def con(tmp_path_factory):
    lake = Home(tmp_path_factory.mktemp("lake"))
    with open_lake(lake, write=["internal"]) as opened:
        yield opened


@pytest.fixture(autouse=True)
def data(con):
    put_towns(con)
    put_places(con, ["図書館", "公民館"])


def _stage(con, home, query):
    return stage_candidate(con, home, make_register(), query)


def test_files_and_description_lie_together(con, home):
    candidate, outcome = _stage(con, home, population())
    folder = folder_of(home, "population", candidate.id)
    assert sorted(p.name for p in folder.iterdir()) == [
        "272999_population.csv", "272999_population.json", "272999_population.parquet",
        "272999_population_definition.csv", "candidate.json",
    ]  # fmt: skip
    for file in candidate.files:
        content = (folder / file.name).read_bytes()
        assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert read_candidate(home, "population", candidate.id) == candidate
    assert newest_candidate(home, "population") == candidate
    assert (candidate.rows, outcome.changed, candidate.is_blocked) == (4, True, False)
    assert (candidate.period, candidate.prepared_by) == ("2026-04-01", "市民係")
    assert is_intact(home, candidate)


def test_both_files_say_the_same(con, home):
    candidate, _ = _stage(con, home, population())
    folder = folder_of(home, "population", candidate.id)
    table = read_csv(folder / candidate.files[0].name, POPULATION)
    assert json.loads((folder / candidate.files[1].name).read_text("utf-8")) == table.to_dicts()


def test_unchanged_inputs_give_the_same_candidate_without_work(con, home):
    first, _ = _stage(con, home, facility())
    again, outcome = _stage(con, home, facility())
    assert again == first
    assert not outcome.changed


def test_the_same_content_has_the_same_id_and_another_content_another(con, home):
    first, _ = _stage(con, home, facility())
    reworded, outcome = _stage(con, home, facility(FACILITY_SQL + " -- 注"))
    assert outcome.changed
    assert reworded.id == first.id
    assert reworded.inputs != first.inputs
    put_places(con, ["図書館", "博物館"])
    other, _ = _stage(con, home, facility())
    assert other.id != first.id
    assert newest_candidate(home, "facility") == other
    assert read_candidate(home, "facility", first.id).rows == 2


def test_what_the_gate_says_blocks_the_candidate(con, home):
    put_places(con, ["連絡先 090-1234-5678", "図書館"])
    candidate, _ = _stage(con, home, facility())
    assert candidate.is_blocked
    finding = next(f for f in candidate.findings if f["severity"] == "blocker")
    assert "090" not in json.dumps(candidate.findings, ensure_ascii=False)
    assert finding["remedy"]


@pytest.mark.parametrize("number", [0, 1])
def test_a_candidate_whose_files_were_touched_is_made_again(con, home, number):
    candidate, _ = _stage(con, home, facility())
    path = folder_of(home, "facility", candidate.id) / candidate.files[number].name
    path.write_bytes(path.read_bytes().replace("図書館".encode(), "図書室".encode()))
    assert not is_intact(home, candidate)
    again, outcome = _stage(con, home, facility())
    assert outcome.changed
    assert is_intact(home, again)
    assert again.id == candidate.id
    path.unlink()
    assert not is_intact(home, again)


def test_a_description_rewritten_to_fit_touched_files_does_not_fit_its_id(con, home):
    candidate, _ = _stage(con, home, facility())
    folder = folder_of(home, "facility", candidate.id)
    path = folder / candidate.files[0].name
    path.write_bytes(path.read_bytes().replace("図書館".encode(), "図書室".encode()))
    about = json.loads((folder / "candidate.json").read_text("utf-8"))
    about["files"][0]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    assert not is_intact(home, candidate_from(about))


def test_a_broken_off_staging_is_no_candidate(con, home):
    assert newest_candidate(home, "facility") is None
    candidate, _ = _stage(con, home, facility())
    left_over = home.candidates / "facility" / f".{candidate.inputs}.tmp"
    left_over.mkdir()
    (left_over / "half.csv").touch()
    assert newest_candidate(home, "facility") == candidate
