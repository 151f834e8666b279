"""A file is taken when it is whole: quiet for a while, or marked by its sender."""

import os
import threading
import time

import pytest

from tests.unit.warehouse.small_city import make_dataset
from warehouse import unfinished
from warehouse.inbox import find_strays, scan_inbox
from warehouse.unfinished import CHANGING, UNMARKED, marker_of, part_waiting

DATASETS = {"people": make_dataset()}
NAME = "利用者_202604.csv"


def _put(folder, name=NAME, *, age=3600.0, content=b"x"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    moment = time.time() - age
    os.utime(path, (moment, moment))
    return path


def _part(inbox, settle=0.2):
    ready, left = part_waiting(scan_inbox(inbox, DATASETS), settle=settle)
    return [a.path.name for a in ready], {w.path.name: w.reason for w in left}


def test_old_files_are_ready_without_a_moment_lost(tmp_path, monkeypatch):
    monkeypatch.setattr(unfinished, "hash_file", pytest.fail)
    monkeypatch.setattr(unfinished.time, "sleep", pytest.fail)
    _put(tmp_path)
    _put(tmp_path, "年.csv", age=-3600)
    assert _part(tmp_path, settle=2.0) == ([NAME, "年.csv"], {})


def test_a_new_file_that_stays_quiet_is_ready(tmp_path):
    _put(tmp_path, age=0)
    assert _part(tmp_path) == ([NAME], {})


def test_a_file_that_grows_waits_and_is_ready_when_it_is_whole(tmp_path):
    path, stop = _put(tmp_path, age=0), threading.Event()

    def write():
        with path.open("ab", buffering=0) as file:
            while not stop.wait(0.01):
                file.write(b"x")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        _put(tmp_path, "利用者_202605.csv")
        assert _part(tmp_path) == (["利用者_202605.csv"], {NAME: CHANGING})
    finally:
        stop.set()
        writer.join()
    assert _part(tmp_path)[1] == {}


def test_bytes_that_change_behind_the_same_size_and_time_are_seen(tmp_path, monkeypatch):
    path = _put(tmp_path, age=0, content=b"aaaa")
    stat = path.stat()

    def rewrite(_):
        path.write_bytes(b"bbbb")
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))

    monkeypatch.setattr(unfinished.time, "sleep", rewrite)
    assert _part(tmp_path) == ([], {NAME: CHANGING})


def test_a_file_that_goes_while_it_is_watched_is_no_crash(tmp_path, monkeypatch):
    path = _put(tmp_path, age=0)
    monkeypatch.setattr(unfinished.time, "sleep", lambda _: path.unlink())
    assert _part(tmp_path) == ([], {NAME: CHANGING})


def test_where_markers_are_used_every_file_waits_for_its_own(tmp_path):
    first, second = _put(tmp_path, age=7200), _put(tmp_path, "利用者_202605.csv", age=7200)
    _put(tmp_path / "別の課", "利用者_202606.csv", age=7200)
    _put(tmp_path, marker_of(first).name)
    assert _part(tmp_path) == ([NAME, "利用者_202606.csv"], {second.name: UNMARKED})
    _put(tmp_path, marker_of(second).name)
    assert _part(tmp_path)[1] == {}


def test_a_marker_older_than_its_file_says_nothing(tmp_path):
    _put(tmp_path, age=10)
    _put(tmp_path, marker_of(tmp_path / NAME).name, age=100)
    assert _part(tmp_path) == ([], {NAME: UNMARKED})


def test_a_marked_file_need_not_be_watched(tmp_path, monkeypatch):
    monkeypatch.setattr(unfinished.time, "sleep", pytest.fail)
    path = _put(tmp_path, age=0.5)
    _put(tmp_path, marker_of(path).name, age=0)
    assert _part(tmp_path, settle=2.0) == ([NAME], {})


def test_links_that_lead_out_are_named_and_not_followed(tmp_path):
    inbox, outside = tmp_path / "inbox", tmp_path / "outside"
    _put(outside, "利用者_202605.csv")
    _put(inbox)
    try:
        (inbox / "利用者_202605.csv").symlink_to(outside / "利用者_202605.csv")
        (inbox / "課").symlink_to(outside, target_is_directory=True)
        (inbox / "利用者_202606.csv").symlink_to(inbox / NAME)
    except OSError:
        pytest.skip("links cannot be made here")
    assert {a.path.name for a in scan_inbox(inbox, DATASETS)} == {NAME, "利用者_202606.csv"}
    strays = {s.path.name: s.refusal.rule for s in find_strays(inbox)}
    assert strays == {"利用者_202605.csv": "inbox.link", "課": "inbox.link"}
    assert all(str(outside) not in str(s.refusal) for s in find_strays(inbox))


@pytest.mark.skipif(os.name != "posix", reason="pipes as POSIX has them")
def test_a_pipe_in_the_inbox_is_named_and_not_opened(tmp_path):
    os.mkfifo(tmp_path / NAME)
    assert scan_inbox(tmp_path, DATASETS) == []
    assert [s.refusal.rule for s in find_strays(tmp_path)] == ["inbox.special"]


def test_a_file_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    path = _put(tmp_path)
    monkeypatch.setattr("warehouse.inbox.os.access", lambda p, _: p != path)
    assert scan_inbox(tmp_path, DATASETS) == []
    assert [(s.path, s.refusal.rule) for s in find_strays(tmp_path)] == [(path, "inbox.unreadable")]
