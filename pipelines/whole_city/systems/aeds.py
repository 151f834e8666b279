"""The AEDs of the city: in its facilities and schools, in parks, and those that companies have reported.

Managers are made up and belong to no resident.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import Delivery
from pipelines.whole_city.corporations import found_corporations
from pipelines.whole_city.office_holders import name_holders
from pipelines.whole_city.parks import draw_parks
from pipelines.whole_city.schools import draw_schools
from pipelines.whole_city.sites import count_for, draw_named, label, landline, later, serial
from pipelines.whole_city.systems.public_facilities import draw_facilities
from pipelines.whole_city.yearly import sent_yearly

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from pipelines.whole_city.city import City

DATASET = "aeds"
_PRIVATE_PER_400_000, _PRIVATE_LEAST = 620, 24
_PARKS_PER_400_000, _PARKS_LEAST = 40, 6
_EXCHANGE = 1011
EVERY_DAY = "月・火・水・木・金・土・日"
_WORKING_DAYS = "月・火・水・木・金"
_WORDS = {
    "駅前薬局": "エキマエヤッキョク",
    "スーパー": "スーパー",
    "フィットネスクラブ": "フィットネスクラブ",
    "ショッピングプラザ": "ショッピングプラザ",
    "ビジネスビル": "ビジネスビル",
    "ゴルフ練習場": "ゴルフレンシュウジョウ",
    "バス営業所": "バスエイギョウショ",
}
_PRIVATE_DAYS = {"ビジネスビル": _WORKING_DAYS, "駅前薬局": "月・火・水・木・金・土"}
_DAYS_CLOSED = {"月曜日": "火・水・木・金・土・日", "火曜日": "月・水・木・金・土・日", "日曜日": "月・火・水・木・金・土"}  # fmt: skip
_FIRST_DUE, _DUE_DAYS = dt.date(2025, 1, 31), 1500
_COLUMNS = (
    *("place_name", "place_name_kana", "address", "position", "floor_count", "latitude"),
    *("longitude", "phone", "installer_name", "installer_number", "open_weekdays"),
    *("opening_time", "closing_time", "hours_note"),
)


def deliver(city: City) -> Iterator[Delivery]:
    """Give the list once a fiscal year, on 12 April or in the city's first month."""
    rows = draw_aeds(city, draw_facilities(city), draw_schools(city))
    for year, moment in sent_yearly(city, 4, 12):
        yield Delivery(DATASET, str(year), moment, rows)


def draw_aeds(city: City, facilities: pl.DataFrame, schools: pl.DataFrame) -> pl.DataFrame:
    """Draw the AEDs: the contract's columns.

    Args:
        city: gives towns, corporations and randomness.
        facilities: as `public_facilities.draw_facilities` gives them.
        schools: as `schools.draw_schools` gives them.
    """
    rng = city.rng(DATASET)
    parts = (_in_facilities(facilities), _in_schools(schools), _in_parks(city, rng), _elsewhere(city, rng))  # fmt: skip
    places = pl.concat([part.select(_COLUMNS) for part in parts])
    count = places.height
    holders, models = name_holders(rng, count), pl.Series(rng.integers(1, 5, count))
    days = [pl.Series(rng.integers(0, _DUE_DAYS, count)) for _ in range(2)]
    no_holder = pl.Series(rng.random(count) < 0.1)  # noqa: PLR2004 - a tenth is blank
    return places.select(
        label("AED-", 4).alias("aed_id"),
        *_COLUMNS,
        has_child_pads=pl.Series(rng.random(count) < 0.7),  # noqa: PLR2004 - most have
        is_open_to_others=pl.Series(rng.random(count) < 0.95),  # noqa: PLR2004 - nearly all
        manager_name=pl.when(~no_holder).then(holders),
        manager_phone=pl.lit(None, pl.String),
        model_name=pl.format("見本式AED-{}", models),
        battery_due_date=later(_FIRST_DUE, days[0]),
        pad_due_date=later(_FIRST_DUE, days[1]),
    )


def _in_facilities(facilities: pl.DataFrame) -> pl.DataFrame:
    closed = pl.col("closed_days")
    weekdays = pl.lit(EVERY_DAY)
    for word, days in _DAYS_CLOSED.items():
        weekdays = pl.when(closed.str.contains(word, literal=True)).then(pl.lit(days)).otherwise(weekdays)  # fmt: skip
    return facilities.with_columns(
        **_owned_by_the_city("1階 事務室前", 1),
        place_name="facility_name",
        place_name_kana="facility_name_kana",
        open_weekdays=weekdays,
        hours_note=pl.format("休館日は使えない({})", closed),
    )


def _in_schools(schools: pl.DataFrame) -> pl.DataFrame:
    return schools.with_columns(
        **_owned_by_the_city("体育館の入口", 1),
        place_name="school_name",
        place_name_kana="school_name_kana",
        open_weekdays=pl.lit(_WORKING_DAYS),
        opening_time=pl.lit("8:30"),
        closing_time=pl.lit("17:00"),
        hours_note=pl.lit("体育館を開放しているときは、そのほかの時間も使える"),
    )


def _in_parks(city: City, rng: np.random.Generator) -> pl.DataFrame:
    count = count_for(city, _PARKS_PER_400_000, _PARKS_LEAST)
    parks = draw_parks(city)
    return parks[rng.permutation(parks.height)[:count]].with_columns(
        **_owned_by_the_city("管理棟の外壁", None),
        place_name="name",
        place_name_kana="name_kana",
        phone=pl.lit(None, pl.String),
        open_weekdays=pl.lit(EVERY_DAY),
        opening_time=pl.lit("0:00"),
        closing_time=pl.lit("23:59"),
        hours_note=pl.lit("24時間使える"),
    )


def _owned_by_the_city(position: str, floor: int | None) -> dict[str, pl.Expr]:
    return {
        "position": pl.lit(position),
        "floor_count": pl.lit(floor, pl.Int64),
        "installer_name": pl.lit("豊中市"),
        "installer_number": pl.lit(None, pl.String),
    }


def _elsewhere(city: City, rng: np.random.Generator) -> pl.DataFrame:
    sites = draw_named(city, rng, count_for(city, _PRIVATE_PER_400_000, _PRIVATE_LEAST), _WORDS)
    owners = owners_of(city, rng, sites.height)
    floors = pl.Series(rng.choice([1, 1, 1, 2, 3], sites.height))
    return sites.with_columns(
        place_name="name",
        place_name_kana="name_kana",
        position=pl.format("{}階 受付の横", floors),
        floor_count=floors.cast(pl.Int64),
        phone=landline(_EXCHANGE, serial()),
        installer_name=owners["corporate_name"],
        installer_number=owners["corporate_number"],
        open_weekdays=pl.col("word").replace_strict(_PRIVATE_DAYS, default=EVERY_DAY),
        opening_time=pl.lit("9:00"),
        closing_time=pl.lit("19:00"),
        hours_note=pl.when(pl.col("word") == "ビジネスビル").then(pl.lit("祝日を除く")),
    )


def owners_of(city: City, rng: np.random.Generator, count: int, kind: str = "") -> pl.DataFrame:
    """Draw corporations of the city to own so many places; one may own several.

    `kind` is what their names hold (医療法人); where there is none, any corporation will do.
    """
    corporations = found_corporations(city)
    none = pl.Series([None] * count, dtype=pl.String)
    if corporations.is_empty():
        return pl.DataFrame({"corporate_name": none, "corporate_number": none})
    wanted = corporations.filter(pl.col("corporate_name").str.contains(kind, literal=True))
    some = wanted if wanted.height else corporations
    return some[rng.integers(0, some.height, count)]
