"""Take a delivery back, or let it count again: shown, asked, and put on record with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from rich.markup import escape
from rich.table import Table

from pipelines.freshness import forget_stamp
from warehouse.history.withdrawn import find_delivery, note_take_back, taken_back

if TYPE_CHECKING:
    from rich.console import Console

    from assets.register import Register
    from warehouse.home import Home
    from warehouse.landing import Receipt

NOTHING = "取り下げたファイルはありません。"


def print_taken_back(console: Console, home: Home) -> None:
    """List what is taken back now, with who, when and why."""
    lines = taken_back(home).values()
    if not lines:
        console.print(NOTHING)
        return
    table = Table(title="取り下げたファイル", title_justify="left")
    for heading in ("データセット", "期間", "ファイル", "番号", "取り下げた日時", "人", "理由"):
        table.add_column(heading, overflow="fold")
    for line in lines:
        when = line.at.replace("T", " ")
        cells = (line.dataset, line.period, line.file, line.delivery, when, line.by, line.reason)
        table.add_row(*map(escape, cells))
    console.print(table)


def take_back(
    console: Console,
    home: Home,
    register: Register,
    said: str,
    *,
    reason: str | None,
    undo: bool,
    yes: bool,
) -> int:
    """Show the delivery, ask, and write it onto the record; the next run follows.

    Returns:
        The exit code: 1 when the person said no.

    Raises:
        Refusal: when no delivery, or more than one, is meant; without a reason; when it is so already.
    """
    receipt = find_delivery(home, register.datasets, said)
    _print_delivery(console, register, receipt)
    if reason is None and not yes:
        reason = typer.prompt("理由(記録に残ります)", default="", show_default=False)
    question = "このファイルを元に戻しますか" if undo else "このファイルを取り下げますか"
    if reason and not yes and not typer.confirm(question):
        console.print("何もしませんでした。")
        return 1
    line = note_take_back(home, receipt, reason or "", undo=undo)
    forget_stamp(home)
    _print_done(console, line.delivery, undo=undo)
    return 0


def _print_delivery(console: Console, register: Register, receipt: Receipt) -> None:
    title = register.datasets[receipt.dataset].contract.title
    for heading, text in (
        ("データセット", f"{title}({receipt.dataset})"),
        ("期間", receipt.period),
        ("ファイル", "、".join(receipt.names)),
        ("受け取り", f"{receipt.received_at} {receipt.received_by}"),
        ("SHA-256", receipt.sha256),
    ):
        console.print(f"  {heading}: {text}", markup=False, soft_wrap=True)


def _print_done(console: Console, delivery: str, *, undo: bool) -> None:
    if undo:
        console.print("元に戻しました。次の machikane run で、もう一度取り込みます。")
        return
    console.print(
        "取り下げました。次の machikane run で、どの表も、このファイルが来なかったときと同じになります。\n"
        "原本と受領証は残ります。同じファイルが受付箱にあっても、もう取り込みません。\n"
        f"元に戻すには: machikane take-back {delivery} --undo",
        soft_wrap=True,
    )
