"""Applying: the served folder becomes what was public, in order, and what was withdrawn is gone."""

import errno
import json
import threading

import pytest

from tests.unit.warehouse.bundle.carrying import FIRST, SECOND, Sides, contents
from warehouse.bundle.apply import apply_bundle, read_bundle
from warehouse.bundle.state import State
from warehouse.refusal import Refusal


def rule(action):
    with pytest.raises(Refusal) as caught:
        action()
    return caught.value.rule


def two_bundles(sides):
    sides.publish(FIRST)
    first = sides.export()
    sides.publish(SECOND)
    return first, sides.export()


def test_one_after_the_other_gives_what_is_public(sides):
    first, second = two_bundles(sides)
    assert sides.apply(first).written == len(FIRST)
    assert contents(sides.served) == FIRST
    done = sides.apply(second)
    assert (done.written, done.removed) == (5, 1)
    assert contents(sides.served) == SECOND
    assert not (sides.served / "datasets/toilet").exists()


def test_twice_changes_nothing(sides):
    first, second = two_bundles(sides)
    sides.apply(first)
    sides.apply(second)
    before = {p: p.stat().st_mtime_ns for p in sides.served.rglob("*")}
    done = sides.apply(second)
    assert (done.written, done.removed, done.completed) == (0, 0, None)
    assert {p: p.stat().st_mtime_ns for p in sides.served.rglob("*")} == before
    record = (State.of(sides.served).folder / "record.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["sequence"] for line in record] == [1, 2]


def test_an_old_bundle_brings_nothing_back(sides):
    first, second = two_bundles(sides)
    sides.apply(first)
    sides.apply(second)
    assert rule(lambda: sides.apply(first)) == "bundle.replay"
    assert contents(sides.served) == SECOND


def test_a_gap_is_refused_and_a_full_bundle_heals_it(sides):
    first, _ = two_bundles(sides)
    sides.apply(first)
    sides.publish({**SECOND, "new.txt": b"n"})
    third = sides.export()
    assert rule(lambda: sides.apply(third)) == "bundle.gap"
    assert contents(sides.served) == FIRST
    sides.apply(sides.export(full=True))
    assert contents(sides.served) == {**SECOND, "new.txt": b"n"}


def test_changes_alone_cannot_begin(sides):
    _, second = two_bundles(sides)
    assert rule(lambda: sides.apply(second)) == "bundle.gap"
    assert not sides.served.exists()


def test_a_second_history_is_refused(sides, tmp_path):
    first, second = two_bundles(sides)
    other = Sides(tmp_path / "other")
    other.home.keys.parent.mkdir(parents=True)
    other.home.keys.symlink_to(sides.home.keys)
    other.publish({"index.html": b"other"})
    forked = other.export()
    other.publish({"index.html": b"other 2"})
    forked_second = other.export()
    sides.apply(first)
    assert rule(lambda: sides.apply(forked)) == "bundle.fork"
    assert rule(lambda: sides.apply(forked_second)) == "bundle.fork"
    sides.apply(second)
    assert contents(sides.served) == SECOND


def test_another_key_is_refused_before_anything_is_written(sides, tmp_path):
    first, _ = two_bundles(sides)
    other = Sides(tmp_path / "other")
    assert rule(lambda: apply_bundle(first, sides.served, other.key)) == "bundle.signature"
    assert rule(lambda: apply_bundle(first, sides.served, "")) == "bundle.signature"
    assert not sides.served.exists()


def test_a_withdrawn_file_goes_even_when_the_memory_is_lost(sides):
    first, _ = two_bundles(sides)
    sides.apply(first)
    state = State.of(sides.served).folder
    for path in state.iterdir():
        path.unlink()
    (sides.served / "robots.txt").write_bytes(b"theirs")
    sides.apply(sides.export(full=True))
    assert contents(sides.served) == {**SECOND, "robots.txt": b"theirs"}


def test_a_damaged_file_is_mended_by_a_full_bundle_and_stops_changes(sides):
    first, second = two_bundles(sides)
    sides.apply(first)
    for name in ("datasets/aed/v1/a.csv", "datasets/aed/latest/a.csv"):
        (sides.served / name).write_bytes(b"ID\r\n999\r\n")
    assert rule(lambda: sides.apply(second)) == "bundle.base"
    sides.apply(sides.export(full=True))
    assert contents(sides.served) == SECOND


def test_a_content_that_moved_is_taken_from_where_it_was(sides):
    sides.publish({"index.html": b"1", "datasets/a/v1/x.csv": b"rows"})
    sides.apply(sides.export())
    sides.publish({"index.html": b"1", "datasets/b/v1/x.csv": b"rows"})
    bundle = sides.export()
    assert sides.last.manifest.carried == []
    sides.apply(bundle)
    assert contents(sides.served) == {"index.html": b"1", "datasets/b/v1/x.csv": b"rows"}


def test_links_in_the_served_folder_are_not_followed(sides, tmp_path):
    first, _ = two_bundles(sides)
    outside = tmp_path / "outside"
    outside.mkdir()
    sides.served.mkdir()
    (sides.served / "datasets").symlink_to(outside)
    assert rule(lambda: sides.apply(first)) == "bundle.link"
    assert list(outside.iterdir()) == []
    (sides.served / "datasets").unlink()
    (outside / "kept.txt").write_bytes(b"kept")
    (sides.served / "index.html").symlink_to(outside / "kept.txt")
    sides.apply(first)
    assert (outside / "kept.txt").read_bytes() == b"kept"
    assert contents(sides.served) == FIRST


def test_what_is_needed_must_fit_on_the_disk(sides, monkeypatch):
    first, _ = two_bundles(sides)
    usage = type("Usage", (), {"free": 100})()
    monkeypatch.setattr("warehouse.bundle.apply.shutil.disk_usage", lambda _: usage)
    assert rule(lambda: sides.apply(first)) == "bundle.room"


def test_what_the_disk_refuses_is_said_and_ended_by_the_next_call(sides, monkeypatch):
    first, second = two_bundles(sides)
    sides.apply(first)

    def full(*_):
        raise OSError(errno.ENOSPC, "no space", "catalog.ttl")

    with monkeypatch.context() as patched:
        patched.setattr("warehouse.bundle.place.shutil.copyfile", full)
        assert rule(lambda: sides.apply(second)) == "bundle.disk"
    assert contents(sides.served) == FIRST
    assert sides.apply(second).completed == 2
    assert contents(sides.served) == SECOND


def test_a_file_in_place_of_the_folder_is_said(sides):
    first, _ = two_bundles(sides)
    sides.served.write_bytes(b"")
    assert rule(lambda: sides.apply(first)) == "bundle.disk"


def test_two_at_once_do_not_mix(sides):
    first, _ = two_bundles(sides)
    with State.of(sides.served).lock():
        assert rule(lambda: sides.apply(first)) == "bundle.busy"
    sides.apply(first)


def test_reading_needs_no_key_and_says_what_is_signed(sides):
    first, _ = two_bundles(sides)
    manifest, _ = read_bundle(first, None)
    assert [file.path for file in manifest.files] == sorted(FIRST)
    assert read_bundle(first, sides.key)[0] == manifest
    assert rule(lambda: read_bundle(first, "x")) == "bundle.signature"


def test_the_files_are_readable_for_the_server(sides):
    first, _ = two_bundles(sides)
    sides.apply(first)
    assert {p.stat().st_mode & 0o777 for p in sides.served.rglob("*") if p.is_file()} == {0o644}


def test_readers_see_whole_files_while_bundles_are_applied(sides):
    versions = [
        {"index.html": bytes([n]) * 300_000, "datasets/a.csv": bytes([n]) * 300_000}
        for n in (65, 66)
    ]
    bundles = []
    for n in range(6):
        sides.publish(versions[n % 2])
        bundles.append(sides.export())
    sides.apply(bundles[0])
    seen, stop = set(), threading.Event()

    def read():
        while not stop.is_set():
            seen.update((name, (sides.served / name).read_bytes()) for name in versions[0])

    reader = threading.Thread(target=read)
    reader.start()
    for bundle in bundles[1:]:
        sides.apply(bundle)
    stop.set()
    reader.join()
    assert seen == {pair for version in versions for pair in version.items()}
