"""The guide to sorting refuse, as the office keeps it; the same items whatever the size of the city."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import Delivery
from pipelines.whole_city.garbage_guide import ITEMS
from pipelines.whole_city.sites import label, serial
from pipelines.whole_city.yearly import sent_yearly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "garbage_items"
_REVIEWED = dt.date(2024, 2, 1)


def deliver(city: City) -> Iterator[Delivery]:
    """Give the guide once a fiscal year, in April or in the city's first month."""
    rows = ITEMS.select(
        item_number=label("G", 4),
        item_name="item_name",
        item_name_kana="item_name_kana",
        category_code="category_code",
        caution="caution",
        is_charged=pl.col("fee_yen").is_not_null(),
        fee_yen=pl.col("fee_yen").cast(pl.Int64),
        reviewed_date=pl.lit(_REVIEWED) + pl.duration(days=serial() % 28),
    )
    for year, moment in sent_yearly(city, 4, 10):
        yield Delivery(DATASET, str(year), moment, rows)
