"""Upkeep as a whole: what is past goes, files are packed, old snapshots are cleared, proofs written.

Here stand the order of the steps and their words; each step is a module of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from warehouse.lake import ZONES, forget, has_table, open_lake, transaction
from warehouse.linkage.link import SCHEMA as LINKS
from warehouse.linkage.link import asset_of, zone_of
from warehouse.mart import build_mart
from warehouse.upkeep.clear import KEPT_FOR_READERS, clear, old_snapshots
from warehouse.upkeep.compact import compact
from warehouse.upkeep.noting import note_folder, note_lake
from warehouse.upkeep.proof import prove_gone
from warehouse.upkeep.retention import ZONES as HOLDING
from warehouse.upkeep.retention import bury, delete_rows, find_past
from warehouse.upkeep.tombstones import read_tombstones

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    import duckdb

    from assets.register import Register
    from warehouse.home import Home
    from warehouse.lake import Zone
    from warehouse.upkeep.retention import Past
    from warehouse.upkeep.tombstones import Tombstone


@dataclass
class Report:
    """What was done, or would be, in Japanese; `deleted` tells that a run must follow."""

    lines: list[str] = field(default_factory=list)
    deleted: bool = False


def plan_upkeep(home: Home, register: Register, today: dt.date) -> Report:
    """Say what `keep_up` would do, and do nothing."""
    report = Report()
    with open_lake(home, read=ZONES) as con:
        for dataset in register.datasets.values():
            past = find_past(con, home, dataset, today)
            if not past.is_empty:
                report.lines.append(f"消す予定 {_word_past(past)}")
        for zone in ZONES:
            old = old_snapshots(con, zone, before=_first_clean(home, zone), keep=KEPT_FOR_READERS)
            report.lines.append(f"{zone}: 片づける版 {len(old)}")
    return report


def keep_up(
    home: Home, register: Register, today: dt.date, *, keep: dt.timedelta = KEPT_FOR_READERS
) -> Report:
    """Delete what is past its retention, pack files, clear old snapshots, prove.

    Args:
        home: whose files.
        register: whose contracts say how long rows are kept.
        today: the day that decides.
        keep: how young a snapshot is kept for connections that are fixed on it.

    Raises:
        Refusal: `mart.…` when a table made of deleted rows cannot be made anew.
    """
    report = Report()
    with open_lake(home, write=ZONES) as con:
        _delete(con, home, register, today, report)
        for zone in ZONES:
            note_lake(con, home, zone)  # what a killed run wrote and did not list
            went = clear(con, home, zone, before=_first_clean(home, zone), keep=keep)
            packed = compact(con, zone)
            report.lines.append(
                f"{zone}: 片づけた版 {went.snapshots}、消したファイル {went.files}"
                f"({went.bytes / 1e6:,.1f} MB)、書き損じ {went.orphans}、"
                f"まとめたファイル {packed[0]} → {packed[1]}"
            )
        for area in ("landing", "releases"):
            note_folder(home, area)
        _prove(con, home, report)
    return report


def _delete(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    register: Register,
    today: dt.date,
    report: Report,
) -> None:
    """Delete what is past; what a killed upkeep did not finish is found and done again."""
    found = [find_past(con, home, dataset, today) for dataset in register.datasets.values()]
    deleted = [(past, delete_rows(con, past)) for past in found if not past.is_empty]
    if not deleted:
        return
    report.deleted = True
    touched = {past.dataset.name for past, _ in deleted}
    _renew_marts(con, register, touched, report)
    _empty_links(con, register, touched)
    for zone in HOLDING:
        compact(con, zone, purge=True)
    for past, rows in deleted:
        bury(con, home, past, rows)
        counts = "、".join(f"{zone} {count:,} 行" for zone, count in rows.items())
        report.lines.append(f"消しました {_word_past(past)}: {counts}")


def _renew_marts(
    con: duckdb.DuckDBPyConnection, register: Register, touched: set[str], report: Report
) -> None:
    """Make the tables anew that were made of deleted rows, each after those it reads."""
    stale = {f"common.{name}" for name in touched}
    waiting = dict(register.marts)
    while ready := [n for n, m in waiting.items() if not _reads(m.spec.sources, waiting)]:
        for name in ready:
            mart = waiting.pop(name)
            if stale & set(mart.spec.sources) and has_table(con, "internal", "mart", name):
                stale.add(f"mart.{name}")
                with transaction(con, "internal", f"retention {name}"):
                    forget(con, "internal", f"mart/{name}", [""])
                build_mart(con, mart)
                report.lines.append(f"作り直しました internal.mart.{name}")


def _reads(sources: list[str], waiting: Mapping[str, object]) -> bool:
    return any(source == f"mart.{name}" for source in sources for name in waiting)


def _empty_links(con: duckdb.DuckDBPyConnection, register: Register, touched: set[str]) -> None:
    """Links hold keys of deleted rows: the next run makes them anew."""
    for declared in register.linkages.values():
        if touched & {linked.dataset for linked in declared.spec.datasets}:
            zone = zone_of(declared.spec, register)
            if has_table(con, zone, LINKS, declared.name):
                with transaction(con, zone, f"retention {declared.name}"):
                    con.sql(f"DELETE FROM {zone}.{LINKS}.{declared.name}")
                    forget(con, zone, asset_of(declared.name), [""])


def _prove(con: duckdb.DuckDBPyConnection, home: Home, report: Report) -> None:
    proven, reasons = prove_gone(con, home, _unproven(home), HOLDING)
    if proven:
        report.lines.append(f"消したことを確かめた記録 {len(proven)} 件: {proven[0].proof}")
    if reasons:
        report.lines.append("まだ確かめられません(次の保守で、もう一度確かめます)")
        report.lines += [f"  {reason}" for reason in reasons]


def _unproven(home: Home) -> list[Tombstone]:
    return [stone for stone in read_tombstones(home) if stone.proven_at is None]


def _first_clean(home: Home, zone: Zone) -> int:
    """Give the first snapshot that holds none of the rows that were deleted."""
    return max((stone.snapshots.get(zone, 0) for stone in _unproven(home)), default=0)


def _word_past(past: Past) -> str:
    contract = past.dataset.contract
    ended = max(past.ended.values(), default=0)
    return (
        f"{contract.title}: 保存期間 {contract.retention.years} 年({contract.retention.basis})を過ぎた"
        f"ファイル {len(past.deliveries)} 件と、{past.cutoff} より前に終わった行 {ended:,} 行"
    )
