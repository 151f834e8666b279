"""When departments send what, and which rows fall to which month.

Nothing here knows what a row says.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import JST, Delivery, last_day, period_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City


def sent_after(month: dt.date, day: int, hour: int = 9) -> dt.datetime:
    """Give the time of a delivery on a day of the month after."""
    following = last_day(month) + dt.timedelta(days=1)
    return dt.datetime(following.year, following.month, day, hour, tzinfo=JST)


def send_changes(
    city: City, dataset: str, rows: pl.DataFrame, known: str, day: int
) -> Iterator[Delivery]:
    """Deliver all that was known by the end of the first month, then what came to be known in each.

    Args:
        city: whose months.
        dataset: of the register.
        rows: every change, columns of the contract, and `known`.
        known: the column of the day on which the city came to know; a column of the contract.
        day: of the month after, on which the file is sent.
    """
    for number, month in enumerate(city.months):
        first = dt.date.min if number == 0 else month
        chosen = rows.filter(pl.col(known).is_between(first, last_day(month)))
        yield Delivery(dataset, period_of(month), sent_after(month, day), chosen)


def hidden(name: str, period: str, *, since: str = "", until: str = "") -> pl.Expr:
    """Blank a column in the periods in which its contract has no header for it."""
    shown = (not since or period >= since) and (not until or period <= until)
    return pl.col(name) if shown else pl.lit(None).cast(pl.dtype_of(name)).alias(name)
