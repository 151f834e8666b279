"""The account of every delivery, in rows and in cells, as `status --account` prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from warehouse.account import Account
from warehouse.drift.wording import WAITING as WAITING_TITLE
from warehouse.raw import REFUSED, WAITING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from assets.register import Dataset
    from warehouse.lake import Loaded


def print_account(
    console: Console, dataset: Dataset, raw: dict[str, Loaded], common: dict[str, Loaded]
) -> None:
    """Print the rows and the cells of every delivery, and whether both accounts close."""
    if not raw:
        return
    ordered = sorted(
        raw.values(), key=lambda e: (str(e.account["period"]), str(e.account["modified_at"]))
    )
    rows = _account_table(f"行の収支: {dataset.contract.title}", "記録", "データ行")
    cells = _account_table(f"セルの収支: {dataset.contract.title}", "セル", "列に対応")
    for entry in ordered:
        first = [str(entry.account["period"]), str(entry.account["file"])]
        for table, line in zip((rows, cells), _balance(entry, common), strict=True):
            table.add_row(*first, *line)
    console.print(rows)
    console.print(cells)


def _account_table(title: str, came: str, data: str) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in ("期間", "ファイル", came, "除いた数と理由", data, "取込", "隔離", "収支"):
        side = "right" if heading in {came, data, "取込", "隔離"} else "left"
        table.add_column(heading, justify=side, overflow="fold")
    return table


def _balance(entry: Loaded, common: dict[str, Loaded]) -> tuple[list[str], list[str]]:
    """Word the rows and the cells of one delivery: in, set aside, data, loaded, quarantined."""
    if entry.account["state"] == REFUSED:
        unread = ["", "", "", "", "", "読めない"]
        return unread, unread
    if entry.account["state"] == WAITING:
        held = ["", "", "", "", "", WAITING_TITLE]
        return held, held
    read = Account.from_json(entry.account)
    after = common.get(entry.delivery)
    done = Account.from_json(after.account) if after else None
    rows = _line(
        (read.rows_in, read.rows_in - sum(read.set_aside.values())),
        (read.set_aside, done.set_aside if done else {}),
        (done.rows_out, done.quarantined) if done else None,
    )
    cells = _line(
        (read.cells.cells_in, read.cells.mapped + read.cells.quarantined),
        (read.cells.set_aside, done.cells.set_aside if done else {}),
        (done.cells.mapped, done.cells.quarantined) if done else None,
    )
    return rows, cells


def _line(
    came: tuple[int, int],
    aside: tuple[Mapping[str, int], Mapping[str, int]],
    ended: tuple[int, int] | None,
) -> list[str]:
    reasons = "、".join(f"{reason} {count:,}" for part in aside for reason, count in part.items())
    head = [f"{came[0]:,}", reasons, f"{came[1]:,}"]
    if ended is None:
        return [*head, "", "", "差替え済か見送り"]
    closes = came[0] == sum(ended) + sum(sum(part.values()) for part in aside)
    return [*head, *(f"{count:,}" for count in ended), "○ 合う" if closes else "× 合わない"]
