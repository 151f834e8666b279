"""Records that only grow: JSON lines, each chained to the one before, so that no change goes unseen.

Belongs here: reading and adding lines, for whoever keeps such a record. Must not hold: what the
lines say, or how a broken record is told of (`release.ledger`, `budget`).

The chain shows a change of any line but the last; `<record>.head` beside it names the number and
hash of the last line, so that this one can be neither changed nor cut off unseen.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any, TypeVar

from warehouse.atomic import write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_START = "0" * 64
_Entry = TypeVar("_Entry")


class ChainBrokenError(Exception):
    """A line was changed, removed or cut; `number` says which, from 1."""

    def __init__(self, number: int) -> None:
        """Keep the number of the line."""
        super().__init__(number)
        self.number = number


def read_chain(path: Path, kind: Callable[..., _Entry]) -> list[_Entry]:
    """Read the lines in their order, each as an entry of one kind.

    Raises:
        ChainBrokenError: when a line was changed, removed or cut, or is of another kind.
    """
    found = []
    for number, entry in enumerate(_intact(path), start=1):
        try:
            found.append(kind(**entry))
        except TypeError:
            raise ChainBrokenError(number) from None
    return found


def _intact(path: Path) -> list[dict[str, Any]]:
    found, previous = [], _START
    lines = _lines(path)
    _check_head(path, lines)
    for number, line in enumerate(lines, start=1):
        try:
            entry = json.loads(line)
            intact = entry.pop("previous") == previous
        except (ValueError, TypeError, KeyError, AttributeError):
            intact, entry = False, {}
        if not intact:
            raise ChainBrokenError(number)
        previous = _hash(line)
        found.append(entry)
    return found


def append_chain(path: Path, entry: dict[str, Any]) -> None:
    """Add one line and flush it to disk before returning; one writer at a time.

    Raises:
        ChainBrokenError: when the lines before it are not intact.
    """
    _intact(path)
    lines = _lines(path)
    previous = _hash(lines[-1]) if lines else _START
    path.parent.mkdir(parents=True, exist_ok=True)
    _cut_unfinished(path, lines)
    line = json.dumps({**entry, "previous": previous}, ensure_ascii=False)
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())
    write_atomically(_head_path(path), f"{len(lines) + 1} {_hash(line)}\n")


def _head_path(path: Path) -> Path:
    return path.with_suffix(".head")


def _check_head(path: Path, lines: list[str]) -> None:
    """Compare with the head; it may be one line behind, when the power went between the two."""
    head = _head_path(path)
    number, _, digest = (head.read_text("utf-8") if head.is_file() else "0").partition(" ")
    known = int(number) if number.strip().isdigit() else -1
    is_there = 0 <= known <= len(lines) <= known + 1
    if not is_there or (known and _hash(lines[known - 1]) != digest.strip()):
        raise ChainBrokenError(max(known, 1))


def _lines(path: Path) -> list[str]:
    """Give the complete lines; a last line without its end was never written (power went)."""
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
