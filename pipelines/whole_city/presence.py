"""Who was there in a month, light: the rows of residents that held all through it, to draw from.

For sources that draw some people of a month. Who lives in the city on a day, with all that is known
of them, is `City.residents_on`.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.whole_city.city import last_day

if TYPE_CHECKING:
    from pipelines.whole_city.city import City


class Presence:
    """The rows of residents with birth date and sex, asked month by month."""

    def __init__(self, city: City) -> None:
        """Take what is needed of the city's spells once."""
        people = city.persons.select("person", "resident_id", "birth_date", "sex_code")
        self._rows = (
            city.spells.lazy()
            .filter("is_resident")
            .select(
                "person",
                "town_id",
                "effective_date",
                until_date=pl.col("until_date").fill_null(dt.date.max),
            )
            .join(people.lazy(), on="person", how="left", maintain_order="left")
            .join(
                city.towns.lazy().select("town_id", "town"),
                on="town_id",
                how="left",
                maintain_order="left",
            )
            .collect()
        )

    def throughout(self, month: dt.date) -> pl.DataFrame:
        """List who lived at one address from the first of a month to its end, with `age` (years)."""
        there = (pl.col("effective_date") <= month) & (pl.col("until_date") > last_day(month))
        age = month.year - pl.col("birth_date").dt.year()
        return self._rows.filter(there).with_columns(age=age)


def draw_rows(rng: np.random.Generator, rows: pl.DataFrame, count: int) -> pl.DataFrame:
    """Draw rows with replacement; none from an empty frame."""
    return rows[rng.integers(0, rows.height, count if rows.height else 0)]


def draw_days(rng: np.random.Generator, month: dt.date, count: int) -> pl.Series:
    """Draw days of a month, in order of time."""
    days = np.sort(rng.integers(0, last_day(month).day, count))
    return pl.Series(np.datetime64(month, "D") + days)


def number_rows(letter: str, month: dt.date) -> pl.Expr:
    """Number the rows of a month as receipts do: `A202404-00001`.

    Twelve digits in a row would now and then carry the check digit of a 個人番号.
    """
    serial = (pl.int_range(pl.len()) + 1).cast(pl.String).str.zfill(5)
    return pl.concat_str(pl.lit(f"{letter}{month:%Y%m}-"), serial)
