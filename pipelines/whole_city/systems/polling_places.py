"""Where one votes: the school of every polling district, and a few facilities before the day.

Districts are those of the voter roll.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import Delivery
from pipelines.whole_city.office_holders import name_holders
from pipelines.whole_city.schools import draw_schools
from pipelines.whole_city.sites import label
from pipelines.whole_city.systems.public_facilities import PLAZA, THEATRE, draw_facilities
from pipelines.whole_city.systems.voter_roll import list_districts
from pipelines.whole_city.yearly import sent_yearly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "polling_places"
_BEFORE_THE_DAY = 4
_MOST_BOOTHS = 20
_PLACE = ("place_name", "place_name_kana", "address", "latitude", "longitude")


def deliver(city: City) -> Iterator[Delivery]:
    """Give the list once a fiscal year, on 8 April or in the city's first month."""
    places = draw_places(city)
    for year, moment in sent_yearly(city, 4, 8):
        yield Delivery(DATASET, str(year), moment, places)


def draw_places(city: City) -> pl.DataFrame:
    """Draw the places: the contract's columns."""
    rng = city.rng(DATASET)
    places = pl.concat([_on_the_day(city), _before_the_day(city)])
    count = places.height
    free, booths = rng.random(count), rng.integers(6, _MOST_BOOTHS, count)
    return places.with_columns(
        is_step_free=pl.Series(free < 0.85),  # noqa: PLR2004 - most are
        booth_count=pl.Series(booths),
        manager_name=name_holders(rng, count),
    )


def _on_the_day(city: City) -> pl.DataFrame:
    districts = list_districts(city)
    schools = draw_schools(city).join(districts, on="school_district").sort("district")
    number = pl.col("district").cast(pl.Int64)
    return schools.select(
        place_id=pl.concat_str(pl.lit("T"), "district"),
        kind_code=pl.lit("1"),
        district_code="district",
        district_name=pl.format("第{}投票区", number),
        facility_id=pl.lit(None, pl.String),
        place_name="school_name",
        place_name_kana="school_name_kana",
        room=pl.lit("体育館"),
        address="address",
        latitude="latitude",
        longitude="longitude",
    )


def _before_the_day(city: City) -> pl.DataFrame:
    facilities = draw_facilities(city)
    chosen = facilities.filter(pl.col("kind").is_in([PLAZA, THEATRE])).tail(_BEFORE_THE_DAY)
    return chosen.select(
        place_id=label("K", 3),
        kind_code=pl.lit("2"),
        district_code=pl.lit(None, pl.String),
        district_name=pl.lit(None, pl.String),
        facility_id="facility_id",
        place_name="facility_name",
        place_name_kana="facility_name_kana",
        room=pl.lit("1階 会議室"),
        address="address",
        latitude="latitude",
        longitude="longitude",
    )
