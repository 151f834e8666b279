"""Publishing and withdrawing, killed at every call that writes: no reader ever sees half a version.

Run: `python bench/publish_faults.py` (needs `strace`; Linux). A process with everything imported
forks one child a point; `strace` attaches to it and kills it (or says that the disk is full) at the
n-th write, rename, fsync, mkdir, unlink, link … of approving or withdrawing. Then a reader that
resolves `latest.json` once must find a whole version, and the same command must complete the work.
`--readers` lets two readers read during 100 publications instead.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import multiprocessing as mp
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import polars as pl

from tests.unit.warehouse.publishing import facility, make_register, put_places
from warehouse.home import Home
from warehouse.lake import open_lake
from warehouse.refusal import Refusal
from warehouse.release.publish import approve, withdraw
from warehouse.release.staging import stage_candidate
from warehouse.signing import public_key, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.synchronize import Event

Act = Literal["first", "approve", "withdraw"]
Fault = Literal["kill", "full"]
RELEASE, PLANTED = "facility", "埋めた値QZX"
CALLS = (
    "write", "pwrite64", "writev", "sendfile", "copy_file_range", "ftruncate", "fallocate",
    "rename", "renameat", "renameat2", "fsync", "fdatasync", "symlink", "symlinkat", "mkdir",
    "mkdirat", "unlink", "unlinkat", "rmdir", "link", "linkat", "chmod", "fchmodat",
)  # fmt: skip
FULL = (
    "write",
    "pwrite64",
    "sendfile",
    "copy_file_range",
    "ftruncate",
    "fsync",
    "mkdir",
    "link",
    "rename",
)
FAILED = 3
_PAUSE_SECONDS = 0.002


@dataclass
class Found:
    """What a sweep found; `torn` and `unfinished` name the points."""

    points: int = 0
    hit: int = 0
    torn: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    by_call: Counter[str] = field(default_factory=Counter)


def make_template(root: Path, *, published: bool = True) -> Home:
    """Make a home with a candidate that waits, over one public version or as the first ever."""
    home = Home(root)
    contents = [["図書館", f"{PLANTED}館"], ["図書館", f"{PLANTED}館", "博物館"]]

    def work() -> None:
        with open_lake(home, write=["internal", "open"]) as con:
            for names in contents if published else contents[:1]:
                put_places(con, list(names))
                stage_candidate(con, home, make_register(), facility())
                if published and not (home.releases / RELEASE).exists():
                    approve(con, home, RELEASE, person="課長", note="初めて")

    if run_child(work) != 0:
        raise RuntimeError("the template could not be made")
    return home


def perform(home: Home, act: Act, ready: Callable[[], None] = lambda: None) -> None:
    """Do what is to be disturbed; `ready` is called when the lake is open."""
    with open_lake(home, write=["open"]) as con:
        ready()
        if act == "withdraw":
            withdraw(con, home, RELEASE, person="部長", note="誤り")
        else:
            approve(con, home, RELEASE, person="部長", note="博物館を追加")


def read_once(home: Home) -> str | None:
    """Resolve the pointer once and read all of the version.

    Returns:
        Name of the version; None: nothing is offered.

    Raises:
        ValueError: it is not whole.
    """
    pointer = home.releases / RELEASE / "latest.json"
    if not pointer.is_file():
        return None
    version = json.loads(pointer.read_text("utf-8"))["version"]
    if version is None:
        return None
    folder = home.releases / RELEASE / version
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    sums = (folder / "SHA256SUMS").read_bytes()
    listed = {line.split("  ", 1)[1]: line.split("  ", 1)[0] for line in sums.decode().splitlines()}
    known = {file["name"]: file["sha256"] for file in manifest["candidate"]["files"]}
    found = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in known}
    if manifest["version"] != version or not (known == listed == found):
        raise ValueError(f"{version}: {sorted(set(known) ^ set(found))}")
    if not verify(public_key(home), sums, (folder / "SHA256SUMS.minisig").read_bytes()):
        raise ValueError(f"{version}: signature")
    return version


def is_complete(home: Home, act: Act) -> bool:
    """Tell whether an act is done whole: pointer, table, and after a withdrawal no copy anywhere."""
    try:
        seen = read_once(home)
    except (OSError, ValueError):
        return False
    if act == "withdraw":
        return seen is None and not list(copies(home))
    return seen == ("v1" if act == "first" else "v2")


def copies(home: Home) -> Iterator[Path]:
    """List the files that still hold the planted value, outside of the city's own zones."""
    own = {home.lake("internal"), home.lake("secure")}
    for path in home.root.rglob("*"):
        if path.is_file() and not any(folder in path.parents for folder in own):
            data = path.read_bytes()
            if PLANTED.encode() in data or (path.suffix == ".parquet" and _in_parquet(data)):
                yield path


def _in_parquet(data: bytes) -> bool:
    with suppress(pl.exceptions.PolarsError):
        return PLANTED in pl.read_parquet(io.BytesIO(data)).write_csv()
    return False


def run_child(work: Callable[[], None]) -> int:
    """Run something in a fork; give its exit code, or minus the signal that killed it."""
    pid = os.fork()
    if pid == 0:
        _work(work)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def run_traced(home: Home, act: Act, strace: list[str]) -> int:
    """Perform an act in a fork that `strace` holds from the moment the lake is open."""
    pid = os.fork()
    if pid == 0:
        _work(lambda: perform(home, act, lambda: os.kill(os.getpid(), signal.SIGSTOP)))
    os.waitpid(pid, os.WUNTRACED)
    command = ["strace", "-f", "-qq", "-p", str(pid), *strace]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as tracer:  # noqa: S603 - our own command
        _wait_until_traced(pid)
        os.kill(pid, signal.SIGCONT)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        tracer.communicate()
    return code


def _work(work: Callable[[], None]) -> None:
    code = FAILED
    try:
        sys.stderr = sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - until the end
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - a failed disk makes errors of many kinds
        code = FAILED
    finally:
        os._exit(code)


def _wait_until_traced(pid: int) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        status = Path(f"/proc/{pid}/status").read_text("utf-8")
        if not re.search(r"TracerPid:\s+0\b", status):
            return
        time.sleep(0.002)
    raise TimeoutError("strace did not attach")


def count_calls(template: Home, act: Act, calls: tuple[str, ...]) -> Counter[str]:
    """Count the calls of each kind that an undisturbed act makes in one thread."""
    with tempfile.TemporaryDirectory() as place:
        home = Home(Path(shutil.copytree(template.root, Path(place) / "home")))
        log = Path(place) / "log"
        options = ["-o", str(log), "-e", f"trace={','.join(_known(calls))}"]
        if run_traced(home, act, options) != 0:
            raise RuntimeError(f"{act} failed undisturbed")
        lines = re.findall(
            r"^(\d+)\s+(?:<\.\.\. )?(\w+)[( ]", log.read_text("utf-8", "replace"), re.MULTILINE
        )
    by_thread = Counter(lines)
    found: Counter[str] = Counter()
    for (_, call), number in by_thread.items():
        found[call] = max(found[call], number)
    return Counter({call: n for call, n in found.items() if call in calls})


def _known(calls: tuple[str, ...]) -> list[str]:
    """Mark names that this architecture may lack as optional."""
    return [f"?{call}" for call in calls]


def sweep(template: Home, act: Act, fault: Fault, *, step: int = 1) -> Found:
    """Disturb an act at every `step`-th call of every kind, look, do it again, look again."""
    calls = CALLS if fault == "kill" else FULL
    found = Found()
    for call, number in sorted(count_calls(template, act, calls).items()):
        for n in range(1, number + 1, step):
            point = f"{act} {fault} {call} {n}"
            how = f"signal=KILL:when={n}" if fault == "kill" else f"error=ENOSPC:when={n}+"
            with tempfile.TemporaryDirectory() as place:
                home = Home(Path(shutil.copytree(template.root, Path(place) / "home")))
                _try_point(
                    home, act, ["-e", f"trace={call}", "-e", f"inject={call}:{how}"], point, found
                )
            found.by_call[call] += 1
    return found


def _try_point(home: Home, act: Act, inject: list[str], point: str, found: Found) -> None:
    code = run_traced(home, act, ["-o", os.devnull, *inject])
    found.points += 1
    found.hit += code != 0
    try:
        read_once(home)
    except (OSError, ValueError) as error:
        found.torn.append(f"{point}: {error!r}"[:300])
    if run_child(lambda: _do_again(home, act)) != 0:
        found.unfinished.append(point)


def _do_again(home: Home, act: Act) -> None:
    """Do it again and look, in a fork: reading Parquet starts threads, and forks must have none."""
    try:
        perform(home, act)
    except Refusal as refusal:
        # What was complete when it was killed leaves nothing to take back.
        if refusal.rule != "release.not_public":
            raise
    if not is_complete(home, act):
        raise ValueError("not complete")


def read_during_publications(root: Path, publications: int) -> dict[str, int]:
    """Let two readers read, the pointer resolved once a reading, while versions go out."""
    home, stop = make_template(root), mp.get_context("fork").Event()
    context = mp.get_context("fork")
    results: mp.Queue[tuple[int, int]] = context.Queue()
    readers = [context.Process(target=_read_on, args=(home, stop, results)) for _ in range(2)]
    for reader in readers:
        reader.start()
    published = run_child(lambda: _publish_on(home, publications))
    stop.set()
    counts = [results.get(timeout=60) for _ in readers]
    for reader in readers:
        reader.join()
    version = read_once(home)
    return {
        "published": -1 if published else int((version or "v0")[1:]) - 1,
        "reads": sum(reads for reads, _ in counts),
        "torn": sum(torn for _, torn in counts),
    }


def _publish_on(home: Home, publications: int) -> None:
    with open_lake(home, write=["internal", "open"]) as con:
        for number in range(publications):
            put_places(con, ["図書館", f"{PLANTED}館", f"分館{number}"])
            stage_candidate(con, home, make_register(), facility())
            approve(con, home, RELEASE, person="部長", note=f"分館{number}")


def _read_on(home: Home, stop: Event, results: mp.Queue) -> None:
    reads = torn = 0
    while not stop.is_set():
        try:
            read_once(home)
        except (OSError, ValueError):
            torn += 1
        reads += 1
        time.sleep(_PAUSE_SECONDS)
    results.put((reads, torn))


def main() -> int:
    """Run what is asked for; ends with 1 when anything was torn or left unfinished."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--step", type=int, default=1, help="only every so many calls")
    options.add_argument("--readers", type=int, help="so many publications beside two readers")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        if given.readers:
            result = read_during_publications(Path(place) / "home", given.readers)
            print(json.dumps(result))
            return int(result["torn"] > 0 or result["published"] != given.readers)
        template, bad = make_template(Path(place) / "template"), 0
        bare = make_template(Path(place) / "bare", published=False)
        for fault in ("kill", "full"):
            for act in ("first", "approve", "withdraw"):
                started = time.perf_counter()
                found = sweep(bare if act == "first" else template, act, fault, step=given.step)
                bad += len(found.torn) + len(found.unfinished)
                print(
                    f"{act} {fault}: points {found.points} (ended early {found.hit}), torn "
                    f"{len(found.torn)}, unfinished {len(found.unfinished)}, "
                    f"{time.perf_counter() - started:.0f} s {dict(found.by_call)}"
                )
                print(*found.torn, *found.unfinished, sep="\n")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
