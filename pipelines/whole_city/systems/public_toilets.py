"""The public toilets of the city: in parks and squares, with every kind of seat counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.whole_city.city import Delivery
from pipelines.whole_city.parks import draw_parks
from pipelines.whole_city.sites import count_for, draw_named, label
from pipelines.whole_city.yearly import sent_yearly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "public_toilets"
_PARKS_PER_400_000, _PARKS_LEAST = 130, 28
_SQUARES_PER_400_000, _SQUARES_LEAST = 16, 4
_SQUARE = {"駅前広場": "エキマエヒロバ"}
_PLACES = ("入口の右", "中央の広場の北", "遊具の横", "管理棟の中", "グラウンドの東")
# Fewest and most seats in a toilet of a park.
_SEATS = {
    "men_urinal_count": (1, 3),
    "men_squat_count": (0, 1),
    "men_seat_count": (0, 2),
    "women_squat_count": (0, 1),
    "women_seat_count": (1, 3),
    "shared_squat_count": (0, 0),
    "shared_seat_count": (0, 1),
}
_SQUARE_FACTOR = 2
_FIRST_BUILT, _LAST_BUILT = 1970, 2024


def deliver(city: City) -> Iterator[Delivery]:
    """Give the list once a fiscal year, on 15 April or in the city's first month."""
    toilets = draw_toilets(city)
    for year, moment in sent_yearly(city, 4, 15):
        yield Delivery(DATASET, str(year), moment, toilets)


def draw_toilets(city: City) -> pl.DataFrame:
    """Draw the toilets: the contract's columns."""
    rng = city.rng(DATASET)
    sites = pl.concat([_in_parks(city, rng), _in_squares(city, rng)], how="diagonal")
    count = sites.height
    is_square = sites["park_id"].is_null()
    free = rng.random(count) < np.where(is_square, 1.0, 0.55)
    has = {n: pl.Series(free & (rng.random(count) < share)) for n, share in _EQUIPPED.items()}
    always = pl.Series(rng.random(count) < 0.9) & ~is_square  # noqa: PLR2004 - most stay open
    return sites.select(
        label("WC", 4).alias("toilet_id"),
        "park_id",
        pl.col("name").alias("place_name"),
        pl.col("name_kana").alias("place_name_kana"),
        "address",
        pl.Series(_PLACES).gather(rng.integers(0, len(_PLACES), count)).alias("position"),
        "latitude",
        "longitude",
        *_count_seats(rng, is_square),
        barrier_free_count=pl.Series(free * np.where(is_square, 2, 1)),
        is_for_wheelchairs=pl.Series(free),
        **has,
        opening_time=pl.when(always).then(pl.lit("0:00")).otherwise(pl.lit("5:00")),
        closing_time=pl.when(always).then(pl.lit("23:59")).otherwise(pl.lit("23:00")),
        hours_note=pl.when(always).then(pl.lit("24時間使える")),
        cleaning_company_name=pl.when(is_square).then(pl.lit("見本ビル管理株式会社")).otherwise(pl.lit("見本清掃株式会社")),
        built_fiscal_year=pl.Series(rng.integers(_FIRST_BUILT, _LAST_BUILT, count), dtype=pl.Int32),
        keeper_note=pl.lit(None, pl.String),
    )  # fmt: skip


_EQUIPPED = {"is_for_babies": 0.7, "is_for_ostomates": 0.5}


def _in_parks(city: City, rng: np.random.Generator) -> pl.DataFrame:
    parks = draw_parks(city)
    count = count_for(city, _PARKS_PER_400_000, _PARKS_LEAST)
    return parks[np.sort(rng.permutation(parks.height)[:count])]


def _in_squares(city: City, rng: np.random.Generator) -> pl.DataFrame:
    return draw_named(city, rng, count_for(city, _SQUARES_PER_400_000, _SQUARES_LEAST), _SQUARE)


def _count_seats(rng: np.random.Generator, is_square: pl.Series) -> list[pl.Series]:
    factor = np.where(is_square, _SQUARE_FACTOR, 1)
    return [
        pl.Series(name, rng.integers(low, high, len(is_square), endpoint=True) * factor)
        for name, (low, high) in _SEATS.items()
    ]
