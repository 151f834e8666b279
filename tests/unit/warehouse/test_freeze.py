"""A frozen version: whole or not there, listed for `sha256sum -c`, signed, read-only."""

import hashlib
import json
import os
import shutil
import subprocess

import pytest

from warehouse.release.candidate import FileOf
from warehouse.release.freeze import clear_unfinished, freeze, place_public_key, point_to
from warehouse.signing import public_key, verify

CONTENTS = {"a.csv": b"ID\n001\n", "a.json": b"[]\n"}
MANIFEST = {"release": "facility", "version": "v1", "approved_at": "2026-04-01T00:00:00+00:00"}


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "candidate"
    folder.mkdir()
    for name, content in CONTENTS.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def final(home):
    return home.releases / "facility" / "v1"


def _files():
    return [FileOf(n, len(c), hashlib.sha256(c).hexdigest()) for n, c in CONTENTS.items()]


def test_the_list_is_checked_by_sha256sum_and_by_the_signature(home, source, final):
    assert freeze(home, source, final, _files(), MANIFEST) is None
    sums = (final / "SHA256SUMS").read_bytes()
    if shutil.which("sha256sum"):
        done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=final, check=False)  # noqa: S607
        assert done.returncode == 0
    signature = (final / "SHA256SUMS.minisig").read_bytes()
    assert verify(public_key(home), sums, signature)
    assert b"release:facility version:v1 date:2026-04-01T00:00:00+00:00" in signature
    assert json.loads((final / "manifest.json").read_text("utf-8")) == MANIFEST
    assert [p.name for p in final.parent.iterdir()] == ["v1"]


@pytest.mark.skipif(shutil.which("minisign") is None, reason="minisign is not installed")
def test_minisign_checks_it_with_the_published_key_and_sees_tampering(home, source, final):
    freeze(home, source, final, _files(), MANIFEST)
    place_public_key(home)
    command = ["minisign", "-V", "-p", home.public / "machikane.pub", "-m", final / "SHA256SUMS"]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    (final / "SHA256SUMS").chmod(0o644)
    (final / "SHA256SUMS").write_bytes(b"0" * 64 + b"  a.csv\n")
    assert subprocess.run(command, check=False, capture_output=True).returncode != 0


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_nobody_writes_a_frozen_file_again(home, source, final):
    freeze(home, source, final, _files(), MANIFEST)
    assert {p.stat().st_mode & 0o777 for p in final.iterdir()} == {0o444}


def test_freezing_again_touches_nothing(home, source, final):
    freeze(home, source, final, _files(), MANIFEST)
    before = {p.name: p.stat().st_mtime_ns for p in final.iterdir()}
    (source / "a.csv").write_bytes(b"x")
    assert freeze(home, source, final, _files(), {**MANIFEST, "version": "v9"}) is None
    assert {p.name: p.stat().st_mtime_ns for p in final.iterdir()} == before


@pytest.mark.parametrize("spoil", [lambda p: p.write_bytes(b"x"), lambda p: p.unlink()])
def test_a_file_that_is_not_the_judged_one_freezes_nothing(home, source, final, spoil):
    spoil(source / "a.json")
    assert freeze(home, source, final, _files(), MANIFEST) == "a.json"
    assert not final.exists()


def test_a_version_frozen_before_there_were_signatures_is_sealed(home, source, final):
    freeze(home, source, final, _files(), MANIFEST)
    for name in ("SHA256SUMS", "SHA256SUMS.minisig"):
        (final / name).unlink()
    assert freeze(home, source, final, _files(), MANIFEST) is None
    assert verify(
        public_key(home),
        (final / "SHA256SUMS").read_bytes(),
        (final / "SHA256SUMS.minisig").read_bytes(),
    )


def test_the_pointer_is_written_only_when_it_changes(home):
    folder = home.releases / "facility"
    point_to(folder, None)
    assert not folder.exists()
    point_to(folder, "v1")
    first = (folder / "latest.json").stat().st_ino
    point_to(folder, "v1")
    assert (folder / "latest.json").stat().st_ino == first
    point_to(folder, None)
    assert json.loads((folder / "latest.json").read_text("utf-8")) == {"version": None}


def test_what_a_killed_writer_left_is_cleared_away(tmp_path):
    (tmp_path / ".v1.tmp").mkdir()
    (tmp_path / ".v1.tmp" / "half.csv").touch(mode=0o444)
    (tmp_path / ".latest.json.abc.tmp").touch()
    (tmp_path / "v1").mkdir()
    clear_unfinished(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["v1"]
