"""A digest is remembered only while the bytes cannot have changed."""

import hashlib
import os
import time

import pytest

from pipelines import known_bytes
from pipelines.known_bytes import UNREADABLE, KnownBytes
from warehouse.home import Home


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A file that was written long ago, as far as this module can tell."""
    monkeypatch.setattr(known_bytes, "SETTLED_SECONDS", -1.0)
    path = tmp_path / "a.csv"
    path.write_bytes(b"one")
    return path


@pytest.fixture
def hashed(monkeypatch):
    """The files that were read from beginning to end."""
    paths = []

    def read(path):
        paths.append(path.name)
        return hashlib.sha256(path.read_bytes()).hexdigest()

    monkeypatch.setattr(known_bytes, "hash_file", read)
    return paths


def _ask(home, path):
    known = KnownBytes(home)
    digest = known.digest(path)
    known.keep()
    return digest


def test_what_has_not_changed_is_read_once(home, file, hashed):
    assert _ask(home, file) == _ask(home, file) == hashlib.sha256(b"one").hexdigest()
    assert hashed == ["a.csv"]
    assert KnownBytes(home).remembered(file) == hashlib.sha256(b"one").hexdigest()


def test_other_bytes_of_the_same_size_under_the_old_time_are_noticed(home, file, hashed):
    before = file.stat()
    _ask(home, file)
    time.sleep(0.02)
    file.write_bytes(b"two")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert KnownBytes(home).remembered(file) is None
    assert _ask(home, file) == hashlib.sha256(b"two").hexdigest()
    assert len(hashed) == 2


def test_another_file_in_its_place_is_noticed(home, file, tmp_path):
    _ask(home, file)
    other = tmp_path / "b.csv"
    other.write_bytes(b"two")
    other.replace(file)
    assert _ask(home, file) == hashlib.sha256(b"two").hexdigest()


def test_a_file_of_this_moment_is_not_remembered(home, file, hashed, monkeypatch):
    monkeypatch.setattr(known_bytes, "SETTLED_SECONDS", 3.0)
    _ask(home, file)
    _ask(home, file)
    assert len(hashed) == 2


def test_where_no_time_of_change_is_kept_every_file_is_read(home, file, hashed, monkeypatch):
    _ask(home, file)
    monkeypatch.setattr(known_bytes.os, "name", "nt")
    _ask(home, file)
    assert len(hashed) == 2


def test_what_has_gone_is_forgotten_and_a_broken_memory_is_none(home, file):
    _ask(home, file)
    kept = home.reports / "runs" / "inbox_digests.json"
    file.unlink()
    assert _ask(home, file) == UNREADABLE
    assert kept.read_text() == "{}"
    kept.write_text("{")
    assert KnownBytes(home).remembered(file) is None
