"""The list of shelters in the national shape: public halls and elementary schools.

Many are public facilities; the list does not say which, nor carries their number.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import JST, Delivery, fiscal_year
from pipelines.whole_city.schools import draw_schools
from pipelines.whole_city.systems.public_facilities import (
    GYMNASIUM,
    HALL,
    NURSERY,
    PLAZA,
    THEATRE,
    draw_facilities,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "evacuation_shelters"
_SERVING = [HALL, GYMNASIUM, PLAZA, THEATRE, NURSERY]
_NO_PERIOD = "-"
_FIRST_NUMBER = 60_000


def deliver(city: City) -> Iterator[Delivery]:
    """Give the list once a fiscal year, on 22 April or in the city's first month."""
    shelters = _rows(pl.concat([_facilities(city), _schools(city)]))
    for year in sorted({fiscal_year(month) for month in city.months}):
        first = next(month for month in city.months if fiscal_year(month) == year)
        moment = dt.datetime(first.year, first.month, 22, 10, tzinfo=JST)
        yield Delivery(DATASET, _NO_PERIOD, moment, shelters, label=f"_{year}")


def _facilities(city: City) -> pl.DataFrame:
    serving = draw_facilities(city).filter(pl.col("kind").is_in(_SERVING))
    return serving.select(
        "address", "longitude", "latitude", shelter_name="facility_name", is_school=False
    )


def _schools(city: City) -> pl.DataFrame:
    return draw_schools(city).select(
        "address", "longitude", "latitude", shelter_name="school_name", is_school=True
    )


def _rows(places: pl.DataFrame) -> pl.DataFrame:
    serial = pl.int_range(pl.len()) + 1
    return places.select(
        serial_number=(serial + _FIRST_NUMBER).cast(pl.String),
        shelter_id=pl.lit("E272035001") + serial.cast(pl.String).str.zfill(4),
        municipality_name=pl.lit("大阪府豊中市"),
        shelter_name="shelter_name",
        address="address",
        is_same_as_emergency_shelter=pl.when("is_school").then(statement=True),
        other_matters=pl.lit(None, pl.String),
        accepted_people=pl.lit(None, pl.String),
        note=pl.lit(None, pl.String),
        longitude="longitude",
        latitude="latitude",
    )
