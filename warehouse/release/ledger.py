"""Who decided what about a release: an append-only, chained record (`warehouse.chained`)."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from warehouse.chained import ChainBrokenError, append_chain, read_chain
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from warehouse.home import Home


@dataclass(frozen=True)
class Decision:
    """One decision of one person about one candidate of one release."""

    action: Literal["approved", "withdrawn"]
    release: str
    candidate: str
    person: str
    note: str
    decided_at: str


def decisions(home: Home, release: str | None = None) -> list[Decision]:
    """Read the decisions in their order.

    Raises:
        Refusal: `ledger.broken` when a line was changed, removed or cut.
    """
    path = _path(home)
    try:
        found = read_chain(path, Decision)
    except ChainBrokenError as broken:
        raise _broken(path, broken.number) from None
    return [d for d in found if release in {None, d.release}]


def decide(
    home: Home,
    *,
    action: Literal["approved", "withdrawn"],
    release: str,
    candidate: str,
    person: str,
    note: str,
) -> Decision:
    """Append one decision and flush it to disk before returning."""
    decisions(home)
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    decision = Decision(action, release, candidate, person, note, now)
    append_chain(_path(home), asdict(decision))
    return decision


def _path(home: Home) -> Path:
    return home.releases / "ledger.jsonl"


def _broken(path: Path, number: int) -> Refusal:
    return Refusal(
        "ledger.broken",
        "承認の記録が書き換えられているか、欠けています。公開の操作を止めました。",
        f"{path.name} の {number}行目",
        "控えと見比べ、情報管理の責任者に知らせてください。",
    )
