"""100,000 rows × 20 columns of xlsx: our reader beside fastexcel (strings) and openpyxl.

    python bench/workbook.py [--rows N] [--rounds N] [--file X.xlsx]

Every reader runs in a process of its own, in turn; CPU seconds of the whole process and peak memory
are printed, and the ratios to fastexcel. openpyxl is left out where it is not installed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.util
import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import xlsxwriter

PEERS = {
    "fastexcel": "import fastexcel; fastexcel.read_excel({file!r}).load_sheet(0, dtypes='string').to_polars()",
    "machikane": "from pathlib import Path; from warehouse.readers.workbooks.workbook import read_workbook; "
    "read_workbook(Path({file!r}), sheet=1, file='x')",
    "machikane+look": "from pathlib import Path; from warehouse.readers.workbooks.workbook import read_workbook; "
    "read_workbook(Path({file!r}), sheet=1, file='x', with_look=True)",
    "openpyxl": "import openpyxl; "
    "[row for row in openpyxl.load_workbook({file!r}, read_only=True).worksheets[0].iter_rows(values_only=True)]",
}
MEASURE = (
    "\nimport resource; used = resource.getrusage(resource.RUSAGE_SELF)"
    "\nprint(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)"
)
COLUMNS, NUMBERS, DATES, BLANKS = 20, 17, 19, 5
SEED = 1


def write_sheet(path: Path, rows: int) -> None:
    """Write a sheet of texts, one column of numbers and one of dates, some cells blank."""
    draw = random.Random(SEED)  # noqa: S311 - made-up data
    book = xlsxwriter.Workbook(str(path), {"constant_memory": False})
    sheet = book.add_worksheet("住民")
    day = book.add_format({"num_format": "yyyy/mm/dd"})
    sheet.write_row(0, 0, [f"列{number}" for number in range(COLUMNS)])
    for row in range(1, rows + 1):
        for column in range(COLUMNS):
            if column == NUMBERS:
                sheet.write_number(row, column, draw.randrange(10**7))
            elif column == DATES:
                moment = dt.datetime(2000, 1, 1) + dt.timedelta(draw.randrange(9000))  # noqa: DTZ001
                sheet.write_datetime(row, column, moment, day)
            elif column % 3:
                sheet.write_string(
                    row, column, f"{draw.choice('甲乙丙丁戊')}町{draw.randrange(200)}"
                )
            elif column % BLANKS or draw.random() > 1 / BLANKS:
                sheet.write_string(row, column, f"{draw.randrange(10**9):010d}")
    book.close()


def measure(name: str, file: Path) -> tuple[float, float]:
    """Run one reader: CPU seconds and megabytes at most."""
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", PEERS[name].format(file=str(file)) + MEASURE],
        capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)},
    )  # fmt: skip
    seconds, megabytes = done.stdout.split()
    return float(seconds), float(megabytes)


def main() -> None:
    """Measure all readers in turn and print the ratios."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--file", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = asked.file or Path(folder) / "sheet.xlsx"
        if asked.file is None:
            write_sheet(file, asked.rows)
        names = [name for name in PEERS if name != "openpyxl" or importlib.util.find_spec(name)]
        found = {name: [] for name in names}
        for _ in range(asked.rounds):
            for name in names:
                found[name].append(measure(name, file))
    base = statistics.median(seconds for seconds, _ in found["fastexcel"])
    for name, runs in found.items():
        seconds = statistics.median(seconds for seconds, _ in runs)
        memory = max(megabytes for _, megabytes in runs)
        print(f"{name:<16}{seconds:7.2f} CPU s{seconds / base:7.2f} ×{memory:8.0f} MB")


if __name__ == "__main__":
    main()
