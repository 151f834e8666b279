"""Time the files of a release against polars writing the same columns.

    python bench/release_formats.py [ROWS] [ROUNDS]

Own: `write_formats` as CSV, JSON, GeoJSON and Parquet. polars: `write_csv`, `write_ndjson` twice (the
second for GeoJSON's share) and `write_parquet`, of the same typed table. CPU seconds of the process
(all threads), the median of the rounds, each round both in turn; then the peak of memory of one
writing of each in a process of its own, above the table.
"""

from __future__ import annotations

import multiprocessing as mp
import resource
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).parents[1]))

from assets.standard import Standard
from warehouse.formats.typed import type_columns
from warehouse.formats.write import write_formats

if TYPE_CHECKING:
    from collections.abc import Callable

_UNPLACED = 0.05
_COLUMNS = [
    {"name": "全国地方公共団体コード", "type": "municipality_code"},
    {"name": "ID", "type": "code"},
    {"name": "名称"},
    {"name": "名称_カナ", "type": "kana"},
    {"name": "所在地_連結表記"},
    {"name": "緯度", "type": "latitude"},
    {"name": "経度", "type": "longitude"},
    {"name": "郵便番号", "type": "postal_code"},
    {"name": "定員", "type": "integer", "unit": "人"},
    {"name": "開始日", "type": "date"},
    {"name": "備考"},
]
LAYOUT = Standard.model_validate(
    {
        "title": "場所", "slug": "places", "family": "市の独自", "edition": "試",
        "column_order": "official", "credit": "なし", "columns": _COLUMNS,
    }
)  # fmt: skip


def make_table(rows: int) -> pl.DataFrame:
    """Return a typed table of places; one in twenty has no position, half have no remark."""
    draw = np.random.default_rng(20260401)
    number = pl.Series(np.arange(rows))
    placed = pl.Series(draw.random(rows) > _UNPLACED)
    frame = pl.DataFrame(
        {
            "n": number,
            "lat": pl.Series(34.7 + draw.random(rows) * 0.2),
            "lon": pl.Series(135.4 + draw.random(rows) * 0.2),
            "定員": pl.Series(draw.integers(0, 500, rows)),
            "day": pl.Series(draw.integers(0, 2000, rows)),
            "placed": placed,
        }
    )
    n = pl.col("n").cast(pl.String).str.zfill(7)
    made = frame.select(
        pl.lit("272035").alias("全国地方公共団体コード"),
        pl.format("AA{}", n).alias("ID"),
        pl.format("第{}集会所「{}」", n, pl.col("定員")).alias("名称"),
        pl.format("ダイ{}シュウカイショ", n).alias("名称_カナ"),
        pl.format(
            "大阪府豊中市中桜塚{}丁目{}-{}", pl.col("day") % 9, pl.col("day"), pl.col("定員")
        ).alias("所在地_連結表記"),
        pl.when("placed").then(pl.col("lat").round(6).cast(pl.String)).alias("緯度"),
        pl.when("placed").then(pl.col("lon").round(6).cast(pl.String)).alias("経度"),
        pl.format("560{}", (pl.col("day") + 1000).cast(pl.String)).alias("郵便番号"),
        "定員",
        (pl.date(2020, 1, 1) + pl.duration(days=pl.col("day"))).alias("開始日"),
        pl.when(pl.col("n") % 2 == 0).then(pl.lit('予約が要る,"団体"は電話で')).alias("備考"),
    )
    return type_columns(made, LAYOUT)


def write_own(table: pl.DataFrame, folder: Path) -> None:
    """Write a release's files."""
    files = write_formats(table, LAYOUT, folder, "own", bom=True, xlsx=False)
    assert [f.suffix for f in files] == [".csv", ".json", ".geojson", ".parquet"]  # noqa: S101


def write_peer(table: pl.DataFrame, folder: Path) -> None:
    """Write the same columns with polars alone."""
    table.write_csv(folder / "peer.csv")
    table.write_ndjson(folder / "peer.json")
    table.write_ndjson(folder / "peer.geojson")
    table.write_parquet(folder / "peer.parquet")


def spend(action: Callable[[pl.DataFrame, Path], None], table: pl.DataFrame, folder: Path) -> float:
    """Return the CPU seconds an action takes."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    action(table, folder)
    after = resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure_peak(name: str, rows: int, found: mp.Queue) -> None:
    """Report by how many megabytes one writing raises the peak of memory."""
    table = make_table(rows)
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak of making the table
    before = _peak()
    with tempfile.TemporaryDirectory() as folder:
        {"own": write_own, "polars": write_peer}[name](table, Path(folder))
    found.put((name, _peak() - before))


def _peak() -> float:
    """Return the highest resident memory since it was last forgotten, megabytes (Linux)."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def main(rows: int = 400_000, rounds: int = 5) -> None:
    """Print CPU seconds, their ratio, sizes, and peaks of memory."""
    table = make_table(rows)
    own, peer = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_own(table, folder)
        write_peer(table, folder)
        for _ in range(rounds):
            own.append(spend(write_own, table, folder))
            peer.append(spend(write_peer, table, folder))
        sizes = {f.name: f.stat().st_size / 1e6 for f in sorted(folder.iterdir())}
    ours, theirs = statistics.median(own), statistics.median(peer)
    print(f"{rows:,} 行 × {table.width} 列")
    print(f"own {ours:.3f} s  polars {theirs:.3f} s  ×{ours / theirs:.2f}")
    print("  ".join(f"{file} {size:.1f} MB" for file, size in sizes.items()))
    context = mp.get_context("spawn")
    for kind in ("own", "polars"):
        found = context.Queue()
        process = context.Process(target=measure_peak, args=(kind, rows, found))
        process.start()
        print("peak above the table: {} {:.0f} MB".format(*found.get()))
        process.join()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
