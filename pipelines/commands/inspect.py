"""`machikane inspect`: a file's diagnosis as JSON for machines, or as one page for a clerk."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from warehouse.diagnosis.diagnose import inspect_file
from warehouse.diagnosis.report import SEVERITIES
from warehouse.diagnosis.rules import load_rules
from warehouse.readers.child import ParsingChild

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rich.console import Console

    from warehouse.diagnosis.report import (
        ColumnReport,
        Diagnosis,
        Finding,
        SheetReport,
        TableReport,
    )

COLUMNS_SHOWN = 26
FEWEST_SHOWN = 4
TABLES_SHOWN = 3
SHEETS_SHOWN = 6
EXAMPLE = 16
RULES_SHOWN = {"fatal": 8, "critical": 6, "major": 5, "minor": 3, "info": 2}
WIDTHS = {"列": 3, "項目名": 34, "単位": 8, "型": 18, "例": 44, "個人情報の疑い": 16}
_SEVERITY = {
    "fatal": ("致命的", "bold red"),
    "critical": ("重い", "red"),
    "major": ("中くらい", "yellow"),
    "minor": ("軽い", "cyan"),
    "info": ("お知らせ", "green"),
}
_KINDS = {
    "csv": "CSV(カンマ区切りの文字)", "tsv": "TSV(タブ区切りの文字)", "text": "固定長などの文字",
    "xlsx": "Excel ブック", "xlsm": "Excel ブック(マクロ付き)", "xlsb": "Excel バイナリ ブック",
    "xls": "Excel 97-2003 ブック", "ods": "OpenDocument 表計算", "json": "JSON", "jsonl": "JSON Lines",
    "parquet": "Parquet", "dbf": "dBase", "zip": "zip の書庫",
}  # fmt: skip
TYPES = {
    "text": "文字", "name": "氏名", "kana": "カナ", "date": "日付", "month": "年月", "year": "年",
    "fiscal_year": "年度", "integer": "整数", "decimal": "小数", "percent": "割合", "digits": "番号",
    "boolean": "はい/いいえ", "code": "コード", "local_government_code": "団体コード",
    "postal_code": "郵便番号", "phone": "電話番号", "latitude": "緯度", "longitude": "経度",
    "point": "緯度・経度", "town": "町名", "address": "住所", "corporate_number": "法人番号",
    "invoice_number": "インボイス登録番号", "my_number": "個人番号", "resident_id": "宛名番号",
    "school_code": "学校コード", "empty": "(空)",
}  # fmt: skip


def print_diagnosis(console: Console, path: Path, *, as_json: bool) -> None:
    """Diagnose a file and print the answer; a refused file is an answer too."""
    with ParsingChild() as child:
        diagnosis = inspect_file(path, child)
    if as_json:
        print(json.dumps(diagnosis.as_json(), ensure_ascii=False, indent=2))
    else:
        print_page(console, diagnosis)


def print_page(console: Console, diagnosis: Diagnosis) -> None:
    """Print the diagnosis on one page."""
    console.print(f"[bold]診断: {escape(diagnosis.file)}[/]", soft_wrap=True)
    for line in _say_file(diagnosis):
        console.print(escape(line), soft_wrap=True)
    room = COLUMNS_SHOWN
    for sheet in diagnosis.sheets[:SHEETS_SHOWN]:
        room -= _print_sheet(console, sheet, room)
    if len(diagnosis.sheets) > SHEETS_SHOWN:
        names = "、".join(sheet.name for sheet in diagnosis.sheets[SHEETS_SHOWN:][:10])
        rest = len(diagnosis.sheets) - SHEETS_SHOWN
        console.print(escape(f"ほかのシート {rest} 枚: {names}(くわしくは --json)"), soft_wrap=True)
    _print_findings(console, diagnosis)


def _say_file(diagnosis: Diagnosis) -> Iterator[str]:
    if not diagnosis.sheets and any(f.severity == "fatal" for f in diagnosis.findings):
        kind = f"({_KINDS.get(diagnosis.kind, diagnosis.kind)})" if diagnosis.kind else ""
        yield f"種類: 読めないファイルです{kind}。下の「致命的」を見てください。"
        return
    encoding = f"  文字コード: {diagnosis.encoding}" if diagnosis.encoding else ""
    proof = f"({diagnosis.proof})" if diagnosis.encoding and diagnosis.proof else ""
    yield f"種類: {_KINDS.get(str(diagnosis.kind), diagnosis.kind)}{encoding}{proof}"


def _print_sheet(console: Console, sheet: SheetReport, room: int) -> int:
    """Print a sheet's tables, their columns as far as the page has room; give the room taken."""
    taken = 0
    hidden = "(非表示)" if sheet.is_hidden else ""
    if not sheet.tables:
        console.print(escape(f"シート「{sheet.name}」{hidden}: 表が見つかりません"), soft_wrap=True)
    for number, table in enumerate(sheet.tables[:TABLES_SHOWN], start=1):
        name = f"シート「{sheet.name}」{hidden} " if sheet.name else ""
        order = f"表{number} " if len(sheet.tables) > 1 else ""
        console.print(
            f"\n[bold]{escape(name + order + table.range)}[/]  {_say_rows(table)}", soft_wrap=True
        )
        if room - taken < FEWEST_SHOWN:
            continue
        lines = min(room - taken, sum(column.type != "empty" for column in table.columns))
        console.print(_column_table(table, lines))
        taken += lines
        for line in _say_beside(table):
            console.print(escape(line), soft_wrap=True)
    if len(sheet.tables) > TABLES_SHOWN:
        console.print(
            f"  ほかに表が {len(sheet.tables) - TABLES_SHOWN} つあります(くわしくは --json)"
        )
    return taken


def _say_rows(table: TableReport) -> str:
    header = f"見出し {_span(table.header_rows)}" if table.header_rows else "見出しなし"
    data = (
        f"データ {_span(table.data_rows)}({table.rows:,} 行)" if table.data_rows else "データなし"
    )
    return f"{header}  {data}  {len(table.columns)} 列"


def _span(rows: tuple[int, int]) -> str:
    return f"{rows[0]}行目" if rows[0] == rows[1] else f"{rows[0]}〜{rows[1]}行目"


def _column_table(table: TableReport, lines: int) -> Table:
    shown = Table(show_edge=False, pad_edge=False, box=None, header_style="bold underline")
    for heading in WIDTHS:
        shown.add_column(heading, no_wrap=True)
    filled = [column for column in table.columns if column.type != "empty"]
    for column in filled[:lines]:
        shown.add_row(*_column_row(column))
    rest, empty = len(filled) - lines, len(table.columns) - len(filled)
    words = [f"ほか {rest} 列"] if rest > 0 else []
    words += [f"値のない列 {empty} 列"] if empty else []
    if words:
        shown.add_row("…", "、".join(words))
    return shown


def _column_row(column: ColumnReport) -> list[str]:
    kind = TYPES[column.type] + ("" if column.fits else "(例外あり)")
    cells = (
        column.letter,
        column.name or "(名前なし)",
        column.unit or "",
        kind,
        "、".join(_short(example) for example in column.examples),
    )
    personal = f"[bold magenta]{escape(column.personal)}[/]" if column.personal else ""
    return [*(_cut(cell, w) for cell, w in zip(cells, WIDTHS.values(), strict=False)), personal]


def _short(example: str) -> str:
    return example if len(example) <= EXAMPLE else f"{example[:EXAMPLE]}…"


def _cut(text: str, width: int) -> str:
    cut = Text(text)
    cut.truncate(width, overflow="ellipsis")
    return escape(cut.plain)


def _say_beside(table: TableReport) -> Iterator[str]:
    names = {column.number: column.name or column.letter for column in table.columns}
    keys = ["+".join(names[number] for number in key) for key in table.keys]
    yield f"  行を1つに決める列(キーの候補): {' または '.join(keys) or '見つかりません'}"
    if table.notes:
        more = f" ほか {len(table.notes) - 2} 件" if len(table.notes) > 2 else ""  # noqa: PLR2004
        yield f"  表の外の文字: {' / '.join(note[:40] for note in table.notes[:2])}{more}"
    if table.totals:
        proved = Counter(
            {True: "合う", False: "合わない", None: "確かめられない"}[p] for *_, p in table.totals
        )
        said = "、".join(f"{word} {count}" for word, count in proved.items())
        yield f"  合計らしい行: {len(table.totals)} 行({said})"


def _print_findings(console: Console, diagnosis: Diagnosis) -> None:
    counts = Counter(finding.severity for finding in diagnosis.findings)
    if not counts:
        console.print("\n[bold]気づいたこと[/]: ありません。このまま取り込めます。")
        return
    said = "・".join(f"{_SEVERITY[s][0]} {counts[s]}" for s in SEVERITIES if counts[s])
    console.print(f"\n[bold]気づいたことと、元のファイルで直すこと[/]({said})")
    alone = f"シート「{diagnosis.sheets[0].name}」 " if len(diagnosis.sheets) == 1 else "\0"
    for severity in SEVERITIES:
        found = [
            replace(f, where=f.where.removeprefix(alone))
            for f in diagnosis.findings
            if f.severity == severity
        ]
        grouped: dict[str, list[Finding]] = {}
        for finding in found:
            grouped.setdefault(finding.rule, []).append(finding)
        rules = list(grouped.items())
        for rule, findings in rules[: RULES_SHOWN[severity]]:
            _print_rule(console, severity, rule, findings)
        if len(rules) > RULES_SHOWN[severity]:
            rest = "、".join(rule for rule, _ in rules[RULES_SHOWN[severity] :])
            console.print(f"  {_SEVERITY[severity][0]} ほか: {rest}(くわしくは --json)")


def _print_rule(console: Console, severity: str, rule: str, findings: list[Finding]) -> None:
    word, style = _SEVERITY[severity]
    known = load_rules().get(rule)
    name = f" {known.name}" if known else ""
    console.print(f"[{style}]{word}[/] [bold]{rule}[/]{escape(name)}", soft_wrap=True)
    console.print(f"    {escape(_say_places(rule, findings))}", soft_wrap=True)
    console.print(f"    → {escape(findings[0].remedy)}", soft_wrap=True)


def _say_places(rule: str, findings: list[Finding]) -> str:
    if rule == "personal.suspected":
        return "、".join(f"{f.where}({f.message.removesuffix('らしい列です。')})" for f in findings)
    first, rest = findings[0], len(findings) - 1
    return f"{first.message}({first.where})" + (f" ほか {rest} 件" if rest else "")
