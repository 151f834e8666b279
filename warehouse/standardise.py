"""Raw → common: corrections, the common form, quarantine; staged first, committed after checks.

`stage` touches no table; `commit` writes rows, verdicts, quarantine and the account in one
transaction. Between the two stand the quality checks: a dataset that fails is withheld, and what
was there yesterday stays.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import weakref
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from assets.register import fingerprint
from transforms.catalogue import TRANSFORMS
from warehouse.account import Account, Outcome, add_up, version_of
from warehouse.history.known import note_history, note_periods
from warehouse.history.names import DAY_TITLES
from warehouse.history.store import write_history
from warehouse.lake import (
    Loaded,
    Zone,
    comment,
    forget,
    has_table,
    loaded,
    record,
    remove_rows,
    replace_rows,
    transaction,
)
from warehouse.raw import REFUSED, current_deliveries
from warehouse.readers.grid import ROW
from warehouse.refusal import Refusal
from warehouse.returns.standing import read_standing, word_left_over
from warehouse.standardising.delivery import standardise_delivery
from warehouse.standardising.history import (
    delivered_of,
    describe_change,
    read_again,
    require_all_rows,
)

if TYPE_CHECKING:
    import duckdb

    from assets.register import Dataset
    from warehouse.history.store import Change
    from warehouse.home import Home
    from warehouse.standardising.delivery import StandardDelivery

ZONE: Zone = "secure"
SIDE_TABLES = ("quarantine", "verdict")
_EMPTY = "no_rows"


@dataclass(frozen=True)
class Staged:
    """What would be committed.

    Attributes:
        rows: rows of the deliveries to be loaded, typed, with `_delivery`, `_period`, `_row`.
        entries: their accounts.
        removed: deliveries whose rows go (superseded, or loaded by an older contract).
        everything: whether no row of an earlier load stays.
        is_first: whether the table has to be made; an empty one stands before any delivery.
        data_version: of the table after the commit.
        queries: schema → query that gives the rows to be written into the dataset's table there.
        current: period and id of every delivery that counts.
        change: how they changed, where the table keeps intervals.
        left_over: entry that keeps which returned rows have lost their delivery, when that is new.
        notes: sentences on them.
    """

    dataset: Dataset
    rows: pl.LazyFrame
    entries: list[Loaded]
    removed: list[str]
    everything: bool
    is_first: bool
    data_version: str
    queries: dict[str, str] = field(default_factory=dict)
    current: list[tuple[str, str]] = field(default_factory=list)
    change: Change | None = None
    left_over: Loaded | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to do."""
        return not (self.entries or self.removed or self.is_first or self.left_over)


def stage(con: duckdb.DuckDBPyConnection, home: Home, dataset: Dataset) -> Staged:
    """Normalise the current deliveries that are not loaded yet.

    What is made is put down in `home.work` and goes when it is committed or let go.

    Raises:
        Refusal: when a correction no longer holds, `tidy` loses rows, or a delivery that was
            loaded can no longer be read.
    """
    asset = f"common/{dataset.name}"
    raw = loaded(con, ZONE, f"raw/{dataset.name}")
    known = loaded(con, ZONE, asset)
    _require_readable(known, raw)
    current = current_deliveries(dataset, raw.values())
    standing = read_standing(con, dataset.name)
    prints = {
        e.delivery: fingerprint(
            e.fingerprint.encode(), b"common", standing.mark(e.delivery).encode()
        )
        for e in current
    }
    done_already = {d for d, entry in known.items() if prints.get(d) == entry.fingerprint}
    stale = [e for e in current if e.delivery not in done_already]
    left_over, notes = word_left_over(con, dataset.name, standing.left_over(prints))
    again = read_again(dataset, current, stale, known.values())
    folder = _make_folder(home)
    try:
        made = [
            standardise_delivery(
                con,
                dataset,
                entry,
                standing.of(entry.delivery),
                new_print=prints[entry.delivery],
                folder=_make_subfolder(folder, number),
            )
            for number, entry in enumerate([*stale, *again])
        ]
    except BaseException:
        _remove(folder)
        raise
    done = made[: len(stale)]
    removed = [d for d in known if d not in done_already]
    everything = len(stale) == len(current)
    staged = Staged(
        dataset=dataset,
        rows=pl.concat(map(_scan, done)) if done else _no_rows(dataset).lazy(),
        entries=[item.entry for item in done],
        removed=removed,
        everything=everything,
        is_first=not has_table(con, ZONE, "common", dataset.name),
        data_version=version_of(prints.values()),
        queries={
            schema: " UNION ALL ".join(_select(item, schema) for item in done)
            for schema in ("common", *SIDE_TABLES)
            if done
        },
        current=[(str(e.account["period"]), e.delivery) for e in current],
        change=describe_change(
            dataset,
            done,
            made[len(stale) :],
            before=[delivered_of(entry) for entry in known.values()],
            removed=removed,
            everything=everything,
            empty=f"FROM {_EMPTY}",
        ),
        left_over=left_over,
        notes=notes,
    )
    weakref.finalize(staged, _remove, folder)
    return staged


def commit(con: duckdb.DuckDBPyConnection, staged: Staged) -> Outcome:
    """Write what was staged as one snapshot and give the account of the whole table."""
    asset = f"common/{staged.dataset.name}"
    if not staged.is_empty:
        with transaction(con, ZONE, asset):
            _write(con, staged)
            forget(con, ZONE, asset, staged.removed)
            record(con, ZONE, [*staged.entries, *filter(None, [staged.left_over])])
    known = loaded(con, ZONE, asset)
    account = add_up(Account.from_json(entry.account) for entry in known.values())
    account = replace(account, notes=(*account.notes, *staged.notes))
    return Outcome(asset, account, staged.data_version, changed=not staged.is_empty)


def _require_readable(known: dict[str, Loaded], raw: dict[str, Loaded]) -> None:
    """A slip in the contract must not empty a table: what was loaded once must stay readable."""
    lost = [
        raw[d].account["file"] for d in known if d in raw and raw[d].account["state"] == REFUSED
    ]
    if lost:
        raise Refusal(
            "common.unreadable",
            f"前に取り込んだファイル {len(lost)} 件が読めなくなりました。前回までのデータはそのままです。",
            "、".join(map(str, lost)),
            "契約を変えたのなら、前の期間の見出しや配置を from / until を付けて残してください。",
        )


def _make_folder(home: Home) -> Path:
    home.work.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Path(tempfile.mkdtemp(prefix="common-", dir=home.work))


def _make_subfolder(folder: Path, number: int) -> Path:
    made = folder / str(number)
    made.mkdir(mode=0o700)
    return made


def _remove(folder: Path) -> None:
    """Take the files away; the workplace too when nobody else is in it."""
    shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError):
        folder.parent.rmdir()


def _scan(delivery: StandardDelivery) -> pl.LazyFrame:
    entry = delivery.entry
    return delivery.tables["common"].scan().select(
        pl.lit(entry.delivery).alias("_delivery"),
        pl.lit(str(entry.account["period"])).alias("_period"),
        pl.all(),
    )  # fmt: skip


def _select(delivery: StandardDelivery, schema: str) -> str:
    entry = delivery.entry
    files = ", ".join(
        "'" + path.as_posix().replace("'", "''") + "'" for path in delivery.tables[schema].paths
    )
    labels = f"'{entry.delivery}' AS _delivery, '{entry.account['period']}' AS _period"
    return f"SELECT {labels}, * FROM read_parquet([{files}])"


def _write(con: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    dataset = staged.dataset
    remove = None if staged.everything else staged.removed
    _write_common(con, staged, remove)
    for table in SIDE_TABLES:
        if staged.entries:
            query = staged.queries[table]
            replace_rows(con, (ZONE, table, dataset.name), query, remove=remove)
        else:
            remove_rows(con, (ZONE, table, dataset.name), staged.removed)
    note_periods(con, ZONE, dataset.name, staged.current)
    columns = dataset.contract.table_columns
    note_history(con, ZONE, dataset.name, dataset.contract, set(columns))
    titles = {n: column.title for n, column in columns.items()}
    titles |= DAY_TITLES if staged.change else {}
    comment(con, f"{ZONE}.common.{dataset.name}", dataset.contract.title, titles)


def _write_common(con: duckdb.DuckDBPyConnection, staged: Staged, remove: list[str] | None) -> None:
    dataset, nothing = staged.dataset, _no_rows(staged.dataset)
    if staged.change is None:
        rows = staged.queries.get("common", nothing)
        replace_rows(con, (ZONE, "common", dataset.name), rows, remove=remove)
        return
    target = f"{ZONE}.common.{dataset.name}"
    con.register(_EMPTY, nothing)
    try:
        write_history(con, target, dataset.contract, staged.change)
    finally:
        con.unregister(_EMPTY)
    require_all_rows(con, target, dataset, staged.entries)


def _no_rows(dataset: Dataset) -> pl.DataFrame:
    columns = {n: TRANSFORMS[c.type].dtype for n, c in dataset.contract.table_columns.items()}
    return pl.DataFrame(
        schema={"_delivery": pl.String, "_period": pl.String, ROW: pl.Int64, **columns}
    )
