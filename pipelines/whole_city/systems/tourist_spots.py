"""What the city shows to visitors: large parks, halls for music, gymnasiums, protected places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import Delivery
from pipelines.whole_city.parks import draw_parks
from pipelines.whole_city.sites import count_for, label, landline, serial
from pipelines.whole_city.systems.aeds import EVERY_DAY
from pipelines.whole_city.systems.cultural_properties import draw_properties
from pipelines.whole_city.systems.public_facilities import GYMNASIUM, THEATRE, draw_facilities
from pipelines.whole_city.yearly import sent_yearly

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from pipelines.whole_city.city import City

DATASET = "tourist_spots"
_PARKS_PER_400_000, _PARKS_LEAST = 30, 5
_EXCHANGE = 1017
_NATURE, _ARTS, _HISTORY, _SPORT = "1", "2", "3", "4"
_FROM_STATION = 4
_COLUMNS = (
    *("spot_name", "spot_name_kana", "genre_code", "address", "latitude", "longitude"),
    *("open_weekdays", "opening_time", "closing_time", "opening_note", "fee_yen", "fee_note"),
    *("introduction", "contact_name", "contact_phone"),
)


def deliver(city: City) -> Iterator[Delivery]:
    """Give the list once a fiscal year, on 24 April or in the city's first month."""
    spots = draw_spots(city)
    for year, moment in sent_yearly(city, 4, 24):
        yield Delivery(DATASET, str(year), moment, spots)


def draw_spots(city: City) -> pl.DataFrame:
    """Draw the spots: the contract's columns."""
    rng = city.rng(DATASET)
    spots = pl.concat(part.select(_COLUMNS) for part in (_parks(city, rng), _facilities(city), _history(city)))  # fmt: skip
    count = spots.height
    minutes = pl.Series(rng.integers(1, _FROM_STATION, count)) * 5
    cars = pl.Series(rng.integers(0, 5, count)) * 10
    return spots.select(
        label("KS", 3).alias("spot_id"),
        "spot_name",
        "spot_name_kana",
        pl.lit(None, pl.String).alias("spot_name_english"),
        *_COLUMNS[2:-2],
        access=pl.format("駅から歩いて{}分", minutes),
        parking=pl.when(cars > 0).then(pl.format("{}台(有料)", cars)).otherwise(pl.lit("なし")),
        contact_name="contact_name",
        contact_phone="contact_phone",
        visitor_count=pl.Series(rng.integers(10, 900, count)) * 100,
    )


def _always_open() -> dict[str, pl.Expr]:
    return {
        "open_weekdays": pl.lit(EVERY_DAY),
        "opening_time": pl.lit("0:00"),
        "closing_time": pl.lit("23:59"),
        "fee_yen": pl.lit(0, pl.Int64),
        "fee_note": pl.lit(None, pl.String),
        "contact_phone": landline(_EXCHANGE, serial()),
    }


def _parks(city: City, rng: np.random.Generator) -> pl.DataFrame:
    parks = draw_parks(city)
    count = count_for(city, _PARKS_PER_400_000, _PARKS_LEAST)
    return parks[rng.permutation(parks.height)[:count]].with_columns(
        **_always_open(),
        spot_name="name",
        spot_name_kana="name_kana",
        genre_code=pl.lit(_NATURE),
        opening_note=pl.lit(None, pl.String),
        introduction=pl.col("base") + pl.lit("にある公園。春は桜、秋は紅葉を楽しめる。"),
        contact_name=pl.lit("公園みどり推進課"),
    )


def _facilities(city: City) -> pl.DataFrame:
    shown = draw_facilities(city).filter(pl.col("kind").is_in([THEATRE, GYMNASIUM]))
    is_theatre = pl.col("kind") == THEATRE
    is_closed_on_monday = pl.col("closed_days").str.contains("月曜日", literal=True)
    return shown.with_columns(
        spot_name="facility_name",
        spot_name_kana="facility_name_kana",
        genre_code=pl.when(is_theatre).then(pl.lit(_ARTS)).otherwise(pl.lit(_SPORT)),
        open_weekdays=pl.when(is_closed_on_monday).then(pl.lit("火・水・木・金・土・日")).otherwise(pl.lit(EVERY_DAY)),
        opening_note=pl.lit("年末年始は休館"),
        fee_yen=pl.lit(None, pl.Int64),
        fee_note=pl.when(is_theatre).then(pl.lit("催しごとに違う")).otherwise(pl.lit("種目ごとに違う")),
        introduction=pl.when(is_theatre).then(pl.lit("音楽や演劇を楽しめるホール。")).otherwise(pl.lit("だれでもスポーツを楽しめる体育館。")),
        contact_name="facility_name",
        contact_phone="phone",
    )  # fmt: skip


def _history(city: City) -> pl.DataFrame:
    shown = draw_properties(city).filter(pl.col("open_weekdays").is_not_null())
    return shown.with_columns(
        **_always_open(),
        spot_name="property_name",
        spot_name_kana="property_name_kana",
        genre_code=pl.lit(_HISTORY),
        introduction=pl.col("summary") + pl.lit("。"),
        contact_name=pl.lit("社会教育課 文化財保護係"),
    )
