"""The quarantine for the people who work it off: counts on the screen, values only into a file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import polars as pl
import xlsxwriter
from rich.table import Table

from assets.errors import suggest
from warehouse.atomic import write_atomically
from warehouse.lake import has_table, open_lake
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from assets.register import Register
    from warehouse.home import Home

HEADINGS = {
    "file": "ファイル",
    "sheet": "シート",
    "cell": "セル",
    "column_title": "項目",
    "raw_value": "届いた値",
    "rule_title": "理由",
    "remedy": "直し方",
}


def print_quarantine(console: Console, home: Home, register: Register, dataset: str | None) -> None:
    """Print how many values were set aside, by file, column and reason; no value is shown."""
    rows = _read(home, register, dataset)
    if rows.is_empty():
        console.print("隔離した行はありません。")
        return
    table = Table(title="隔離した値", title_justify="left")
    for heading in ("ファイル", "項目", "理由", "件数", "直し方"):
        table.add_column(heading, overflow="fold")
    grouped = (
        rows.group_by("file", "column_title", "rule_title", "remedy")
        .len()
        .sort("file", "column_title", "rule_title")
    )
    for file, column, reason, remedy, count in grouped.iter_rows():
        table.add_row(file, column or "行全体", reason, f"{count:,}", remedy)
    console.print(table)


def write_quarantine(
    console: Console, home: Home, register: Register, dataset: str | None, out: Path
) -> None:
    """Write every value set aside, with its address and remedy, as a workbook of plain text."""
    if out.suffix.lower() != ".xlsx":
        raise Refusal(
            "quarantine.not_xlsx",
            "書き出すファイルの名前は .xlsx で終えてください(先頭の0が落ちたり、式として動いたりしないため)。",
            str(out),
            "例: --out 隔離.xlsx",
        )
    rows = _read(home, register, dataset)
    titled = rows.select(pl.col(n).alias(t) for n, t in HEADINGS.items())
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(
        buffer,
        {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False},
    ) as book:
        titled.write_excel(book, worksheet="隔離", autofit=True)
    write_atomically(out, buffer.getvalue())
    console.print(f"{rows.height:,} 件を書き出しました: {out}", soft_wrap=True, highlight=False)
    console.print("個人情報を含むことがあります。使い終わったら消してください。")


def _read(home: Home, register: Register, dataset: str | None) -> pl.DataFrame:
    if dataset is not None and dataset not in register.datasets:
        remedy = suggest(dataset, sorted(register.datasets))
        raise Refusal("dataset.unknown", "その名前のデータセットはありません。", dataset, remedy)
    names = [dataset] if dataset else list(register.datasets)
    empty = pl.DataFrame(schema=dict.fromkeys(HEADINGS, pl.String))
    with open_lake(home, read=["secure"]) as con:
        found = [
            con.sql(
                f"SELECT {', '.join(HEADINGS)} FROM secure.quarantine.{name} ORDER BY file, _row"
            ).pl()
            for name in names
            if has_table(con, "secure", "quarantine", name)
        ]
    return pl.concat([empty, *found])
