"""The lake: one DuckLake a zone, Parquet files as data, a SQLite catalog as the commit.

Connections, extension loading and the bookkeeping of what has been loaded stand here; what the
tables mean does not. Nothing is downloaded: the extensions are wheels of DuckDB's own version.
"""

from __future__ import annotations

import importlib.util
import json
import os
import secrets
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import duckdb

from warehouse.catalog_guard import keep_values_out
from warehouse.history.known import HISTORIES, make_known
from warehouse.history.layout import set_options
from warehouse.home import Home
from warehouse.upkeep.noting import note_lake
from warehouse.writing_lock import one_writer

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    import polars as pl


Zone = Literal["secure", "internal", "open"]
ZONES: tuple[Zone, ...] = ("secure", "internal", "open")
_EXTENSIONS = ("sqlite_scanner", "ducklake", "httpfs")
_CATALOG = "catalog.sqlite"
_BUSY_MILLISECONDS = 60_000
_MOST_MEMORY = "2GB"


@dataclass(frozen=True)
class Loaded:
    """One entry of the zone's own account: what was loaded from what, and how it went."""

    asset: str
    delivery: str
    fingerprint: str
    account: dict[str, object]


@lru_cache
def extension_path(name: str) -> Path:
    """Find the DuckDB extension shipped as a wheel, or in `MACHIKANE_EXTENSIONS`.

    Raises:
        FileNotFoundError: in Japanese, when it is in neither place.
    """
    folders = [Path(folder) for folder in [os.environ.get("MACHIKANE_EXTENSIONS")] if folder]
    spec = importlib.util.find_spec(f"duckdb_extension_{name}")
    folders += [
        Path(folder) for folder in (spec.submodule_search_locations if spec else None) or []
    ]
    for folder in folders:
        if found := next(folder.rglob(f"{name}.duckdb_extension"), None):
            return found
    raise FileNotFoundError(
        f"DuckDB の拡張 {name} が見つかりません。requirements.lock から入れ直すか、"
        "MACHIKANE_EXTENSIONS に拡張のフォルダを指定してください。"
    )


def connect_engine() -> duckdb.DuckDBPyConnection:
    """Open an in-memory engine that never reaches for the network."""
    con = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "python_enable_replacements": "false",
            # What does not fit into memory is put aside on disk, rows of persons among it.
            "temp_file_encryption": "true",
        }
    )
    for name in _EXTENSIONS:
        con.sql(f"LOAD '{_quote(extension_path(name).as_posix())}'")
    return con


def put_aside_under(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Bound the engine's memory; name the folder, one a connection, for what does not fit.

    The engine makes its folder, though not the one above, and clears it. Who may not write here
    can still read what fits.
    """
    with suppress(PermissionError):
        home.spill.mkdir(mode=0o700, parents=True, exist_ok=True)
    con.sql(f"SET memory_limit = '{_MOST_MEMORY}'")
    con.execute("SET temp_directory = ?", [(home.spill / secrets.token_hex(4)).as_posix()])


@contextmanager
def open_lake(
    home: Home, *, write: Iterable[Zone] = (), read: Iterable[Zone] = ()
) -> Generator[duckdb.DuckDBPyConnection]:
    """Open zones under their names, to write or to read only; closed at the end."""
    con = connect_engine()
    put_aside_under(con, home)
    try:
        for zone in read:
            attach(con, home, zone, read_only=True)
        for zone in write:
            attach(con, home, zone, read_only=False)
            _ensure_bookkeeping(con, zone)
        yield con
    finally:
        con.close()


def attach(con: duckdb.DuckDBPyConnection, home: Home, zone: Zone, *, read_only: bool) -> None:
    """Attach one zone's lake. `secure` is encrypted; no row, nor a value, is in the catalog."""
    folder = home.lake(zone)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if read_only and not (folder / _CATALOG).is_file():
        attach(con, home, zone, read_only=False)
        _ensure_bookkeeping(con, zone)
        con.sql(f"DETACH {zone}")
    if zone == "secure" and not (folder / _CATALOG).is_file():
        _make_guarded(con, home, zone)
    con.sql(_attach_statement(home, zone, _CATALOG, read_only=read_only))


def _make_guarded(con: duckdb.DuckDBPyConnection, home: Home, zone: Zone) -> None:
    """Make a catalog that takes no values, under another name, so that it appears finished."""
    final = home.lake(zone) / _CATALOG
    staged = final.with_name(f".{_CATALOG}.{secrets.token_hex(4)}.tmp")
    con.sql(_attach_statement(home, zone, staged.name, read_only=False))
    con.sql(f"DETACH {zone}")
    keep_values_out(staged)
    if final.is_file():  # another process was first
        staged.unlink()
    else:
        staged.replace(final)


def attach_snapshot(
    con: duckdb.DuckDBPyConnection, home: Home, zone: Zone, name: str, snapshot: int | None = None
) -> int:
    """Attach one zone to read only, under another name, fixed on a snapshot; give its number.

    Args:
        con: the engine.
        home: where the zone's lake is.
        zone: which one.
        name: under which it is attached.
        snapshot: which one; none named: the newest.

    Raises:
        duckdb.Error: when the snapshot is not there (any more).
    """
    if snapshot is None:
        con.sql(_attach_statement(home, zone, _CATALOG, read_only=True, name=name))
        snapshot = snapshot_id(con, name)
        con.sql(f"DETACH {name}")
    fixed = _attach_statement(
        home, zone, _CATALOG, read_only=True, name=name, snapshot=int(snapshot)
    )
    con.sql(fixed)
    return snapshot


def _attach_statement(
    home: Home,
    zone: Zone,
    catalog: str,
    *,
    read_only: bool,
    name: str | None = None,
    snapshot: int | None = None,
) -> str:
    folder = home.lake(zone)
    options = [
        f"DATA_PATH '{_quote((folder / 'data').as_posix())}/'",
        # A home that was moved or restored elsewhere is still the same lake.
        "OVERRIDE_DATA_PATH true",
        "DATA_INLINING_ROW_LIMIT 0",
        "META_JOURNAL_MODE 'WAL'",
        f"META_BUSY_TIMEOUT {_BUSY_MILLISECONDS}",
        *(["ENCRYPTED"] if zone == "secure" else []),
        *(["READ_ONLY"] if read_only else []),
        *([f"SNAPSHOT_VERSION {snapshot}"] if snapshot is not None else []),
    ]
    path = _quote((folder / catalog).as_posix())
    return f"ATTACH 'ducklake:sqlite:{path}' AS {name or zone} ({', '.join(options)})"


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection, zone: Zone, message: str) -> Generator[None]:
    """Commit everything inside as one snapshot with a message, or nothing.

    Another process that writes into the zone is waited for. The new files come onto the list with
    their SHA-256.
    """
    with one_writer(folder_of(con, zone), zone):
        con.sql("BEGIN")
        try:
            yield
            con.sql(f"CALL {zone}.set_commit_message('machikane', '{_quote(message)}')")
            con.sql("COMMIT")
        except BaseException:
            # A commit that failed has ended the transaction already; its own words count.
            with suppress(duckdb.TransactionException):
                con.sql("ROLLBACK")
            con.sql("RESET threads")
            raise
        note_lake(con, Home(folder_of(con, zone).parent.parent), zone)


def folder_of(con: duckdb.DuckDBPyConnection, zone: Zone) -> Path:
    """Give the folder of an attached zone's lake."""
    row = con.execute(
        "SELECT path FROM duckdb_databases() WHERE database_name = ?", [zone]
    ).fetchone()
    if row is None:
        raise ValueError(f"{zone} is not attached")
    return Path(row[0].removeprefix("sqlite:")).parent


def loaded(con: duckdb.DuckDBPyConnection, zone: Zone, asset: str) -> dict[str, Loaded]:
    """List what an asset has loaded: delivery → entry."""
    rows = con.execute(
        f"SELECT asset, delivery, fingerprint, account FROM {zone}.meta.loaded WHERE asset = ?",
        [asset],
    ).fetchall()
    return {row[1]: Loaded(row[0], row[1], row[2], json.loads(row[3])) for row in rows}


def record(con: duckdb.DuckDBPyConnection, zone: Zone, entries: Iterable[Loaded]) -> None:
    """Write entries over their predecessors, inside the caller's transaction, as one file."""
    given = list(entries)
    for asset in dict.fromkeys(entry.asset for entry in given):
        forget(con, zone, asset, [e.delivery for e in given if e.asset == asset])
    if given:
        rows = [(e.asset, e.delivery, e.fingerprint, json.dumps(e.account)) for e in given]
        con.execute(
            f"INSERT INTO {zone}.meta.loaded SELECT unnest(?), unnest(?), unnest(?), unnest(?)",
            [list(column) for column in zip(*rows, strict=True)],
        )


def forget(
    con: duckdb.DuckDBPyConnection, zone: Zone, asset: str, deliveries: Iterable[str]
) -> None:
    """Remove entries, inside the caller's transaction."""
    con.execute(
        f"DELETE FROM {zone}.meta.loaded WHERE asset = ? AND list_contains(?, delivery)",
        [asset, list(deliveries)],
    )


def has_table(con: duckdb.DuckDBPyConnection, zone: str, schema: str, table: str) -> bool:
    """Tell whether a table is there."""
    try:
        con.sql(f"SELECT 1 FROM {zone}.{schema}.{table} LIMIT 0")
    except duckdb.CatalogException:
        return False
    return True


def replace_rows(
    con: duckdb.DuckDBPyConnection,
    name: tuple[Zone, str, str],
    rows: pl.DataFrame | str,
    *,
    remove: Iterable[str] | None,
) -> None:
    """Put rows (a frame, or a query) into a table in place of those of the named deliveries.

    With `remove` None all rows are replaced.

    The table is made, or made anew when its columns changed; then `remove` must cover all of it,
    because the old rows go.
    """
    zone, schema, table = name
    con.sql(f"CREATE SCHEMA IF NOT EXISTS {zone}.{schema}")
    target = f"{zone}.{schema}.{table}"
    if isinstance(rows, str):
        rows = f"({rows})"
    else:
        con.register("new_rows", rows)
        rows = "new_rows"
    try:
        if (
            remove is None
            or not has_table(con, *name)
            or _columns(con, target) != _columns(con, rows)
        ):
            con.sql(f"CREATE OR REPLACE TABLE {target} AS FROM {rows}")
            return
        remove_rows(con, name, remove)
        con.sql(f"INSERT INTO {target} FROM {rows}")
    finally:
        con.unregister("new_rows")


@contextmanager
def one_thread(con: duckdb.DuckDBPyConnection) -> Generator[None]:
    """Write rows in their order: threads would weave theirs into each other's.

    What is read again in the order it was written need not be sorted, which takes a table's memory.
    """
    con.sql("SET threads = 1")
    try:
        yield
    finally:
        # Within a transaction that broke nothing can be set; what broke it must be heard.
        with suppress(duckdb.TransactionException):
            con.sql("RESET threads")


def remove_rows(
    con: duckdb.DuckDBPyConnection, name: tuple[Zone, str, str], deliveries: Iterable[str]
) -> None:
    """Take the rows of the named deliveries out of a table, if there is one."""
    if has_table(con, *name):
        target = ".".join(name)
        con.execute(f"DELETE FROM {target} WHERE list_contains(?, _delivery)", [list(deliveries)])


def comment(
    con: duckdb.DuckDBPyConnection, target: str, title: str, columns: Mapping[str, str]
) -> None:
    """Write the Japanese titles beside a table and its columns."""
    con.sql(f"COMMENT ON TABLE {target} IS '{_quote(title)}'")
    for column, text in columns.items():
        con.sql(f"COMMENT ON COLUMN {target}.{column} IS '{_quote(text)}'")


def snapshot_id(con: duckdb.DuckDBPyConnection, zone: Zone | str) -> int:
    """Give the newest snapshot of a zone."""
    row = con.sql(f"SELECT max(snapshot_id) FROM {zone}.snapshots()").fetchone()
    return int(row[0]) if row else 0


def _ensure_bookkeeping(con: duckdb.DuckDBPyConnection, zone: Zone) -> None:
    if has_table(con, zone, "meta", "loaded") and has_table(con, zone, *HISTORIES.split(".")):
        return
    with one_writer(folder_of(con, zone), zone):
        con.sql(f"CREATE SCHEMA IF NOT EXISTS {zone}.meta")
        con.sql(
            f"CREATE TABLE IF NOT EXISTS {zone}.meta.loaded "
            "(asset VARCHAR, delivery VARCHAR, fingerprint VARCHAR, account VARCHAR)"
        )
        make_known(con, zone)
        set_options(con, zone)


def _columns(con: duckdb.DuckDBPyConnection, relation: str) -> list[tuple[str, str]]:
    described = con.sql(f"DESCRIBE FROM {relation}").fetchall()
    return [(row[0], row[1]) for row in described]


def _quote(text: str) -> str:
    return text.replace("'", "''")
