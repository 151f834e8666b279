"""`machikane upkeep`: deletion after retention, packing, clearing and proofs, told in Japanese."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from pipelines.freshness import forget_stamp
from warehouse.upkeep.run import keep_up, plan_upkeep

if TYPE_CHECKING:
    from rich.console import Console

    from assets.register import Register
    from warehouse.home import Home


def run_upkeep(console: Console, home: Home, register: Register, *, dry_run: bool) -> None:
    """Keep the home up, or say what would be done, and print the report."""
    today = dt.datetime.now(dt.UTC).astimezone().date()
    report = (plan_upkeep if dry_run else keep_up)(home, register, today)
    console.print("保守の予定(まだ何もしていません)" if dry_run else "保守の結果")
    for line in report.lines:
        console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)
    if report.deleted:
        forget_stamp(home)
        console.print("続けて machikane run を実行すると、公開の準備とポータルも作り直します。")
