"""Keeps the values of rows out of a lake's catalog.

DuckLake notes the smallest and largest value of every column in its catalog, in plain text, also
when the data files are encrypted: two names of residents a file. Triggers blank these two columns
before they are written; queries then read a file more, and nothing else changes.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_STATISTICS = ("ducklake_file_column_stats", "ducklake_table_column_stats")
_VALUES = {"min_value", "max_value"}
_STOP = "SELECT RAISE(IGNORE); END"


def keep_values_out(catalog: Path) -> None:
    """Put the triggers into a catalog that nobody has open."""
    with closing(sqlite3.connect(catalog)) as con, con:
        for table in _STATISTICS:
            columns = [row[1] for row in con.execute(f"PRAGMA table_info({table})")]
            for statement in _triggers(table, columns):
                con.execute(statement)


def _triggers(table: str, columns: list[str]) -> list[str]:
    kept = {name: "NULL" if name in _VALUES else f"NEW.{name}" for name in columns}
    given = "WHEN NEW.min_value IS NOT NULL OR NEW.max_value IS NOT NULL"
    insert = f"INSERT INTO {table} VALUES ({', '.join(kept.values())})"
    changes = ", ".join(f"{name} = {value}" for name, value in kept.items())
    update = f"UPDATE {table} SET {changes} WHERE rowid = OLD.rowid"
    return [
        f"CREATE TRIGGER {table}_{event} BEFORE {event} ON {table} {given} BEGIN {instead}; {_STOP}"
        for event, instead in (("INSERT", insert), ("UPDATE", update))
    ]
