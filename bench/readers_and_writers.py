"""Two writers and four readers on one home: no error, no answer that mixes two states.

Run: `python bench/readers_and_writers.py --minutes 10`. Each writer puts the rows of its
dataset, their sum and the account into the lake in one transaction, again and again, as a load
does; every reader asks both tables of a dataset in one question through `connect()`, half of them
on one connection that is refreshed, half with a new one a question. A torn read is an answer whose
rows, sum and turn do not agree. Upkeep (compaction, clearing) can run in between.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing as mp
import multiprocessing.queues
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import yaml

from warehouse.analyst import connect
from warehouse.home import Home
from warehouse.lake import ZONES, Loaded, comment, open_lake, record, replace_rows, transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.synchronize import Barrier

    import duckdb

    from warehouse.lake import Zone

ZONE: Zone = "internal"
DATASETS = ("first", "second")
ROWS = 2000
_QUESTION = """
    SELECT (SELECT count(*) FROM internal.common.{0}), (SELECT count(DISTINCT turn) FROM internal.common.{0}),
        (SELECT sum(n) FROM internal.common.{0}), (SELECT max(turn) FROM internal.common.{0}),
        (SELECT any_value(n) FROM internal.common.{0}_total), (SELECT any_value(turn) FROM internal.common.{0}_total)
"""


@dataclass
class Report:
    """What one process did."""

    kind: str
    done: int = 0
    torn: int = 0
    slowest_seconds: float = 0.0
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Clock:
    """Starts when every process is ready, and runs for so many seconds."""

    ready: Barrier
    seconds: float

    def start(self) -> float:
        """Wait for the others and give the time of the end."""
        self.ready.wait()
        return time.time() + self.seconds


def write_turn(con: duckdb.DuckDBPyConnection, dataset: str, turn: int) -> None:
    """Write rows, total and account of one turn in one transaction, a part of the rows replaced."""
    half = "a" if turn % 2 else "b"
    with transaction(con, ZONE, f"{dataset} {turn}"):
        rows = pl.DataFrame(
            {
                "_delivery": ["a", "b"] * (ROWS // 2),
                "turn": [turn] * ROWS,
                "n": range(turn, turn + ROWS),
            }
        )
        replace_rows(con, (ZONE, "common", dataset), rows, remove=["a", "b"])
        total = rows.select(
            pl.lit(half).alias("_delivery"), pl.col("turn").first(), pl.col("n").sum()
        )
        replace_rows(con, (ZONE, "common", f"{dataset}_total"), total.head(1), remove=["a", "b"])
        record(con, ZONE, [Loaded(f"internal/{dataset}", half, str(turn), {"turn": turn})])
        comment(con, f"{ZONE}.common.{dataset}", dataset, {"n": f"{turn}"})


def write(root: Path, dataset: str, clock: Clock, found: mp.queues.Queue) -> None:
    """Load one dataset again and again, each time as a run does: with a connection of its own."""
    report, turn = Report(f"writer {dataset}"), 1
    until = clock.start()
    while time.time() < until:
        started = time.perf_counter()
        try:
            with open_lake(Home(root), write=[ZONE]) as con:
                for _ in range(5):
                    turn += 1
                    write_turn(con, dataset, turn)
                    report.done += 1
        except Exception as error:  # noqa: BLE001 - every failure is a result
            report.errors.append(repr(error)[:300])
        report.slowest_seconds = max(report.slowest_seconds, time.perf_counter() - started)
    found.put(asdict(report))


def read(root: Path, register: Path, kind: str, clock: Clock, found: mp.queues.Queue) -> None:
    """Ask both datasets, one question after the other."""
    report = Report(f"reader {kind}")
    con = connect(root, register=register)
    until = clock.start()
    while time.time() < until:
        started = time.perf_counter()
        try:
            if kind == "anew":
                con.close()
                con = connect(root, register=register)
            else:
                con.refresh()
            for dataset in DATASETS:
                count, turns, total, turn, noted, noted_turn = con.sql(
                    _QUESTION.format(dataset)
                ).fetchall()[0]
                whole = (ROWS, 1, ROWS * turn + ROWS * (ROWS - 1) // 2, turn)
                report.torn += (count, turns, total, turn) != whole or (noted, noted_turn) != (
                    total,
                    turn,
                )
                report.done += 1
        except Exception as error:  # noqa: BLE001 - every failure is a result
            report.errors.append(repr(error)[:300])
        report.slowest_seconds = max(report.slowest_seconds, time.perf_counter() - started)
    found.put(asdict(report))


def tidy(root: Path, clock: Clock, found: mp.queues.Queue) -> None:
    """Run upkeep beside them, again and again."""
    from warehouse.upkeep.compact import compact  # noqa: PLC0415 - only when asked for

    report = Report("upkeep")
    until = clock.start()
    while time.time() < until:
        try:
            with open_lake(Home(root), write=[ZONE]) as con:
                compact(con, ZONE)
            report.done += 1
        except Exception as error:  # noqa: BLE001 - every failure is a result
            report.errors.append(repr(error)[:300])
        time.sleep(5)
    found.put(asdict(report))


def run(root: Path, seconds: float, *, upkeep: bool = True) -> list[dict[str, object]]:
    """Let two writers and four readers at one new home; give what each did."""
    register = write_register(root / "register")
    with open_lake(Home(root), write=ZONES) as con:
        for dataset in DATASETS:
            write_turn(con, dataset, 1)
    context = mp.get_context("spawn")
    found: mp.queues.Queue = context.Queue()
    clock = Clock(context.Barrier(7 if upkeep else 6), seconds)
    tasks: list[tuple[Callable[..., None], tuple]] = [
        (write, (root, dataset, clock, found)) for dataset in DATASETS
    ]
    tasks += [(read, (root, register, kind, clock, found)) for kind in ("kept", "anew") * 2]
    tasks += [(tidy, (root, clock, found))] if upkeep else []
    started = [context.Process(target=task, args=arguments) for task, arguments in tasks]
    for process in started:
        process.start()
    reports = [found.get(timeout=seconds + 200) for _ in started]
    for process in started:
        process.join()
    return sorted(reports, key=lambda report: report["kind"])


def write_register(root: Path) -> Path:
    """Declare the four tables and the role that reads them."""
    column = {"source": "n", "title": "n", "type": "integer", "classification": "庁内"}
    contract = {
        "title": "試験", "description": "試験", "owner": {"department": "試験", "contact": "試験"},
        "legal_basis": "試験", "frequency": "monthly", "retention": {"years": 5, "basis": "試験"},
        "key": ["n"], "history": "keep_periods", "columns": {"n": column, "turn": column},
        "checks": [{"check": "row_count", "minimum": 1}],
    }  # fmt: skip
    city = {
        "name": "試験市", "prefecture": "大阪府", "local_government_code": "272999",
        "publisher": "試験市", "contact": "試験",
    }  # fmt: skip
    files = {"city.yaml": city}
    for name in [t for dataset in DATASETS for t in (dataset, f"{dataset}_total")]:
        source = {"file": f"{name}_{{year}}.csv", "format": "csv", "encoding": "utf-8"}
        files[f"bench/{name}.yaml"] = {**contract, "source": source}
    for name, value in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(value, allow_unicode=True), "utf-8")
    return root


def main() -> None:
    """Run, and end with 1 when there was an error or a torn read."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10)
    with tempfile.TemporaryDirectory() as folder:
        reports = run(Path(folder), parser.parse_args().minutes * 60)
    for report in reports:
        print(json.dumps(report, ensure_ascii=False))
    raise SystemExit(any(report["errors"] or report["torn"] for report in reports))


if __name__ == "__main__":
    main()
