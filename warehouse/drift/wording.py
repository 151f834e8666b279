"""Changes in plain Japanese, one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warehouse.drift.change import Change, Proposal
    from warehouse.refusal import Refusal

WAITING = "契約の変更待ち"
KINDS = {
    "renamed": "見出しの変更",
    "added": "列の追加",
    "dropped": "列の廃止",
    "retyped": "値の種類の変化",
    "codes_grown": "コードの追加",
    "header_moved": "見出しの行の移動",
    "unit_changed": "単位の変更",
    "scale_changed": "値の大きさの変化",
}


def describe(change: Change) -> str:
    """Say a change in one line, with its evidence and what a person has to decide."""
    evidence = "、".join(change.evidence)
    doubt = "" if change.is_settled else "【要判断】"
    sure = f"確からしさ {change.confidence:.0%}: " if change.confidence < 1 else ""
    why = f"({sure}{evidence})" if evidence else ""
    return f"{doubt}{KINDS[change.kind]}: {_what(change)}{why}"


def command_of(dataset: str) -> str:
    """Give the command that looks at and accepts what waits."""
    return f"machikane accept {dataset}"


def describe_proposal(proposal: Proposal) -> list[str]:
    """Say what a delivery waits for: a line a change, and the command to type."""
    lines = [f"  ・{describe(change)}" for change in proposal.changes]
    return [
        *lines,
        f"  直し方: {command_of(proposal.dataset)} で差分を確かめ、受け入れてください。",
    ]


def _what(change: Change) -> str:
    named = f"「{change.title}」"
    old, new = change.old, change.new
    said = {
        "renamed": f"{named}の見出しが「{old}」から「{new}」に変わった",
        "added": f"契約にない列「{new}」が増えた",
        "dropped": f"{named}の列「{old}」がなくなった",
        "codes_grown": f"{named}に新しいコード {new}" if new else f"{named}にコード表にない値",
        "header_moved": f"見出しが{old}から{new}に移った",
        "unit_changed": f"{named}の単位が変わった(今回の見出し「{new}」)",
    }
    return said.get(change.kind, named)


def note_of(proposal: Proposal, refusal: Refusal | None) -> str:
    """Say that a delivery waits, where, for what, and which command to type."""
    what = refusal.what if refusal else "前回届いたファイルと値の様子が違います。"
    where = refusal.where if refusal else proposal.file
    head = f"{WAITING}: {what}前回までのデータはそのままです。\n  場所: {where}"
    return "\n".join([head, *describe_proposal(proposal)])
