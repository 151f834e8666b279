"""How much each table takes: rows, files and bytes now, and bytes only older snapshots need.

Here stand the figures, read from the catalogs and the receipts; no file is opened.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.lake import ZONES, open_lake
from warehouse.landing import receipts

if TYPE_CHECKING:
    import duckdb

    from assets.register import Register
    from warehouse.home import Home
    from warehouse.lake import Zone

_DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class TableSize:
    """One table of a lake; bytes count data files and files of deletions.

    Attributes:
        old_bytes: of files that only older snapshots need.
        monthly_bytes: how much came in the last 30.4 days and is still needed now.
    """

    zone: Zone
    schema: str
    table: str
    rows: int
    files: int
    bytes: int
    old_bytes: int
    monthly_bytes: int


@dataclass(frozen=True)
class Sizes:
    """Everything that takes room under one home.

    Attributes:
        snapshots: zone → snapshots that are kept.
        landed: dataset → bytes delivered, each delivery once.
    """

    tables: list[TableSize]
    snapshots: dict[Zone, int]
    landed: dict[str, int]

    @property
    def total_bytes(self) -> int:
        """All bytes."""
        return sum(t.bytes + t.old_bytes for t in self.tables) + sum(self.landed.values())


def measure(home: Home, register: Register) -> Sizes:
    """Read the sizes of all tables and landed files."""
    with open_lake(home, read=ZONES) as con:
        tables = [size for zone in ZONES for size in _measure_zone(con, zone)]
        snapshots = {zone: _count_snapshots(con, zone) for zone in ZONES}
    landed = {
        name: sum({r.sha256: r.size for r in receipts(home, name)}.values())
        for name in register.datasets
    }
    return Sizes(tables, snapshots, {name: size for name, size in landed.items() if size})


def _measure_zone(con: duckdb.DuckDBPyConnection, zone: Zone) -> list[TableSize]:
    meta = f"__ducklake_metadata_{zone}"
    recent = dt.datetime.now(dt.UTC) - dt.timedelta(days=_DAYS_A_MONTH)
    rows = con.execute(
        f"""
        WITH files AS (
            SELECT table_id, file_size_bytes AS size, record_count AS rows, 1 AS file,
                end_snapshot IS NULL AS is_now, begin_snapshot
            FROM {meta}.ducklake_data_file
            UNION ALL
            SELECT table_id, file_size_bytes, -delete_count, 0, end_snapshot IS NULL, begin_snapshot
            FROM {meta}.ducklake_delete_file
        ), named AS (
            SELECT table_id, arg_max(table_name, t.begin_snapshot) AS table_name,
                arg_max(schema_name, t.begin_snapshot) AS schema_name
            FROM {meta}.ducklake_table AS t JOIN {meta}.ducklake_schema USING (schema_id)
            GROUP BY table_id
        )
        SELECT schema_name, table_name,
            sum(rows) FILTER (is_now), sum(file) FILTER (is_now), sum(size) FILTER (is_now),
            sum(size) FILTER (NOT is_now),
            sum(size) FILTER (is_now AND begin_snapshot IN (
                SELECT snapshot_id FROM {meta}.ducklake_snapshot
                WHERE snapshot_time::TIMESTAMPTZ > ?))
        FROM files JOIN named USING (table_id) GROUP BY ALL ORDER BY ALL
        """,
        [recent],
    ).fetchall()
    return [TableSize(zone, s, t, *(int(n or 0) for n in numbers)) for s, t, *numbers in rows]


def _count_snapshots(con: duckdb.DuckDBPyConnection, zone: Zone) -> int:
    row = con.sql(f"SELECT count(*) FROM {zone}.snapshots()").fetchone()
    return int(row[0]) if row else 0
