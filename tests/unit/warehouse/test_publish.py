"""Approved → public: a second person, frozen bytes, one pointer; and back again."""

import hashlib
import json

import pytest

from tests.unit.warehouse.publishing import facility, make_register, put_places
from warehouse.home import Home
from warehouse.lake import has_table, open_lake, snapshot_id
from warehouse.refusal import Refusal
from warehouse.release.candidate import folder_of, newest_candidate
from warehouse.release.ledger import decide, decisions
from warehouse.release.publish import approve, publish, withdraw
from warehouse.release.staging import stage_candidate
from warehouse.release.version import is_withdrawn, version_folder, versions


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    return Home(tmp_path_factory.mktemp("lake"))


@pytest.fixture(scope="module")
def con(lake):
    with open_lake(lake, write=["internal", "open"]) as opened:
        yield opened


@pytest.fixture
def city(con, tmp_path):
    """A home of its own for the files; the lake is shared, so its table is dropped first."""
    con.sql("DROP TABLE IF EXISTS open.release.facility")
    con.sql("DELETE FROM open.meta.loaded")
    home = Home(tmp_path)
    _stage(con, home, ["図書館", "公民館"])
    return home


def _stage(con, home, names):
    put_places(con, names)
    return stage_candidate(con, home, make_register(), facility())[0]


def _approve(con, home, person="課長", note="確かめた"):
    return approve(con, home, "facility", person=person, note=note)


def _rule(action):
    with pytest.raises(Refusal) as caught:
        action()
    return caught.value.rule


def _public(con):
    return con.sql("FROM open.release.facility ORDER BY ALL").fetchall()


def _waiting(home):
    candidate = newest_candidate(home, "facility")
    assert candidate is not None
    return candidate


def _pointer(home):
    return json.loads((home.releases / "facility" / "latest.json").read_text("utf-8"))["version"]


def test_nothing_is_public_before_a_person_approves(con, city):
    publish(con, city, "facility")
    assert versions(city, "facility") == []
    assert not has_table(con, "open", "release", "facility")
    assert not (city.releases / "facility").exists()


def test_an_approval_freezes_the_files_and_points_to_them(con, city):
    candidate = _waiting(city)
    version = _approve(con, city)
    folder = version_folder(city, "facility", "v1")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    frozen = {file["name"] for file in manifest["candidate"]["files"]}
    assert {"272999_public_facility.csv", "272999_public_facility.json"} <= frozen
    kept = {"SHA256SUMS", "SHA256SUMS.minisig", "manifest.json"}
    assert {p.name for p in folder.iterdir()} == frozen | kept
    for file in manifest["candidate"]["files"]:
        content = (folder / file["name"]).read_bytes()
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        staged = folder_of(city, "facility", candidate.id) / file["name"]
        assert content == staged.read_bytes()
    assert (manifest["version"], manifest["approved_by"], manifest["note"]) == (
        "v1", "課長", "確かめた",
    )  # fmt: skip
    assert version.candidate == candidate
    assert _pointer(city) == "v1"
    assert _public(con) == [("001", "図書館", None), ("002", "公民館", None)]


def test_publishing_again_changes_nothing(con, city):
    _approve(con, city)
    before = {p: p.stat().st_mtime_ns for p in (city.releases / "facility" / "v1").iterdir()}
    snapshot = snapshot_id(con, "open")
    publish(con, city, "facility")
    _approve(con, city, person="別の課長")
    assert {
        p: p.stat().st_mtime_ns for p in (city.releases / "facility" / "v1").iterdir()
    } == before
    assert snapshot_id(con, "open") == snapshot
    assert [d.person for d in decisions(city)] == ["課長"]


def test_a_second_version_stands_beside_the_first(con, city):
    _approve(con, city)
    _stage(con, city, ["図書館", "博物館", None])
    assert _pointer(city) == "v1"
    version = _approve(con, city, person="部長")
    assert (version.name, _pointer(city)) == ("v2", "v2")
    assert [v.name for v in versions(city, "facility")] == ["v1", "v2"]
    assert (version_folder(city, "facility", "v1") / "272999_public_facility.csv").is_file()
    assert _public(con) == [("001", "図書館", None), ("002", "博物館", None), ("003", None, None)]


@pytest.mark.parametrize("person", ["市民係", " 市民係 ", "", "　"])
def test_who_prepared_it_or_nobody_cannot_approve_it(con, city, person):
    assert _rule(lambda: _approve(con, city, person=person)) == "release.same_person"
    assert decisions(city) == []


def test_nothing_to_approve_is_told(con, home):
    assert _rule(lambda: _approve(con, home)) == "release.none"


def test_a_blocked_candidate_cannot_be_approved(con, city):
    _stage(con, city, ["連絡先 090-1234-5678", "図書館"])
    with pytest.raises(Refusal) as caught:
        _approve(con, city)
    assert caught.value.rule == "release.blocked"
    assert "090" not in str(caught.value)
    assert decisions(city) == []


def _touch(city):
    candidate = _waiting(city)
    path = folder_of(city, "facility", candidate.id) / candidate.files[0].name
    path.write_bytes(path.read_bytes() + "003,裏口,\r\n".encode())
    return path


def test_a_touched_candidate_is_refused_before_anything_is_decided(con, city):
    _touch(city)
    assert _rule(lambda: _approve(con, city)) == "release.changed"
    assert decisions(city) == []
    assert not has_table(con, "open", "release", "facility")
    _stage(con, city, ["図書館", "公民館"])
    assert _approve(con, city).name == "v1"


def test_a_candidate_touched_after_the_decision_is_not_published(con, city):
    candidate = _waiting(city)
    decide(
        city, action="approved", release="facility", candidate=candidate.id, person="課長", note=""
    )
    _touch(city)
    assert _rule(lambda: publish(con, city, "facility")) == "release.changed"
    assert not (version_folder(city, "facility", "v1") / "manifest.json").exists()
    assert not has_table(con, "open", "release", "facility")


def test_what_a_crash_left_undone_is_done_by_the_next_publishing(con, city):
    candidate = _waiting(city)
    decide(
        city, action="approved", release="facility", candidate=candidate.id, person="課長", note=""
    )
    half = city.releases / "facility" / ".v1.tmp"
    half.mkdir(parents=True)
    (half / "half.csv").touch()
    publish(con, city, "facility")
    assert sorted(p.name for p in (city.releases / "facility").iterdir()) == ["latest.json", "v1"]
    assert len(_public(con)) == 2


def test_a_withdrawal_takes_the_data_and_leaves_the_record(con, city):
    _approve(con, city)
    _stage(con, city, ["図書館"])
    _approve(con, city)
    withdraw(con, city, "facility", person="部長", note="誤り")
    for name in ("v1", "v2"):
        left = {p.name for p in version_folder(city, "facility", name).iterdir()}
        assert left == {"SHA256SUMS", "SHA256SUMS.minisig", "manifest.json", "tombstone.json"}
    assert is_withdrawn(city, "facility")
    assert (_pointer(city), versions(city, "facility")) == (None, [])
    assert not has_table(con, "open", "release", "facility")
    assert [d.action for d in decisions(city)] == ["approved", "approved", "withdrawn"]
    publish(con, city, "facility")
    assert not has_table(con, "open", "release", "facility")


def test_a_withdrawal_leaves_no_copy_of_the_bytes_anywhere(con, city, lake):
    _stage(con, city, ["引揚図書館ZZ"])
    _approve(con, city)
    places = [city.root, lake.lake("open")]

    def copies():
        files = [p for place in places for p in place.rglob("*") if p.is_file()]
        return [p for p in files if "引揚図書館ZZ".encode() in p.read_bytes()]

    assert copies()
    withdraw(con, city, "facility", person="部長", note="誤り")
    assert [p.name for p in copies() if p.suffix in {".csv", ".json", ".parquet"}] == []
    assert newest_candidate(city, "facility") is None


def test_after_a_withdrawal_the_next_approval_is_a_new_version(con, city):
    _approve(con, city)
    withdraw(con, city, "facility", person="部長", note="誤り")
    _stage(con, city, ["図書館"])
    assert _approve(con, city).name == "v2"
    assert [v.name for v in versions(city, "facility")] == ["v2"]
    assert _public(con) == [("001", "図書館", None)]
    assert not is_withdrawn(city, "facility")


def test_what_is_not_public_cannot_be_withdrawn(con, city):
    act = lambda: withdraw(con, city, "facility", person="部長", note="誤り")  # noqa: E731
    assert _rule(act) == "release.not_public"
    _approve(con, city)
    act()
    assert _rule(act) == "release.not_public"


def test_a_ledger_that_was_tampered_with_stops_every_publication(con, city):
    _approve(con, city)
    path = city.releases / "ledger.jsonl"
    path.write_text(path.read_text("utf-8").replace("課長", "市長"), "utf-8")
    for act in (lambda: publish(con, city, "facility"), lambda: _approve(con, city)):
        assert _rule(act) == "ledger.broken"
