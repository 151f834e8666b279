"""How intervals lie in files, so that a question reads few of them.

Belongs here: order, sizes and when a table is laid out anew. Rows are sorted by when they began,
then by when they ended: a day's state then skips whole files and row groups by their statistics.
Must not hold: which rows there are (`store`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.history.names import OPEN_END, VALID_FROM, VALID_TO, sql_date
from warehouse.history.snapshots import ORIGIN, WORK

if TYPE_CHECKING:
    import duckdb

ORDER = f"{VALID_FROM}, {VALID_TO}"
_OPTIONS = {"parquet_compression": "zstd", "parquet_row_group_size": "16384"}
# From so many removed rows to one that is left, or so many files, a table is laid out anew.
_REMOVED = 0.1
_FILES = 30


def set_options(con: duckdb.DuckDBPyConnection, zone: str) -> None:
    """Say how a lake writes the files of `common`; not within a transaction."""
    con.sql(f"CREATE SCHEMA IF NOT EXISTS {zone}.common")
    for option, value in _OPTIONS.items():
        con.sql(f"CALL {zone}.set_option('{option}', '{value}', schema => 'common')")


def write_whole(con: duckdb.DuckDBPyConnection, target: str) -> None:
    """Put the working rows down as the whole table, in order."""
    zone, schema, _ = target.split(".")
    con.sql(f"CREATE SCHEMA IF NOT EXISTS {zone}.{schema}")
    con.sql(f"CREATE OR REPLACE TABLE {target} AS SELECT * EXCLUDE ({ORIGIN}) FROM {WORK} LIMIT 0")
    if _is_lake(con, zone):  # so that whoever merges files keeps the order
        con.sql(f"ALTER TABLE {target} SET SORTED BY ({VALID_FROM} ASC, {VALID_TO} ASC)")
    con.sql(f"INSERT INTO {target} SELECT * EXCLUDE ({ORIGIN}) FROM {WORK} ORDER BY {ORDER}")


def write_back(con: duckdb.DuckDBPyConnection, target: str) -> None:
    """Take the rows out that are no more, and add those that are new.

    Rows that have ended and rows that have not go into files of their own.
    """
    con.sql(f"""
        DELETE FROM {target} WHERE rowid IN (
            FROM history_taken EXCEPT SELECT {ORIGIN} FROM {WORK} WHERE {ORIGIN} IS NOT NULL
        )
    """)
    for test in ("<", "="):
        con.sql(f"""
            INSERT INTO {target} SELECT * EXCLUDE ({ORIGIN}) FROM {WORK}
            WHERE {ORIGIN} IS NULL AND {VALID_TO} {test} {sql_date(OPEN_END)} ORDER BY {ORDER}
        """)


def lay_out_anew(con: duckdb.DuckDBPyConnection, target: str) -> bool:
    """Write a lake's table anew, in order, when too much of it lies loose.

    Called before a change is written, outside its reading: it sees what was committed last.

    Returns:
        Whether it was written.
    """
    zone, schema, table = target.split(".")
    if not _is_lake(con, zone) or not _is_loose(con, zone, schema, table):
        return False
    con.sql(f"CREATE OR REPLACE TEMP TABLE history_whole AS FROM {target}")
    con.sql(f"DELETE FROM {target}")
    con.sql(f"INSERT INTO {target} FROM history_whole ORDER BY {ORDER}")
    con.sql("DROP TABLE history_whole")
    return True


def _is_lake(con: duckdb.DuckDBPyConnection, zone: str) -> bool:
    found = con.execute("SELECT type FROM duckdb_databases() WHERE database_name = ?", [zone])
    return found.fetchone() == ("ducklake",)


def _is_loose(con: duckdb.DuckDBPyConnection, zone: str, schema: str, table: str) -> bool:
    """Ask the catalog for the files of a table: their number, their rows and the removed ones."""
    catalog = f"__ducklake_metadata_{zone}"
    row = con.execute(
        f"""
        SELECT count(*), coalesce(sum(file.record_count), 0), coalesce(sum(gone.delete_count), 0)
        FROM {catalog}.ducklake_table AS held
        JOIN {catalog}.ducklake_schema AS named USING (schema_id)
        JOIN {catalog}.ducklake_data_file AS file
            ON file.table_id = held.table_id AND file.end_snapshot IS NULL
        LEFT JOIN {catalog}.ducklake_delete_file AS gone
            ON gone.data_file_id = file.data_file_id AND gone.end_snapshot IS NULL
        WHERE held.table_name = ? AND named.schema_name = ?
            AND held.end_snapshot IS NULL AND named.end_snapshot IS NULL
        """,
        [table, schema],
    ).fetchone()
    files, rows, removed = row or (0, 0, 0)
    return files > _FILES or removed > _REMOVED * (rows - removed)
