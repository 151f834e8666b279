"""`machikane standard list` and `show`: the layouts and how sure they are of themselves."""

from __future__ import annotations

import json
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assets.errors import suggest
from assets.register import load_older_standards, load_register
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from assets.standard import Standard, StandardColumn

OLDER = "older/"
_TYPES = {
    "text": "文字", "kana": "全角カナ", "code": "半角英数字", "integer": "整数", "number": "数",
    "date": "日付 YYYY-MM-DD", "time": "時刻 hh:mm", "weekdays": "曜日", "latitude": "緯度",
    "longitude": "経度", "point": "緯度と経度", "phone": "電話番号", "postal_code": "郵便番号7桁",
    "municipality_code": "団体コード6桁", "corporate_number": "法人番号13桁", "flag": "1か空欄",
    "url": "URL", "email": "メール",
}  # fmt: skip
_ORDER = {"official": "定義書どおり", "unverified": "未確認(順序は問わない)"}
_SURE = {"high": "高", "medium": "中", "low": "低"}
_EVIDENCE = {
    "sheet": "定義書", "published": "公開例", "importer": "取込みプログラム", "guidebook": "手引き",
    "inferred": "推定",
}  # fmt: skip


def console() -> Console:
    """Make the console: as wide as the terminal, or wide enough for a log."""
    return Console(width=None if sys.stdout.isatty() else 120, highlight=False)


@cache
def all_standards() -> dict[str, Standard]:
    """Gather every layout by the name the command line knows it by."""
    older = {f"{OLDER}{name}": standard for name, standard in load_older_standards().items()}
    return {**load_register().standards, **older}


def find_standard(name: str) -> tuple[str, Standard]:
    """Find a layout by name or by its number among the current ones.

    Raises:
        Refusal: `standard.missing`, with the nearest name.
    """
    found = all_standards()
    if name in found:
        return name, found[name]
    if name.isdecimal():
        for slug, standard in found.items():
            if standard.number == int(name) and not standard.is_older:
                return slug, standard
    raise Refusal(
        "standard.missing",
        f"様式「{name}」はありません。",
        "machikane standard list",
        suggest(name, sorted(found)),
    )


def print_standards(*, as_data: bool) -> None:
    """Print every layout, one a line."""
    found = all_standards()
    ordered = sorted(found.items(), key=lambda one: (one[1].is_older, one[1].number or 99, one[0]))
    if as_data:
        print(json.dumps([_brief(n, s) for n, s in ordered], ensure_ascii=False, indent=2))
        return
    table = Table(title="標準データセットの様式", title_justify="left")
    for heading in ("番号", "名前", "題名", "列", "必須", "列の順序", "確かさ"):
        table.add_column(heading, overflow="fold")
    for name, standard in ordered:
        required = [c for c in standard.columns if c.required]
        unknown = standard.columns and all(c.required is None for c in standard.columns)
        table.add_row(
            "" if standard.number is None else f"{standard.number:02}",
            name,
            standard.title,
            str(len(standard.columns)) if standard.columns else "—",
            "未確認" if unknown else str(len(required)),
            _ORDER[standard.column_order] if standard.columns else "—",
            _SURE[standard.confidence],
        )
    console().print(table)
    console().print("列が「—」の様式は、列を別の資料が定めています(machikane standard show 名前)。")


def print_standard(name: str, *, as_data: bool) -> None:
    """Print the columns of one layout and what is known of it."""
    name, standard = find_standard(name)
    if as_data:
        print(json.dumps(standard.model_dump(), ensure_ascii=False, indent=2))
        return
    out = console()
    out.print(f"[bold]{escape(standard.label)}[/]  ({name})", soft_wrap=True)
    for line in _about(standard):
        out.print(escape(line), soft_wrap=True)
    if standard.columns:
        out.print(_columns("列", standard.columns))
    if standard.also:
        out.print(_columns("ほかに持つことがある列", standard.also))


def _brief(name: str, standard: Standard) -> dict[str, Any]:
    return {
        "name": name,
        "number": standard.number,
        "title": standard.title,
        "family": standard.family,
        "edition": standard.edition,
        "columns": len(standard.columns),
        "column_order": standard.column_order,
        "confidence": standard.confidence,
    }


def _about(standard: Standard) -> list[str]:
    lines = [
        f"版: {standard.edition}",
        f"ファイル名: <全国地方公共団体コード6桁>_{standard.slug}.csv",
        f"列の順序: {_ORDER[standard.column_order]}  列の確かさ: {_SURE[standard.confidence]}",
        *(f"注: {note}" for note in standard.notes),
        f"クレジット: {standard.credit}",
    ]
    return lines + [f"根拠: {source}" for source in standard.sources]


def _columns(title: str, columns: list[StandardColumn]) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in ("#", "列", "必須", "型", "選択肢・例", "別名", "根拠"):
        table.add_column(heading, overflow="fold")
    for number, column in enumerate(columns, start=1):
        table.add_row(
            str(number),
            escape(column.name),
            _class(column),
            _TYPES[column.type] + (f"({column.unit})" if column.unit else ""),
            escape(_choices(column)),
            escape("、".join(column.aliases)),
            _EVIDENCE[column.evidence],
        )
    return table


def _class(column: StandardColumn) -> str:
    if column.required is None:
        return "未確認"
    if column.required:
        return "必須"
    return {True: "推奨", False: "任意", None: ""}[column.recommended]


def _choices(column: StandardColumn) -> str:
    if column.code_list:
        return "国の POIコード表 の4桁"
    words = [*column.values, *(f"{code}={label}" for code, label in column.codes.items())]
    if words:
        return "・".join(words) + ("(;区切り)" if column.separated else "")
    return column.example + ("(;区切り)" if column.separated else "")
