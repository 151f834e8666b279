"""`verify` on damage: every flipped bit, every lost, strange or withdrawn file."""

import os
import shutil
from collections import Counter

import pytest

from tests.unit.warehouse.upkeep.kept_files import fill, flips_found, kept, rows
from warehouse.home import Home
from warehouse.lake import open_lake, replace_rows, transaction
from warehouse.release.ledger import decide
from warehouse.upkeep.manifest import BrokenChainError, list_path, present, read_lines
from warehouse.upkeep.noting import files_of
from warehouse.upkeep.verify import verify


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return fill(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def home(whole, tmp_path):
    return Home(shutil.copytree(whole.root, tmp_path / "home"))


def test_what_is_whole_has_no_fault(whole):
    found = verify(whole)
    assert found.faults == []
    assert found.files == sum(len(files_of(whole, a)) for a in found.chains)
    assert found.bytes > 0
    assert any("-delete.parquet" in path.name for path in kept(whole))


@pytest.mark.parametrize("seed", [1])
def test_every_flipped_bit_is_found(whole, seed):
    missed, kinds = [], Counter()
    for path, faults in flips_found(whole, 150, seed):
        kinds[path.suffix or "landed"] += 1
        if not any(path.name.split(".")[0] in where for where in faults):
            missed.append(path.name)
    assert missed == []
    assert set(kinds) == {".parquet", "landed", ".csv", ".json", ".jsonl"}
    assert verify(whole).faults == []


@pytest.mark.slow
def test_every_one_of_a_thousand_flipped_bits_is_found(whole):
    assert [path for path, faults in flips_found(whole, 1000, 2) if not faults] == []


@pytest.mark.parametrize("area", ["secure", "landing", "releases"])
def test_a_lost_file_is_found(home, area):
    lost = files_of(home, area)[0]
    lost.unlink()
    (fault,) = verify(home).faults
    assert fault.kind == "missing"
    assert lost.name in fault.where


def test_a_strange_file_is_found_when_nobody_can_still_be_writing_it(home):
    strange = home.lake("internal") / "data" / "common" / "places" / "strange.parquet"
    strange.write_bytes(b"x")
    found = verify(home)
    assert (found.faults, found.young) == ([], 1)
    os.utime(strange, (1, 1))
    (fault,) = verify(home).faults
    assert fault.kind == "unknown"
    assert "machikane upkeep" in str(fault)


def test_a_landed_file_that_is_not_listed_yet_proves_itself(home):
    path = home.landing / "objects" / "ab" / ("ab" * 32)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x")
    (fault,) = verify(home).faults
    assert fault.kind == "altered"


def test_a_withdrawn_release_is_not_missed(home):
    decide(home, action="withdrawn", release="population", candidate="c", person="p", note="")
    (home.releases / "population" / "v1" / "data.csv").unlink()
    assert verify(home).faults == []


def test_what_the_catalog_needs_no_longer_is_not_missed(home):
    with open_lake(home, write=["internal"]) as con:
        with transaction(con, "internal", "x"):
            replace_rows(con, ("internal", "common", "places"), rows("c"), remove=None)
        con.sql("CALL ducklake_expire_snapshots('internal', older_than => now()::TIMESTAMP)")
        con.sql("CALL ducklake_cleanup_old_files('internal', cleanup_all => true)")
    assert verify(home).faults == []


def test_a_line_taken_out_or_cut_off_is_found(home):
    path = list_path(home, "internal")
    lines = path.read_bytes().splitlines(keepends=True)
    for damage in (lines[:1] + lines[2:], lines[:-1], [lines[1], lines[0], *lines[2:]], []):
        path.write_bytes(b"".join(damage))
        with pytest.raises(BrokenChainError, match="バックアップから戻して"):
            read_lines(home, "internal")
    path.write_bytes(b"".join(lines))
    assert present(read_lines(home, "internal"))


def test_what_a_killed_writer_left_behind_the_end_of_a_list_goes(home):
    path = list_path(home, "internal")
    with path.open("ab") as file:
        file.write(b'{"at": "half of a li')
    assert verify(home).faults == []
    with open_lake(home, write=["internal"]) as con, transaction(con, "internal", "x"):
        replace_rows(con, ("internal", "common", "more"), rows("a"), remove=None)
    assert b"half of a li" not in path.read_bytes()
    assert verify(home).faults == []


def test_a_broken_catalog_is_found(home):
    catalog = home.lake("open") / "catalog.sqlite"
    data = bytearray(catalog.read_bytes())
    data[4096:8192] = b"\xff" * 4096
    catalog.write_bytes(data)
    assert "catalog" in {fault.kind for fault in verify(home).faults}
