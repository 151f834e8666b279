"""Bringing values into the form of a layout: mended where that is certain, set aside where not.

Belongs here: repairing columns by the verdicts of `values`. Must not hold: rules, the account.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from warehouse.standards.difference import ERROR
from warehouse.standards.rules import rule_of
from warehouse.standards.values import is_judged, judge_values

if TYPE_CHECKING:
    from assets.standard import StandardColumn


# Mending by these leaves something of the value out, which is kept beside.
_LOSSY = ("phone.extension", "phone.annotation")


@dataclass(frozen=True)
class Mended:
    """One column after mending.

    Attributes:
        values: In the form of the layout, or blank where the value was set aside.
        aside: The values set aside, whole; null elsewhere.
        rewritten: Number of values rewritten.
    """

    values: pl.Series
    aside: pl.Series
    rewritten: int


def mend_column(values: pl.Series, column: StandardColumn, *, may_move: bool) -> Mended:
    """Rewrite what has one right form; set aside what breaks a rule and has none.

    Args:
        values: Trimmed text; blanks null.
        column: What the layout says of them.
        may_move: Whether there is a column of remarks for what is set aside.
    """
    none = pl.Series(values.name, [None] * len(values), dtype=pl.String)
    if not is_judged(column):
        return Mended(values, none, 0)
    judged = judge_values(values.drop_nulls().unique(), column)
    if judged.is_empty():
        return Mended(values, none, 0)
    joined = pl.DataFrame({"value": values}).join(
        judged.with_columns(_is_lost(judged)), on="value", how="left", maintain_order="left"
    )
    mended, value = pl.col("repaired"), pl.col("value")
    lost = (pl.col("lost") & mended.is_null()).fill_null(value=False) & may_move
    kept = pl.when(mended.is_not_null()).then(mended).when(~lost).then(value)
    lossy = pl.col("rule").is_in(_LOSSY) & may_move
    done = joined.select(
        kept=pl.when(kept != "").then(kept),
        aside=pl.when(lost | lossy.fill_null(value=False)).then(value),
        rewritten=mended.is_not_null(),
    )
    return Mended(done["kept"], done["aside"], int(done["rewritten"].sum()))


def _is_lost(judged: pl.DataFrame) -> pl.Series:
    """Tell which rules leave no value the layout allows."""
    wrong = [rule_of(rule).severity == ERROR for rule in judged["rule"]]
    return pl.Series("lost", wrong, dtype=pl.Boolean)
