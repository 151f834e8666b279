"""`machikane standard convert`: a file laid out anew, with the account of every column."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from pipelines.commands.standard import console
from pipelines.commands.standard_check import find_layout
from warehouse.atomic import write_atomically
from warehouse.readers.child import ParsingChild
from warehouse.refusal import Refusal
from warehouse.standards.account import Converted, as_json
from warehouse.standards.convert import convert_table
from warehouse.standards.detect import detect
from warehouse.standards.layouts import built_in_layouts
from warehouse.standards.reading import FoundTable, ReadFile, read_tables
from warehouse.standards.verdict import group_differences

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

_BOM = b"\xef\xbb\xbf"


def convert_file(
    file: Path, out: Path, layout: str | None, sheet: str | None, *, bom: bool, as_data: bool
) -> bool:
    """Convert one table of a file to CSV and tell the account; whether no 誤り is left.

    Raises:
        Refusal: when the file cannot be read, is no standard dataset, or has no such sheet.
    """
    layouts = built_in_layouts()
    wanted = find_layout(layout) if layout else None
    with ParsingChild() as child:
        read = child.run(read_tables, file, file.name, layouts.headings, file=file.name)
    table = _choose(read, sheet)
    converted = convert_table(table, layouts, file.name, wanted)
    text = io.BytesIO()
    converted.table.write_csv(text)
    write_atomically(out, (_BOM if bom else b"") + text.getvalue())
    if as_data:
        print(json.dumps(as_json(converted), ensure_ascii=False, indent=2))
    else:
        print_account(console(), converted, out)
    return not converted.errors


def _choose(read: ReadFile, sheet: str | None) -> FoundTable:
    """Choose the sheet that is named, or the first that is a standard dataset, or the first."""
    named = [table for table in read.tables if sheet is None or table.sheet == sheet]
    if not named:
        names = "、".join(f"「{table.sheet}」" for table in read.tables) or "なし"
        raise Refusal(
            "sheet.missing",
            "表のあるシートが見つかりません。",
            f"{read.file} {sheet or ''}".strip(),
            f"表のあるシート: {names}",
        )
    layouts = built_in_layouts()
    fit = (t for t in named if detect(t.headings, layouts, read.file).layout is not None)
    return next(fit, named[0])


def print_account(out: Console, converted: Converted, path: Path) -> None:
    """Print where every column of the result came from and where every column of the file went."""
    source = converted.detection.layout
    out.print(
        escape(f"{source.label if source else ''} → {converted.layout.label}: {path}"),
        soft_wrap=True,
    )
    dropped = (
        f"(番号だけの空の行 {converted.dropped_rows} 行を除く)" if converted.dropped_rows else ""
    )
    out.print(f"{converted.table.height:,} 行 × {converted.table.width} 列{dropped}")
    out.print(_targets(converted))
    out.print(_sources(converted))
    for group in group_differences(converted.left):
        if group.first.is_error:
            one = group.first
            out.print(
                escape(f"残った誤り: {one.column} {one.what} {group.count} 件({one.where})"),
                soft_wrap=True,
            )
    out.print(f"[bold]残った誤り {converted.errors:,} 件[/]")


def _targets(converted: Converted) -> Table:
    table = Table(title="できた列", title_justify="left")
    for heading in ("列", "作り方", "元の列", "値のある行", "直した値", "備考へ移した値", "説明"):
        table.add_column(heading, overflow="fold")
    for column in converted.targets:
        table.add_row(
            escape(column.name),
            column.made,
            escape("、".join(column.sources)),
            f"{column.filled:,}",
            f"{column.rewritten:,}" if column.rewritten else "",
            f"{column.moved:,}" if column.moved else "",
            escape(column.reason),
        )
    return table


def _sources(converted: Converted) -> Table:
    table = Table(title="元の列の行き先", title_justify="left")
    for heading in ("元の列", "行き先", "どうしたか"):
        table.add_column(heading, overflow="fold")
    for column in converted.sources:
        table.add_row(escape(column.heading), escape("、".join(column.targets)), escape(column.how))
    return table
