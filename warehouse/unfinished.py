"""Files of the inbox that somebody may still be writing: they are left until they are whole.

A file that was changed a moment ago is whole when its size, time and bytes stay the same for a
while. In a folder that holds a `.done` marker, every file waits for its own: `data.csv` for
`data.csv.done`. Nothing here collects anything.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.landing import hash_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from warehouse.inbox import Arrival

MARKER = ".done"
SETTLE_SECONDS = 2.0
CHANGING, UNMARKED = "書き込みが続いている", "完了の印(.done)がまだない"


@dataclass(frozen=True)
class Waiting:
    """A file that is left for the next run, and why."""

    path: Path
    reason: str


def part_waiting(
    arrivals: Iterable[Arrival], *, settle: float = SETTLE_SECONDS
) -> tuple[list[Arrival], list[Waiting]]:
    """Part the files that are whole from those to be left for the next run.

    Old files cost nothing; recent ones are watched together, once, until the last of them has been
    quiet for `settle` seconds.

    Args:
        arrivals: what lies in the inbox.
        settle: seconds without a change after which a file counts as whole.

    Returns:
        The whole files in their order, and the others.
    """
    arrivals = list(arrivals)
    marking = {folder for folder in {a.path.parent for a in arrivals} if _uses_markers(folder)}
    reasons = {
        a.path: UNMARKED for a in arrivals if a.path.parent in marking and not _marked(a.path)
    }
    recent = [
        a.path
        for a in arrivals
        if a.path not in reasons and not _marked(a.path) and _age(a.path) < settle
    ]
    reasons |= dict.fromkeys(_changing(recent, settle), CHANGING)
    ready = [a for a in arrivals if a.path not in reasons]
    return ready, [Waiting(a.path, reasons[a.path]) for a in arrivals if a.path in reasons]


def marker_of(path: Path) -> Path:
    """Name the marker that says a file is whole."""
    return path.with_name(path.name + MARKER)


def _uses_markers(folder: Path) -> bool:
    return any(folder.glob(f"*{MARKER}"))


def _marked(path: Path) -> bool:
    """Tell whether the marker was set after the file was last written."""
    try:
        return marker_of(path).stat().st_mtime_ns >= path.stat().st_mtime_ns
    except OSError:
        return False


def _changing(paths: list[Path], settle: float) -> list[Path]:
    if not paths:
        return []
    before = {path: _state(path) for path in paths}
    youngest = min(_age(path) for path in paths)
    time.sleep(min(settle, max(0.0, settle - youngest)))
    return [path for path in paths if before[path] is None or _state(path) != before[path]]


def _state(path: Path) -> tuple[int, int, str] | None:
    """Give what must stay the same; none when the file is gone or locked by its writer."""
    try:
        stat = path.stat()
        return stat.st_size, stat.st_mtime_ns, hash_file(path)
    except OSError:
        return None


def _age(path: Path) -> float:
    """Give the seconds since the last change; a time that lies ahead tells nothing and is old."""
    try:
        age = time.time() - path.stat().st_mtime
    except OSError:
        return 0.0
    return age if age >= 0 else float("inf")
