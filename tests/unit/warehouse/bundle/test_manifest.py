"""What a bundle may say: paths below the public folder, lists that agree, sizes within bounds."""

import json

import pytest

from warehouse.bundle.manifest import LARGEST_FILE, Manifest, check_path, read_manifest
from warehouse.refusal import Refusal

A, B = "a" * 64, "b" * 64


def manifest(**changes):
    return {
        "format": "machikane-bundle-1", "city": "272999 はるみ市", "sequence": 1, "kind": "full",
        "previous": None, "created_at": "2026-12-01T00:00:00+00:00",
        "files": [{"path": "a.csv", "size": 1, "sha256": A}, {"path": "b/c.csv", "size": 2, "sha256": B}],
        "carried": [A, B], "removed": [], **changes,
    }  # fmt: skip


def files(*paths, size=1):
    return [{"path": path, "size": size, "sha256": A} for path in sorted(paths)]


def read(**changes):
    return read_manifest(json.dumps(manifest(**changes)).encode(), "x.tar")


def test_a_right_one_is_read_and_written_back():
    made = read()
    assert isinstance(made, Manifest)
    assert read_manifest(made.to_bytes(), "x.tar") == made


@pytest.mark.parametrize(
    "path",
    [
        "", "/a", "a/", "a//b", "../a", "a/../b", "./a", ".hidden", "a/.part", "a\\b", "C:a", "a:b",
        "a\0b", "a\nb", "nul", "CON.txt", "a/com1.csv", "a.", "a ", "a?b", "か\u3099.csv", "x" * 121,
        "/".join(["x" * 100] * 5), "a\u200bb", "a\u202eb",
    ],
)  # fmt: skip
def test_paths_that_could_be_something_else_are_refused(path):
    with pytest.raises(ValueError, match="公開フォルダー"):
        check_path(path)


@pytest.mark.parametrize(
    "path", ["index.html", "datasets/a/v1/一覧.csv", "ngsi/a b.json", "が.csv"]
)
def test_ordinary_paths_are_taken(path):
    check_path(path)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "machikane-bundle-2"},
        {"sequence": 0},
        {"sequence": "1"},
        {"kind": "partly"},
        {"previous": "x"},
        {"surprise": 1},
        {"files": files("../a"), "carried": [A]},
        {"files": files("a.csv", "A.csv"), "carried": [A]},
        {"files": files("a", "a/b"), "carried": [A]},
        {"files": files("a.csv") * 2, "carried": [A]},
        {"files": files("a.csv", size=-1), "carried": [A]},
        {"files": files("a.csv", size=LARGEST_FILE + 1), "carried": [A]},
        {"carried": [B, A]},
        {"carried": [A]},
        {"carried": [A, B, "c" * 64]},
        {"removed": ["a.csv"]},
        {"removed": ["../../etc/passwd"]},
        {"files": [*files("a.csv"), {"path": "b.csv", "size": 2, "sha256": A}], "carried": [A]},
    ],
)
def test_what_does_not_hold_together_is_refused(changes):
    with pytest.raises(Refusal) as caught:
        read(**changes)
    assert caught.value.rule == "bundle.malformed"
    assert "passwd" not in str(caught.value)


def test_the_whole_has_a_bound():
    many = [{"path": f"{n:02}", "size": LARGEST_FILE, "sha256": f"{n:064x}"} for n in range(9)]
    with pytest.raises(Refusal, match="上限"):
        read(files=many, carried=[f["sha256"] for f in many])


def test_what_is_no_json_is_refused():
    with pytest.raises(Refusal) as caught:
        read_manifest(b"{", "x.tar")
    assert caught.value.rule == "bundle.malformed"
