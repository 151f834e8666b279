"""Landing → raw: parse every delivery once into text rows with addresses, in the secure zone.

Deliveries of one period supersede each other by their own time, not by the order of collection;
all stay in `raw`, only the current one goes on. A file that is refused, or that waits for a change
of its contract, is on the account.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import polars as pl

from assets.register import fingerprint
from warehouse.account import Account, Outcome, add_up, code_fingerprint, version_of
from warehouse.drift.hold import Seen, hold_loaded, hold_refused, note_order, refresh_proposals
from warehouse.drift.proposals import consents, forget_settled, has_proposal, keep_proposal
from warehouse.drift.wording import note_of
from warehouse.history.withdrawn import counting_receipts
from warehouse.lake import (
    Loaded,
    Zone,
    comment,
    forget,
    loaded,
    one_thread,
    record,
    remove_rows,
    replace_rows,
    transaction,
)
from warehouse.landing import bytes_of, note_encoding
from warehouse.readers.grid import ROW
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Iterable

    import duckdb

    from assets.register import Dataset
    from warehouse.drift.change import Proposal
    from warehouse.home import Home
    from warehouse.landing import Receipt
    from warehouse.readers.child import ParsingChild
    from warehouse.readers.delivery import Delivery

ZONE: Zone = "secure"
LOADED, REFUSED, WAITING = "loaded", "refused", "waiting"


@dataclass(frozen=True)
class _Parsed:
    receipt: Receipt
    delivery: Delivery | None
    refusal: Refusal | None
    proposal: Proposal | None = None
    notes: tuple[str, ...] = field(default=())


def load_raw(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    dataset: Dataset,
    child: ParsingChild,
    periods: Collection[str] | None = None,
) -> Outcome:
    """Bring `secure.raw.<dataset>` up to its receipts. Nothing new, nothing done.

    `con` has `secure` attached for writing. With `periods` the deliveries of others stay as they are.

    Raises:
        Refusal: `raw.outdated` when `periods` are named and others were read by another contract
            or program: one table would hold both.
    """
    asset = f"raw/{dataset.name}"
    wanted = {r.delivery: r for r in counting_receipts(home, dataset.name)}
    prints = {
        d: fingerprint(
            d.encode(),
            receipt.modified_at.encode(),
            dataset.fingerprint.encode(),
            code_fingerprint().encode(),
            *(c.encode() for c in sorted(consents(home, dataset.name, d))),
        )
        for d, receipt in wanted.items()
    }
    known = loaded(con, ZONE, asset)
    stale = [d for d in wanted if d not in known or known[d].fingerprint != prints[d]]
    stale += [d for d in wanted if d not in stale and _is_forgotten(home, dataset, known[d])]
    gone = [d for d in known if d not in wanted]
    if periods is not None:
        _require_others_up_to_date(dataset, [wanted[d] for d in stale if d in known], periods)
        stale = [d for d in stale if wanted[d].period in periods]
        gone = [d for d in gone if known[d].account["period"] in periods]
    if stale or gone:
        with _workplace(home):
            parsed = _parse_all(con, Seen(home, dataset), [wanted[d] for d in stale], known, child)
            with transaction(con, ZONE, asset):
                _write(con, dataset, parsed, stale + gone, everything=len(stale) == len(wanted))
                forget(con, ZONE, asset, gone)
                record(con, ZONE, [_entry(asset, item, prints) for item in parsed])
        known = loaded(con, ZONE, asset)
    forget_settled(home, dataset.name, (d for d, e in known.items() if _is(e, WAITING)))
    readable = [str(e.account["period"]) for e in known.values() if _is(e, LOADED)]
    if refresh_proposals(home, dataset, readable):
        return load_raw(con, home, dataset, child, periods)
    loud = {e.delivery for e in (*open_refusals(known.values()), *open_waits(known.values()))}
    loud |= {d for d in stale if _is(known[d], LOADED)}
    accounts = [_account(entry, quiet=entry.delivery not in loud) for entry in known.values()]
    version = version_of(prints.values())
    return Outcome(asset, add_up(accounts), version, changed=bool(stale or gone))


def _require_others_up_to_date(
    dataset: Dataset, outdated: list[Receipt], periods: Collection[str]
) -> None:
    others = sorted({r.period for r in outdated} - set(periods))
    if others:
        raise Refusal(
            "raw.outdated",
            "ほかの期間が、変わる前の契約かプログラムで取り込まれたままなので、"
            "この期間だけを読み直すことはできません。",
            f"{dataset.name}(ほかの期間: {'、'.join(others[:5])}{' ほか' if others[5:] else ''})",
            "先に machikane run で全体を新しくしてください。",
        )


@contextmanager
def _workplace(home: Home) -> Generator[None]:
    """Give the folder for parsed rows; what a run that was killed left in it goes as well."""
    shutil.rmtree(home.work, ignore_errors=True)
    home.work.mkdir(parents=True, mode=0o700)
    try:
        yield
    finally:
        shutil.rmtree(home.work, ignore_errors=True)


def current_deliveries(dataset: Dataset, entries: Iterable[Loaded]) -> list[Loaded]:
    """Choose, of each period, the latest delivery that could be read.

    With `history: latest_only` the newest period replaces all others.
    """
    readable = [e for e in entries if e.account["state"] == LOADED]
    by_period: dict[str, Loaded] = {}
    newest_last = sorted(
        readable, key=lambda e: (e.account["modified_at"], e.account["file"], e.delivery)
    )
    for entry in newest_last:
        by_period[str(entry.account["period"])] = entry
    if dataset.contract.history == "latest_only" and by_period:
        return [by_period[max(by_period)]]
    return [by_period[period] for period in sorted(by_period)]


def open_refusals(entries: Iterable[Loaded]) -> list[Loaded]:
    """List the refused deliveries that nothing readable has replaced since, oldest first."""
    return _unreplaced(entries, REFUSED)


def open_waits(entries: Iterable[Loaded]) -> list[Loaded]:
    """List the deliveries that wait for a change of their contract, oldest first."""
    return _unreplaced(entries, WAITING)


def _unreplaced(entries: Iterable[Loaded], state: str) -> list[Loaded]:
    ordered = sorted(entries, key=lambda e: (str(e.account["modified_at"]), e.delivery))
    replaced: dict[str, str] = {}
    for entry in ordered:
        if _is(entry, LOADED):
            replaced[str(entry.account["period"])] = str(entry.account["modified_at"])
    return [
        e
        for e in ordered
        if _is(e, state)
        and str(e.account["modified_at"]) > replaced.get(str(e.account["period"]), "")
    ]


def _is(entry: Loaded, state: str) -> bool:
    return entry.account["state"] == state


def _is_forgotten(home: Home, dataset: Dataset, entry: Loaded) -> bool:
    """A delivery waits, but nobody could accept it: its proposal is gone."""
    return _is(entry, WAITING) and not has_proposal(home, dataset.name, entry.delivery)


def _account(entry: Loaded, *, quiet: bool) -> Account:
    """Read an entry's account; the notes of what has been settled are not repeated."""
    account = Account.from_json(entry.account)
    return replace(account, notes=()) if quiet else account


def _parse_all(
    con: duckdb.DuckDBPyConnection,
    seen: Seen,
    receipts_: list[Receipt],
    known: dict[str, Loaded],
    child: ParsingChild,
) -> list[_Parsed]:
    """Parse; what was loaded before is read first, the rest is compared with it or waits."""
    parsing = {r.delivery for r in receipts_}
    was_loaded = {d for d, e in known.items() if _is(e, LOADED)}
    seen.add_loaded(con, (known[d] for d in was_loaded - parsing))
    parsed = []
    for receipt in sorted(receipts_, key=lambda r: r.delivery not in was_loaded):
        item = _parse(seen.home, seen.dataset, receipt, child)
        if receipt.delivery not in was_loaded:
            item = _hold_if_changed(seen, item, child)
        if item.delivery is not None:
            seen.add_parsed(receipt, item.delivery)
        parsed.append(item)
    return parsed


def _hold_if_changed(seen: Seen, item: _Parsed, child: ParsingChild) -> _Parsed:
    """Let a delivery wait as a whole when its shape or its values are not what they were."""
    if item.delivery is not None:
        proposal = hold_loaded(seen, item.receipt, item.delivery)
        notes = note_order(seen, item.receipt, item.delivery.letters)
        kept = None if proposal else item.delivery
        held = replace(item, delivery=kept, proposal=proposal, notes=notes)
    elif item.refusal is not None:
        held = replace(item, proposal=hold_refused(seen, item.receipt, item.refusal, child))
    else:
        held = item
    if held.proposal is not None:
        keep_proposal(seen.home, held.proposal)
    return held


def _parse(home: Home, dataset: Dataset, receipt: Receipt, child: ParsingChild) -> _Parsed:
    path, into = bytes_of(home, receipt), home.work / f"{receipt.delivery}.parquet"
    try:
        delivery = child.store(path, dataset.contract, receipt.period, receipt.name, into)
    except Refusal as refusal:
        return _Parsed(receipt, None, refusal)
    note_encoding(home, receipt, delivery.encoding, delivery.proof)
    return _Parsed(receipt, delivery, None)


def _write(
    con: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    parsed: list[_Parsed],
    removed: list[str],
    *,
    everything: bool,
) -> None:
    good = [(p.receipt, p.delivery) for p in parsed if p.delivery is not None]
    remove = None if everything else removed
    if not good:
        for table in ("raw", "ragged"):
            remove_rows(con, (ZONE, table, dataset.name), removed)
        return
    rows = " UNION ALL ".join(_select_rows(receipt, delivery) for receipt, delivery in good)
    ragged = [_address(receipt, delivery.quarantine) for receipt, delivery in good]
    with one_thread(con):
        replace_rows(con, (ZONE, "raw", dataset.name), rows, remove=remove)
    replace_rows(con, (ZONE, "ragged", dataset.name), pl.concat(ragged), remove=remove)
    titles = {name: column.title for name, column in dataset.contract.columns.items()}
    comment(con, f"{ZONE}.raw.{dataset.name}", dataset.contract.title, titles)


def _select_rows(receipt: Receipt, delivery: Delivery) -> str:
    path = delivery.rows.as_posix().replace("'", "''")
    labels = f"'{receipt.delivery}' AS _delivery, '{receipt.period}' AS _period"
    return f"SELECT {labels}, * FROM read_parquet('{path}')"


def _address(receipt: Receipt, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        pl.lit(receipt.delivery).alias("_delivery"),
        pl.lit(receipt.period).alias("_period"),
        pl.col(ROW),
        pl.exclude(ROW),
    )


def _entry(asset: str, item: _Parsed, prints: dict[str, str]) -> Loaded:
    receipt = item.receipt
    about: dict[str, object] = {
        "file": receipt.name,
        "period": receipt.period,
        "modified_at": receipt.modified_at,
        "sha256": receipt.sha256,
    }
    if item.delivery is None:
        refusal, proposal = item.refusal, item.proposal
        about |= {
            "state": WAITING if proposal else REFUSED,
            "refusal": list(refusal.args) if refusal else [],
            "notes": [note_of(proposal, refusal) if proposal else str(refusal)],
        }
        return Loaded(asset, receipt.delivery, prints[receipt.delivery], about)
    delivery = item.delivery
    account = replace(delivery.account, notes=(*delivery.account.notes, *item.notes))
    about |= {
        "state": LOADED,
        "sheet": delivery.sheet,
        "encoding": delivery.encoding,
        "proof": delivery.proof,
        "letters": delivery.letters,
        "headers": delivery.headers,
        **account.as_json(),
    }
    return Loaded(asset, receipt.delivery, prints[receipt.delivery], about)
