"""Judging every distinct text once: for functions that cost more than looking a text up.

Belongs here: running a function on distinct values and giving each row its result. Must not hold:
any rule.
"""

from collections.abc import Callable, Sequence

import polars as pl


def judge_distinct(
    columns: Sequence[pl.Expr],
    function: Callable[[pl.DataFrame], pl.Series],
    dtype: pl.DataType,
    name: str,
) -> pl.Expr:
    """Return the column `function` makes, computed once for every distinct row of `columns`.

    Args:
        columns: What the result depends on; `function` sees them as columns `0`, `1`, ….
        function: Distinct rows to one Series of the same length, in order; pure, never raises.
        dtype: Data type of that Series.
        name: Name of the resulting column.

    Returns:
        Expression of `dtype`. It costs a hash of every row: measured, it pays for dates, phones
        and addresses, not for the folding of widths.
    """
    fields = [column.alias(str(number)) for number, column in enumerate(columns)]

    def judge(rows: pl.Series) -> pl.Series:
        frame = rows.struct.unnest()
        distinct = frame.unique(maintain_order=True)
        judged = distinct.with_columns(function(distinct).alias("judged"))
        if distinct.height == frame.height:
            return judged["judged"]
        found = frame.join(
            judged, on=frame.columns, how="left", nulls_equal=True, maintain_order="left"
        )
        return found["judged"]

    return pl.struct(fields).map_batches(judge, return_dtype=dtype, is_elementwise=True).alias(name)
