"""`machikane standard check`: files against the national layouts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from pipelines.commands.standard import OLDER, console, find_standard
from warehouse.atomic import write_atomically
from warehouse.readers.child import ParsingChild
from warehouse.refusal import Refusal
from warehouse.standards.files import check_file
from warehouse.standards.layouts import Layout, built_in_layouts
from warehouse.standards.page import render_page
from warehouse.standards.verdict import FileVerdict, as_json, group_differences

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from warehouse.standards.verdict import Group, TableVerdict

GROUPS_SHOWN = 40
VALUE_SHOWN = 24


def check_files(
    files: list[Path], layout: str | None, *, as_data: bool, report: Path | None
) -> bool:
    """Check files and tell the differences; whether all are standard datasets without 誤り.

    Raises:
        Refusal: when `layout` names none.
    """
    wanted = find_layout(layout) if layout else None
    with ParsingChild() as child:
        verdicts = [check_file(file, built_in_layouts(), child, wanted) for file in files]
    if report is not None:
        write_atomically(report, render_page(verdicts))
    if as_data:
        print(json.dumps([as_json(one) for one in verdicts], ensure_ascii=False, indent=2))
    else:
        for verdict in verdicts:
            print_verdict(console(), verdict)
    if report is not None and not as_data:
        console().print(escape(f"結果のページ: {report}"), soft_wrap=True)
    return all(verdict.passes for verdict in verdicts)


def find_layout(name: str) -> Layout:
    """Find the layout a user names.

    Raises:
        Refusal: `standard.missing`; `standard.no_columns` when it defines none.
    """
    slug, standard = find_standard(name)
    found = built_in_layouts().find(slug.removeprefix(OLDER), older=standard.is_older)
    if found is None:
        raise Refusal(
            "standard.no_columns",
            f"「{standard.title}」は列を持たない様式なので、ファイルを調べられません。",
            name,
            "machikane standard show で、列を定めている資料を確かめてください。",
        )
    return found


def print_verdict(out: Console, verdict: FileVerdict) -> None:
    """Print what a file is and its differences, gathered by rule and column."""
    out.print(f"\n[bold]{escape(verdict.file)}[/]", soft_wrap=True)
    for note in verdict.notes:
        out.print(escape(f"  {note}"), soft_wrap=True)
    if not verdict.tables:
        out.print("  表が見つかりません。")
    for table in verdict.tables:
        out.print(escape(f"  {say_table(table)}"), soft_wrap=True)
    groups = group_differences(verdict.all_differences)
    if groups:
        out.print(_groups(groups[:GROUPS_SHOWN]))
    if len(groups) > GROUPS_SHOWN:
        out.print(
            f"  ほか {len(groups) - GROUPS_SHOWN} 種類(--json か --report ですべて見られます)"
        )
    out.print(f"  [bold]{escape(say_result(verdict))}[/]", soft_wrap=True)


def say_table(table: TableVerdict) -> str:
    """Say in one sentence what a table is and how sure that is."""
    found = table.detection
    where = f"シート「{table.sheet}」: " if table.sheet else ""
    if table.aside:
        return f"{where}{table.aside}"
    if found.layout is None:
        nearest = f"最も近いのは {found.nearest.label}" if found.nearest else "近いものもありません"
        return f"{where}標準データセットではありません。{nearest}({found.reason})。"
    layout = found.layout
    return (
        f"{where}{layout.label}【{layout.edition}】 判定: {found.certainty}"
        f"({found.reason})  見出し {table.header_row} 行目、データ {table.rows:,} 行"
    )


def say_result(verdict: FileVerdict) -> str:
    """Say in one sentence whether the file passes."""
    if not verdict.kind:
        return "判定: 読めないファイルです。"
    if not verdict.recognised:
        return "判定: 標準データセットではないため、様式は調べていません。"
    cautions = sum(not one.is_error for one in verdict.all_differences)
    result = "誤りはありません" if verdict.passes else f"誤り {verdict.errors:,} 件"
    return f"判定: {result}(注意 {cautions:,} 件)"


def _groups(groups: list[Group]) -> Table:
    table = Table(show_edge=False, pad_edge=False)
    for heading in ("", "件数", "列", "違い", "例(行: 値)", "直し方"):
        table.add_column(heading, overflow="fold")
    for group in groups:
        one = group.first
        style = "red" if one.is_error else "yellow"
        table.add_row(
            f"[{style}]{one.severity}[/]",
            f"{group.count:,}",
            escape(one.column),
            escape(one.what),
            escape(_example(one.row, one.value)),
            escape(one.remedy),
        )
    return table


def _example(row: int | None, value: str | None) -> str:
    said = "" if value is None else value.replace("\n", "⏎")
    said = said if len(said) <= VALUE_SHOWN else f"{said[:VALUE_SHOWN]}…"
    return f"{row}: {said}" if row is not None else said
