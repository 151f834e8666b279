"""When the yearly ledgers of the tax offices are sent."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from pipelines.whole_city.city import JST, fiscal_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City


def sent_yearly(city: City, month: int, day: int) -> Iterator[tuple[int, dt.datetime]]:
    """Give the fiscal years whose ledger is sent within the months, each with the time.

    A ledger sent before the first month comes with it, so that there is one for every fiscal year
    reached in that month.
    """
    first, last = city.months[0], city.months[-1]
    for year in range(fiscal_year(first), fiscal_year(last) + 1):
        sent = max(dt.date(year, month, 1), first)
        if sent <= last:
            yield year, dt.datetime(sent.year, sent.month, day, 10, tzinfo=JST)
