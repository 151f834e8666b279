"""Killed at any step of applying: nothing is torn, and the next call ends it."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import warehouse
from tests.unit.warehouse.bundle.carrying import FIRST, SECOND, contents

ROOT = Path(warehouse.__file__).parents[1]
# Counts the calls that change the disk and dies, as kill -9 does, at the one asked for.
DYING = textwrap.dedent("""
    import os, signal, sys
    from pathlib import Path
    left = int(sys.argv[4])

    def dying(call):
        def counted(*args, **kwargs):
            global left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **kwargs)
        return counted

    for owner, names in {
        os: ("fsync", "replace", "rename", "unlink", "mkdir", "rmdir"),
        Path: ("replace", "unlink", "mkdir", "rmdir"),
    }.items():
        for name in names:
            setattr(owner, name, dying(getattr(owner, name)))
    from warehouse.bundle.apply import apply_bundle
    apply_bundle(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
    print("steps left", left)
""")


def run_dying(bundle, served, key, at):
    done = subprocess.run(
        [sys.executable, "-c", DYING, str(bundle), str(served), key, str(at)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr
    return done.returncode == 0


def is_whole(served):
    """Every served file is one of the old or the new, and index.html is new only when all else is."""
    found = {n: c for n, c in contents(served).items() if not Path(n).name.startswith(".")}
    for name, content in found.items():
        assert content in {FIRST.get(name), SECOND.get(name)}, name
    if found.get("index.html") == SECOND["index.html"]:
        assert all(found.get(name) == content for name, content in SECOND.items())
    return found


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
@pytest.mark.slow
def test_killed_at_every_step_the_next_call_ends_it(sides):
    sides.publish(FIRST)
    first = sides.export()
    sides.publish(SECOND)
    second = sides.export()
    killed = 0
    for at in range(400):
        served = sides.served.with_name(f"www{at}")
        sides.served = served
        sides.apply(first)
        if run_dying(second, served, sides.key, at):
            break
        killed += 1
        is_whole(served)
        sides.apply(second)
        assert contents(served) == SECOND
    assert killed > 50


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
@pytest.mark.parametrize("at", [28, 40])
def test_killed_after_the_promise_even_another_bundle_ends_it(sides, at):
    sides.publish(FIRST)
    first = sides.export()
    sides.publish(SECOND)
    second = sides.export()
    sides.publish({**SECOND, "more.txt": b"3"})
    third = sides.export()
    sides.apply(first)
    assert not run_dying(second, sides.served, sides.key, at)
    assert is_whole(sides.served) not in (FIRST, SECOND)
    assert sides.apply(third).completed == 2
    assert contents(sides.served) == {**SECOND, "more.txt": b"3"}


def test_lost_staging_is_put_right_by_the_same_bundle(sides, monkeypatch):
    sides.publish(FIRST)
    first = sides.export()

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("warehouse.bundle.apply.put_files", stop)
        with pytest.raises(KeyboardInterrupt):
            sides.apply(first)
    staging = sides.served.with_name("www.machikane") / "staging"
    for path in staging.iterdir():
        path.unlink()
    assert sides.apply(first).completed is None
    assert contents(sides.served) == FIRST
