"""Reports and questions to the city's LINE account: no names, no text, the friend's own number."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.whole_city.city import JST, Delivery, last_day, period_of
from pipelines.whole_city.presence import Presence, draw_days, draw_rows, number_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "line_messages"
_MESSAGES_A_RESIDENT = 0.006
_FRIENDS_A_RESIDENT = 0.25
_ID_BYTES = 16
# category, kind, weight, usual days until it is done.
_CATEGORIES = pl.DataFrame(
    [
        ("11", "1", 9, 6),
        ("12", "1", 5, 8),
        ("13", "1", 6, 9),
        ("14", "1", 4, 5),
        ("15", "1", 3, 12),
        ("21", "2", 7, 2),
        ("22", "2", 5, 2),
        ("23", "2", 6, 2),
        ("24", "2", 3, 3),
        ("31", "3", 12, 1),
        ("32", "3", 14, 1),
        ("33", "3", 9, 1),
    ],
    ["category_code", "kind_code", "weight", "usual_days"],
    orient="row",
)
_REPORT = "1"
_OPEN_BY_CLOSING, _NOTHING_TO_DO = 0.03, 0.04
_HOURS = np.array([2, 1, 1, 0, 0, 1, 3, 6, 8, 9, 9, 8, 10, 9, 8, 8, 9, 10, 10, 10, 11, 11, 8, 4])


def deliver(city: City) -> Iterator[Delivery]:
    """Give the messages of every month, on the third of the next."""
    friends = _draw_friends(city.rng(DATASET), city.persons.height)
    presence = Presence(city)
    for month in city.months:
        rng = city.rng(f"{DATASET}/{month:%Y-%m}")
        towns = presence.throughout(month).select("town")
        moment = dt.datetime.combine(
            last_day(month) + dt.timedelta(days=3), dt.time(8, 30), tzinfo=JST
        )
        yield Delivery(DATASET, period_of(month), moment, _rows(rng, towns, friends, month))


def draw_hours(rng: np.random.Generator, count: int) -> pl.Series:
    """Draw the hours in which people use their telephones."""
    return pl.Series(rng.choice(24, count, p=_HOURS / _HOURS.sum()))


def _draw_friends(rng: np.random.Generator, persons: int) -> pl.Series:
    """Draw numbers of the account's friends: U and 32 hexadecimal digits."""
    count = max(1, round(persons * _FRIENDS_A_RESIDENT))
    digits = rng.bytes(count * _ID_BYTES).hex().encode("ascii")
    cut = np.frombuffer(digits, dtype=f"S{2 * _ID_BYTES}").astype(str)
    return pl.select(pl.lit("U") + pl.Series(cut)).to_series()


def _rows(
    rng: np.random.Generator, towns: pl.DataFrame, friends: pl.Series, month: dt.date
) -> pl.DataFrame:
    where = draw_rows(rng, towns, int(rng.poisson(towns.height * _MESSAGES_A_RESIDENT)))
    count = where.height
    weights = _CATEGORIES["weight"].to_numpy()
    said = _CATEGORIES[rng.choice(_CATEGORIES.height, count, p=weights / weights.sum())]
    fate = pl.Series(rng.random(count))
    is_open = (fate < _OPEN_BY_CLOSING) | (pl.col("finished_date") > last_day(month))
    is_void = ~is_open & (fate > 1 - _NOTHING_TO_DO)
    names_place = (pl.col("kind_code") == _REPORT) | pl.Series(rng.random(count) < 0.3)  # noqa: PLR2004
    days = pl.duration(days=pl.col("usual_days") * pl.Series(rng.exponential(1.0, count)))
    return (
        pl.concat([where, said], how="horizontal")
        .with_columns(received_date=draw_days(rng, month, count))
        .with_columns(finished_date=(pl.col("received_date") + days).cast(pl.Date))
        .select(
            message_id=number_rows("M", month),
            line_user_id=friends[rng.integers(0, friends.len(), count)],
            received_date="received_date",
            received_hour=draw_hours(rng, count),
            kind_code="kind_code",
            category_code="category_code",
            town=pl.when(names_place).then("town"),
            status_code=pl.when(is_open).then(pl.lit("2")).when(is_void).then(pl.lit("3")).otherwise(pl.lit("1")),
            finished_date=pl.when(~is_open & ~is_void).then("finished_date"),
        )
    )  # fmt: skip
