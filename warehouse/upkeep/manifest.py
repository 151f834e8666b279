"""The list of files with their SHA-256: append-only, each line chained to the one before.

One list an area: the three lakes, the landed bytes, the releases. Here stand the lines and the
chain; which files come onto a list is `noting`, whether they still are what they were is `verify`.
The chain tells of damage and of careless edits; against somebody who may write anything, note its
last value elsewhere (`machikane verify` shows it).
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from filelock import FileLock

from warehouse.atomic import write_atomically
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from warehouse.home import Home

AREAS = ("secure", "internal", "open", "landing", "releases")
START = "0" * 64


@dataclass(frozen=True)
class Line:
    """One file came, or went.

    Attributes:
        at: when, ISO 8601 UTC.
        event: `added`, or why it went: `replaced`, `expired`, `retention`, `orphaned`, `withdrawn`.
        path: below the home, with `/`.
        size: bytes.
        sha256: of its bytes; of a file that went, of the bytes that it had.
        number: DuckLake's id of a data file, -1 elsewhere.
    """

    at: str
    event: str
    path: str
    size: int
    sha256: str
    number: int = -1


@dataclass(frozen=True)
class Head:
    """Where a list ends: how many lines, the chain's last value, the highest number."""

    lines: int = 0
    chain: str = START
    number: int = -1


class BrokenChainError(Refusal):
    """A list is not what was written."""

    @classmethod
    def at(cls, path: Path, line: int) -> BrokenChainError:
        """Word it; `line` is the first one at fault, 1-based."""
        return cls(
            "manifest.broken",
            "ファイルの一覧(SHA-256)が、書いたときのままではありません。",
            f"{path} の {line} 行目",
            "この一覧(.jsonl と .head.json)をバックアップから戻してください。バックアップがなければ、"
            "両方を別の場所に移して machikane upkeep を実行すると、いまのファイルで作り直します。",
        )


def list_path(home: Home, area: str) -> Path:
    """Give the path of an area's list."""
    return home.root / "manifest" / f"{area}.jsonl"


def read_head(home: Home, area: str) -> Head:
    """Read where a list ends; a list that is not there yet is empty.

    Raises:
        BrokenChainError: when what says so was altered.
    """
    path = _head_path(home, area)
    if not path.is_file():
        return Head()
    try:
        said = json.loads(path.read_bytes())
        return Head(lines=int(said["lines"]), chain=str(said["chain"]), number=int(said["number"]))
    except (ValueError, KeyError, TypeError):
        raise BrokenChainError.at(path, 1) from None


def append(home: Home, area: str, lines: Iterable[Line]) -> Head:
    """Write lines at the end of a list, flushed to disk."""
    new = list(lines)
    path = list_path(home, area)
    if not new:
        return read_head(home, area)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with FileLock(path.with_suffix(".lock"), mode=0o600):
        head = read_head(home, area)
        chain, texts = head.chain, []
        for line in new:
            chain = _link(chain, line)
            texts.append(json.dumps({**asdict(line), "chain": chain}, ensure_ascii=False) + "\n")
        _write_behind(path, head.lines, "".join(texts))
        highest = max(head.number, *(line.number for line in new))
        head = Head(head.lines + len(new), chain, highest)
        write_atomically(_head_path(home, area), json.dumps(asdict(head)))
    return head


def read_lines(home: Home, area: str) -> list[Line]:
    """Read a list and prove its chain.

    Raises:
        BrokenChainError: when a line was altered, taken out or put in.
    """
    path, head = list_path(home, area), read_head(home, area)
    found: list[Line] = []
    chain = START
    texts = path.read_bytes().split(b"\n") if path.is_file() else []
    for number, text in enumerate(texts[: head.lines], 1):
        try:
            fields = json.loads(text)
            said = fields.pop("chain")
            line = Line(**fields)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BrokenChainError.at(path, number) from None
        chain = _link(chain, line)
        if said != chain:
            raise BrokenChainError.at(path, number)
        found.append(line)
    highest = max((line.number for line in found), default=-1)
    if (len(found), chain, highest) != (head.lines, head.chain, head.number):
        raise BrokenChainError.at(path, len(found) + 1)
    return found


def present(lines: Iterable[Line]) -> dict[str, Line]:
    """Give the files that have come and not gone: path → line."""
    found: dict[str, Line] = {}
    for line in lines:
        if line.event == "added":
            found[line.path] = line
        else:
            found.pop(line.path, None)
    return found


def _link(chain: str, line: Line) -> str:
    text = json.dumps(asdict(line), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(f"{chain}\n{text}".encode()).hexdigest()


def _write_behind(path: Path, lines: int, text: str) -> None:
    """Write behind so many lines; what a process that was killed left behind them goes."""
    path.touch(mode=0o600)
    with path.open("r+b") as file:
        for _ in range(lines):
            file.readline()
        file.truncate()
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())


def _head_path(home: Home, area: str) -> Path:
    return list_path(home, area).with_suffix(".head.json")
