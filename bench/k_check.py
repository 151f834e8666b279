"""Time the k of 20,000,000 published rows against DuckDB's plain GROUP BY on the same Parquet file.

    python bench/k_check.py [ROWS] [ROUNDS]

Makes a city's rows (town, five-year age band, sex, nationality; fixed seed) as numbers and as text
in a temporary folder, runs every case as a process of its own, in turn, and prints CPU and wall
seconds and the median ratio of CPU seconds to the plain GROUP BY.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl

NAMES = "age, sex, town, nationality"
CASES = {
    "duckdb GROUP BY": f"r = duckdb.sql(f\"SELECT min(n), count(*) FROM (SELECT count(*) n FROM '{{F}}'"
    f' GROUP BY {NAMES})").fetchall()[0]',
    "check_k": f"c = check_k(duckdb.read_parquet(F), {NAMES!r}.split(', '), 5); r = (c.min_class, c.classes)",
}
WATCHED = """
import resource, time, duckdb
from anonymize.records.k_check import check_k
F = {path!r}
duckdb.sql('SET enable_progress_bar = false')
def spent():
    r = resource.getrusage(resource.RUSAGE_SELF)
    return r.ru_utime + r.ru_stime
cpu, wall = spent(), time.perf_counter()
{code}
print(spent() - cpu, time.perf_counter() - wall, *r)
"""


def make_files(rows: int, folder: Path) -> list[Path]:
    """Write the same rows as numbers and as text."""
    draw = np.random.default_rng(5)
    numbers = pl.DataFrame(
        {
            "age": (np.clip(draw.normal(47, 24, rows), 0, 105) // 5).astype(np.int16),
            "sex": draw.integers(1, 3, rows).astype(np.int8),
            "town": np.minimum((draw.random(rows) ** 1.6 * 420).astype(np.int16), 419),
            "nationality": draw.choice(6, rows, p=[0.94, 0.03, 0.01, 0.01, 0.005, 0.005]),
        }
    )
    texts = numbers.with_columns(
        "第" + pl.col("town").cast(pl.String) + "町",
        pl.col("age", "sex", "nationality").cast(pl.String),
    )
    paths = [folder / "numbers.parquet", folder / "texts.parquet"]
    for frame, path in zip((numbers, texts), paths, strict=True):
        frame.write_parquet(path)
    return paths


def run(case: str, path: Path) -> list[float]:
    """Run one case; return CPU seconds, wall seconds, the k and the number of classes."""
    code = WATCHED.format(path=str(path), code=CASES[case])
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent,
    )
    return [float(part) for part in done.stdout.split()]


def main(rows: int = 20_000_000, rounds: int = 5) -> None:
    """Make the files, run the cases in turn, print the table."""
    with tempfile.TemporaryDirectory() as folder:
        for path in make_files(rows, Path(folder)):
            seen = [{case: run(case, path) for case in CASES} for _ in range(rounds)]
            base = next(iter(CASES))
            print(f"{path.stem}: {rows:,} rows, medians of {rounds} rounds")
            for case in CASES:
                ratio = statistics.median(one[case][0] / one[base][0] for one in seen)
                cpu, wall, k, classes = (
                    statistics.median(one[case][at] for one in seen) for at in range(4)
                )
                print(
                    f"  {case:16} {cpu:6.2f} CPU s {wall:6.2f} s ×{ratio:.2f}"
                    f"   k = {k:.0f}, {classes:,.0f} classes"
                )
                if seen[0][case][2:] != seen[0][base][2:]:
                    sys.exit("the counts differ")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
