"""The public folder as a whole: what is in it, what never is, and what a second or broken build does."""

import hashlib
import json
import re

import pytest

from tests.unit.warehouse.site.public_city import (
    APPROVER,
    SECRETS,
    freeze,
    make_public_city,
    make_register,
    people,
    places,
    take_back,
)
from warehouse.home import Home
from warehouse.refusal import Refusal
from warehouse.site import tree
from warehouse.site.tree import build_site


def snapshot(home):
    """Path to modification time and content of everything public."""
    files = sorted(p for p in home.public.rglob("*") if p.is_file())
    return {
        p.relative_to(home.public).as_posix(): (p.stat().st_mtime_ns, p.read_bytes()) for p in files
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    home, register = make_public_city(tmp_path_factory.mktemp("city"))
    return home, register, build_site(home, register)


@pytest.fixture
def plain(monkeypatch):
    """Leave out the catalogue files, which take most of the time and are tested elsewhere."""
    monkeypatch.setattr(tree, "render_catalogue", lambda *_: {})
    monkeypatch.setattr(tree, "render_ngsi", lambda *_: {})


def test_all_of_the_site_is_there_and_the_index_comes_last(built):
    home, _, written = built
    assert {p.relative_to(home.public).as_posix() for p in written} == set(snapshot(home))
    assert [p.relative_to(home.public).as_posix() for p in written[-2:]] == [
        "en/index.html",
        "index.html",
    ]


def test_a_second_build_touches_nothing(built):
    home, register, _ = built
    before = snapshot(home)
    build_site(home, register)
    assert snapshot(home) == before


def test_nobody_reads_what_is_in_house(built):
    home, _, _ = built
    for path, (_, content) in snapshot(home).items():
        for secret in SECRETS:
            assert secret.encode() not in content, (path, secret)
            assert secret not in path


def test_data_are_the_approved_bytes_under_version_and_under_latest(built):
    home, _, _ = built
    for release, newest in (("public_facility", 1), ("population", 3)):
        for number in range(1, newest + 1):
            manifest = json.loads(
                (home.releases / release / f"v{number}/manifest.json").read_text("utf-8")
            )
            for file in manifest["candidate"]["files"]:
                placed = home.public / "datasets" / release / f"v{number}" / file["name"]
                assert hashlib.sha256(placed.read_bytes()).hexdigest() == file["sha256"]
                if number == newest:
                    stable = placed.parent.parent / "latest" / file["name"]
                    assert stable.read_bytes() == placed.read_bytes()


@pytest.mark.usefixtures("plain")
def test_a_file_of_somebody_else_stays_and_our_old_ones_go(tmp_path):
    home, register = make_public_city(tmp_path)
    build_site(home, register)
    theirs = home.public / "robots.txt"
    theirs.write_text("User-agent: *\n")
    (home.public / "assets/.site.js.x.tmp").write_text("left by a killed build")
    del register.releases["public_facility"]
    build_site(home, register)
    assert theirs.is_file()
    assert not (home.public / "datasets/public_facility").exists()
    assert not (home.public / "en/datasets/public_facility").exists()
    assert not list(home.public.rglob(".*"))


@pytest.mark.usefixtures("plain")
def test_a_new_version_moves_latest_and_keeps_the_old_one(tmp_path):
    home, register = Home(tmp_path), make_register()
    freeze(home, "public_facility", 1, places(5), period="2026", note="初")
    build_site(home, register)
    first = (home.public / "datasets/public_facility/v1/272035_public_facility.csv").read_bytes()
    freeze(home, "public_facility", 2, places(6), period="2026", note="1か所増")
    build_site(home, register)
    folder = home.public / "datasets/public_facility"
    assert (folder / "v1/272035_public_facility.csv").read_bytes() == first
    assert (folder / "latest/272035_public_facility.csv").read_bytes() != first
    assert "第6公民館" in (folder / "index.html").read_text("utf-8")


def test_a_withdrawal_leaves_a_stone_at_the_same_address_and_no_byte_of_data(tmp_path):
    home, register = make_public_city(tmp_path)
    build_site(home, register)
    take_back(home, "public_facility")
    (home.releases / "public_files.json").unlink()  # even when nobody remembers what we wrote
    build_site(home, register)
    folder = home.public / "datasets/public_facility"
    assert [p.name for p in folder.iterdir()] == ["index.html"]
    page = (folder / "index.html").read_text("utf-8")
    manifest = json.loads((home.releases / "public_facility/v1/manifest.json").read_text("utf-8"))
    assert "一部の場所に誤りがあったため" in page
    assert all(file["sha256"] in page for file in manifest["candidate"]["files"])
    for path, (_, content) in snapshot(home).items():
        assert "第7公民館".encode() not in content, path
        assert b"public_facility/v1" not in content.replace(b"public_facility.", b""), path


@pytest.mark.usefixtures("plain")
def test_frozen_bytes_that_changed_are_not_served(tmp_path):
    home, register = make_public_city(tmp_path)
    (home.releases / "population/v3/272035_population.csv").write_bytes(b"changed")
    with pytest.raises(Refusal, match=r"承認されたものと違い") as refused:
        build_site(home, register)
    assert refused.value.rule == "site.changed"
    assert not (home.public / "index.html").exists()


@pytest.mark.usefixtures("plain")
def test_a_name_in_a_change_note_stops_the_build(tmp_path):
    home, register = make_public_city(tmp_path)
    build_site(home, register)
    before = (home.public / "index.html").read_bytes()
    freeze(home, "population", 4, people(7), period="2026-07", note=f"{APPROVER}の指示で訂正")
    with pytest.raises(Refusal) as refused:
        build_site(home, register)
    assert refused.value.rule == "site.in_house"
    assert APPROVER not in str(refused.value)
    assert (home.public / "index.html").read_bytes() == before


@pytest.mark.usefixtures("plain")
def test_a_word_the_city_publishes_itself_is_no_secret(tmp_path):
    home, register = Home(tmp_path), make_register(contact=f"デジタル課 {APPROVER}")
    freeze(home, "public_facility", 1, places(5), period="2026", note="初")
    assert build_site(home, register)


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("survivors", [0, 17])
def test_a_build_that_was_cut_off_is_mended_by_the_next(tmp_path, monkeypatch, survivors):
    home, register = make_public_city(tmp_path)
    write = tree.write_files

    def cut(public, files):
        write(public, dict(list(files.items())[:survivors]))
        raise KeyboardInterrupt

    monkeypatch.setattr(tree, "write_files", cut)
    with pytest.raises(KeyboardInterrupt):
        build_site(home, register)
    monkeypatch.undo()
    take_back(home, "population")
    build_site(home, register)
    whole = snapshot(home)
    assert not [path for path in whole if re.match(r"datasets/population/(v\d|latest)", path)]
    assert {p for p in whole if "population" in p} <= {
        "datasets/population/index.html", "en/datasets/population/index.html",
    }  # fmt: skip


def test_a_city_without_anything_public_has_a_site(home):
    build_site(home, make_register())
    assert "まだありません" in (home.public / "index.html").read_text("utf-8")
