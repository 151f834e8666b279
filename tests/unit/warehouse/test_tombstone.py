"""What is taken back is gone in every format and place; its hash, the reason and the day stay."""

import io
import json
import shutil
import sys
import time
from pathlib import Path
from subprocess import PIPE, Popen
from types import SimpleNamespace

import polars as pl
import pytest

from tests.unit.warehouse.publishing import facility, make_register, put_places
from warehouse.catalogue.entries import read_public
from warehouse.home import Home
from warehouse.lake import has_table, open_lake
from warehouse.refusal import Refusal
from warehouse.release import publish as publishing
from warehouse.release import tombstone
from warehouse.release.candidate import newest_candidate
from warehouse.release.ledger import decisions
from warehouse.release.publish import approve, publish, withdraw
from warehouse.release.review import review
from warehouse.release.review_page import write_review
from warehouse.release.staging import stage_candidate
from warehouse.release.version import is_withdrawn, version_folder, versions
from warehouse.signing import public_key, verify
from warehouse.site.tree import build_site

PLANTED = "引揚図書館QZ"
OTHER = "残る公民館QZ"


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A home with two public versions, the public site of them, and a page of review."""
    home = Home(tmp_path_factory.mktemp("template") / "home")
    register = make_register()
    with open_lake(home, write=["secure", "internal", "open"]) as con:
        for names in ([OTHER], [OTHER, PLANTED]):
            put_places(con, list(names))
            candidate, _ = stage_candidate(con, home, register, facility())
            write_review(home, review(con, home, register, facility(), candidate))
            approve(con, home, "facility", person="課長", note="一覧を更新")
    build_site(home, register)
    (home.public / "ngsi").mkdir(exist_ok=True)
    (home.public / "ngsi" / "facility.jsonld").write_text(PLANTED, "utf-8")
    return home


@pytest.fixture
def home(template, tmp_path):
    return Home(shutil.copytree(template.root, tmp_path / "home"))


@pytest.fixture
def con(home):
    with open_lake(home, write=["internal", "open"]) as opened:
        yield opened


@pytest.fixture(scope="module")
def untouched(template, tmp_path_factory):
    """A copy for what must change nothing."""
    home = Home(shutil.copytree(template.root, tmp_path_factory.mktemp("untouched") / "home"))
    with open_lake(home, write=["open"]) as opened:
        yield home, opened


@pytest.fixture(scope="module")
def withdrawn(template, tmp_path_factory):
    """A copy in which all was taken back: what was before, and how long it took."""
    home = Home(shutil.copytree(template.root, tmp_path_factory.mktemp("withdrawn") / "home"))
    listed = (version_folder(home, "facility", "v2") / "SHA256SUMS").read_bytes()
    before, frozen = _holding(home, PLANTED), versions(home, "facility")
    with open_lake(home, write=["open"]) as con:
        started = time.perf_counter()
        _withdraw(con, home)
        before_pages = _holding(home, PLANTED)
        build_site(home, make_register())
        seconds = time.perf_counter() - started
        has_rows = has_table(con, "open", "release", "facility")
    return SimpleNamespace(
        home=home,
        before=before,
        before_pages=before_pages,
        frozen=frozen,
        listed=listed,
        seconds=seconds,
        has_rows=has_rows,
    )


def _holding(home, text):
    """List the files outside of the city's own zones that hold a text, Parquet read as such."""
    own = {home.lake("internal"), home.lake("secure")}
    files = [p for p in home.root.rglob("*") if p.is_file() and not own & set(p.parents)]
    return [p.relative_to(home.root).as_posix() for p in files if _holds(p, text)]


def _holds(path, text):
    data = path.read_bytes()
    if data[:4] == b"PAR1":
        return text in pl.read_parquet(io.BytesIO(data)).write_csv()
    return text.encode() in data


def _withdraw(con, home, version=None):
    withdraw(con, home, "facility", person="部長", note="施設名に誤り", version=version)


def test_no_byte_of_the_data_is_left_in_any_file(withdrawn):
    places = {path.split("/")[0] for path in withdrawn.before}
    assert {"releases", "candidates", "public", "lake", "reports"} <= places
    kinds = {Path(path).suffix for path in withdrawn.before}
    assert {".csv", ".json", ".parquet", ".html", ".sqlite"} <= kinds
    assert any(path.startswith("public/en/") for path in withdrawn.before)
    assert withdrawn.before_pages == []
    assert withdrawn.seconds < 60
    assert (_holding(withdrawn.home, PLANTED), _holding(withdrawn.home, OTHER)) == ([], [])
    assert not withdrawn.has_rows
    assert newest_candidate(withdrawn.home, "facility") is None


def test_the_search_would_find_it_in_every_format(untouched, tmp_path):
    home, _ = untouched
    folder = version_folder(home, "facility", "v2")
    data = [p for p in folder.iterdir() if p.name.startswith("272999_public_facility.")]
    assert {p.suffix for p in data} >= {".csv", ".json", ".parquet"}
    assert [p.name for p in data if not _holds(p, PLANTED)] == []
    squeezed = tmp_path / "x.parquet"
    pl.DataFrame({"名称": [PLANTED] * 9}).write_parquet(squeezed, compression="zstd")
    assert _holds(squeezed, PLANTED)


def test_the_hashes_stay_provable(withdrawn):
    folder, listed = version_folder(withdrawn.home, "facility", "v2"), withdrawn.listed
    assert (folder / "SHA256SUMS").read_bytes() == listed
    signature = (folder / "SHA256SUMS.minisig").read_bytes()
    assert verify(public_key(withdrawn.home), listed, signature)
    stone = json.loads((folder / "tombstone.json").read_text("utf-8"))
    said = (stone["reason"], stone["withdrawn_by"], stone["version"])
    assert said == ("施設名に誤り", "部長", "v2")
    assert listed.decode() == "".join(f"{sha}  {name}\n" for name, sha in stone["digests"].items())


def test_the_catalogue_tells_why_when_whom_to_ask_and_what_it_was(withdrawn):
    (entry,) = read_public(withdrawn.home, make_register()).entries
    assert (entry.versions, entry.latest) == ((), None)
    stone = entry.withdrawn
    assert stone is not None
    assert (stone.reason, stone.contact) == ("施設名に誤り", "市民課")
    assert stone.withdrawn_at == decisions(withdrawn.home)[-1].decided_at
    assert dict(stone.digests) == {
        f"{version.name}/{file.name}": file.sha256
        for version in withdrawn.frozen
        for file in version.candidate.files
    }
    assert [name for name, _ in entry.withdrawn_versions] == ["v1", "v2"]


def test_one_version_goes_and_the_pointer_moves_to_the_newest_that_stays(con, home):
    _withdraw(con, home, "v2")
    assert _holding(home, PLANTED) == []
    assert _holding(home, OTHER) != []
    assert json.loads((home.releases / "facility" / "latest.json").read_text("utf-8")) == {
        "version": "v1"
    }
    assert con.sql("SELECT count(*) FROM open.release.facility").fetchall() == [(1,)]
    assert not is_withdrawn(home, "facility")
    assert is_withdrawn(home, "facility", "v2")
    assert sorted(p.name for p in (home.public / "datasets" / "facility").iterdir()) == ["v1"]
    (entry,) = read_public(home, make_register()).entries
    assert entry.withdrawn is None
    assert [v.name for v in entry.versions] == ["v1"]
    assert [name for name, _ in entry.withdrawn_versions] == ["v2"]


def test_an_older_version_goes_and_the_newest_stays(con, home):
    _withdraw(con, home, "v1")
    assert [v.name for v in versions(home, "facility")] == ["v2"]
    assert con.sql("SELECT count(*) FROM open.release.facility").fetchall() == [(2,)]
    assert {p.name for p in version_folder(home, "facility", "v1").iterdir()} == {
        "SHA256SUMS", "SHA256SUMS.minisig", "manifest.json", "tombstone.json",
    }  # fmt: skip
    _withdraw(con, home, "v2")
    assert is_withdrawn(home, "facility")
    assert _holding(home, OTHER) == []


def test_after_one_version_was_taken_back_the_next_gets_a_new_number(con, home):
    _withdraw(con, home, "v2")
    put_places(con, [OTHER, "博物館"])
    stage_candidate(con, home, make_register(), facility())
    made = approve(con, home, "facility", person="課長", note="誤りを直した")
    assert made.name == "v3"
    assert [v.name for v in versions(home, "facility")] == ["v1", "v3"]


@pytest.mark.parametrize("version", ["v3", "v0", "latest", ""])
def test_a_version_that_is_not_there_cannot_be_taken_back(untouched, version):
    home, con = untouched
    with pytest.raises(Refusal) as caught:
        _withdraw(con, home, version)
    assert caught.value.rule == "release.not_public"
    assert len(versions(home, "facility")) == 2


@pytest.mark.parametrize(("person", "note"), [("", "誤り"), ("部長", " ")])
def test_who_and_why_must_be_said(untouched, person, note):
    home, con = untouched
    with pytest.raises(Refusal) as caught:
        withdraw(con, home, "facility", person=person, note=note)
    assert caught.value.rule == "release.reason"
    assert len(decisions(home)) == 2


@pytest.mark.parametrize("again", ["withdraw", "approve"])
def test_what_broke_off_is_completed_by_whoever_comes_next(con, home, again, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(publishing, "bury", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            _withdraw(con, home)
    assert _holding(home, PLANTED) != []
    if again == "withdraw":
        _withdraw(con, home)
    else:
        with pytest.raises(Refusal) as caught:
            approve(con, home, "facility", person="課長", note="もう一度")
        assert caught.value.rule == "release.none"
    assert _holding(home, PLANTED) == []
    assert [d.action for d in decisions(home)] == ["approved", "approved", "withdrawn"]


READER = """
import sqlite3, sys
con = sqlite3.connect(sys.argv[1], isolation_level=None)
con.execute("BEGIN")
con.execute("SELECT count(*) FROM ducklake_table").fetchall()
print("reading", flush=True)
sys.stdin.readline()
con.execute("COMMIT")
print("idle", flush=True)
sys.stdin.readline()
"""


def test_a_reader_in_between_is_told_of_and_the_second_attempt_completes_it(con, home, monkeypatch):
    monkeypatch.setattr(tombstone, "_BUSY_SECONDS", 0.1)
    command = [sys.executable, "-c", READER, home.lake("open") / "catalog.sqlite"]
    with Popen(command, stdin=PIPE, stdout=PIPE, text=True) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        assert reader.stdout.readline() == "reading\n"
        with pytest.raises(Refusal) as caught:
            _withdraw(con, home)
        assert caught.value.rule == "release.catalog_busy"
        left = {Path(path).name for path in _holding(home, PLANTED)}
        assert left <= {"catalog.sqlite", "catalog.sqlite-wal"}
        reader.stdin.write("\n")
        reader.stdin.flush()
        assert reader.stdout.readline() == "idle\n"
        _withdraw(con, home)  # who only stays connected is in nobody's way
        assert _holding(home, PLANTED) == []
    assert len(decisions(home)) == 3


def test_a_full_disk_is_told_in_plain_words_and_the_public_version_stays(con, home, monkeypatch):
    put_places(con, ["別の館"])
    stage_candidate(con, home, make_register(), facility())
    with monkeypatch.context() as full:
        full.setattr(publishing, "point_to", _no_space)
        with pytest.raises(Refusal) as caught:
            approve(con, home, "facility", person="課長", note="更新")
    assert caught.value.rule == "release.disk_full"
    assert "v2" in (home.releases / "facility" / "latest.json").read_text("utf-8")
    publish(con, home, "facility")
    assert "v3" in (home.releases / "facility" / "latest.json").read_text("utf-8")


def _no_space(*_):
    raise OSError(28, "No space left on device")
