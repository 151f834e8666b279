"""Load a whole made-up city and hold its quarantine against the truth.

    machikane city --residents 50000 --months 24 --out /tmp/city
    python bench/whole_city.py /tmp/city [HOME]

Loads the inbox of `machikane city` step by step as a run does (landing, raw, staging, checks,
common, internal; without Dagster, marts, portal): first all but the last month, then the last
month, then nothing new, each as a process of its own. Prints for each its CPU seconds with those
of the parsing child and the largest resident set; then recall by kind of dirt, precision, accounts
and accepted cells. Ends with 1 when a bar is missed. HOME (default: a temporary folder that goes)
must be empty.
"""

from __future__ import annotations

import json
import pickle
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

if TYPE_CHECKING:
    from pipelines.whole_city.dirt.measuring import Findings, Score, Truth

RECALL = PRECISION = 0.99
PHASES = ("months before", "last month", "nothing new")


def load(folder: Path, home_folder: Path, until: str) -> tuple[Findings, dict[str, float]]:
    """Load every file whose period is not after `until`; tell the findings and the seconds."""
    from assets.register import load_register  # noqa: PLC0415 - each process pays for its own
    from pipelines.quality import validate  # noqa: PLC0415
    from pipelines.settings import register_root  # noqa: PLC0415
    from pipelines.whole_city.dirt.measuring import (  # noqa: PLC0415
        Findings,
        load_dataset,
        look_at,
        read_truth,
    )
    from pipelines.whole_city.writing.inbox import INBOX  # noqa: PLC0415
    from warehouse.home import Home  # noqa: PLC0415
    from warehouse.inbox import scan_inbox  # noqa: PLC0415
    from warehouse.lake import open_lake  # noqa: PLC0415
    from warehouse.landing import collect  # noqa: PLC0415
    from warehouse.protect import protect  # noqa: PLC0415
    from warehouse.readers.child import ParsingChild  # noqa: PLC0415

    home, register, truth = Home(home_folder), load_register(register_root()), read_truth(folder)
    findings, spent = Findings(), {}
    names = set(truth.files["dataset"])
    datasets = [dataset for dataset in register.datasets.values() if dataset.name in names]
    for arrival in scan_inbox(folder / INBOX, register.datasets):
        if arrival.dataset is None:
            raise SystemExit(f"契約のないファイル: {arrival.path.name}")
        if arrival.period[:7] <= until[: len(arrival.period)]:
            collect(home, arrival)
    with open_lake(home, write=["secure", "internal"]) as con, ParsingChild() as parser:
        for dataset in datasets:
            started = time.perf_counter()

            def check(staged: Any, dataset: Any = dataset) -> list[str]:  # noqa: ANN401
                if not staged.entries:
                    return []
                answers = validate(home, dataset, con, staged.queries["common"])
                return [answer.title for answer in answers if not answer.passed]

            staged = load_dataset(
                con, home, dataset, parser, truth=truth, findings=findings, check=check
            )
            if staged is not None:
                protect(con, home, dataset)
            spent[dataset.name] = time.perf_counter() - started
        started = time.process_time()
        look_at(con, datasets, truth, findings)
        findings.seconds += time.process_time() - started
    return findings, spent


def last_month(truth: Truth) -> tuple[str, str]:
    """Name the last month delivered and the one before it."""
    months = sorted({p[:7] for p in truth.files["period"] if len(p) >= len("2024-04")})
    return (months[-2] if len(months) > 1 else ""), months[-1]


def measure(folder: Path, home: Path, until: str) -> tuple[Findings, dict[str, float]]:
    """Load in a process of its own; give its findings, CPU seconds and largest process in MB."""
    watched = (
        "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:]);"
        "r = resource.getrusage(resource.RUSAGE_CHILDREN);"
        "print(r.ru_utime + r.ru_stime, r.ru_maxrss); sys.exit(done.returncode)"
    )
    told = home.with_name(home.name + ".findings")
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", watched, sys.executable, __file__, "load", str(folder), str(home), until, str(told)],
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    findings, spent = pickle.loads(told.read_bytes())  # noqa: S301 - written just now by ourselves
    told.unlink()
    seconds, peak = map(float, done.stdout.split()[-2:])
    size = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return findings, {"cpu": seconds - findings.seconds, "mb": peak / size, **spent}


def print_findings(findings: Findings, result: Score) -> None:
    """Print recall by kind, what was wrongly set aside, accounts and cells."""
    with pl.Config(tbl_rows=60, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True, fmt_str_lengths=40):  # fmt: skip
        share = (pl.col("caught") / pl.col("faults")).round(4).alias("recall")
        print(result.kinds.with_columns(share).drop("title"))
        if result.wrong.height:
            print("set aside without a fault:", result.wrong, sep="\n")
        if result.unequal.height:
            print("columns whose accepted values differ:", result.unequal, sep="\n")
    print(f"recall {result.recall:.4%}  precision {result.precision:.4%}  of {result.aside_rows:,} rows set aside")  # fmt: skip
    print(f"accepted cells equal to the clean ones: {result.cells_equal:,} of {result.cells:,}")
    print("accounts that do not close:", "、".join(findings.open_accounts) or "none")
    for state in findings.states:
        if state["state"] != "loaded":
            print(f"not loaded ({state['state']}): {state['file']}\n  {state['note']}")
    for name, why in findings.refused.items():
        print(f"withheld: {name}\n  {why}")


def meets_bars(findings: Findings, result: Score) -> bool:
    """Tell whether every bar is met: every kind that fell, precision, accounts, nothing withheld."""
    fell = result.kinds.filter(pl.col("faults") > 0)
    each = fell.filter(pl.col("caught") < pl.col("faults") * RECALL).is_empty()
    loaded = all(state["state"] == "loaded" for state in findings.states)
    whole = not findings.open_accounts and not findings.refused and loaded
    return each and result.recall >= RECALL and result.precision >= PRECISION and whole


def main() -> None:
    """Load in three phases, print the tables."""
    if sys.argv[1:2] == ["load"]:
        folder, home, until, told = sys.argv[2:6]
        Path(told).write_bytes(pickle.dumps(load(Path(folder), Path(home), until)))
        return
    from pipelines.whole_city.dirt.measuring import merge, read_truth, score  # noqa: PLC0415

    folder = Path(sys.argv[1])
    is_given = len(sys.argv) > 2  # noqa: PLR2004 - the second argument
    home = Path(sys.argv[2]) if is_given else Path(tempfile.mkdtemp(prefix="bench-")) / "home"
    truth = read_truth(folder)
    before, last = last_month(truth)
    found, times = [], {}
    try:
        for phase, until in zip(PHASES, (before, last, last), strict=True):
            findings, times[phase] = measure(folder, home, until)
            found.append(findings)
            print(f"{phase:14} {times[phase]['cpu']:8.1f} CPU s {times[phase]['mb']:8.0f} MB", flush=True)  # fmt: skip
    finally:
        if not is_given:
            shutil.rmtree(home.parent)
    everything = merge(found)
    result = score(truth, everything)
    print_findings(everything, result)
    print(json.dumps({phase: {k: round(v, 1) for k, v in told.items()} for phase, told in times.items()}))  # fmt: skip
    sys.exit(0 if meets_bars(everything, result) else 1)


if __name__ == "__main__":
    main()
