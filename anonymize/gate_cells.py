"""Hidden cells of a table of counts: what a reader gets back.

Belongs here: the subtraction that anybody does with a pencil, and the verdict on the intervals of the
linear-programming attacker. Must not hold: the attacker (`tables.attack`), the hiding
(`tables.suppression`).
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl

from anonymize.gate_words import Fault
from anonymize.tables.attack import Intervals

_SHOWN_AS_HIDDEN = ("X", "x", "Ⅹ", "***", "*", "-", "")


def judge_margins(table: pl.DataFrame, sums: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
    """Find hidden cells that are the only hidden part of a margin shown in their row.

    Args:
        table: Counts as published, hidden ones as a mark or without a value.
        sums: Margin to its parts, columns of the table.
    """
    for margin, parts in sums.items():
        hidden = [_is_hidden(name).cast(pl.Int32) for name in parts]
        alone = table.filter(~_is_hidden(margin) & (pl.sum_horizontal(hidden) == 1)).height
        if alone:
            yield Fault("margins.give_back", (margin,), alone)


def judge_intervals(found: Intervals, least_width: float) -> Iterator[Fault]:
    """Find hidden cells that the attacker knows exactly or within less than the rule's width."""
    narrow = found.exact | (found.width < least_width)
    if narrow.any():
        place = f"秘匿した {len(found.cells):,} セルへの線形計画の攻撃(必要な幅 {least_width:g})"
        yield Fault("cells.recoverable", (), int(np.count_nonzero(narrow)), place=place)


def _is_hidden(name: str) -> pl.Expr:
    text = pl.col(name).cast(pl.String)
    return text.is_null() | text.str.strip_chars().is_in(_SHOWN_AS_HIDDEN)
