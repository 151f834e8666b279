"""The library's registered users: residents as they were when they signed up, and outsiders.

The library knows no resident number and learns of no move: names and addresses stay as they were
written. Cards of people who left stay valid for a while.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import JST, Delivery, last_day, period_of
from transforms.catalogue import TRANSFORMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from pipelines.whole_city.city import City

DATASET = "library_users"
_SHARE = 0.2
_OUTSIDERS_SHARE = 0.03
_YEARS_BACK = 9
_YOUNGEST_DAYS = 120
_NEIGHBOURS = ["大阪府吹田市泉町一丁目", "大阪府池田市城南一丁目", "兵庫県尼崎市東七松町一丁目"]


def deliver(city: City) -> Iterator[Delivery]:
    """Give the users of every month, registered by its first."""
    users = draw_users(city).drop("person")
    for month in city.months:
        moment = dt.datetime(month.year, month.month, 8, 11, tzinfo=JST)
        registered = users.filter(pl.col("registered_date") <= month)
        yield Delivery(DATASET, period_of(month), moment, registered)


def draw_users(city: City) -> pl.DataFrame:
    """Draw everybody who ever signs up: the contract's columns, and `person` (null: outsider)."""
    rng = city.rng(DATASET)
    signed_up = _residents(city, rng)
    outsiders = _outsiders(rng, signed_up)
    users = pl.concat([signed_up, outsiders], how="diagonal").sort(
        "registered_date", maintain_order=True
    )
    serial = (pl.int_range(pl.len()) + 1).cast(pl.String).str.zfill(6)
    return users.select(
        user_id=pl.lit("L") + serial,
        full_name=pl.concat_str("surname", "given", separator="\u3000"),
        full_name_kana=pl.concat_str("surname_kana", "given_kana", separator="\u3000"),
        birth_date="birth_date",
        address="address",
        phone=TRANSFORMS["phone"].function(pl.col("phone")).struct.field("value"),
        registered_date="registered_date",
        person="person",
    )


def _residents(city: City, rng: np.random.Generator) -> pl.DataFrame:
    """Let some sign up on a day when they lived here, as they were on it."""
    chosen = city.persons.filter(pl.Series(rng.random(city.persons.height) < _SHARE))
    last = last_day(city.months[-1])
    days = (last - city.months[0]).days + _YEARS_BACK * 365
    ago = pl.Series(rng.integers(0, days, chosen.height))
    day = (pl.lit(last) - pl.duration(days=pl.lit(ago))).cast(pl.Date)
    dated = chosen.with_columns(registered_date=day).sort("registered_date")
    versions = city.versions.join(city.towns.select("town_id", "town"), on="town_id", how="left")
    as_of = dated.join_asof(
        versions.sort("effective_date"),
        left_on="registered_date",
        right_on="effective_date",
        by="person",
        check_sortedness=False,
    )
    grown = pl.col("registered_date") >= pl.col("birth_date") + pl.duration(days=_YOUNGEST_DAYS)
    return as_of.filter(pl.col("is_resident").fill_null(value=False) & grown).with_columns(
        address=pl.concat_str(pl.lit("豊中市"), "town", "block", "building", ignore_nulls=True)
    )


def _outsiders(rng: np.random.Generator, like: pl.DataFrame) -> pl.DataFrame:
    """Make up people of neighbouring cities, their names mixed from those of the users."""
    count = min(like.height, max(3, round(like.height * _OUTSIDERS_SHARE)))
    names, given = (like[rng.integers(0, like.height, count)] for _ in range(2))
    towns = pl.Series(_NEIGHBOURS)[rng.integers(0, len(_NEIGHBOURS), count)]
    return pl.concat(
        [
            names.select("surname", "surname_kana", "registered_date"),
            given.select("given", "given_kana"),
        ],
        how="horizontal",
    ).with_columns(
        birth_date=pl.col("registered_date") - pl.duration(days=pl.lit(_days_of_life(rng, count))),
        address=towns + pl.Series(rng.integers(901, 999, count)).cast(pl.String) + "番1号",
        phone=pl.lit(None, pl.String),
    )


def _days_of_life(rng: np.random.Generator, count: int) -> pl.Series:
    return pl.Series(rng.integers(7 * 365, 80 * 365, count))
