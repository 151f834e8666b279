"""Landing → `secure.returned.<dataset>`: every workbook of corrected rows is read once.

What it says is used by the common stage; here it is only kept, with an account of each workbook.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import polars as pl

from assets.register import fingerprint
from warehouse.account import Outcome, code_fingerprint, version_of
from warehouse.lake import Loaded, forget, loaded, record, replace_rows, transaction
from warehouse.landing import bytes_of, returned_receipts
from warehouse.refusal import Refusal
from warehouse.returns.identity import CORRECTED, EXCLUDED, LEFT
from warehouse.returns.reading import read_returned
from warehouse.returns.standing import RETURNED_SCHEMA, SCHEMA, ZONE

if TYPE_CHECKING:
    import duckdb

    from warehouse.home import Home
    from warehouse.landing import Receipt
    from warehouse.readers.child import ParsingChild
    from warehouse.returns.reading import Returned

COUNTED = {"corrected": CORRECTED, "excluded": EXCLUDED, "left": LEFT}


@dataclass(frozen=True)
class _Read:
    receipt: Receipt
    returned: Returned | None
    notes: tuple[str, ...]


def load_returned(
    con: duckdb.DuckDBPyConnection, home: Home, dataset: str, child: ParsingChild, raw: Outcome
) -> Outcome:
    """Bring `secure.returned.<dataset>` up to its receipts, and tell it with the raw outcome.

    `con` has `secure` attached for writing. Nothing came back, nothing done.
    """
    asset = f"{SCHEMA}/{dataset}"
    wanted = {r.delivery: r for r in returned_receipts(home, dataset)}
    prints = {d: _print(receipt) for d, receipt in wanted.items()}
    known = loaded(con, ZONE, asset)
    stale = [d for d in wanted if d not in known or known[d].fingerprint != prints[d]]
    gone = [d for d in known if d not in wanted]
    if stale or gone:
        read = [_read(home, wanted[d], child) for d in stale]
        rows = [_address(item.receipt, item.returned) for item in read if item.returned]
        nothing = pl.DataFrame(schema=RETURNED_SCHEMA)
        with transaction(con, ZONE, asset):
            replace_rows(
                con, (ZONE, SCHEMA, dataset), pl.concat([nothing, *rows]), remove=stale + gone
            )
            forget(con, ZONE, asset, gone)
            record(con, ZONE, [_entry(asset, item, prints) for item in read])
        known = loaded(con, ZONE, asset)
    if not known:
        return raw
    account = replace(raw.account, notes=(*raw.account.notes, *_open_notes(known)))
    version = version_of([raw.data_version, *prints.values()])
    return Outcome(raw.asset, account, version, changed=raw.changed or bool(stale or gone))


def _print(receipt: Receipt) -> str:
    parts = (receipt.delivery, receipt.modified_at, code_fingerprint())
    return fingerprint(*(part.encode() for part in parts))


def _read(home: Home, receipt: Receipt, child: ParsingChild) -> _Read:
    path, name = bytes_of(home, receipt), receipt.name
    try:
        returned = child.run(read_returned, path, name, file=name)
    except Refusal as refusal:
        return _Read(receipt, None, (str(refusal),))
    return _Read(receipt, returned, returned.notes)


def _address(receipt: Receipt, returned: Returned) -> pl.DataFrame:
    return returned.statements.with_columns(
        pl.lit(receipt.delivery).alias("_delivery"),
        pl.lit(receipt.name).alias("file"),
        pl.lit(receipt.modified_at).alias("modified_at"),
    ).select(*RETURNED_SCHEMA)


def _entry(asset: str, item: _Read, prints: dict[str, str]) -> Loaded:
    receipt, returned = item.receipt, item.returned
    about: dict[str, object] = {
        "file": receipt.name,
        "modified_at": receipt.modified_at,
        "sha256": receipt.sha256,
        "state": "loaded" if returned else "refused",
        "notes": list(item.notes),
    }
    if returned is not None:
        actions = returned.statements["action"]
        about |= {name: int((actions == word).sum()) for name, word in COUNTED.items()}
        about["blank"] = returned.blank
    return Loaded(asset, receipt.delivery, prints[receipt.delivery], about)


def _open_notes(known: dict[str, Loaded]) -> list[str]:
    """Repeat what is wrong with the newest workbook: a newer one settles an older one's faults."""
    newest = max(known.values(), key=lambda e: (str(e.account["modified_at"]), e.delivery))
    return cast("list[str]", newest.account["notes"])
