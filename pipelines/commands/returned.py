"""What departments have sent back of the quarantine, as `status --account` prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from rich.markup import escape
from rich.table import Table

from warehouse.lake import loaded
from warehouse.landing import returned_receipts
from warehouse.returns.merge import word_returned

if TYPE_CHECKING:
    import duckdb
    from rich.console import Console

    from assets.register import Dataset
    from warehouse.home import Home
    from warehouse.lake import Loaded

_COUNTS = ("corrected", "excluded", "left", "blank")


def print_returned(
    console: Console, con: duckdb.DuckDBPyConnection, home: Home, dataset: Dataset
) -> None:
    """Print every workbook that came back, and what became of its rows. `con` has `secure`."""
    known = loaded(con, "secure", f"returned/{dataset.name}")
    if not known:
        return
    table = Table(title=f"戻された行: {dataset.contract.title}", title_justify="left")
    for heading in (
        "ファイル",
        "受け取った日",
        "受け取った人",
        "直した",
        "除く",
        "そのまま",
        "空",
        "使えなかったもの",
    ):
        side = "right" if heading in {"直した", "除く", "そのまま", "空"} else "left"
        table.add_column(heading, overflow="fold", justify=side)
    for receipt in returned_receipts(home, dataset.name):
        if receipt.delivery in known:
            who = (receipt.received_at[:10], receipt.received_by)
            table.add_row(escape(receipt.name), *who, *_said(known[receipt.delivery]))
    console.print(table)
    for entry in loaded(con, "secure", f"common/{dataset.name}").values():
        counts = cast("dict[str, int]", entry.account.get("returned", {}))
        for note in word_returned(counts) if counts else []:
            console.print(f"  {escape(str(entry.account['file']))}: {note}", soft_wrap=True)
    left_over = loaded(con, "secure", f"left_over/{dataset.name}").get("")
    for note in cast("list[str]", left_over.account["notes"]) if left_over else []:
        console.print(f"  {escape(note)}", soft_wrap=True)


def _said(entry: Loaded) -> list[str]:
    about: dict[str, Any] = entry.account
    counts = [f"{about[name]:,}" if name in about else "" for name in _COUNTS]
    return [*counts, escape("\n".join(note.split("\n")[0] for note in about["notes"]))]
