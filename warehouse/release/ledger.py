"""Who decided what about a release: append-only JSON lines, each chained to the one before.

The chain shows a change of any line but the last; `ledger.head` beside it names the number and hash
of the last line, so that this one can be neither changed nor cut off unseen.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from warehouse.atomic import write_atomically
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from warehouse.home import Home

_START = "0" * 64


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
    found, previous = [], _START
    lines = _lines(_path(home))
    _check_head(home, lines)
    for number, line in enumerate(lines, start=1):
        try:
            entry = json.loads(line)
            intact = entry.pop("previous") == previous
            decision = Decision(**entry)
        except (ValueError, TypeError, KeyError, AttributeError):
            intact, decision = False, None
        if not intact or decision is None:
            raise _broken(_path(home), number)
        previous = _hash(line)
        found.append(decision)
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
    path = _path(home)
    lines = _lines(path)
    previous = _hash(lines[-1]) if lines else _START
    path.parent.mkdir(parents=True, exist_ok=True)
    _cut_unfinished(path, lines)
    line = json.dumps({**asdict(decision), "previous": previous}, ensure_ascii=False)
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())
    write_atomically(_head_path(home), f"{len(lines) + 1} {_hash(line)}\n")
    return decision


def _path(home: Home) -> Path:
    return home.releases / "ledger.jsonl"


def _head_path(home: Home) -> Path:
    return home.releases / "ledger.head"


def _check_head(home: Home, lines: list[str]) -> None:
    """Compare with the head; it may be one line behind, when the power went between the two."""
    path = _head_path(home)
    number, _, digest = (path.read_text("utf-8") if path.is_file() else "0").partition(" ")
    known = int(number) if number.strip().isdigit() else -1
    is_there = 0 <= known <= len(lines) <= known + 1
    if not is_there or (known and _hash(lines[known - 1]) != digest.strip()):
        raise _broken(_path(home), max(known, 1))


def _lines(path: Path) -> list[str]:
    """Give the complete lines; a last line without its end was never decided (power went)."""
    if not path.is_file():
        return []
    data = path.read_bytes()
    # Not splitlines: a note may hold one of the other line separators of Unicode.
    return data[: data.rfind(b"\n") + 1].decode("utf-8", errors="replace").split("\n")[:-1]


def _cut_unfinished(path: Path, lines: list[str]) -> None:
    complete = "".join(f"{line}\n" for line in lines)
    if path.is_file() and path.stat().st_size != len(complete.encode("utf-8")):
        write_atomically(path, complete)


def _hash(line: str) -> str:
    return hashlib.sha256(line.encode("utf-8")).hexdigest()


def _broken(path: Path, number: int) -> Refusal:
    return Refusal(
        "ledger.broken",
        "承認の記録が書き換えられているか、欠けています。公開の操作を止めました。",
        f"{path.name} の {number}行目",
        "控えと見比べ、情報管理の責任者に知らせてください。",
    )
