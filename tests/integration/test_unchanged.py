"""A second run over the same inbox finds nothing to do and leaves everything as it was."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from pipelines.city import register_files

pytestmark = pytest.mark.slow  # a minute or more of whole runs

ALWAYS = {"portal"}


def test_nothing_new_starts_no_run(demo, copy_home, machikane, contents, snapshots):
    home = copy_home(demo.home)
    before = (contents(home), snapshots(home), _records(home), _data_files(home))
    started = time.perf_counter()
    done = machikane("run", "--inbox", demo.inbox, "--home", home.root)
    seconds = time.perf_counter() - started
    assert done.returncode == 0, done.stdout + done.stderr
    assert "取り込むものはありません" in done.stdout
    assert (contents(home), snapshots(home), _records(home), _data_files(home)) == before
    print(f"\n1回目 {demo.seconds:.1f} 秒、2回目 {seconds:.1f} 秒(1/{demo.seconds / seconds:.0f})")


def test_a_full_run_over_nothing_new_changes_nothing(
    *, demo, copy_home, machikane, contents, snapshots, steps
):
    home = copy_home(demo.home)
    (home.reports / "runs" / "last_complete.json").unlink()
    before = (contents(home), snapshots(home), _data_files(home), _published(home))
    started = time.perf_counter()
    done = machikane("run", "--inbox", demo.inbox, "--home", home.root)
    seconds = time.perf_counter() - started
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(_records(home)) == len(_records(demo.home)) + 1
    changed = {
        asset: step.status for asset, step in steps(home).items() if step.status != "変更なし"
    }
    assert set(changed) <= ALWAYS
    assert (contents(home), snapshots(home), _data_files(home), _published(home)) == before
    print(f"\n1回目 {demo.seconds:.1f} 秒、2回目 {seconds:.1f} 秒(1/{demo.seconds / seconds:.1f})")


def test_a_run_that_did_not_finish_is_not_trusted(
    *, small, copy_home, machikane, run_and_kill, tmp_path
):
    """The stamp of an earlier run must not hide that a later one was cut off."""
    home = copy_home(small.home)
    inbox = Path(shutil.copytree(small.inbox, tmp_path / "inbox"))
    shutil.copyfile(inbox / register_files.MAY, inbox / "住民記録_202606.csv")
    command = ("run", "--home", home.root, "--register", small.register, "--inbox")
    before = _records(home)
    run_and_kill((*command, inbox), lambda: _records(home) != before)
    done = machikane(*command, small.inbox)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "取り込むものはありません" not in done.stdout
    assert len(_records(home)) == len(before) + 2


def _records(home):
    return sorted(path.name for path in (home.reports / "runs").glob("*.jsonl"))


def _data_files(home):
    """Every Parquet file of the lake with its time: nothing rewritten, nothing added."""
    files = (home.root / "lake").rglob("*.parquet")
    return {path.relative_to(home.root).as_posix(): path.stat().st_mtime_ns for path in files}


def _published(home):
    files = [path for path in home.releases.rglob("*") if path.is_file()]
    return {path.relative_to(home.root).as_posix(): path.read_bytes() for path in files}
