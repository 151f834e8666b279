"""Rows and bytes whose retention has ended: which they are, and their deletion in every zone.

The years count from the 1 April after a record's fiscal year (公文書等の管理に関する法律施行令 第8条),
so that everything ends on a 1 April. A row that still holds is kept however old it is, and with it
the delivery it came from. What is published stays published.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.history.names import VALID_TO, day_of, keeps_intervals
from warehouse.inbox import NO_PERIOD
from warehouse.lake import forget, has_table, snapshot_id, transaction
from warehouse.landing import receipts
from warehouse.upkeep.noting import note_gone, now
from warehouse.upkeep.tombstones import Tombstone, write_tombstone

if TYPE_CHECKING:
    import duckdb

    from assets.register import Dataset
    from warehouse.home import Home
    from warehouse.lake import Zone
    from warehouse.landing import Receipt

ZONES: tuple[Zone, ...] = ("secure", "internal")
_ASSETS = {"secure": ("raw", "common"), "internal": ("internal",)}
_APRIL = 4


@dataclass(frozen=True)
class Past:
    """What of one dataset is past its retention.

    Attributes:
        cutoff: what ended before this day is past.
        deliveries: their receipts.
        ended: zone → rows of `common` that had ended before.
    """

    dataset: Dataset
    cutoff: dt.date
    deliveries: list[Receipt]
    ended: dict[Zone, int]

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to delete."""
        return not self.deliveries and not any(self.ended.values())


def cutoff_of(years: int, today: dt.date) -> dt.date:
    """Give the day before which a record must have ended for its years to be over today."""
    fiscal_year = today.year - (today.month < _APRIL)
    return dt.date(fiscal_year - years, _APRIL, 1)


def find_past(con: duckdb.DuckDBPyConnection, home: Home, dataset: Dataset, today: dt.date) -> Past:
    """Find what of a dataset is past its retention. `con` has `secure` and `internal` attached."""
    cutoff = cutoff_of(dataset.contract.retention.years, today)
    history = dataset.contract.history
    old = [r for r in receipts(home, dataset.name) if _day(r) < cutoff]
    if history != "keep_periods" and old:
        holding = _deliveries_that_hold(con, dataset, cutoff)
        old = [receipt for receipt in old if receipt.delivery not in holding]
    ended = {zone: _count_ended(con, zone, dataset, cutoff) for zone in ZONES}
    return Past(dataset, cutoff, old, ended if keeps_intervals(history) else {})


def delete_rows(con: duckdb.DuckDBPyConnection, past: Past) -> dict[str, int]:
    """Delete what is past from every zone and give the rows that went: zone → count."""
    return {zone: _delete_rows(con, zone, past) for zone in ZONES}


def bury(
    con: duckdb.DuckDBPyConnection, home: Home, past: Past, rows: dict[str, int]
) -> list[Tombstone]:
    """Delete the landed bytes of rows that are deleted and rewritten; tombstones say what went.

    Older snapshots still hold the rows: `clear` lets them go, `prove_gone` looks.
    """
    snapshots: dict[str, int] = {zone: snapshot_id(con, zone) for zone in ZONES}
    retention = past.dataset.contract.retention
    reason = f"保存期間 {retention.years} 年({retention.basis})"
    cutoff = past.cutoff.isoformat()
    stones = [
        Tombstone(
            past.dataset.name, r.period, r.delivery, r.sha256, r.size, r.received_at, now(),
            cutoff, reason, {}, snapshots,
        )
        for r in past.deliveries
    ]  # fmt: skip
    stones.append(
        Tombstone(past.dataset.name, "rows", "", "", 0, "", now(), cutoff, reason, rows, snapshots)
    )
    for stone in stones:
        write_tombstone(home, stone)
    _delete_bytes(home, past)
    return stones


def _day(receipt: Receipt) -> dt.date:
    """Give the day that counts: of the period, or of receipt where there is none."""
    if receipt.period == NO_PERIOD:
        return dt.datetime.fromisoformat(receipt.received_at).date()
    return day_of(receipt.period)


def _deliveries_that_hold(
    con: duckdb.DuckDBPyConnection, dataset: Dataset, cutoff: dt.date
) -> set[str]:
    if not has_table(con, "secure", "common", dataset.name):
        return set()
    table = f"secure.common.{dataset.name}"
    still = f"WHERE {VALID_TO} >= DATE '{cutoff}'" if _has_intervals(con, table) else ""
    return {row[0] for row in con.sql(f"SELECT DISTINCT _delivery FROM {table} {still}").fetchall()}


def _count_ended(
    con: duckdb.DuckDBPyConnection, zone: Zone, dataset: Dataset, cutoff: dt.date
) -> int:
    table = f"{zone}.common.{dataset.name}"
    if not has_table(con, zone, "common", dataset.name) or not _has_intervals(con, table):
        return 0
    query = f"SELECT count(*) FROM {table} WHERE {VALID_TO} < DATE '{cutoff}'"
    row = con.sql(query).fetchone()
    return int(row[0]) if row else 0


def _has_intervals(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    return VALID_TO in {row[0] for row in con.sql(f"DESCRIBE FROM {table}").fetchall()}


def _delete_rows(con: duckdb.DuckDBPyConnection, zone: Zone, past: Past) -> int:
    """Delete in all tables of the dataset, and forget that the deliveries were loaded."""
    name, gone = past.dataset.name, [r.delivery for r in past.deliveries]
    count = 0
    with transaction(con, zone, f"retention {name}"):
        for table in _tables_with_deliveries(con, zone, name):
            query = f"DELETE FROM {table} WHERE list_contains(?, _delivery)"
            row = con.execute(query, [gone]).fetchone()
            count += int(row[0]) if row else 0
        if past.ended.get(zone):
            query = f"DELETE FROM {zone}.common.{name} WHERE {VALID_TO} < DATE '{past.cutoff}'"
            row = con.execute(query).fetchone()
            count += int(row[0]) if row else 0
        for layer in _ASSETS[zone]:
            forget(con, zone, f"{layer}/{name}", gone)
        con.execute(
            f"DELETE FROM {zone}.meta.periods WHERE dataset = ? AND list_contains(?, delivery)",
            [name, gone],
        )
    return count


def _tables_with_deliveries(con: duckdb.DuckDBPyConnection, zone: Zone, name: str) -> list[str]:
    rows = con.execute(
        "SELECT schema_name FROM duckdb_columns() WHERE database_name = ? AND table_name = ? "
        "AND column_name = '_delivery' ORDER BY 1",
        [zone, name],
    ).fetchall()
    return [f"{zone}.{row[0]}.{name}" for row in rows]


def _delete_bytes(home: Home, past: Past) -> None:
    """Take receipts away, and bytes that no other receipt needs."""
    folder = home.landing / "receipts"
    for receipt in past.deliveries:
        (folder / receipt.dataset / receipt.period / f"{receipt.sha256}.json").unlink()
    needed = {path.stem for path in folder.glob("*/*/*.json")}
    unneeded = {r.sha256 for r in past.deliveries} - needed
    paths = [home.landing / "objects" / sha256[:2] / sha256 for sha256 in sorted(unneeded)]
    for path in paths:
        path.unlink(missing_ok=True)
    note_gone(home, "landing", paths, "retention")
