"""From staged deliveries to the change of a table that keeps intervals.

Belongs here: which deliveries come, go, or have to be read again only to number rows. Must not
hold: the rules of time (`warehouse.history`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.history.names import keeps_intervals
from warehouse.history.snapshots import Delivered
from warehouse.history.store import Change, count_rows, following
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

    from assets.register import Dataset
    from warehouse.lake import Loaded
    from warehouse.standardising.delivery import StandardDelivery


def delivered_of(entry: Loaded) -> Delivered:
    """Give the delivery of an entry, without its rows."""
    return Delivered(str(entry.account["period"]), entry.delivery)


def read_again(
    dataset: Dataset, current: list[Loaded], stale: list[Loaded], known: Iterable[Loaded]
) -> list[Loaded]:
    """List loaded deliveries whose rows are needed once more.

    A row now begins with the delivery after one that came late or went; only that delivery itself
    says in which line of its file the row stands.
    """
    if dataset.contract.history != "snapshots" or len(stale) == len(current):
        return []
    staying = {e.delivery for e in current} - {e.delivery for e in stale}
    gone = [delivered_of(e) for e in known if e.delivery not in staying]
    changed = [*map(delivered_of, stale), *gone]
    after = {d.delivery for d in following(list(map(delivered_of, current)), changed)}
    return [entry for entry in current if entry.delivery in after & staying]


def describe_change(
    dataset: Dataset,
    done: list[StandardDelivery],
    again: list[StandardDelivery],
    *,
    before: list[Delivered],
    removed: list[str],
    everything: bool,
    empty: str,
) -> Change | None:
    """Say how the deliveries changed; nothing where the dataset keeps no intervals."""
    if not keeps_intervals(dataset.contract.history):
        return None
    return Change(
        before=before,
        removed=[d for d in before if d.delivery in removed],
        added=[_with_rows(item) for item in done],
        renumbered=[_with_rows(item) for item in again],
        empty=empty,
        everything=everything,
    )


def require_all_rows(
    con: duckdb.DuckDBPyConnection, target: str, dataset: Dataset, entries: list[Loaded]
) -> None:
    """Compare the table with the accounts: on its day, each delivery's rows hold, all of them.

    Raises:
        Refusal: `history.lost_rows`; the caller's transaction must not be committed.
    """
    for entry in entries:
        kept = count_rows(con, target, dataset.contract.history, delivered_of(entry))
        if kept != entry.account["rows_out"]:
            raise Refusal(
                "history.lost_rows",
                f"履歴の行数({kept:,})が、届いた行数({entry.account['rows_out']:,})と合いません。"
                "前回までのデータはそのままです。",
                str(entry.account["file"]),
                "契約の key が1行を決めているかを確かめてください。合っているのなら開発者に知らせてください。",
            )


def _with_rows(item: StandardDelivery) -> Delivered:
    bare = delivered_of(item.entry)
    files = ", ".join(
        "'" + path.as_posix().replace("'", "''") + "'" for path in item.tables["common"].paths
    )
    return Delivered(bare.period, bare.delivery, f"FROM read_parquet([{files}])")
