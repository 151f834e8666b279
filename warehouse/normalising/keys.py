"""The rules of keys, which need all rows of a delivery: hashes point to the few rows to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from warehouse.normalising.column import FAULTS
from warehouse.readers.grid import ROW

if TYPE_CHECKING:
    from assets.contract import Contract


class SeenKeys:
    """The keys of a delivery as they come by, 16 bytes a row."""

    def __init__(self, contract: Contract) -> None:
        """Start with none."""
        self._key = contract.key
        self._seen: list[pl.DataFrame] = []

    def add(self, typed: pl.DataFrame) -> None:
        """Keep the keys of typed rows; a row whose key has a blank has none."""
        whole = pl.all_horizontal(pl.col(self._key).is_not_null())
        hashed = pl.struct(self._key).hash() if len(self._key) > 1 else pl.col(self._key[0]).hash()
        # A sum is a copy: the numbers as they came would hold on to all the rows they came with.
        self._seen.append(typed.select(pl.col(ROW) + 0, pl.when(whole).then(hashed).alias("hash")))

    def repeated(self) -> pl.Series:
        """Number the rows whose key, by its hash, is there more than once."""
        keys = pl.concat(self._seen).drop_nulls()
        return keys.filter(pl.col("hash").is_duplicated())[ROW]


def key_faults(typed: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Of identical rows the first stays; rows that share a key and differ are all set aside.

    Args:
        typed: in the order of the delivery, every row that may share its key with another one.
        contract: names the key.
    """
    keyed = typed.with_columns(
        pl.any_horizontal(pl.col(contract.key).is_null()).alias("_no_key"),
        pl.struct(pl.exclude(ROW)).is_first_distinct().alias("_first"),
    )
    repeated = keyed.filter(~pl.col("_first") & ~pl.col("_no_key"))
    distinct = keyed.filter(pl.col("_first") & ~pl.col("_no_key"))
    differing = distinct.filter(pl.struct(contract.key).is_duplicated())
    faults = pl.concat(
        rows.select(
            ROW,
            pl.lit("、".join(contract.key)).alias("column"),
            pl.lit(None, pl.String).alias("raw_value"),
            pl.lit(rule).alias("rule"),
        )
        for rows, rule in ((repeated, "key.identical"), (differing, "key.duplicate"))
    )
    return faults.match_to_schema(FAULTS)
