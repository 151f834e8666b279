"""A read address as the columns of the national standard: 町字, 番地以下, 建物名等(方書).

Belongs here: which part of `ADDRESS` stands in which of these columns. Must not hold: reading an
address (`address`), which contracts ask for the columns.
"""

from collections.abc import Mapping

import polars as pl

# What of `ADDRESS` the columns are made of, besides its value.
NEEDED = ("pref", "city", "town", "block", "number")
PARTS = ("town", "number", "building")


def split_line() -> Mapping[str, pl.Expr]:
    """Return the columns of a read address by the names of `PARTS`, null where its value is null.

    The frame holds `value` and `NEEDED` as `address` gives them. `number` is 番・号 in half width with
    a hyphen (3-1), `building` what follows in the line, room included. Put together behind
    prefecture and city they are the value again, but for the blank before the building.
    Source: 自治体標準オープンデータセット 共通ルール(町字は丁目まで漢数字、番地以下は半角とハイフン).
    """
    numbers = pl.concat_str("block", "number", separator="-", ignore_nulls=True)
    before = pl.concat_str("pref", "city", "town", numbers, ignore_nulls=True)
    behind = pl.col("value").str.strip_prefix(before).str.strip_chars()
    read = pl.col("value").is_not_null()
    return {
        "town": pl.when(read).then(pl.col("town")),
        "number": pl.when(read & (numbers != "")).then(numbers),
        "building": pl.when(read & (behind != "")).then(behind),
    }
