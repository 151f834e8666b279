"""`machikane run --dataset … --period …`: one dataset, or one period of it, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.errors import suggest
from pipelines.collection import read_waiting
from pipelines.commands.report import print_run
from pipelines.freshness import forget_stamp
from pipelines.launch import run_job, set_environment
from pipelines.partitions import Scope
from pipelines.selection import select_dataset
from warehouse.inbox import scan_inbox
from warehouse.landing import receipts
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from assets.register import Dataset, Register
    from warehouse.home import Home

_MOST_NAMED = 6


def run_dataset(
    console: Console,
    home: Home,
    register: Register,
    inbox: Path,
    *,
    name: str,
    period: str | None,
    again: bool,
) -> bool:
    """Bring one dataset up to its deliveries, up to the pseudonymised table, and say what is next.

    Args:
        console: where the report goes.
        home: the home.
        register: the register.
        inbox: the folder of the departments' files.
        name: the dataset.
        period: its only period to be read; none: all of them.
        again: read what is up to date once more.

    Returns:
        Whether every step went through.

    Raises:
        Refusal: for a dataset or a period that is not there.
    """
    dataset = _find(register, name)
    if period is not None:
        _require_delivered(home, inbox, register, dataset, period)
    # The products that stand on the dataset are made by the next run over everything.
    forget_stamp(home)
    set_environment(home, inbox=inbox)
    scope = Scope(frozenset({period}) if period else None, again=again)
    report = run_job(home, register, console, chosen=select_dataset(name), scope=scope)
    print_run(console, home, report)
    if report.succeeded and not read_waiting(home):
        console.print(
            "分析用の表・公開データ・ポータルは、次の machikane run(--dataset なし)で新しくなります。"
        )
    return report.succeeded


def _find(register: Register, name: str) -> Dataset:
    if name not in register.datasets:
        raise Refusal(
            "run.unknown",
            f"データセット {name} は台帳にありません。",
            str(register.root),
            suggest(name, sorted(register.datasets)),
        )
    return register.datasets[name]


def _require_delivered(
    home: Home, inbox: Path, register: Register, dataset: Dataset, period: str
) -> None:
    lying = {a.period for a in scan_inbox(inbox, register.datasets) if a.dataset == dataset.name}
    come = sorted(lying | {receipt.period for receipt in receipts(home, dataset.name)})
    if period not in come:
        shown = "、".join(come[-_MOST_NAMED:]) or "なし"
        raise Refusal(
            "run.period",
            f"{dataset.contract.title}の {period} のファイルは届いていません。",
            f"{dataset.name}(新しいほうから届いている期間: {shown})",
            "期間を 2024-05 や 2024 のように、ファイル名の期間のとおりに書いてください。",
        )
