"""個人番号 in columns of numbers, which need all rows of a delivery: the share decides, not the value.

Texts are searched value by value (`column`). A number of twelve digits carries the check digit by
chance one time in ten, so a column of them is judged as a whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from transforms.codes.my_number_search import is_my_number_column
from transforms.codes.my_numbers import looks_like_my_number
from warehouse.normalising.column import FAULTS, may_hold_my_numbers
from warehouse.readers.grid import ROW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assets.contract import Contract

_NUMBERS = {"digits", "resident_id"}
# Asked first, because it is cheap: nothing shorter can be one.
_TWELVE = 12


class SeenNumbers:
    """The numbers of twelve digits of a delivery as they come by, column by column."""

    def __init__(self, contract: Contract) -> None:
        """Start with none; columns that the contract clears are not looked at."""
        self._seen: dict[str, list[pl.DataFrame]] = {
            name: []
            for name, column in contract.columns.items()
            if column.type in _NUMBERS
            and column.length in {None, _TWELVE}
            and column.check_digit is None
            and may_hold_my_numbers(column)
        }

    def add(self, raw: pl.DataFrame) -> None:
        """Keep what may be one of some raw rows."""
        for name, seen in self._seen.items():
            seen.append(
                raw.select(ROW, pl.col(name).alias("raw_value")).filter(
                    pl.col("raw_value").str.len_chars() >= _TWELVE
                )
            )

    def faults(self) -> pl.DataFrame:
        """List the rows (`FAULTS`) of the columns whose numbers are 個人番号."""
        return pl.concat([pl.DataFrame(schema=FAULTS), *self._found()])

    def _found(self) -> Iterator[pl.DataFrame]:
        for name, seen in self._seen.items():
            numbers = pl.concat(seen) if seen else pl.DataFrame(schema={"raw_value": pl.String})
            if numbers.select(is_my_number_column(pl.col("raw_value"))).item():
                yield numbers.filter(looks_like_my_number(pl.col("raw_value"))).select(
                    ROW,
                    pl.lit(name).alias("column"),
                    "raw_value",
                    pl.lit("my_number.found").alias("rule"),
                )
