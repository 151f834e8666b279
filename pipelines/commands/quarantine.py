"""The quarantine for the people who work it off: counts on the screen, values only into a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from rich.markup import escape
from rich.table import Table

from assets.errors import suggest
from warehouse.atomic import write_atomically
from warehouse.lake import has_table, open_lake
from warehouse.landing import receipts
from warehouse.refusal import Refusal
from warehouse.returns.standing import read_standing
from warehouse.returns.waiting import read_waiting
from warehouse.returns.workbook import make_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb
    from rich.console import Console

    from assets.register import Dataset, Register
    from warehouse.home import Home
from warehouse.returns.waiting import Waiting

# More than anybody works off in one go; a workbook of this size still opens at once.
ROWS_A_FILE = 20_000
_LISTED = 5


def print_quarantine(console: Console, home: Home, register: Register, dataset: str | None) -> None:
    """Print how many rows wait, since when and why; no value is shown."""
    with open_lake(home, read=["secure"]) as con:
        found = [
            (chosen, faults)
            for chosen in _choose(register, dataset)
            if not (faults := _read_faults(con, chosen.name)).is_empty()
        ]
        if not found:
            console.print("隔離した行はありません。")
            return
        for chosen, faults in found:
            received = {r.delivery: r.received_at[:10] for r in receipts(home, chosen.name)}
            console.print(_reason_table(chosen, faults, received))
            _print_waiting(console, faults, received)
            _print_again(console, con, chosen)
    console.print(
        "直すには: machikane quarantine データセット --out 直す行.xlsx で書き出し、"
        "直したファイルを受付箱に置きます。",
        soft_wrap=True,
    )


def write_quarantine(
    console: Console, home: Home, register: Register, dataset: str | None, out: Path
) -> None:
    """Write the rows that wait as workbooks to correct: one dataset a file.

    Args:
        console: where the result is told.
        home: the home whose quarantine is written.
        register: the contracts.
        dataset: the dataset; without it `out` is a folder that gets a file per dataset.
        out: a new .xlsx file, or a folder.
    """
    with open_lake(home, read=["secure"]) as con:
        found = [
            w for d in _choose(register, dataset) if (w := read_waiting(con, d, ROWS_A_FILE)).rows
        ]
    if not found:
        return
    places = list(_places(found, dataset, out))
    for place in places:
        _require_free(place)
    for waiting, place in zip(found, places, strict=True):
        write_atomically(place, make_workbook(waiting))
        rest = waiting.total - len(waiting.rows)
        more = f"(残り {rest:,} 行は、これを片づけてから書き出してください)" if rest else ""
        console.print(
            f"{len(waiting.rows):,} 行を書き出しました: {place}{more}",
            soft_wrap=True,
            highlight=False,
        )
    console.print("個人情報を含むことがあります。使い終わったら消してください。")


def _choose(register: Register, dataset: str | None) -> list[Dataset]:
    if dataset is None:
        return list(register.datasets.values())
    if dataset not in register.datasets:
        remedy = suggest(dataset, sorted(register.datasets))
        raise Refusal("dataset.unknown", "その名前のデータセットはありません。", dataset, remedy)
    return [register.datasets[dataset]]


def _read_faults(con: duckdb.DuckDBPyConnection, dataset: str) -> pl.DataFrame:
    names = "_delivery, _row, file, column_title, rule_title, remedy"
    if not has_table(con, "secure", "quarantine", dataset):
        return pl.DataFrame(schema=names.split(", "))
    return con.sql(f"SELECT {names} FROM secure.quarantine.{dataset}").pl()


def _reason_table(dataset: Dataset, faults: pl.DataFrame, received: dict[str, str]) -> Table:
    """List the reasons: a row with two faults is counted under both."""
    table = Table(title=f"隔離: {dataset.contract.title}({dataset.name})", title_justify="left")
    for heading in ("ファイル", "届いた日", "項目", "理由", "行数", "直し方"):
        side = "right" if heading == "行数" else "left"
        table.add_column(heading, overflow="fold", justify=side)
    grouped = (
        faults.with_columns(
            pl.col("_delivery").replace_strict(received, default="").alias("received")
        )
        .group_by("file", "received", "column_title", "rule_title", "remedy")
        .agg(pl.col("_row").n_unique().alias("rows"))
        .sort("file", "received", "column_title", "rule_title")
    )
    for file, day, column, reason, remedy, rows in grouped.iter_rows():
        table.add_row(escape(file), day, column or "行全体", reason, f"{rows:,}", remedy)
    return table


def _print_waiting(console: Console, faults: pl.DataFrame, received: dict[str, str]) -> None:
    rows = faults.n_unique(["_delivery", "_row"])
    days = sorted(received[d] for d in faults["_delivery"].unique() if d in received)
    since = f"(いちばん古いものは {days[0]} に届いたファイルの行)" if days else ""
    console.print(f"  {rows:,} 行が待っています{since}。", soft_wrap=True)


def _print_again(console: Console, con: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    """Name the rows that came back and are still wrong, by file and row number."""
    if read_standing(con, dataset.name).rows.is_empty():
        return
    waiting = read_waiting(con, dataset, ROWS_A_FILE)
    again = [f"{row.file} の {row.row}行" for row in waiting.rows if row.was_returned]
    if again:
        more = f" ほか {len(again) - _LISTED:,} 行" if len(again) > _LISTED else ""
        console.print(
            f"  うち {len(again):,} 行は、直して戻されましたが、まだ誤りがあります: "
            f"{escape('、'.join(again[:_LISTED]))}{more}",
            soft_wrap=True,
        )


def _places(found: list[Waiting], dataset: str | None, out: Path) -> Iterator[Path]:
    """Name the file of every dataset."""
    is_file = out.suffix.lower() == ".xlsx" and not out.is_dir()
    if is_file and len(found) > 1:
        listed = "、".join(waiting.dataset.name for waiting in found)
        raise Refusal(
            "quarantine.several",
            f"隔離した行のあるデータセットが {len(found)} 件あります。1つのファイルには書き出せません。",
            listed,
            "データセットの名前を書くか、--out にフォルダの名前を書いてください。",
        )
    if not is_file and dataset is not None:
        raise Refusal(
            "quarantine.not_xlsx",
            "書き出すファイルの名前は .xlsx で終えてください(先頭の0が落ちたり、式として動いたりしないため)。",
            str(out),
            "例: --out 直す行.xlsx",
        )
    for waiting in found:
        yield out if is_file else out / f"直す行_{waiting.dataset.name}.xlsx"


def _require_free(place: Path) -> None:
    """A workbook that somebody may have been correcting is never written over."""
    if place.exists():
        raise Refusal(
            "quarantine.exists",
            "同じ名前のファイルがもうあります。直しかけのものを消さないように、書き出しませんでした。",
            str(place),
            "別の名前を書くか、いらないファイルなら消してからもう一度書き出してください。",
        )
