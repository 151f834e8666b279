"""Common → internal: identifiers become pseudonyms, direct identifiers and row order go.

What each column is, the contract says (`classification`, `role`). Data without persons passes
unchanged, with the address of every row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from anonymize.pseudonyms import pseudonymise, shuffle_rows
from assets.register import fingerprint
from warehouse.account import Account, Outcome, add_up, version_of
from warehouse.keys import VERSION, read_key
from warehouse.lake import (
    Loaded,
    Zone,
    comment,
    forget,
    has_table,
    loaded,
    record,
    replace_rows,
    transaction,
)
from warehouse.readers.grid import ROW

if TYPE_CHECKING:
    import duckdb

    from assets.contract import Contract
    from assets.register import Dataset
    from warehouse.home import Home

ZONE: Zone = "internal"
PURPOSE = "internal"


def protect(con: duckdb.DuckDBPyConnection, home: Home, dataset: Dataset) -> Outcome:
    """Bring `internal.common.<dataset>` up to `secure.common.<dataset>`.

    `con` has `secure` and `internal` attached, `internal` for writing.
    """
    asset = f"internal/{dataset.name}"
    sources = loaded(con, "secure", f"common/{dataset.name}")
    key = read_key(home, PURPOSE)
    key_print = fingerprint(key)
    prints = {
        d: fingerprint(e.fingerprint.encode(), key_print.encode()) for d, e in sources.items()
    }
    known = loaded(con, ZONE, asset)
    done = {d for d, entry in known.items() if prints.get(d) == entry.fingerprint}
    stale = [d for d in prints if d not in done]
    gone = [d for d in known if d not in done]
    is_first = not has_table(con, ZONE, "common", dataset.name)
    if stale or gone or is_first:
        frames = {d: _protect_rows(con, dataset, d, key) for d in stale}
        nothing = _protect_rows(con, dataset, "", key)
        entries = [_entry(asset, d, prints[d], sources[d], f.height) for d, f in frames.items()]
        with transaction(con, ZONE, asset):
            rows = pl.concat([nothing, *frames.values()])
            _write(con, dataset, rows, remove=None if not done else gone + stale)
            forget(con, ZONE, asset, gone)
            record(con, ZONE, entries)
        known = loaded(con, ZONE, asset)
    account = add_up(Account.from_json(entry.account) for entry in known.values())
    return Outcome(asset, account, version_of(prints.values()), changed=bool(stale or gone))


def internal_columns(contract: Contract) -> list[str]:
    """List the columns that reach analysts."""
    return [
        name
        for name, column in contract.table_columns.items()
        if column.role != "direct_identifier" and column.classification != "特定個人"
    ]


def _protect_rows(
    con: duckdb.DuckDBPyConnection, dataset: Dataset, delivery: str, key: bytes
) -> pl.DataFrame:
    contract = dataset.contract
    kept = internal_columns(contract)
    address = [] if contract.is_personal else [ROW]
    columns = ", ".join(["_delivery", "_period", *address, *kept])
    rows = con.sql(
        f"SELECT {columns} FROM secure.common.{dataset.name} WHERE _delivery = '{delivery}' ORDER BY {ROW}"
    ).pl()
    identifiers = {n: n for n in kept if contract.table_columns[n].role == "identifier"}
    if identifiers:
        rows = pseudonymise(rows, identifiers, key=key, version=VERSION)
    return shuffle_rows(rows, key=key, purpose=dataset.name) if contract.is_personal else rows


def _write(
    con: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    rows: pl.DataFrame,
    *,
    remove: list[str] | None,
) -> None:
    replace_rows(con, (ZONE, "common", dataset.name), rows, remove=remove)
    columns = {
        name: dataset.contract.table_columns[name] for name in internal_columns(dataset.contract)
    }
    titles = {n: f"{c.title}({c.classification})" for n, c in columns.items()}
    comment(con, f"{ZONE}.common.{dataset.name}", dataset.contract.title, titles)


def _entry(asset: str, delivery: str, new_print: str, source: Loaded, height: int) -> Loaded:
    kept = {key: source.account[key] for key in ("file", "period", "sha256", "sheet", "letters")}
    account = Account(rows_in=int(str(source.account["rows_out"])), rows_out=height)
    return Loaded(asset, delivery, new_print, {**kept, **account.as_json()})
