"""Packing: everything the first time, then what changed; the same bytes when nothing did."""

import tarfile
from pathlib import Path

import pytest

from tests.unit.warehouse.bundle.carrying import FIRST, SECOND
from warehouse.bundle.export import LAST, list_public
from warehouse.refusal import Refusal


def rule(action):
    with pytest.raises(Refusal) as caught:
        action()
    return caught.value.rule


def test_the_first_bundle_holds_everything_and_equal_contents_once(sides):
    sides.publish(FIRST)
    out = sides.export()
    manifest = sides.last.manifest
    assert (manifest.sequence, manifest.kind, manifest.previous) == (1, "full", None)
    assert [file.path for file in manifest.files] == sorted(FIRST)
    assert len(manifest.carried) == len({*FIRST.values()}) == 5
    with tarfile.open(out) as archive:
        assert archive.getnames() == [
            "bundle.json", "bundle.json.minisig", *(f"data/{s}" for s in manifest.carried)
        ]  # fmt: skip
        assert {(m.mtime, m.mode, m.uid, m.type) for m in archive} == {(0, 0o644, 0, b"0")}


def test_the_next_holds_what_changed_and_names_what_is_gone(sides):
    sides.publish(FIRST)
    sides.export()
    sides.publish(SECOND)
    sides.export()
    manifest = sides.last.manifest
    assert (manifest.sequence, manifest.kind) == (2, "changes")
    assert len(manifest.carried) == len({*SECOND.values()} - {*FIRST.values()}) == 4
    assert manifest.removed == ["datasets/toilet/v1/t.csv"]


def test_nothing_new_makes_the_same_bytes_again(sides):
    sides.publish(FIRST)
    first = sides.export()
    second = sides.export()
    assert sides.last.is_repeated
    assert first.read_bytes() == second.read_bytes()
    sides.publish(SECOND)
    assert sides.export().read_bytes() == sides.export().read_bytes()


def test_all_of_it_on_demand(sides):
    sides.publish(FIRST)
    sides.export()
    sides.publish(SECOND)
    sides.export()
    sides.export(full=True)
    manifest = sides.last.manifest
    assert (manifest.sequence, manifest.kind) == (3, "full")
    assert len(manifest.carried) == len({*SECOND.values()})


def test_a_crash_before_the_name_makes_the_same_bundle_again(sides):
    sides.publish(FIRST)
    lost = sides.export()
    content = lost.read_bytes()
    lost.unlink()
    assert sides.export().read_bytes() == content


def test_hidden_files_are_writers_and_stay(sides):
    sides.publish({**FIRST, ".a.part": b"torn", "datasets/.b.tmp": b"torn"})
    sides.export()
    assert [file.path for file in sides.last.manifest.files] == sorted(FIRST)


def test_what_cannot_be_carried_is_refused_and_nothing_is_recorded(sides, tmp_path):
    assert rule(sides.export) == "bundle.nothing"
    sides.publish({**FIRST, "a\\b.csv": b"x"})
    assert rule(sides.export) == "bundle.name"
    sides.publish(FIRST)
    (sides.home.public / "out").symlink_to(tmp_path)
    assert rule(sides.export) == "bundle.link"
    assert not (sides.home.bundles / LAST).exists()
    assert not sides.medium.exists()


def test_an_existing_file_is_not_overwritten(sides):
    sides.publish(FIRST)
    sides.export()
    sides.count -= 1
    assert rule(sides.export) == "bundle.exists"


@pytest.mark.parametrize("change", [lambda p: p.write_bytes(b"<a> <b> <e> .\n"), Path.unlink])
def test_a_file_that_changes_under_way_stops_it(sides, monkeypatch, change):
    sides.publish(FIRST)

    def list_then_change(public):
        found = list_public(public)
        change(public / "catalog.ttl")
        return found

    monkeypatch.setattr("warehouse.bundle.export.list_public", list_then_change)
    assert rule(sides.export) == "bundle.changed"
    assert list(sides.medium.iterdir()) == []
    assert not (sides.home.bundles / LAST).exists()
