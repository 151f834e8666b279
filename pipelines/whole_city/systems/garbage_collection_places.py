"""Where households put their refuse: about one place for 25 households, known by who answers for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.whole_city.city import Delivery
from pipelines.whole_city.records.lives import FULL_NAME
from pipelines.whole_city.sites import label, place, serial
from pipelines.whole_city.yearly import sent_yearly
from transforms.catalogue import TRANSFORMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "garbage_collection_places"
_HOUSEHOLDS_A_PLACE = 25
_MARKS = pl.Series(["公園の入口", "電柱の横", "マンションの駐輪場の横", "駐車場の角", None])
_IN_FRONT_OF = 0.15
_DAYS = pl.Series(["月・木", "火・金"])
_PLASTIC = pl.Series(["水", "金", "木"])
_OLDEST_DAYS = 9000


def deliver(city: City) -> Iterator[Delivery]:
    """Give the register once a fiscal year, in April or in the city's first month."""
    places = _draw(city)
    for year, moment in sent_yearly(city, 4, 18):
        yield Delivery(DATASET, str(year), moment, places)


def _draw(city: City) -> pl.DataFrame:
    """Draw the heads of some households: each answers for the place of its neighbours."""
    rng = city.rng(DATASET)
    heads = city.residents_on(city.months[0]).filter(pl.col("person") == pl.col("head"))
    count = max(1, heads.height // _HOUSEHOLDS_A_PLACE)
    drawn = heads[np.sort(rng.choice(heads.height, count, replace=False))]
    people = drawn.select("town_id", "surname", "phone", full_name=FULL_NAME)
    sited = people.join(city.towns, on="town_id", maintain_order="left").sort("town_id")
    sites = place(sited, rng).hstack(sited.select("town_id", "surname", "phone", "full_name"))
    return _lay_out(sites, rng, city)


def _lay_out(sites: pl.DataFrame, rng: np.random.Generator, city: City) -> pl.DataFrame:
    marks = _MARKS.gather(rng.integers(0, len(_MARKS), sites.height))
    by_neighbour = pl.Series(rng.random(sites.height) < _IN_FRONT_OF)
    days = pl.Series(rng.integers(1, _OLDEST_DAYS, sites.height))
    return sites.select(
        place_id=label("S", 5),
        place_name=pl.format("{}第{}集積所", "town", serial().over("town_id")),
        town="town",
        latitude="latitude",
        longitude="longitude",
        burnable_days=pl.lit(_DAYS).gather(pl.col("town_id") % 2),
        plastic_days=pl.lit(_PLASTIC).gather(pl.col("town_id") % 3),
        landmark=pl.when(by_neighbour).then(pl.col("surname") + "さん宅の前").otherwise(marks),
        representative_name="full_name",
        representative_phone=TRANSFORMS["phone"].function(pl.col("phone")).struct.field("value"),
        household_count=pl.Series(rng.integers(8, 45, sites.height)),
        notified_date=pl.lit(city.months[0]) - pl.duration(days=pl.lit(days)),
    )
