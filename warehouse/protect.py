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
from warehouse.history.known import note_history, note_periods, subject_of
from warehouse.history.names import DAY_TITLES, VALID_FROM, keeps_intervals, sql_date
from warehouse.history.projection import changed_since, project
from warehouse.history.store import count_rows, replace_subjects
from warehouse.keys import VERSION, read_key
from warehouse.lake import (
    Loaded,
    Zone,
    comment,
    forget,
    has_table,
    loaded,
    one_thread,
    record,
    replace_rows,
    transaction,
)
from warehouse.readers.grid import ROW
from warehouse.standardising.history import delivered_of

if TYPE_CHECKING:
    import datetime as dt

    import duckdb

    from assets.contract import Contract
    from assets.register import Dataset
    from warehouse.history.snapshots import Delivered
    from warehouse.home import Home

ZONE: Zone = "internal"
PURPOSE = "internal"
_BARE, _ROWS = "bare_rows", "protected_rows"
_ROWS_AT_ONCE = 200_000


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
        with transaction(con, ZONE, asset):
            if keeps_intervals(dataset.contract.history):
                come = [delivered_of(sources[d]) for d in stale]
                counts = _write_intervals(con, dataset, come, key, whole=bool(gone) or not done)
            else:
                counts = _write_deliveries(con, dataset, stale, key, gone=gone, whole=not done)
            _describe(con, dataset, sources)
            forget(con, ZONE, asset, gone)
            record(con, ZONE, [_entry(asset, d, prints[d], sources[d], counts[d]) for d in stale])
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


def _write_deliveries(
    con: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    stale: list[str],
    key: bytes,
    *,
    gone: list[str],
    whole: bool,
) -> dict[str, int]:
    """Write the rows of deliveries in place of those that go; give their numbers."""
    columns, table = ", ".join(_labels(dataset) + internal_columns(dataset.contract)), dataset.name
    frames = {
        d: _protect_rows(
            con,
            dataset,
            f"SELECT {columns} FROM secure.common.{table} WHERE _delivery = '{d}' ORDER BY {ROW}",
            key,
        )
        for d in ["", *stale]
    }
    rows = pl.concat(frames.values())
    replace_rows(con, (ZONE, "common", table), rows, remove=None if whole else gone + stale)
    return {d: frame.height for d, frame in frames.items()}


def _write_intervals(
    con: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    come: list[Delivered],
    key: bytes,
    *,
    whole: bool,
) -> dict[str, int]:
    """Write the rows of the subjects that deliveries have touched, or all; give their numbers.

    What a delivery that is gone had touched cannot be told any more: then all are written.
    """
    contract, target = dataset.contract, f"{ZONE}.common.{dataset.name}"
    kept = internal_columns(contract)
    whole = whole or not set(contract.key) <= set(kept)
    columns = _labels(dataset) + kept
    touched = None if whole else come
    query = project(f"secure.common.{dataset.name}", contract, columns, touched)
    _protect_in_parts(con, dataset, query, key)
    since = changed_since(contract, touched)
    replace_subjects(con, target, _ROWS, [] if whole else subject_of(contract), since)
    con.sql(f"DROP TABLE {_ROWS}")
    return {d.delivery: count_rows(con, target, contract.history, d) for d in come}


def _protect_in_parts(
    con: duckdb.DuckDBPyConnection, dataset: Dataset, query: str, key: bytes
) -> None:
    """Make the table of protected rows from a query, so many rows at once as fit in memory.

    A part is all rows that began within some days, as the table is laid out: its place tells nothing.
    """
    con.sql(f"CREATE OR REPLACE TEMP TABLE {_BARE} AS {query}")
    began = con.sql(f"SELECT {VALID_FROM}, count(*) FROM {_BARE} GROUP BY 1 ORDER BY 1").fetchall()
    into = f"CREATE OR REPLACE TEMP TABLE {_ROWS} AS"
    with one_thread(con):
        for test in _parts(began) or ["true"]:
            part = _protect_rows(con, dataset, f"FROM {_BARE} WHERE {test}", key)
            con.register("protected_part", part)
            con.sql(f"{into} FROM protected_part")
            con.unregister("protected_part")
            into = f"INSERT INTO {_ROWS}"
    con.sql(f"DROP TABLE {_BARE}")


def _parts(began: list[tuple[dt.date, int]]) -> list[str]:
    """Say in SQL which rows go together: days in their order, until they are many."""
    parts: list[str] = []
    first, rows = None, 0
    for day, count in began:
        first, rows = first or day, rows + count
        if rows >= _ROWS_AT_ONCE or day == began[-1][0]:
            parts.append(f"{VALID_FROM} BETWEEN {sql_date(first)} AND {sql_date(day)}")
            first, rows = None, 0
    return parts


def _labels(dataset: Dataset) -> list[str]:
    return ["_delivery", "_period", *([] if dataset.contract.is_personal else [ROW])]


def _protect_rows(
    con: duckdb.DuckDBPyConnection, dataset: Dataset, query: str, key: bytes
) -> pl.DataFrame:
    contract = dataset.contract
    rows = con.sql(query).pl()
    columns = contract.table_columns
    identifiers = {
        n: columns[n].same_as or n
        for n in rows.columns
        if n in columns and columns[n].role == "identifier"
    }
    if identifiers:
        rows = pseudonymise(rows, identifiers, key=key, version=VERSION)
    return shuffle_rows(rows, key=key, purpose=dataset.name) if contract.is_personal else rows


def _describe(con: duckdb.DuckDBPyConnection, dataset: Dataset, sources: dict[str, Loaded]) -> None:
    """Write titles, periods and the way of the history beside the table."""
    contract = dataset.contract
    kept = internal_columns(contract)
    current = [(str(e.account["period"]), d) for d, e in sources.items()]
    note_periods(con, ZONE, dataset.name, current)
    note_history(con, ZONE, dataset.name, contract, set(kept))
    columns = {name: contract.table_columns[name] for name in kept}
    titles = {n: f"{c.title}({c.classification})" for n, c in columns.items()}
    titles |= DAY_TITLES if keeps_intervals(contract.history) else {}
    comment(con, f"{ZONE}.common.{dataset.name}", contract.title, titles)


def _entry(asset: str, delivery: str, new_print: str, source: Loaded, height: int) -> Loaded:
    kept = {key: source.account[key] for key in ("file", "period", "sha256", "sheet", "letters")}
    account = Account(rows_in=int(str(source.account["rows_out"])), rows_out=height)
    return Loaded(asset, delivery, new_print, {**kept, **account.as_json()})
