"""The loans of every library and month, by readers grown up and young."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import JST, Delivery, last_day, period_of
from pipelines.whole_city.presence import Presence
from pipelines.whole_city.systems.public_facilities import LIBRARY, draw_facilities

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from pipelines.whole_city.city import City

DATASET = "library_loans"
# Loans a resident and month: about 7.5 books a year, as in cities with many branches.
_LOANS_A_RESIDENT = {"一般": 0.43, "児童": 0.2}
_MONTH_WEIGHTS = {2: 0.92, 7: 1.08, 8: 1.15, 12: 0.95}


def deliver(city: City) -> Iterator[Delivery]:
    """Give the loans of every month, on the eighth of the next."""
    facilities = draw_facilities(city)
    libraries = facilities.filter(pl.col("kind") == LIBRARY).select(library_name="facility_name")
    weights = _weigh(city.rng(DATASET), libraries.height)
    presence = Presence(city)
    for month in city.months:
        residents = presence.throughout(month).height
        rng = city.rng(f"{DATASET}/{month:%Y-%m}")
        moment = dt.datetime.combine(
            last_day(month) + dt.timedelta(days=8), dt.time(10), tzinfo=JST
        )
        rows = _rows(rng, libraries, weights, month, residents)
        yield Delivery(DATASET, period_of(month), moment, rows)


def _weigh(rng: np.random.Generator, libraries: int) -> np.ndarray:
    """Give each library its share of the loans."""
    weights = rng.uniform(0.5, 2.0, libraries)
    return weights / weights.sum()


def _rows(
    rng: np.random.Generator,
    libraries: pl.DataFrame,
    weights: np.ndarray,
    month: dt.date,
    residents: int,
) -> pl.DataFrame:
    season = _MONTH_WEIGHTS.get(month.month, 1.0)
    parts = [
        libraries.with_columns(
            loan_month=pl.lit(month),
            reader_category=pl.lit(readers),
            loan_count=pl.Series(rng.poisson(weights * residents * rate * season)),
        )
        for readers, rate in _LOANS_A_RESIDENT.items()
    ]
    rows = pl.concat(parts).sort("library_name", maintain_order=True)
    books = pl.Series(rng.uniform(3.2, 4.1, rows.height))
    people = (pl.col("loan_count") / books).ceil().cast(pl.Int64)
    return rows.with_columns(borrower_count=people)
