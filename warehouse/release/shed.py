"""A lake's catalog written anew, so that deleted lines are in none of its bytes: a program of its own.

Run as `python -m warehouse.release.shed CATALOG SECONDS`; ends with 1 when a reader was in the way for
so many seconds. Not within the process that has the lake open: the engine brings a SQLite of its own,
and two of them in one process undo each other's locks (https://sqlite.org/howtocorrupt.html, 2.2).
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing


def shed(catalog: str, seconds: float) -> bool:
    """Write a catalog anew and empty its log; tell whether nobody was in the way."""
    try:
        with closing(sqlite3.connect(catalog, timeout=seconds)) as con:
            con.execute("VACUUM")
            busy, _, _ = con.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:
        return False
    return not busy


if __name__ == "__main__":
    sys.exit(0 if shed(sys.argv[1], float(sys.argv[2])) else 1)
