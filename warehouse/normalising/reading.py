"""How the contract has the raw text of a column read: which column function, which parameters.

Belongs here: the way from a contract column to its expression. Must not hold: what becomes of rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from transforms.catalogue import TRANSFORMS

if TYPE_CHECKING:
    from assets.column import Column
    from assets.contract import Contract


def judge(name: str, column: Column, contract: Contract) -> pl.Expr:
    """Judge the raw text of one column; the column of its era must stand beside it."""
    transform = TRANSFORMS[column.type]
    marks = list(column.marks)
    text = pl.col(name)
    unmarked = (
        pl.when(text.str.strip_chars().is_in(marks)).then(None).otherwise(text) if marks else text
    )
    return transform.function(unmarked, **_parameters(column, transform.parameters, contract))


def _parameters(column: Column, accepted: frozenset[str], contract: Contract) -> dict[str, object]:
    given: dict[str, object] = {}
    for parameter in accepted & set(type(column).model_fields):
        value = getattr(column, parameter)
        if value is not None and parameter != "era":
            given[parameter] = value
    if column.era is not None and "era" in accepted:
        is_column = column.era in contract.columns
        given["era"] = pl.col(column.era) if is_column else pl.lit(column.era)
    if column.unit and "units" in accepted:
        given["units"] = (column.unit,)
    return given
