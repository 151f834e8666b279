"""Time the column functions for texts against what polars and Python libraries take for less.

    python bench/texts.py [ROWS] [ROUNDS]

Makes a column of addresses, one of names and one of readings (fixed seed) in a temporary folder,
runs every case as a process of its own, in turn, and prints CPU seconds and the median ratio to
polars' `str.normalize("NFKC")` on the same column, which gives no verdict. neologdn, jaconv and
mojimoji run where they are installed, on the distinct-free list of strings they need.
"""

from __future__ import annotations

import importlib.util
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl

TOWNS = ["中央", "緑ケ丘", "旭町", "本町", "桜台", "若葉", "日の出新田", "富士見ヶ丘"]
BUILDINGS = ["", "", "", "コーポ桜", "ﾊｲﾂ若葉", "メゾンＡＢＣ", "サンライズ〜緑〜", "市営住宅㈱"]
FAMILIES = {"山田": "ﾔﾏﾀﾞ", "髙橋": "ﾀｶﾊｼ", "渡邉": "ﾜﾀﾅﾍﾞ", "\ue001田": "ﾖｼﾀﾞ", "山﨑": "ﾔﾏｻﾞｷ"}
GIVEN = {"太郎": "ﾀﾛｳ", "美咲": "ﾐｻｷ", "健一": "ｹﾝｲﾁ", "さくら": "ｻｸﾗ", "翔": "ｼｮｳ"}
WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")

OURS = "from transforms.{0} import {1} as f\nD.lazy().select(f(p.col('x'))).collect(engine='streaming')"
NFKC = "D.lazy().select(p.col('x').str.normalize('NFKC')).collect(engine='streaming')"
PEERS = {
    "mojimoji": "import mojimoji as m; p.Series([m.zen_to_han(m.han_to_zen(t, digit=False, ascii=False), kana=False) for t in L])",
    "jaconv": "import jaconv as m; p.Series([m.normalize(t, 'NFKC') for t in L])",
    "neologdn": "import neologdn as m; p.Series([m.normalize(t) for t in L])",
}
CASES = {
    ("address", "polars NFKC"): NFKC,
    ("address", "text"): OURS.format("texts.free_text", "text"),
    ("address", "fold_dashes"): OURS.format("texts.dashes", "fold_dashes"),
    **{("address", peer): code for peer, code in PEERS.items() if importlib.util.find_spec(peer)},
    ("name", "polars NFKC"): NFKC,
    ("name", "name"): OURS.format("texts.names", "name"),
    ("name", "name_key"): OURS.format("texts.matching_keys", "name_key"),
    ("name", "sum_rare_letters"): OURS.format("texts.rare_letters", "sum_rare_letters"),
    ("reading", "polars NFKC"): NFKC,
    ("reading", "kana"): OURS.format("texts.kana", "kana"),
}


def make_columns(rows: int, folder: Path) -> None:
    """Write one Parquet file a column: dirty addresses, names with rare letters, readings."""
    draw = np.random.default_rng(20260401)

    def pick(values: list[str]) -> pl.Series:
        return pl.Series(values).gather(draw.integers(0, len(values), rows))

    numbers = [
        f"{a}-{b}-{c}" for a in range(1, 8) for b in range(1, 60, 3) for c in range(1, 40, 3)
    ]
    lots = [n.translate(WIDE) for n in numbers] + numbers
    lots += [f"{n.replace('-', '丁目', 1).replace('-', '番', 1)}号" for n in lots if "-" in n]
    family, given = pick(list(FAMILIES)), pick(list(GIVEN))
    columns = {
        "address": "川浜市" + pick(TOWNS) + pick(lots) + pick(BUILDINGS),
        "name": family + "\u3000" + given,
        "reading": family.replace_strict(FAMILIES) + " " + given.replace_strict(GIVEN),
    }
    for name, column in columns.items():
        column.alias("x").to_frame().write_parquet(folder / f"{name}.parquet")


def run(column: str, case: str, folder: Path) -> float:
    """Run one case; give the CPU seconds after the column is in memory."""
    as_list = "L = D['x'].to_list()" if case in PEERS else ""
    code = f"""
import resource, sys
sys.path.insert(0, {str(Path(__file__).parent.parent)!r})
import polars as p
D = p.read_parquet({str(folder / f"{column}.parquet")!r})
{as_list}
def spent():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
start = spent()
{CASES[column, case]}
print(spent() - start)
"""
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def main() -> None:
    """Make the columns, run the cases in turn, print the table."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 4_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3  # noqa: PLR2004 - the second argument
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        make_columns(rows, folder)
        seen = [{case: run(*case, folder) for case in CASES} for _ in range(rounds)]
    finally:
        shutil.rmtree(folder)
    print(f"{rows:,} texts a column, medians of {rounds} rounds")
    print(f"{'column':8} {'case':17} {'CPU s':>7} {'ratio':>6}")
    for column, case in CASES:
        ratio = statistics.median(one[column, case] / one[column, "polars NFKC"] for one in seen)
        cpu = statistics.median(one[column, case] for one in seen)
        print(f"{column:8} {case:17} {cpu:7.2f} {ratio:6.2f}")


if __name__ == "__main__":
    main()
