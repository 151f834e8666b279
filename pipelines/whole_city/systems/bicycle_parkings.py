"""Where the city lets bicycles be parked: near stations that do not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import Delivery
from pipelines.whole_city.sites import count_for, draw_named, label
from pipelines.whole_city.yearly import sent_yearly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "bicycle_parkings"
_PER_400_000, _LEAST = 58, 6
_WORDS = {
    "駅前自転車駐車場": "エキマエジテンシャチュウシャジョウ",
    "北自転車駐車場": "キタジテンシャチュウシャジョウ",
    "東自転車駐車場": "ヒガシジテンシャチュウシャジョウ",
}
_HOURS = ("24時間", "4時30分から翌1時")


def deliver(city: City) -> Iterator[Delivery]:
    """Give the list once a fiscal year, on 18 April or in the city's first month."""
    rows = draw_parkings(city)
    for year, moment in sent_yearly(city, 4, 18):
        yield Delivery(DATASET, str(year), moment, rows)


def draw_parkings(city: City) -> pl.DataFrame:
    """Draw the places: the contract's columns."""
    rng = city.rng(DATASET)
    sites = draw_named(city, rng, count_for(city, _PER_400_000, _LEAST), _WORDS).sort("name")
    count = sites.height
    roof = pl.Series(rng.random(count) < 0.6)  # noqa: PLR2004 - more than half
    fee = pl.Series(rng.integers(2, 4, count)) * 50
    return sites.select(
        label("B", 3).alias("parking_id"),
        pl.col("name").alias("parking_name"),
        pl.col("name_kana").alias("parking_name_kana"),
        "address",
        "latitude",
        "longitude",
        roof.alias("is_indoors"),
        bicycle_count=pl.Series(rng.integers(8, 90, count) * 20),
        motorcycle_count=pl.Series(rng.integers(0, 12, count) * 10),
        day_fee_yen=fee,
        month_fee_yen=fee * 18,
        hours=pl.when(roof).then(pl.lit(_HOURS[1])).otherwise(pl.lit(_HOURS[0])),
        manager_name=pl.lit("見本駐輪場管理株式会社"),
        use_rate_percent=pl.Series(rng.integers(300, 990, count) / 10),
    )
