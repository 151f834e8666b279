"""Values of any type as the text that a hierarchy lists, the same in every batch.

Here stands one rule a type; it looks at each value alone, never at the others of the column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

_MIDNIGHT = " 00:00:00"
_PLAIN = (pl.Boolean, pl.Date, pl.Time, pl.Categorical, pl.Enum, pl.Null)


def text_frame(table: pa.Table, names: Sequence[str]) -> pl.DataFrame:
    """Give columns of a batch as text.

    A whole number is written without a point (`39`, also from 39.0), a date as `2026-04-01`, a time
    of midnight as its date, a truth value as `true` or `false`. Null stays null; a number that is
    none (NaN) becomes null.

    Raises:
        Refusal: `in.type` for lists, structures and bytes.
    """
    frame = pl.DataFrame(pl.from_arrow(table.select(list(names))))
    return frame.with_columns(_as_text(frame[name]) for name in names)


def _as_text(column: pl.Series) -> pl.Series:
    kind = column.dtype
    if kind == pl.String:
        return column
    if kind.is_float():
        return _whole_or_not(column.fill_nan(None))
    if kind.is_decimal():
        return _trim_zeros(column.cast(pl.String))
    if isinstance(kind, pl.Datetime):
        return column.dt.to_string("%Y-%m-%d %H:%M:%S").str.strip_suffix(_MIDNIGHT)
    if kind.is_integer() or isinstance(kind, _PLAIN):
        return column.cast(pl.String)
    raise Refusal(
        "in.type",
        "1つの値でない列は、準識別子などに使えません。",
        f"列「{column.name}」(型 {kind})",
        "文字・数・日付の列に分けてから渡してください。",
    )


def _whole_or_not(column: pl.Series) -> pl.Series:
    """Write whole numbers as integers; the others as Python and JSON do."""
    is_whole = (column == column.round(0)) & (column.abs() < 2**53)
    whole = column.cast(pl.Int64, strict=False).cast(pl.String)
    frame = pl.DataFrame({"w": whole, "f": column.cast(pl.String), "is": is_whole})
    return frame.select(pl.when("is").then("w").otherwise("f").alias(column.name)).to_series()


def _trim_zeros(column: pl.Series) -> pl.Series:
    trimmed = column.str.strip_chars_end("0").str.strip_chars_end(".")
    has_point = column.str.contains(".", literal=True)
    frame = pl.DataFrame({"t": trimmed, "c": column, "p": has_point})
    return frame.select(pl.when("p").then("t").otherwise("c").alias(column.name)).to_series()
