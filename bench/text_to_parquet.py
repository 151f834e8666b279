"""Time a CP932 CSV to Parquet as text against what polars, pandas and pyarrow take for it.

    python bench/text_to_parquet.py [ROWS] [ROUNDS]

Makes a register-like file of 20 columns in CP932 and in UTF-8 (fixed seed) in a temporary folder,
runs every case as a process of its own, in turn, and prints CPU seconds, peak memory and the
median ratio to polars on UTF-8. `machikane` runs as users run it, with its child process, row
numbers and quarantine.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl

CHUNK = 200_000
COLUMNS = [
    "宛名番号",
    "世帯番号",
    "氏名",
    "氏名カナ",
    "生年月日",
    "性別",
    "続柄",
    "郵便番号",
    "住所",
    "方書",
    "異動日",
    "異動事由",
    "住民となった日",
    "電話番号",
    "国籍コード",
    "行政区コード",
    "小学校区",
    "所得額",
    "備考",
    "更新日時",
]
FAMILY = {"山田": "ﾔﾏﾀﾞ", "髙橋": "ﾀｶﾊｼ", "渡邉": "ﾜﾀﾅﾍﾞ", "\ue001田": "ﾖｼﾀﾞ", "小山﨑": "ｺﾔﾏｻﾞｷ"}
GIVEN = {"太郎": "ﾀﾛｳ", "美咲": "ﾐｻｷ", "健一": "ｹﾝｲﾁ", "さくら": "ｻｸﾗ", "翔": "ｼｮｳ"}
CASES = {
    "polars utf-8": "import polars as p; p.scan_csv(U, infer_schema=False).sink_parquet(O)",
    "machikane cp932": None,
    "polars cp932": "import polars as p; p.read_csv(S, infer_schema=False, encoding='cp932')"
    ".write_parquet(O)",
    "pyarrow cp932": "import pyarrow.csv as c, pyarrow.parquet as q, pyarrow as a;"
    "o=c.ConvertOptions(column_types={n: a.string() for n in N});"
    "r=c.open_csv(S, read_options=c.ReadOptions(encoding='cp932', block_size=1 << 23),"
    "parse_options=c.ParseOptions(newlines_in_values=True), convert_options=o);"
    "w=q.ParquetWriter(O, r.schema, compression='zstd');[w.write_batch(b) for b in r];w.close()",
    "pandas cp932": "import pandas as p; p.read_csv(S, dtype=str, encoding='cp932')"
    ".to_parquet(O, compression='zstd')",
}


def make_files(rows: int, folder: Path) -> None:
    """Write `s.csv` in CP932 and `u.csv` in UTF-8: the same rows."""
    with (folder / "s.csv").open("wb") as windows, (folder / "u.csv").open("wb") as unicode:
        for start in range(0, rows, CHUNK):
            frame = make_rows(start, min(CHUNK, rows - start))
            text = frame.write_csv(include_header=start == 0, line_terminator="\r\n")
            unicode.write(text.encode())
            windows.write(text.encode("cp932"))


def make_rows(start: int, count: int) -> pl.DataFrame:
    """Make rows of a resident register: numbers, names, mixed dates, dirty addresses."""
    draw = np.random.default_rng([20260401, start])

    def pick(values: list[str]) -> pl.Series:
        return pl.Series(values).gather(draw.integers(0, len(values), count))

    def number(top: int, width: int) -> pl.Series:
        return pl.Series(draw.integers(0, top, count)).cast(pl.String).str.zfill(width)

    def date() -> pl.Series:
        year, month, day = number(63, 1), number(12, 1), number(28, 1)
        wide = pl.Series([f"昭和{y}年{m}月{d}日" for y, m, d in zip(year, month, day, strict=True)])
        short = year.str.zfill(2) + "." + month.str.zfill(2) + "." + day.str.zfill(2)
        return wide.zip_with(pl.Series(draw.random(count) < 0.5), "S" + short)  # noqa: PLR2004

    family, given = pick(list(FAMILY)), pick(list(GIVEN))
    serial = pl.Series(np.arange(start, start + count)).cast(pl.String)
    columns = [
        serial.str.zfill(10), number(10**9, 10), family + "　" + given,
        family.replace_strict(FAMILY) + " " + given.replace_strict(GIVEN), date(), pick(["1", "2", "男", "女"]),
        pick(["世帯主", "妻", "子", "02"]), "560-" + number(9999, 4),
        "川浜市" + pick(["中央", "緑ケ丘", "旭町"]) + number(9, 1) + "丁目" + number(60, 1) + "番地の" + number(40, 1),
        pick(["", "", "コーポ桜" + "101号室", "ﾊｲﾂ若葉２０３"]), date(), pick(["01", "02", "２１", ""]), date(),
        "06-" + number(9999, 4) + "-" + number(9999, 4), pick(["392", "392", "", "156"]), number(99, 6),
        pick(["中央小学校", "旭小学校", "緑小学校"]), pick([f"{n * 7919 % 12_000_000:,}" for n in range(5000)]),
        pick(["", *[""] * 40, "転入届,受理済", "備考あり\n二行目"]), "2026/04/01 " + number(9, 2) + ":" + number(59, 2),
    ]  # fmt: skip
    return pl.DataFrame(dict(zip(COLUMNS, columns, strict=True)))


def run(case: str, folder: Path) -> tuple[float, float]:
    """Run one case; give its CPU seconds with its children's, and its largest process in MB."""
    source, target = folder / "s.csv", folder / "o.parquet"
    code = CASES[case]
    command = [sys.executable, "-m", "pipelines.cli", "read", str(source), "--out", str(target)]
    if code is not None:
        names = (
            f"S, U, O, N = {str(source)!r}, {str(folder / 'u.csv')!r}, {str(target)!r}, {COLUMNS!r}"
        )
        command = [sys.executable, "-c", f"{names}\n{code}"]
    watched = (
        "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL);"
        "r = resource.getrusage(resource.RUSAGE_CHILDREN);"
        "print(r.ru_utime + r.ru_stime, r.ru_maxrss); sys.exit(done.returncode)"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", watched, *command], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parent.parent,
    )  # fmt: skip
    seconds, peak = done.stdout.split()
    return float(seconds), float(peak) / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def main() -> None:
    """Make the files, run the cases in turn, print the table."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 400_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3  # noqa: PLR2004 - the second argument
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        make_files(rows, folder)
        seen = [{case: run(case, folder) for case in CASES} for _ in range(rounds)]
    finally:
        shutil.rmtree(folder)
    base = next(iter(CASES))
    print(f"{rows:,} rows × {len(COLUMNS)} columns, medians of {rounds} rounds")
    print(f"{'case':18} {'CPU s':>8} {'peak MB':>8} {'ratio':>6}")
    for case in CASES:
        ratio = statistics.median(one[case][0] / one[base][0] for one in seen)
        cpu, peak = (statistics.median(one[case][k] for one in seen) for k in (0, 1))
        print(f"{case:18} {cpu:8.2f} {peak:8.0f} {ratio:6.2f}")


if __name__ == "__main__":
    main()
