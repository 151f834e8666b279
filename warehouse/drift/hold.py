"""Decide, of one new delivery, whether it waits for a change of its contract.

The parsed rows of earlier deliveries of the same run and the raw table of the lake are what it is
compared with.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

from warehouse.drift.accept import draft_contract
from warehouse.drift.change import Change, Proposal, Validity
from warehouse.drift.compare import compare_delivery
from warehouse.drift.known import LastDelivery, rows_in_file, rows_in_lake
from warehouse.drift.proposals import (
    consents,
    keep_proposal,
    read_proposals,
    withdraw_proposal,
)
from warehouse.drift.values import find_value_changes
from warehouse.inbox import NO_PERIOD
from warehouse.landing import bytes_of
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

    from assets.register import Dataset
    from warehouse.drift.known import Rows
    from warehouse.home import Home
    from warehouse.lake import Loaded
    from warehouse.landing import Receipt
    from warehouse.readers.child import ParsingChild
    from warehouse.readers.delivery import Delivery

# Refusals behind which a changed file may stand, rather than a broken one.
ABOUT_SHAPE = frozenset(
    {
        *("header.missing", "header.unknown", "layout.none", "unit.differs"),
        *("csv.no_header", "header.nameless"),
    }
)
REORDERED = "列の順が前回と違います(列は見出しで見分けるので、取り込みに影響はありません)"


@dataclass
class Seen:
    """The deliveries of one dataset that can be read, as they become known during a run."""

    home: Home
    dataset: Dataset
    deliveries: list[tuple[str, str, LastDelivery]] = field(default_factory=list)
    judged: dict[str, LastDelivery] = field(default_factory=dict)

    def add_loaded(self, con: duckdb.DuckDBPyConnection, entries: Iterable[Loaded]) -> None:
        """Add what stands in the lake."""
        table = f"secure.raw.{self.dataset.name}"
        for entry in entries:
            about = cast("dict[str, Any]", entry.account)
            rows = rows_in_lake(con, table, entry.delivery)
            last = self._make(about["period"], about["headers"], about["letters"], rows)
            self.deliveries.append((about["period"], about["modified_at"], last))

    def add_parsed(self, receipt: Receipt, delivery: Delivery) -> None:
        """Add what was parsed just now."""
        self.deliveries.append((receipt.period, receipt.modified_at, self.look(receipt, delivery)))

    def look(self, receipt: Receipt, delivery: Delivery) -> LastDelivery:
        """Give what was parsed just now as the delivery it will be for the next one."""
        if receipt.delivery not in self.judged:
            rows = rows_in_file(delivery.rows)
            made = self._make(receipt.period, delivery.headers, delivery.letters, rows)
            self.judged[receipt.delivery] = made
        return self.judged[receipt.delivery]

    def _make(
        self, period: str, headers: dict[str, str], letters: dict[str, str], rows: Rows
    ) -> LastDelivery:
        return LastDelivery(period, headers, letters, rows, self.dataset.contract)

    def nearest(self, receipt: Receipt) -> tuple[Validity, LastDelivery | None]:
        """Find between which loaded periods a delivery stands, and the one to compare it with."""
        period = receipt.period
        ordered = sorted(self.deliveries, key=lambda d: d[:2])
        before = [d for d in ordered if d[0] <= period]
        after = [d for d in ordered if d[0] > period]
        last = before[-1] if before else after[0] if after else None
        return validity_of(period, (d[0] for d in ordered)), last[2] if last else None


def validity_of(period: str, loaded_periods: Iterable[str]) -> Validity:
    """Find between which loaded periods a period stands; without periods there is no between."""
    if period == NO_PERIOD:
        return Validity(period)
    periods = sorted(loaded_periods)
    before = [p for p in periods if p <= period]
    after = [p for p in periods if p > period]
    return Validity(period, before[-1] if before else None, after[0] if after else None)


def refresh_proposals(home: Home, dataset: Dataset, loaded_periods: Iterable[str]) -> bool:
    """Date what waits anew when other periods were loaded.

    Returns:
        Whether a delivery has to be compared again, because another one now stands before it.
    """
    periods, again = list(loaded_periods), False
    for proposal in read_proposals(home, dataset.name):
        validity = validity_of(proposal.validity.period, periods)
        if validity.before != proposal.validity.before:
            withdraw_proposal(home, proposal)
            again = True
        elif validity != proposal.validity:
            dated = replace(proposal, validity=validity)
            keep_proposal(home, replace(dated, diff=_diff(dataset, dated)))
    return again


def hold_refused(
    seen: Seen, receipt: Receipt, refusal: Refusal, child: ParsingChild
) -> Proposal | None:
    """Look for changes behind the refusal of a file; None when it stays refused."""
    if refusal.rule not in ABOUT_SHAPE:
        return None
    validity, last = seen.nearest(receipt)
    path, contract = bytes_of(seen.home, receipt), seen.dataset.contract
    try:
        known = last.know() if last else None
        arguments = (path, contract, receipt.name, validity, known)
        changes = child.run(compare_delivery, *arguments, file=receipt.name)
    except Refusal:
        return None
    return _propose(seen, receipt, validity, changes)


def hold_loaded(seen: Seen, receipt: Receipt, delivery: Delivery) -> Proposal | None:
    """Look for changes in the values of a file that could be read; None when it may be loaded."""
    validity, last = seen.nearest(receipt)
    if last is None or not delivery.account.rows_out:
        return None
    contract = seen.dataset.contract.in_period(receipt.period)
    names = [name for name in delivery.headers if name in last.headers]
    rows = rows_in_file(delivery.rows)([*contract.columns])
    new = seen.look(receipt, delivery)
    changes = find_value_changes(rows, contract, names, last.habit, new.habit)
    return _propose(seen, receipt, validity, changes)


def note_order(seen: Seen, receipt: Receipt, letters: dict[str, str]) -> tuple[str, ...]:
    """Say that columns stand in another order than last time."""
    _, last = seen.nearest(receipt)
    if last is None:
        return ()
    both = [name for name in letters if name in last.letters]
    orders = [sorted(both, key=lambda n: (len(of[n]), of[n])) for of in (letters, last.letters)]
    return (REORDERED,) if orders[0] != orders[1] else ()


def _propose(
    seen: Seen, receipt: Receipt, validity: Validity, changes: Iterable[Change]
) -> Proposal | None:
    known = consents(seen.home, seen.dataset.name, receipt.delivery)
    left = tuple(change for change in changes if change.id not in known)
    if not left:
        return None
    proposal = Proposal(
        dataset=seen.dataset.name,
        delivery=receipt.delivery,
        file=receipt.name,
        fingerprint=seen.dataset.fingerprint,
        made_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        validity=validity,
        changes=left,
    )
    return replace(proposal, diff=_diff(seen.dataset, proposal))


def _diff(dataset: Dataset, proposal: Proposal) -> str:
    """Show what the settled changes would make of the contract, where it stands as a file."""
    settled = [change for change in proposal.changes if change.is_settled]
    try:
        return draft_contract(dataset, proposal, settled).diff
    except (OSError, Refusal):
        return ""
