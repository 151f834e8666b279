"""The city's own car parks of each fiscal year: no more than a city of this size has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import Delivery
from pipelines.whole_city.sites import draw_sites, label, landline, serial
from pipelines.whole_city.yearly import sent_yearly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "parking_lots"
_RESIDENTS_A_LOT, _FEWEST = 25_000, 6
_KINDS = ("1", "2", "3")
_KIND_SHARES = (0.5, 0.2, 0.3)
_EXCHANGE = 1051
_YEN_A_CAR = 700


def deliver(city: City) -> Iterator[Delivery]:
    """Give the list once a fiscal year, in April or in the city's first month."""
    lots = _draw(city)
    for year, moment in sent_yearly(city, 4, 15):
        yield Delivery(DATASET, str(year), moment, lots)


def _draw(city: City) -> pl.DataFrame:
    rng = city.rng(DATASET)
    count = max(_FEWEST, city.residents_on(city.months[0]).height // _RESIDENTS_A_LOT)
    sites = draw_sites(city, rng, count)
    kinds = rng.choice(_KINDS, count, p=_KIND_SHARES)
    places = rng.integers(20, 320, count)
    word = pl.when(pl.col("kind") == "2").then(pl.lit("自動二輪車駐車場"))
    return sites.with_columns(kind=pl.Series(kinds), places=pl.Series(places)).select(
        parking_id=label("PK", 3),
        # Two car parks of one town are told apart by a number, as everywhere.
        parking_name=pl.concat_str(
            "town", word.otherwise(pl.lit("駐車場")), pl.format("第{}", serial())
        ),
        vehicle_kind_code="kind",
        capacity_count="places",
        address="address",
        phone=landline(_EXCHANGE, serial()),
        daily_income_yen=(pl.col("places") * pl.Series(rng.uniform(0.3, 1.4, count)) * _YEN_A_CAR)
        .round()
        .cast(pl.Int64),
    )
