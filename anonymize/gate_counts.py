"""The gate's rules for counts of persons: multiples, sums, smallest totals, hidden rows.

Belongs here: what a table of counts must satisfy. Must not hold: the order of rules and their
wording (`gate`, `gate_wording`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from anonymize.gate_words import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anonymize.gate import ReleasePolicy

HIDDEN = "X"
_SUM_TOLERANCE = 1e-6


def judge_counts(table: pl.DataFrame, policy: ReleasePolicy) -> Iterator[Fault]:
    """Find counts that are no counts, no multiples of the base, or shown though said to be hidden."""
    shown, hidden = _part_hidden(table, policy)
    for name in policy.count_columns:
        if name in table.columns:
            column = shown[name]
            # Blanks of hidden cells are judged by the attack on them.
            told = column if policy.suppressed is None else column.drop_nulls()
            yield from _judge_count(told, policy.rounding_base)
            if bad := hidden.height - hidden[name].null_count():
                yield Fault("counts.hidden_but_shown", (name,), bad)


def _part_hidden(table: pl.DataFrame, policy: ReleasePolicy) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part the rows that show their counts from those whose note says that they hide them."""
    note = policy.hiding_note
    if note is None or note not in table.columns:
        return table, table.clear()
    says = pl.col(note).cast(pl.String).str.starts_with(HIDDEN).fill_null(value=False)
    return table.filter(~says), table.filter(says)


def _judge_count(column: pl.Series, base: int | None) -> Iterator[Fault]:
    if not column.dtype.is_integer():
        yield Fault("counts.not_integer", (column.name,))
        return
    if bad := column.null_count() + int((column < 0).sum()):
        yield Fault("counts.null_or_negative", (column.name,), bad)
    if base is not None and (bad := int((column.cast(pl.Int64) % base != 0).sum())):
        yield Fault("counts.not_rounded", (column.name,), bad)


def judge_totals(table: pl.DataFrame, policy: ReleasePolicy) -> Iterator[Fault]:
    """Find rows of fewer persons than a row may show."""
    name, least = policy.total_column, policy.minimum_region_total
    if name is None or least is None or name not in table.columns:
        return
    shown, _ = _part_hidden(table, policy)
    if policy.hiding_note is not None:
        shown = shown.filter(pl.col(name).ne_missing(0))
    if bad := shown.height - shown.filter(pl.col(name) >= least).height:
        yield Fault("totals.too_small", (name,), bad)


def judge_sums(table: pl.DataFrame, policy: ReleasePolicy) -> Iterator[Fault]:
    """Find margins that are not the sum of their parts."""
    for margin, parts in policy.sums.items():
        if not {margin, *parts} <= {*table.columns}:
            continue
        # Float64 is exact for every count of persons, and cannot overflow as Int8 can.
        total = pl.sum_horizontal(pl.col(parts).cast(pl.Float64), ignore_nulls=False)
        equal = (pl.col(margin).cast(pl.Float64) - total).abs() < _SUM_TOLERANCE
        shown, _ = _part_hidden(table, policy)
        if policy.suppressed is not None:
            shown = shown.drop_nulls([margin, *parts])
        if bad := shown.height - shown.filter(equal).height:
            yield Fault("sums.unequal", (margin,), bad)
