"""Mending only the texts that need it: most of a column usually does not.

Belongs here: choosing the rows and putting them back. Must not hold: any rule.
"""

from collections.abc import Callable

import polars as pl

_MOST = 0.5


def mend_where(column: pl.Expr, pattern: str, mend: Callable[[pl.Expr], pl.Expr]) -> pl.Expr:
    """Return the text with `mend` applied where `pattern` is found.

    Args:
        column: Text; null stays null.
        pattern: Regular expression; a text without it must be one that `mend` leaves alone.
        mend: String expression to String expression, row by row.

    Returns:
        String. What `column.pipe(mend)` gives, without its cost for the texts left alone.
    """

    def mend_texts(texts: pl.Series) -> pl.Series:
        needy = texts.str.contains(pattern).fill_null(value=False)
        count = needy.sum()
        if not count:
            return texts
        if count > _MOST * len(texts):
            return texts.to_frame("x").select(mend(pl.col("x"))).to_series()
        mended = texts.filter(needy).to_frame("x").select(mend(pl.col("x"))).to_series()
        return texts.scatter(needy.arg_true(), mended)

    return column.map_batches(mend_texts, return_dtype=pl.String(), is_elementwise=True)
