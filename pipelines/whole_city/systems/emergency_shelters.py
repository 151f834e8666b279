"""指定緊急避難場所 in the national shape: public halls, schools and parks, by kind of disaster.

What has no mark is left blank, as the keeper of the list leaves it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.whole_city.city import Delivery
from pipelines.whole_city.parks import draw_parks
from pipelines.whole_city.schools import draw_schools
from pipelines.whole_city.sites import label, serial
from pipelines.whole_city.systems.public_facilities import (
    GYMNASIUM,
    HALL,
    PLAZA,
    THEATRE,
    draw_facilities,
)
from pipelines.whole_city.yearly import sent_yearly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "emergency_shelters"
_SERVING = [HALL, GYMNASIUM, PLAZA, THEATRE]
_NO_PERIOD = "-"
_FIRST_NUMBER = 70_000
_PARKS_SHARE = 0.4
# Share of the buildings and of the parks that are meant for a kind of disaster.
_HAZARDS = {
    "is_for_flood": (0.55, 0.0),
    "is_for_landslide": (0.9, 0.05),
    "is_for_storm_surge": (0.6, 0.0),
    "is_for_earthquake": (0.95, 1.0),
    "is_for_tsunami": (0.7, 0.0),
    "is_for_large_fire": (0.1, 0.45),
    "is_for_inland_flood": (0.5, 0.0),
}
_PLACE = ("shelter_name", "address", "latitude", "longitude", "is_park")


def deliver(city: City) -> Iterator[Delivery]:
    """Give the list once a fiscal year, on 22 April or in the city's first month."""
    shelters = draw_shelters(city)
    for year, moment in sent_yearly(city, 4, 22):
        yield Delivery(DATASET, _NO_PERIOD, moment, shelters, label=f"_{year}")


def draw_shelters(city: City) -> pl.DataFrame:
    """Draw the places: the contract's columns."""
    rng = city.rng(DATASET)
    places = pl.concat([_facilities(city), _schools(city), _parks(city, rng)])
    marks = {name: _mark(shares, rng, places.height) for name, shares in _HAZARDS.items()}
    return places.select(
        serial_number=(serial() + _FIRST_NUMBER).cast(pl.String),
        shelter_id=label("E272035002", 4),
        municipality_name=pl.lit("大阪府豊中市"),
        shelter_name="shelter_name",
        address="address",
        **marks,
        is_for_volcano=pl.lit(None, pl.Boolean),
        is_same_as_evacuation_shelter=pl.when(~pl.col("is_park")).then(statement=True),
        note=pl.lit(None, pl.String),
        longitude="longitude",
        latitude="latitude",
    )


def _mark(shares: tuple[float, float], rng: np.random.Generator, count: int) -> pl.Expr:
    chance = pl.lit(pl.Series(rng.random(count)))
    share = pl.when("is_park").then(shares[1]).otherwise(shares[0])
    return pl.when(chance < share).then(statement=True)


def _facilities(city: City) -> pl.DataFrame:
    serving = draw_facilities(city).filter(pl.col("kind").is_in(_SERVING))
    return serving.with_columns(is_park=False, shelter_name="facility_name").select(_PLACE)


def _schools(city: City) -> pl.DataFrame:
    return draw_schools(city).select(
        pl.col("school_name").alias("shelter_name"), *_PLACE[1:-1], is_park=False
    )


def _parks(city: City, rng: np.random.Generator) -> pl.DataFrame:
    parks = draw_parks(city)
    chosen = np.sort(rng.permutation(parks.height)[: round(parks.height * _PARKS_SHARE)])
    return parks[chosen].select(pl.col("name").alias("shelter_name"), *_PLACE[1:-1], is_park=True)
