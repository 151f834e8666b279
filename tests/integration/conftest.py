"""Whole runs of the line, made once and shared; a test that changes a home gets a copy of it.

Runs happen in processes of their own, through the command line. What a run must give is computed
from what the sample city truly is, and stands in the tests.
"""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
import pytest
from filelock import FileLock

import pipelines
from assets.register import BUILT_IN
from pipelines.city.deliveries import write_inbox
from pipelines.run_record import latest_run, read_steps
from warehouse.home import Home
from warehouse.lake import ZONES, open_lake

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from concurrent.futures import Future

    import duckdb

    from pipelines.city.truth import CityTruth
    from pipelines.run_record import Step

PROJECT = Path(pipelines.__file__).resolve().parent.parent
DECLARATIONS = ("*.yaml", "*.sql", "*.csv")
SMALL_REGISTER = (
    "city.yaml",
    "standards/*",
    "residents/*",
    "facilities/*",
    "marts/population_by_town.*",
    "open_data/population.*",
    "open_data/public_facility.*",
)
KEY = b"k" * 32
SECONDS = 240
PATIENCE = 5


@dataclass(frozen=True)
class Line:
    """One run of the line over one inbox."""

    home: Home
    inbox: Path
    truth: CityTruth
    done: subprocess.CompletedProcess[str]
    seconds: float
    register: Path = BUILT_IN
    is_closed: bool = False


@pytest.fixture(scope="session")
def project() -> Path:
    """The folder from which the code under test is loaded."""
    return PROJECT


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """The environment of every run: nothing of ours, a wide terminal."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MACHIKANE", "DAGSTER"))}
    return {**kept, "COLUMNS": "250", "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(PROJECT)}


@pytest.fixture(scope="session")
def machikane(environment: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`machikane <arguments>` in a process of its own."""

    def run(
        *arguments: object, prefix: Iterable[str] = (), **variables: object
    ) -> subprocess.CompletedProcess[str]:
        command = [*prefix, sys.executable, "-m", "pipelines.cli", *map(str, arguments)]
        given = {**environment, **{name: str(value) for name, value in variables.items()}}
        return subprocess.run(
            command, env=given, cwd=PROJECT, capture_output=True, encoding="utf-8",
            timeout=SECONDS, check=False,
        )  # fmt: skip

    return run


@pytest.fixture(scope="session")
def closed_network() -> tuple[str, ...]:
    """The prefix that runs a command where no network exists; empty when that is not permitted."""
    prefix = ("unshare", "-rn")
    if shutil.which(prefix[0]) is None:
        return ()
    probe = subprocess.run([*prefix, "true"], capture_output=True, check=False)
    return prefix if probe.returncode == 0 else ()


@pytest.fixture(scope="session", autouse=True)
def ahead(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    machikane: Callable[..., subprocess.CompletedProcess[str]],
    closed_network: tuple[str, ...],
    copy_register: Callable[..., Path],
) -> Generator[dict[str, Future[Line]]]:
    """Start the shared runs that the chosen tests need, side by side, before the first test."""
    needed = {name for item in request.session.items for name in getattr(item, "fixturenames", ())}
    base = tmp_path_factory.getbasetemp()
    root = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    root.mkdir(exist_ok=True)
    runs = {
        "small": lambda: run_small_city(root / "small", machikane, copy_register),
        "demo": lambda: run_demo(root / "demo", machikane, closed_network),
    }
    with ThreadPoolExecutor(len(runs)) as pool:
        yield {
            name: pool.submit(make_once, root / f"{name}.pickle", run)
            for name, run in runs.items()
            if name in needed
        }


def make_once(path: Path, run: Callable[[], Line]) -> Line:
    """Run in the first of the test processes that asks; the others wait and take its answer."""
    with FileLock(path.with_suffix(".lock")):
        if not path.is_file():
            path.write_bytes(pickle.dumps(run()))
        return pickle.loads(path.read_bytes())  # noqa: S301 - our own, of a moment ago


@pytest.fixture(scope="session")
def demo(ahead: dict[str, Future[Line]]) -> Line:
    """`machikane demo`, run once, without a network where the system permits that."""
    return ahead["demo"].result()


@pytest.fixture(scope="session")
def small(ahead: dict[str, Future[Line]]) -> Line:
    """A smaller city with two datasets, loaded once, undisturbed, with known keys."""
    line = ahead["small"].result()
    assert line.done.returncode == 0, line.done.stdout + line.done.stderr
    return line


def run_demo(
    root: Path,
    machikane: Callable[..., subprocess.CompletedProcess[str]],
    closed_network: tuple[str, ...],
) -> Line:
    """Run the demonstration."""
    truth = write_inbox(root / "truth")
    started = time.perf_counter()
    done = machikane("demo", "--home", root / "home", prefix=closed_network)
    seconds = time.perf_counter() - started
    home = Home(root / "home")
    return Line(home, home.inbox, truth, done, seconds, is_closed=bool(closed_network))


def run_small_city(
    root: Path,
    machikane: Callable[..., subprocess.CompletedProcess[str]],
    copy_register: Callable[..., Path],
) -> Line:
    """Load a small city by a part of the register."""
    home, inbox = Home(root / "home"), root / "inbox"
    register = copy_register(root / "register", SMALL_REGISTER)
    truth = write_inbox(inbox, residents=400)
    write_keys(home)
    started = time.perf_counter()
    done = machikane("run", "--inbox", inbox, "--home", home.root, "--register", register)
    return Line(home, inbox, truth, done, time.perf_counter() - started, register)


@pytest.fixture(scope="session")
def copy_register() -> Callable[..., Path]:
    """Copy the register, or the part of it that the patterns name, without any code."""

    def copy(target: Path, patterns: Iterable[str] = ("*", "*/*")) -> Path:
        chosen = {path for pattern in patterns for path in BUILT_IN.glob(pattern)}
        for path in sorted(chosen):
            if any(path.match(kind) for kind in DECLARATIONS):
                place = target / path.relative_to(BUILT_IN)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, place)
        return target

    return copy


@pytest.fixture
def copy_home(tmp_path: Path) -> Callable[[Home], Home]:
    """Copy a home to another place, as a restored backup stands in another place."""

    def copy(home: Home) -> Home:
        return Home(Path(shutil.copytree(home.root, tmp_path / "copied_home")))

    return copy


@pytest.fixture(scope="session")
def known_keys() -> Callable[[Home], None]:
    """Give a home the same keys as every other home of the tests."""
    return write_keys


def write_keys(home: Home) -> None:
    """Write both keys."""
    home.keys.mkdir(parents=True)
    for purpose in ("internal", "release"):
        (home.keys / f"{purpose}.key").write_bytes(KEY)


@pytest.fixture(scope="session")
def query() -> Generator[Callable[..., list[tuple]]]:
    """Read all zones of a home with one SQL statement; homes stay open until the end."""
    with ExitStack() as stack:
        opened: dict[Path, duckdb.DuckDBPyConnection] = {}

        def read(home: Home, sql: str) -> list[tuple]:
            if home.root not in opened:
                opened[home.root] = stack.enter_context(open_lake(home, read=ZONES))
            return opened[home.root].sql(sql).fetchall()

        yield read


@pytest.fixture(scope="session")
def contents() -> Callable[[Home], dict[str, tuple]]:
    """Hash the rows of every table of every zone, whatever their order: table → count, hash."""

    def read(home: Home) -> dict[str, tuple]:
        with open_lake(home, read=ZONES) as con:
            names = con.sql(
                "SELECT database_name || '.' || schema_name || '.' || table_name "
                "FROM duckdb_tables() WHERE list_contains(['secure', 'internal', 'open'], database_name)"
            ).fetchall()
            return {
                name: con.sql(f"SELECT count(*), sum(hash(t)::HUGEINT) FROM {name} t").fetchall()[0]
                for (name,) in sorted(names)
            }

    return read


@pytest.fixture(scope="session")
def snapshots() -> Callable[[Home], dict[str, int]]:
    """Give the newest snapshot of every zone."""

    def read(home: Home) -> dict[str, int]:
        with open_lake(home, read=ZONES) as con:
            newest = "SELECT max(snapshot_id) FROM {}.snapshots()"
            return {zone: con.sql(newest.format(zone)).fetchall()[0][0] for zone in ZONES}

    return read


@pytest.fixture(scope="session")
def steps() -> Callable[[Home], dict[str, Step]]:
    """Read the record of a home's last run: asset → step."""

    def read(home: Home) -> dict[str, Step]:
        run = latest_run(home)
        assert run is not None
        return {step.asset: step for step in read_steps(home, run)}

    return read


@pytest.fixture(scope="session")
def dagster_of() -> Callable[[Home], object]:
    """Open the Dagster instance of a home."""

    @contextmanager
    def opened(home: Home) -> Generator[dg.DagsterInstance]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("MACHIKANE_DAGSTER", str(home.dagster))
            with dg.DagsterInstance.from_config(str(PROJECT)) as instance:
                yield instance

    return opened


@pytest.fixture(scope="session")
def run_and_kill(environment: dict[str, str]) -> Callable[..., list[int]]:
    """Kill -9 a run as soon as a condition holds; give the processes that outlived it."""

    def run(arguments: Iterable[object], condition: Callable[[], bool]) -> list[int]:
        process = subprocess.Popen(
            [sys.executable, "-m", "pipelines.cli", *map(str, arguments)],
            env=environment, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        deadline = time.monotonic() + SECONDS
        while not condition():
            assert process.poll() is None, "the run ended before it could be killed"
            assert time.monotonic() < deadline
            time.sleep(0.005)
        process.kill()
        process.wait()
        return reap(process.pid)

    return run


def reap(group: int) -> list[int]:
    """Give the processes of a killed run's group a moment to end; end the rest and list them."""
    deadline = time.monotonic() + PATIENCE
    while (left := members(group)) and time.monotonic() < deadline:
        time.sleep(0.1)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    return left


def members(group: int) -> list[int]:
    """List the living processes of a group; only where the system shows them as files."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _, in_group = (folder / "stat").read_text().rsplit(")", 1)[1].split()[:3]
        except OSError:
            continue
        if int(in_group) == group and state != "Z":
            found.append(int(folder.name))
    return found
