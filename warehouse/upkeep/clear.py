"""Old snapshots and the files that only they need.

Kept are every snapshot of the last day (connections may be fixed on it) and the last one of each
month before, for questions as of what was known then; but none that holds rows whose retention has
ended.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.lake import folder_of
from warehouse.upkeep.manifest import present, read_lines
from warehouse.upkeep.noting import files_of, note_gone
from warehouse.writing_lock import one_writer

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from warehouse.home import Home
    from warehouse.lake import Zone

KEPT_FOR_READERS = dt.timedelta(days=1)
# A query that began before a merge may still read the files that were merged.
_QUERY = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Cleared:
    """What went: snapshots, files, bytes; files that no snapshot ever knew."""

    snapshots: int = 0
    files: int = 0
    bytes: int = 0
    orphans: int = 0


def old_snapshots(
    con: duckdb.DuckDBPyConnection, zone: Zone, *, before: int, keep: dt.timedelta
) -> list[int]:
    """List the snapshots that go; all older than `keep` with a number below `before` do."""
    rows = con.execute(
        f"""
        SELECT snapshot_id FROM {zone}.snapshots()
        WHERE snapshot_time < ? AND snapshot_id <> (SELECT max(snapshot_id) FROM {zone}.snapshots())
            AND (snapshot_id < ? OR snapshot_id NOT IN (
                SELECT max(snapshot_id) FROM {zone}.snapshots()
                GROUP BY date_trunc('month', snapshot_time)))
        ORDER BY 1
        """,
        [dt.datetime.now(dt.UTC) - keep, before],
    ).fetchall()
    return [int(row[0]) for row in rows]


def clear(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    zone: Zone,
    *,
    before: int = 0,
    keep: dt.timedelta = KEPT_FOR_READERS,
) -> Cleared:
    """Let old snapshots go, and the files that only they, or a merge, or a broken write left.

    Args:
        con: has the zone attached for writing.
        home: where it is.
        zone: whose lake.
        before: snapshots below this number hold rows past their retention.
        keep: how young a snapshot is kept for connections that are fixed on it.
    """
    with one_writer(folder_of(con, zone), zone):
        disk = {path: path.stat().st_size for path in files_of(home, zone)}
        _clean(con, zone, older_than=min(_QUERY, keep))
        is_quiet = not _scheduled(con, zone)
        old = old_snapshots(con, zone, before=before, keep=keep)
        if old:
            con.sql(f"CALL ducklake_expire_snapshots('{zone}', versions => {old})")
            if is_quiet:  # nobody can be fixed on what has just been scheduled
                _clean(con, zone, older_than=dt.timedelta(0))
        orphans = _remove_orphans(con, zone, older_than=keep)
        left = set(files_of(home, zone))
        note_gone(home, zone, _gone(home, zone, left), "expired")
    went = [path for path in disk if path not in left]
    size = sum(disk[path] for path in went)
    return Cleared(len(old), len(went) - orphans, size, orphans)


def _gone(home: Home, zone: Zone, left: set[Path]) -> list[Path]:
    listed = (home.root / name for name in present(read_lines(home, zone)))
    return [path for path in listed if path not in left]


def _scheduled(con: duckdb.DuckDBPyConnection, zone: Zone) -> int:
    table = f"__ducklake_metadata_{zone}.ducklake_files_scheduled_for_deletion"
    row = con.sql(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0


def _clean(con: duckdb.DuckDBPyConnection, zone: Zone, *, older_than: dt.timedelta) -> None:
    if not older_than:
        con.sql(f"CALL ducklake_cleanup_old_files('{zone}', cleanup_all => true)")
        return
    con.sql(f"CALL ducklake_cleanup_old_files('{zone}', older_than => {_ago(older_than)})")


def _remove_orphans(con: duckdb.DuckDBPyConnection, zone: Zone, *, older_than: dt.timedelta) -> int:
    call = f"CALL ducklake_delete_orphaned_files('{zone}', older_than => {_ago(older_than)})"
    return len(con.sql(call).fetchall())


def _ago(span: dt.timedelta) -> str:
    return f"TIMESTAMPTZ '{(dt.datetime.now(dt.UTC) - span).isoformat()}'"
