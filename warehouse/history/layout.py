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
_ROW_GROUP = 16_384
# Share of loose rows, removed ones and those not in order, from which a table is laid out anew.
_LOOSE = 0.2
_FEWEST = 50_000


def write_whole(con: duckdb.DuckDBPyConnection, target: str) -> None:
    """Put the working rows down as the whole table, in order."""
    zone, schema, _ = target.split(".")
    con.sql(f"CREATE SCHEMA IF NOT EXISTS {zone}.{schema}")
    con.sql(f"CREATE OR REPLACE TABLE {target} AS SELECT * EXCLUDE ({ORIGIN}) FROM {WORK} LIMIT 0")
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
