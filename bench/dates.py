"""Time dates with verdicts against japanera and a plain Python parser.

    python bench/dates.py [ROWS] [--file X.csv --column NAME] [--japanera PYTHON]

Makes dates in ten spellings as registers hold them (fixed seed), or takes a column of a CSV,
repeated up to ROWS, and runs every case as a process of its own. `--japanera` names the Python of
an environment that has japanera; it, the slowest, reads the first rows only and is scaled up.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import polars as pl

SAMPLE = 40_000
_ERAS = {"令和": ("R", 2018), "平成": ("H", 1988), "昭和": ("S", 1925), "大正": ("T", 1911)}
_CLOCK = """
import json, resource, sys
def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
"""
_COLUMNS = """
import polars as pl
from transforms.dates.{module} import {name}
frame = pl.read_parquet(sys.argv[1])
start = cpu()
done = frame.select({name}(pl.col("raw")))
spent = cpu() - start
kept = done["raw"].struct.field("value").is_not_null().sum()
print(json.dumps([len(done), spent, kept]))
"""
_PLAIN = """
import datetime as dt, re, unicodedata
BASE = {"明": 1867, "大": 1911, "昭": 1925, "平": 1988, "令": 2018}
BASE |= dict(zip("MTSHR", BASE.values()))
ERA = re.compile(r"(明治?|大正?|昭和?|平成?|令和?|[MTSHR])(元|[0-9]{1,2})[年./-]([0-9]{1,2})[月./-]([0-9]{1,2})日?")
PACKED = re.compile(r"([MTSHR])([0-9]{2})([0-9]{2})([0-9]{2})")
WEST = re.compile(r"([0-9]{4})[/-]?([0-9]{1,2})[/-]?([0-9]{1,2})")
def plain(text):
    text = unicodedata.normalize("NFKC", text or "").replace(" ", "")
    try:
        for pattern in (ERA, PACKED):
            found = pattern.fullmatch(text)
            if found:
                year = 1 if found[2] == "元" else int(found[2])
                return dt.date(BASE[found[1][0]] + year, int(found[3]), int(found[4]))
        found = WEST.fullmatch(text)
        return dt.date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
"""
_LIBRARY = """
import datetime as dt, unicodedata
from japanera import EraDate
ERAS = ("%-K%-y年%m月%d日", "%-h%-y.%m.%d", "%-h%-y/%m/%d", "%-h%-y%m%d")
def plain(text):
    text = unicodedata.normalize("NFKC", text or "").replace(" ", "")
    for form in ERAS:
        try:
            return EraDate.strptime(text, form)[0].to_date()
        except Exception:
            pass
    for form in ("%Y/%m/%d", "%Y%m%d"):
        try:
            return dt.datetime.strptime(text, form).date()
        except ValueError:
            pass
"""
_LOOP = """
texts = json.load(open(sys.argv[1], encoding="utf-8"))
start = cpu()
kept = sum(plain(text) is not None for text in texts)
print(json.dumps([len(texts), cpu() - start, kept]))
"""


def main() -> None:
    """Run every case once and print CPU seconds for all rows and the ratio to `date`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=4_000_000)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--column", default="生年月日")
    parser.add_argument("--japanera", metavar="PYTHON")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        texts = _take(asked.file, asked.column) if asked.file else _make(1_000_000)
        column = pl.concat([texts] * -(-asked.rows // len(texts))).head(asked.rows)
        table, all_texts, few = (Path(folder) / name for name in ("t.parquet", "t.json", "f.json"))
        column.alias("raw").to_frame().write_parquet(table)
        all_texts.write_text(json.dumps(column.to_list()), encoding="utf-8")
        few.write_text(json.dumps(column.head(SAMPLE).to_list()), encoding="utf-8")
        cases = {
            "date": (sys.executable, _COLUMNS.format(module="day", name="date"), table),
            "moment": (sys.executable, _COLUMNS.format(module="moments", name="moment"), table),
            "plain Python": (sys.executable, _PLAIN + _LOOP, all_texts),
        }
        if asked.japanera:
            cases["japanera"] = (asked.japanera, _LIBRARY + _LOOP, few)
        _report(cases, len(column))


def _take(file: Path, column: str) -> pl.Series:
    return pl.read_csv(file, columns=[column], infer_schema=False)[column]


def _make(rows: int) -> pl.Series:
    draw = random.Random(4)  # noqa: S311 (nothing secret)
    wide = str.maketrans("0123456789./", "０１２３４５６７８９．／")
    texts = []
    for _ in range(rows):
        name, (letter, base) = draw.choice(list(_ERAS.items()))
        last = {"大正": 14, "昭和": 63, "平成": 30, "令和": 8}[name]
        y, m, d = draw.randint(2, last), draw.randint(1, 12), draw.randint(1, 28)
        forms = (
            *(f"{name}{y}年{m}月{d}日", f"{name}{y:2}年{m:2}月{d:2}日", f"{name[0]}{y}.{m}.{d}"),
            *(
                f"{letter}{y:02}.{m:02}.{d:02}",
                f"{letter}{y:02}{m:02}{d:02}",
                f"{letter}{y}/{m}/{d}",
            ),
            *(f"{base + y}/{m:02}/{d:02}", f"{base + y}{m:02}{d:02}"),
        )
        text = draw.choice(forms)
        texts.append(text.translate(wide) if draw.random() < 0.2 else text)  # noqa: PLR2004
    return pl.Series("raw", texts)


def _report(cases: dict[str, tuple[str, str, Path]], rows: int) -> None:
    first = None
    for name, (python, code, data) in cases.items():
        command = [python, "-c", _CLOCK + code, str(data)]
        root = Path(__file__).parents[1]
        told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)  # noqa: S603
        count, spent, kept = json.loads(told.stdout)
        seconds = spent * rows / count
        first = first or seconds
        print(f"{name:14}{seconds:10.2f} CPU s  {seconds / first:7.1f}x  kept {kept / count:.1%}")


if __name__ == "__main__":
    main()
