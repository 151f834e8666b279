"""What deliveries of changes leave standing on a day, read as `history: changes` says."""

import polars as pl

from assets.history import Changes
from tests.unit.pipelines.whole_city.systems.checking import CONTRACTS


def changes_of(dataset):
    """Give how the changes of a dataset follow one another."""
    said = CONTRACTS[dataset].history
    assert isinstance(said, Changes)
    return said


def standing_on(dataset, rows, day):
    """Give the last row of every subject up to the end of a day, but those that end."""
    said = changes_of(dataset)
    last = (
        rows.filter(pl.col(said.effective) <= day)
        .sort(said.effective, said.number)
        .unique(said.subject, keep="last", maintain_order=True)
    )
    for column, values in said.ends.items():
        last = last.filter(~pl.col(column).is_in(values))
    return last


def all_rows(sent):
    """Join what was delivered, of a period delivered twice the later file."""
    kept = {}
    for delivery in sorted(sent, key=lambda d: d.delivered_at):
        kept[delivery.period] = delivery.rows
    return pl.concat(kept.values())


def require_changes(dataset, sent):
    """Ask that keys are unique in all deliveries, numbers rise with the days, and nothing follows an end."""
    contract = CONTRACTS[dataset]
    said = changes_of(dataset)
    rows = all_rows(sent).sort(*said.subject, said.number)
    assert not rows.select(contract.key).is_duplicated().any()
    days = pl.col(said.effective).diff().over(said.subject).fill_null(pl.duration(days=0))
    assert rows.select((days >= pl.duration(days=0)).all()).item()
    return rows
