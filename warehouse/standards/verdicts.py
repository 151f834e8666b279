"""How the verdict on a value is put together: the rule it breaks and what should stand there.

Belongs here: the struct and its builders. Must not hold: any rule.
"""

from __future__ import annotations

import polars as pl

_NONE = pl.lit(None, pl.String)
# A difference of one cell.
FOUND = {
    "row": pl.Int64(),
    "column": pl.String(),
    "value": pl.String(),
    "rule": pl.String(),
    "repaired": pl.String(),
}


def broken(
    text: pl.Expr,
    *cases: tuple[pl.Expr, str | None],
    otherwise: str | None,
    repaired: pl.Expr | None = None,
) -> pl.Expr:
    """Return `Struct{rule, repaired}`: the first case that holds names the rule, None none.

    A mended value that is the value itself is no mending.
    """
    rule = _NONE if otherwise is None else pl.lit(otherwise)
    for condition, name in reversed(cases):
        wanted = _NONE if name is None else pl.lit(name)
        rule = pl.when(condition.fill_null(value=False)).then(wanted).otherwise(rule)
    mended = _NONE if repaired is None else pl.when(repaired != text).then(repaired)
    return pl.struct(rule=rule, repaired=mended)


def fine(text: pl.Expr) -> pl.Expr:
    """Return the verdict of a type that asks nothing."""
    return pl.struct(rule=pl.when(text.is_null()).then(_NONE).otherwise(_NONE), repaired=_NONE)


def of_transform(text: pl.Expr, judged: pl.Expr) -> pl.Expr:
    """Return the verdict of a column function: fine where the text is the value it gives."""
    value, rule = judged.struct.field("value"), judged.struct.field("rule")
    good = (value == text).fill_null(value=False)
    return pl.struct(
        rule=pl.when(~good & (rule != "blank")).then(rule),
        repaired=pl.when(value != text).then(value),
    )
