"""One writer a zone at a time: the others wait their turn, and say so.

DuckLake lets two transactions write at once and makes the second fail at its end when both touched
one table; all datasets of a zone share the table of its account. Waiting before the beginning
loses no work. The system frees the lock when a process dies. Readers never wait.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

_QUIET_SECONDS = 5
_PATIENT_SECONDS = 3600
_POLL_SECONDS = 0.02


@contextmanager
def one_writer(folder: Path, zone: str) -> Generator[None]:
    """Hold the right to write into a zone's lake.

    Args:
        folder: of the zone's lake.
        zone: its name, for the words.

    Raises:
        Refusal: `lake.busy` when another process has been writing for an hour.
    """
    lock = FileLock(folder / ".writing.lock", mode=0o600)
    try:
        try:
            lock.acquire(timeout=_QUIET_SECONDS, poll_interval=_POLL_SECONDS)
        except Timeout:
            print(
                f"ほかの処理が {zone} に書き込んでいます。終わるのを待っています……",
                file=sys.stderr,
            )
            lock.acquire(timeout=_PATIENT_SECONDS, poll_interval=_POLL_SECONDS)
    except Timeout:
        raise Refusal(
            "lake.busy",
            f"ほかの処理が1時間以上 {zone} に書き込んでいます。",
            str(folder),
            "止まっている machikane の処理がないかを確かめ、あればその処理を止めてから、やり直してください。",
        ) from None
    try:
        yield
    finally:
        lock.release()
