"""A run that is killed at any moment is made whole by the next one, to the last row."""

from __future__ import annotations

import hashlib
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from warehouse.home import Home
from warehouse.lake import open_lake
from warehouse.release.candidate import newest_candidate
from warehouse.release.publish import approve

if TYPE_CHECKING:
    import subprocess

pytestmark = pytest.mark.slow  # a minute or more of whole runs

POINTS = ("raw/", "common/", "open/")
RELEASES = ("population", "public_facility")


@dataclass(frozen=True)
class Held:
    """What a home holds once its releases are approved."""

    contents: dict[str, tuple]
    candidates: dict[str, tuple]
    published: dict[str, str]


@dataclass(frozen=True)
class Recovered:
    """A killed run and the run after it."""

    reached: bool
    finished: bool
    orphans: list[int]
    done: subprocess.CompletedProcess[str]
    held: Held | None


@pytest.fixture(scope="module")
def undisturbed(small, tmp_path_factory, contents):
    """What the home holds when nothing happened."""
    place = tmp_path_factory.mktemp("undisturbed") / "home"
    return _approve_and_read(Home(Path(shutil.copytree(small.home.root, place))), contents)


@pytest.fixture(scope="module")
def recovered(*, small, tmp_path_factory, machikane, contents, run_and_kill, known_keys):
    """point → what became of a run that was killed there; all at the same time."""

    def disturb(point):
        home = Home(tmp_path_factory.mktemp("killed") / "home")
        known_keys(home)
        options = ("--home", home.root, "--register", small.register)
        command = [str(part) for part in ("run", "--inbox", small.inbox, *options)]
        orphans = run_and_kill(command, lambda: _recorded(home, point))
        reached, finished = _recorded(home, point), _recorded(home, "portal")
        done = machikane(*command)
        held = _approve_and_read(home, contents) if done.returncode == 0 else None
        return Recovered(reached, finished, orphans, done, held)

    with ThreadPoolExecutor(len(POINTS)) as pool:
        return dict(zip(POINTS, pool.map(disturb, POINTS), strict=True))


@pytest.mark.parametrize("point", POINTS)
def test_the_next_run_makes_it_whole(undisturbed, recovered, point):
    result = recovered[point]
    assert result.reached
    assert not result.finished
    assert result.done.returncode == 0, result.done.stdout + result.done.stderr
    assert len(undisturbed.contents) >= 15
    assert result.held == undisturbed


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_run_leaves_no_process_behind(recovered, point):
    assert recovered[point].orphans == []


def _recorded(home, point):
    records = (home.reports / "runs").glob("*.jsonl")
    return any(f'"asset": "{point}' in path.read_text("utf-8") for path in records)


def _approve_and_read(home, contents):
    before, waiting = contents(home), _candidates(home)
    with open_lake(home, write=["open"]) as con:
        for name in RELEASES:
            candidate = newest_candidate(home, name)
            assert candidate is not None
            approve(con, home, name, person=candidate.approvers[0], note="")
    return Held(before, waiting, _published(home))


def _candidates(home):
    found = {name: newest_candidate(home, name) for name in RELEASES}
    return {name: (c.id, c.rows, c.files, c.findings) for name, c in found.items() if c is not None}


def _published(home):
    # The signed list of hashes names the time of the approval.
    others = {"manifest.json", "SHA256SUMS.minisig"}
    files = [path for path in home.releases.glob("*/v*/*") if path.name not in others]
    assert files
    return {
        p.relative_to(home.root).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in files
    }
