"""The delivery periods of a dataset as Dagster shows them, and the part of them a run is about.

A dataset's partitions are named by its periods (`2024-05`, `2024`): those that have come, and the
gaps between them. A run over everything says of each period whether it was made anew; a run over
some periods (a backfill, or `machikane run --period`) makes these again and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import dagster as dg

from warehouse.lake import loaded, record, transaction
from warehouse.landing import receipts
from warehouse.periods import missing_periods

if TYPE_CHECKING:
    import duckdb

    from assets.register import Dataset
    from warehouse.home import Home
    from warehouse.lake import Loaded, Zone

PERIODS_TAG, AGAIN_TAG = "machikane/periods", "machikane/again"


@dataclass(frozen=True)
class Scope:
    """Which periods a run is about (none: all of them), and whether they are read once more."""

    periods: frozenset[str] | None = None
    again: bool = False

    def as_tags(self) -> dict[str, str]:
        """Give it as the tags of a run."""
        tags = {PERIODS_TAG: ",".join(sorted(self.periods))} if self.periods else {}
        return {**tags, **({AGAIN_TAG: "true"} if self.again else {})}


def periods_of(dataset: Dataset) -> dg.DynamicPartitionsDefinition:
    """Give the partitions of a dataset."""
    return dg.DynamicPartitionsDefinition(name=f"periods_of_{dataset.name}")


def scope_of(context: dg.AssetExecutionContext) -> Scope:
    """Read what a run is about. Whoever chooses partitions by hand wants them read again."""
    if context.has_partition_key or context.has_partition_key_range:
        return Scope(frozenset(context.partition_keys), again=True)
    tags = context.run.tags
    periods = frozenset(tags.get(PERIODS_TAG, "").split(",")) - {""}
    return Scope(periods or None, again=tags.get(AGAIN_TAG) == "true")


def show_periods(instance: dg.DagsterInstance, home: Home, dataset: Dataset) -> None:
    """Let Dagster show the periods that have come, and the gaps between them."""
    come = {receipt.period for receipt in receipts(home, dataset.name)}
    wanted = come | set(missing_periods(dataset.contract.frequency, sorted(come)))
    name = str(periods_of(dataset).name)
    shown = set(instance.get_dynamic_partitions(name))
    if new := sorted(wanted - shown):
        instance.add_dynamic_partitions(name, new)
    for period in sorted(shown - wanted):
        instance.delete_dynamic_partition(name, period)


def forget_done(con: duckdb.DuckDBPyConnection, zone: Zone, asset: str, scope: Scope) -> None:
    """Take a layer's word that the periods in scope are done, so that it makes them again."""
    if not scope.again:
        return
    entries = [
        replace(entry, fingerprint="")
        for entry in loaded(con, zone, asset).values()
        if scope.periods is None or str(entry.account.get("period")) in scope.periods
    ]
    if entries:
        with transaction(con, zone, f"{asset}: again"):
            record(con, zone, entries)


def log_periods(
    context: dg.AssetExecutionContext,
    key: list[str],
    before: dict[str, Loaded],
    after: dict[str, Loaded],
) -> None:
    """Say of each period that was made anew how many rows it has; a run over partitions does so by itself."""
    if context.has_partition_key or context.has_partition_key_range:
        return
    prints = {delivery: entry.fingerprint for delivery, entry in before.items()}
    fresh = [
        e for d, e in after.items() if prints.get(d) != e.fingerprint and "period" in e.account
    ]
    for entry in fresh:
        about = entry.account
        metadata = {
            "dagster/row_count": about.get("rows_out"),
            "隔離した行数": about.get("quarantined"),
        }
        log_period(context, key, str(about["period"]), metadata)


def log_period(
    context: dg.AssetExecutionContext,
    key: list[str],
    period: str,
    metadata: dict[str, object] | None = None,
) -> None:
    """Say of one period that it was made."""
    known = {name: value for name, value in (metadata or {}).items() if isinstance(value, int)}
    context.log_event(dg.AssetMaterialization(asset_key=key, partition=period, metadata=known))


def name_step(name: str, *, by_period: bool) -> str:
    """Name a step; Dagster wants no two of one name, and every asset by periods is there as a whole."""
    return f"{name}__by_period" if by_period else name
