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
        distinct = frame.unique()
        if distinct.height == frame.height:
            return function(frame)
        # Row numbers are joined, not results: a join that carries structs costs ten times as much.
        places = frame.join(
            distinct.with_row_index("place"),
            on=frame.columns,
            how="left",
            nulls_equal=True,
            maintain_order="left",
        )["place"]
        return function(distinct).gather(places)

    # Not called elementwise: polars would hand over small pieces, each distinct almost throughout.
    return pl.struct(fields).map_batches(judge, return_dtype=dtype).alias(name)
