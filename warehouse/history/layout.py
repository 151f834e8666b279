"""How intervals lie in files, so that a question reads few of them.

Belongs here: order, sizes and when a table is laid out anew. Rows are sorted by the year in which
they ended, then by when they began: a day's state skips row groups of rows that had ended before
and of rows that began after it, by their statistics.
Must not hold: which rows there are (`store`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.history.names import OPEN_END, VALID_FROM, VALID_TO, sql_date
from warehouse.history.snapshots import ORIGIN, WORK

if TYPE_CHECKING:
    import duckdb

ORDER = f"year({VALID_TO}), {VALID_FROM}, {VALID_TO}"
_OPTIONS = {"parquet_compression": "zstd", "parquet_row_group_size": "16384"}
# From so many removed rows to one that is left, the whole table is laid out anew; from so many
# files with less than this share of the rows, those files are.
_REMOVED = 0.05
_FILES = 8
_SMALL = 0.2


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
        con.sql(f"ALTER TABLE {target} SET SORTED BY ({ORDER})")
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


def tidy_up(con: duckdb.DuckDBPyConnection, target: str) -> None:
    """Write a lake's table, or its small files, anew and in order, when too much lies loose.

    Called before a change is read: row numbers change, and what was committed last is seen.
    """
    zone, schema, table = target.split(".")
    files = _list_files(con, zone, schema, table) if _is_lake(con, zone) else []
    removed = sum(file[2] for file in files)
    rows = sum(file[1] for file in files) - removed
    small = [(start, held) for start, held, _ in files if held < _SMALL * rows]
    if removed > _REMOVED * rows:
        _write_anew(con, target, "true")
    elif len(small) > _FILES:
        ranges = (f"rowid BETWEEN {start} AND {start + held - 1}" for start, held in small)
        _write_anew(con, target, " OR ".join(ranges))


def _write_anew(con: duckdb.DuckDBPyConnection, target: str, which: str) -> None:
    con.sql(f"CREATE OR REPLACE TEMP TABLE history_loose AS SELECT * FROM {target} WHERE {which}")
    con.sql(f"DELETE FROM {target} WHERE {which}")
    con.sql(f"INSERT INTO {target} FROM history_loose ORDER BY {ORDER}")
    con.sql("DROP TABLE history_loose")


def _is_lake(con: duckdb.DuckDBPyConnection, zone: str) -> bool:
    found = con.execute("SELECT type FROM duckdb_databases() WHERE database_name = ?", [zone])
    return found.fetchone() == ("ducklake",)


def _list_files(
    con: duckdb.DuckDBPyConnection, zone: str, schema: str, table: str
) -> list[tuple[int, int, int]]:
    """Ask the catalog for a table's files: number of the first row, rows, removed rows."""
    catalog = f"__ducklake_metadata_{zone}"
    return con.execute(
        f"""
        SELECT file.row_id_start, file.record_count, coalesce(gone.delete_count, 0)
        FROM {catalog}.ducklake_table AS held
        JOIN {catalog}.ducklake_schema AS named USING (schema_id)
        JOIN {catalog}.ducklake_data_file AS file
            ON file.table_id = held.table_id AND file.end_snapshot IS NULL
        LEFT JOIN {catalog}.ducklake_delete_file AS gone
            ON gone.data_file_id = file.data_file_id AND gone.end_snapshot IS NULL
        WHERE held.table_name = ? AND named.schema_name = ? AND file.row_id_start IS NOT NULL
            AND held.end_snapshot IS NULL AND named.end_snapshot IS NULL
        """,
        [table, schema],
    ).fetchall()
