"""Deliveries that wait for a change of their contract: look at the proposal, accept it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from rich.markup import escape
from rich.table import Table

from assets.errors import suggest
from pipelines.freshness import forget_stamp
from warehouse.drift.accept import accept, draft_contract
from warehouse.drift.proposals import read_proposals
from warehouse.drift.wording import command_of, describe
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from rich.console import Console

    from assets.register import Dataset, Register
    from warehouse.drift.accept import Draft
    from warehouse.drift.change import Change, Proposal
    from warehouse.home import Home

NOTHING = "契約の変更を待っているファイルはありません。"


def print_waiting(console: Console, home: Home, register: Register) -> None:
    """List every delivery that waits, with its changes and the command to type."""
    found = [p for name in register.datasets for p in read_proposals(home, name)]
    if not found:
        console.print(NOTHING)
        return
    table = Table(title="契約の変更待ち", title_justify="left")
    for heading in ("データセット", "期間", "ファイル", "変わったところ", "コマンド"):
        table.add_column(heading, overflow="fold")
    for proposal in found:
        title = register.datasets[proposal.dataset].contract.title
        lines = "\n".join(f"・{describe(change)}" for change in proposal.changes)
        place = (escape(proposal.validity.period), escape(proposal.file), escape(lines))
        table.add_row(f"{title}\n({proposal.dataset})", *place, command_of(proposal.dataset))
    console.print(table)


def accept_waiting(
    console: Console, home: Home, register: Register, name: str, *, yes: bool, only: str | None
) -> int:
    """Show the proposal of the delivery that waits longest, ask, and accept it.

    Returns:
        The exit code: 1 when nothing was accepted, or the delivery will still wait.

    Raises:
        Refusal: when the dataset is unknown, the contract changed, or it cannot be written.
    """
    dataset = _find(register, name)
    proposals = read_proposals(home, name)
    if not proposals:
        console.print(NOTHING)
        return 0
    proposal = proposals[0]
    _print_changes(console, proposal)
    chosen = _choose(proposal, only)
    draft = draft_contract(dataset, proposal, chosen)
    _print_draft(console, draft)
    if not chosen or not (yes or _ask(draft)):
        console.print("受け入れませんでした。契約は変わっていません。")
        return 1
    accept(home, register, dataset, proposal, draft)
    forget_stamp(home)
    return _print_accepted(console, dataset, proposal, draft, len(proposals) - 1)


def _find(register: Register, name: str) -> Dataset:
    if name not in register.datasets:
        remedy = suggest(name, sorted(register.datasets))
        raise Refusal("dataset.unknown", "その名前のデータセットはありません。", name, remedy)
    return register.datasets[name]


def _print_changes(console: Console, proposal: Proposal) -> None:
    console.print(f"{proposal.file}(期間 {proposal.validity.period})", markup=False, soft_wrap=True)
    for number, change in enumerate(proposal.changes, start=1):
        console.print(f"  {number}. {describe(change)}", markup=False, soft_wrap=True)
        if change.hint:
            console.print(f"     {change.hint}", markup=False, soft_wrap=True)
        if draft := change.details.get("draft"):
            console.print(f"     columns に書く行の案: {draft}", markup=False, soft_wrap=True)


def _choose(proposal: Proposal, only: str | None) -> tuple[Change, ...]:
    """Take the named changes, or all that need no decision."""
    if only is None:
        return tuple(change for change in proposal.changes if change.is_settled)
    numbers = {str(n): change for n, change in enumerate(proposal.changes, start=1)}
    wanted = [part.strip() for part in only.split(",") if part.strip()]
    if unknown := [part for part in wanted if part not in numbers]:
        raise Refusal(
            "accept.unknown_number",
            f"その番号の変更はありません: {'、'.join(unknown)}",
            proposal.file,
            f"1 から {len(numbers)} までの番号を、--only 1,3 のように書いてください。",
        )
    chosen = tuple(numbers[part] for part in dict.fromkeys(wanted))
    for change in chosen:
        if change.details.get("by_hand"):
            raise Refusal("accept.by_hand", describe(change), proposal.file, change.hint)
    return chosen


def _print_draft(console: Console, draft: Draft) -> None:
    if draft.diff:
        console.print("契約の差分:")
        console.print(draft.diff, markup=False, soft_wrap=True)
    elif draft.changes:
        console.print("契約は変えずに、このファイルをこのまま受け入れます。")
    else:
        console.print("自動で決められる変更がありません。--only に番号を書いて選んでください。")


def _ask(draft: Draft) -> bool:
    question = "契約に書き込みますか" if draft.diff else "このファイルを受け入れますか"
    try:
        return typer.confirm(question)
    except typer.Abort:
        return False


def _settles(chosen: Change, change: Change) -> bool:
    """A choice among several possibilities settles its rivals, too."""
    is_rival = not change.is_settled and change.kind == chosen.kind
    return chosen == change or (
        is_rival and (chosen.column == change.column or chosen.new == change.new)
    )


def _print_accepted(
    console: Console, dataset: Dataset, proposal: Proposal, draft: Draft, others: int
) -> int:
    if draft.diff:
        console.print(f"契約を書き換えました: {dataset.path}", markup=False, soft_wrap=True)
    left = len([c for c in proposal.changes if not any(_settles(d, c) for d in draft.changes)])
    if left:
        console.print(f"受け入れていない変更が {left} 件残っています。ファイルはまだ待ちます。")
    if others:
        console.print(f"ほかに待っているファイル {others} 件は、次の run で見直します。")
    console.print(
        "次の machikane run で取り込みます。契約の全体は machikane check で確かめられます。"
    )
    return 1 if left else 0
