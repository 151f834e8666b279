"""Fewer, larger files: many small ones become one, and rows deleted long ago leave their files.

Nothing a query can see changes. The files that were merged stay for an hour, for the queries that
read them at that moment (`clear` takes them away).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.home import Home
from warehouse.lake import folder_of, one_thread
from warehouse.upkeep.noting import note_lake
from warehouse.writing_lock import one_writer

if TYPE_CHECKING:
    import duckdb

    from warehouse.lake import Zone

# Below this share of deleted rows it costs less to read them than to write the file anew.
_WORTH_REWRITING = 0.2


def compact(con: duckdb.DuckDBPyConnection, zone: Zone, *, purge: bool = False) -> tuple[int, int]:
    """Rewrite files with deleted rows and merge small neighbours.

    Args:
        con: has the zone attached for writing.
        zone: whose lake.
        purge: whether every file that holds a deleted row is written anew, however few there are.

    Returns:
        How many files went into it, and how many came out.
    """
    folder, share = folder_of(con, zone), 0.0 if purge else _WORTH_REWRITING
    # Rows of `raw` are read in the order they were written.
    with one_writer(folder, zone), one_thread(con):
        done = con.sql(
            f"CALL ducklake_rewrite_data_files('{zone}', delete_threshold => {share})"
        ).fetchall()
        done += con.sql(f"CALL ducklake_merge_adjacent_files('{zone}')").fetchall()
        note_lake(con, Home(folder.parent.parent), zone)
    return sum(row[2] for row in done), sum(row[3] for row in done)
