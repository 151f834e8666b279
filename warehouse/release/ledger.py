"""Who decided what about a release: an append-only, chained record (`warehouse.chained`).

Belongs here: reading and adding decisions, and which approval is which version. Must not hold: files.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Literal

from warehouse.atomic import sync_folder
from warehouse.chained import ChainBrokenError, append_chain, read_chain
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from warehouse.home import Home


@dataclass(frozen=True)
class Decision:
    """One decision of one person about one candidate of one release.

    Attributes:
        version: of a withdrawal, the one version that was taken back; empty: all there were.
    """

    action: Literal["approved", "withdrawn"]
    release: str
    candidate: str
    person: str
    note: str
    decided_at: str
    version: str = ""


@dataclass(frozen=True)
class Numbered:
    """An approval as a version, and the withdrawal that took it back, if one did."""

    number: int
    approval: Decision
    withdrawal: Decision | None = None

    @property
    def name(self) -> str:
        """Name of its folder."""
        return f"v{self.number}"


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


def number_versions(made: Iterable[Decision]) -> list[Numbered]:
    """Number the approvals of one release from 1 and say which were taken back, oldest first."""
    found: list[Numbered] = []
    for decision in made:
        if decision.action == "approved":
            found.append(Numbered(len(found) + 1, decision))
        else:
            found = [_take_back(version, decision) for version in found]
    return found


def numbered_by_release(home: Home) -> dict[str, list[Numbered]]:
    """Number the versions of every release in one reading of the ledger.

    Raises:
        Refusal: `ledger.broken`.
    """
    made: dict[str, list[Decision]] = {}
    for decision in decisions(home):
        made.setdefault(decision.release, []).append(decision)
    return {release: number_versions(own) for release, own in made.items()}


def _take_back(version: Numbered, decision: Decision) -> Numbered:
    if version.withdrawal is not None or decision.version not in {"", version.name}:
        return version
    return replace(version, withdrawal=decision)


def decide(
    home: Home,
    *,
    action: Literal["approved", "withdrawn"],
    release: str,
    candidate: str,
    person: str,
    note: str,
    version: str = "",
) -> Decision:
    """Append one decision and flush it to disk before returning."""
    decisions(home)
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    decision = Decision(action, release, candidate, person, note, now, version)
    append_chain(_path(home), asdict(decision))
    sync_folder(home.releases)
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
