"""`machikane read`: one table of a file as text, to Parquet or CSV, with its account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape

from warehouse.readers.child import ParsingChild
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from warehouse.conversion.converted import Converted


def read_file(
    console: Console, file: Path, out: Path, sheet: str | None, table: int | None
) -> None:
    """Convert the file in a child process and print the account.

    Raises:
        Refusal: the file's own fault, or `file.missing`.
    """
    if not file.is_file():
        raise Refusal(
            "file.missing", "ファイルがありません。", str(file), "名前を確かめてください。"
        )
    with ParsingChild() as child:
        done = child.run(_convert, file, file.name, out, sheet, table, file=file.name)
    _print_account(console, done, out)


def _convert(*arguments: Any) -> Converted:  # noqa: ANN401 - as they came from the command line
    """Work in the child; only there are the engines loaded."""
    from warehouse.conversion.convert import convert  # noqa: PLC0415

    return convert(*arguments)


def _print_account(console: Console, done: Converted, out: Path) -> None:
    aside = "、".join(f"{reason} {count:,}" for reason, count in done.set_aside.items()) or "なし"
    state = "閉じています" if done.closes else "閉じていません"
    balance = (
        f"行の収支: 入力 {done.rows_in:,} = 書出し {done.written:,}"
        f" + 除いた行 {sum(done.set_aside.values()):,} + 隔離 {done.quarantined:,}({state})"
    )
    lines = [
        f"書き出しました: {out}({done.written:,} 行 × {len(done.columns)} 列)",
        balance,
        f"除いた行: {aside}",
        *(f"注意: {remark}" for remark in done.remarks),
    ]
    if done.quarantine is not None:
        lines.append(f"隔離した行: {done.quarantine}")
    for line in lines:
        console.print(escape(line), soft_wrap=True, highlight=False)
