"""Values that have no column of their own and go to 備考, each under the name it had.

Belongs here: the queue and writing it down. Must not hold: what has no column (`fill`, `mend`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assets.standard import Standard

_REMARKS = "備考"


@dataclass(frozen=True, eq=False)
class Remark:
    """One column's values for 備考.

    Attributes:
        heading: Heading of the file they came from; empty when they come from a column of the result.
        label: What stands before each.
        values: Null where there is nothing to say.
        reason: Why the whole column goes there; empty when single values do.
    """

    heading: str
    label: str
    values: pl.Series
    reason: str = ""


def remarks_column(standard: Standard) -> str | None:
    """Find the column of remarks of a layout, such as 備考 or データセット_備考."""
    return next((c.name for c in standard.columns if c.name.endswith(_REMARKS)), None)


def write_remarks(values: pl.Series, remarks: Sequence[Remark]) -> pl.Series:
    """Add remarks behind what stands in the column already."""
    said = pl.DataFrame({"0": values} | {str(n): r.values for n, r in enumerate(remarks, start=1)})
    named = said.select(
        pl.col("0"),
        *(pl.format("{}: {}", pl.lit(r.label), pl.col(str(n))).alias(str(n)) for n, r in enumerate(remarks, start=1)),
    )  # fmt: skip
    joined = named.select(all=pl.concat_str(pl.all(), separator=" / ", ignore_nulls=True))
    return joined.select(pl.when(pl.col("all") != "").then("all")).to_series().alias(values.name)
