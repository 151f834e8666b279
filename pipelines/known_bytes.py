"""The SHA-256 of the inbox's files, remembered while nothing can have written to them.

An inbox of a whole city holds gigabytes that do not change. A digest is taken from memory only when
size, both times, device and inode are those of the file that was hashed, and both times were long
past by then. The time of change (ctime) is set by the system alone: who writes other bytes of the
same size and puts the time of modification back is noticed. Where a system keeps no such time
(Windows gives the time of creation) every file is hashed every time.
"""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING

from warehouse.atomic import write_atomically
from warehouse.landing import hash_file

if TYPE_CHECKING:
    from pathlib import Path

    from warehouse.home import Home

# Two writes closer than a file system's clock ticks (FAT: 2 s) carry one time.
SETTLED_SECONDS = 3.0
UNREADABLE = "-"


class KnownBytes:
    """Digests by path, of the files that were there when it was last kept."""

    def __init__(self, home: Home) -> None:
        """Read what was kept; a file that cannot be read is as good as none."""
        self._path = home.reports / "runs" / "inbox_digests.json"
        self._before: dict[str, list[object]] = _read(self._path)
        self._now: dict[str, list[object]] = {}

    def digest(self, path: Path) -> str:
        """Give the SHA-256 of a file, from memory if that is safe.

        A file that its writer takes away or locks meanwhile gives `UNREADABLE`.
        """
        try:
            state = _state(path)
            remembered = self._before.get(path.as_posix())
            if remembered and remembered[:-1] == state and os.name != "nt":
                self._now[path.as_posix()] = remembered
                return str(remembered[-1])
            began = time.time_ns()
            digest = hash_file(path)
            youngest = began - SETTLED_SECONDS * 1e9
            if _state(path) == state and max(state[1], state[2]) < youngest:
                self._now[path.as_posix()] = [*state, digest]
        except OSError:
            return UNREADABLE
        return digest

    def remembered(self, path: Path) -> str | None:
        """Give the SHA-256 of a file that was kept in memory and has not changed; or none."""
        known = {**self._before, **self._now}.get(path.as_posix())
        try:
            is_same = known is not None and known[:-1] == _state(path) and os.name != "nt"
        except OSError:
            return None
        return str(known[-1]) if known and is_same else None

    def keep(self) -> None:
        """Keep what was asked since this was made; what has gone is forgotten."""
        if self._now != self._before:
            write_atomically(self._path, json.dumps(self._now, ensure_ascii=False))


def _state(path: Path) -> list[int]:
    stat = path.stat()
    return [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino, stat.st_dev]


def _read(path: Path) -> dict[str, list[object]]:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
