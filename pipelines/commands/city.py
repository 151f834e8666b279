"""`machikane city`: make up a whole city and write what its departments deliver."""

from __future__ import annotations

import json
import shutil
import time
from typing import TYPE_CHECKING

from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from pipelines.whole_city.people.settle import count_months, settle
from pipelines.whole_city.sources import deliveries
from pipelines.whole_city.writing.inbox import INBOX, TRUTH, CityFiles, write_inbox
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl
    from rich.console import Console

_MARK = ".架空の市.json"
_LEAST_RESIDENTS = 100
_MEGA = 1_000_000


def write_city(
    console: Console,
    register_root: Path,
    folder: Path,
    *,
    residents: int,
    seed: int,
    months: int,
    dirt: float,
) -> None:
    """Settle a city, write its inbox and the truth beside it, and say what to run next.

    Raises:
        Refusal: an argument cannot be used, or the folder holds what is not ours.
    """
    _check(residents, months, dirt)
    _make_room(folder)
    about = {"residents": residents, "seed": seed, "months": months, "dirt": dirt}
    (folder / _MARK).write_text(json.dumps(about), "utf-8")
    started = time.perf_counter()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(f"{residents:,} 人が {months} か月くらしています")
        city = settle(residents, seed, count_months(months))
        written = write_inbox(
            deliveries(city),
            register_root,
            folder,
            seed=seed,
            share=dirt,
            tell=lambda name, period: progress.update(task, description=f"書いています: {name} {period}"),
        )  # fmt: skip
    _say(console, folder, written, time.perf_counter() - started)


def _check(residents: int, months: int, dirt: float) -> None:
    faults = (
        (residents < _LEAST_RESIDENTS, f"--residents {residents}", "100 人以上にしてください。"),
        (months < 1, f"--months {months}", "1 か月以上にしてください。"),
        (not 0 <= dirt < 1, f"--dirt {dirt}", "0 以上 1 未満の割合(例 0.02)にしてください。"),
    )
    for is_wrong, where, remedy in faults:
        if is_wrong:
            raise Refusal("city.argument", "この値では市をつくれません。", where, remedy)


def _make_room(folder: Path) -> None:
    """Take away an earlier city of ours; anything else in the folder stays, and stops us."""
    if folder.exists() and not folder.is_dir():
        raise Refusal(
            "city.folder",
            "フォルダではありません。",
            str(folder),
            "--out に別の名前を書いてください。",
        )
    if folder.is_dir() and any(folder.iterdir()) and not (folder / _MARK).is_file():
        raise Refusal(
            "city.folder",
            "フォルダにほかのファイルがあるので、書きません。",
            str(folder),
            "--out に空のフォルダか、新しい名前を書いてください。",
        )
    for name in (INBOX, TRUTH):
        shutil.rmtree(folder / name, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)


def _count(files: pl.DataFrame) -> str:
    datasets, size = files["dataset"].n_unique(), files["bytes"].sum() / _MEGA
    rows = int(files["rows"].sum())
    return f"{datasets} の業務、{files.height:,} ファイル、{rows:,} 行、{size:,.0f} MB"


def _say(console: Console, folder: Path, written: CityFiles, seconds: float) -> None:
    files = written.files
    faulty, kinds = int(files["faulty_rows"].sum()), written.faults["kind"].n_unique()
    lines = (
        f"架空の市を書きました({seconds:,.0f} 秒): {folder}",
        f"  {INBOX}: {_count(files)}",
        f"  {TRUTH}: 誤りのある行 {faulty:,} 行({kinds} 種類)の場所と種類(取り込みません)",
        "実在の人はいません。住所の番地(900番台)も電話番号も、実在しません。",
        f"次に: machikane run --inbox {folder / INBOX}",
    )
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
