"""Bookings of rooms in halls, gymnasiums, plazas and theatres, one row a booking.

A room is booked at most once a day and slot. The users are residents under a number of the booking
system's own; groups book more often than single persons.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import JST, Delivery, last_day, period_of
from pipelines.whole_city.presence import Presence, draw_rows, number_rows
from pipelines.whole_city.systems.public_facilities import (
    GYMNASIUM,
    HALL,
    PLAZA,
    THEATRE,
    draw_facilities,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from pipelines.whole_city.city import City

DATASET = "facility_reservations"
# kind, room, yen a slot, places, usual purpose.
_ROOMS = pl.DataFrame(
    [
        (HALL, "会議室1", 600, 24, "10"),
        (HALL, "会議室2", 400, 12, "10"),
        (HALL, "和室", 500, 20, "20"),
        (HALL, "音楽室", 800, 30, "20"),
        (GYMNASIUM, "第1競技場", 4200, 120, "30"),
        (GYMNASIUM, "第2競技場", 2400, 60, "30"),
        (GYMNASIUM, "武道場", 1800, 40, "30"),
        (PLAZA, "多目的室", 900, 50, "40"),
        (PLAZA, "集会室", 500, 20, "10"),
        (THEATRE, "大ホール", 48000, 900, "20"),
        (THEATRE, "リハーサル室", 2600, 40, "20"),
    ],
    ["kind", "room_name", "slot_yen", "places", "usual_purpose"],
    orient="row",
)
_SLOTS = pl.DataFrame({"time_slot_code": ["1", "2", "3"], "demand": [0.9, 1.0, 0.75]})
_FULL_CITY = 400_000
_BUSY = 0.62
_USERS_SHARE = 0.05
_GROUP_SHARE = 0.7
_ADULT = 18
_PURPOSES = ["10", "20", "30", "40", "90"]


def deliver(city: City) -> Iterator[Delivery]:
    """Give the closed bookings of every month, on the sixth of the next."""
    rooms = draw_facilities(city).join(_ROOMS, on="kind", maintain_order="left_right")
    presence = Presence(city)
    size = min(1.0, city.persons.height / _FULL_CITY)
    is_user = pl.Series(city.rng(DATASET).random(city.persons.height) < _USERS_SHARE)
    users = city.persons.select("person").filter(is_user)
    for month in city.months:
        adults = presence.throughout(month).filter(pl.col("age") >= _ADULT)
        here = adults.join(users, on="person", how="semi", maintain_order="left")
        rng = city.rng(f"{DATASET}/{month:%Y-%m}")
        rows = _book(rng, rooms, here, month, _BUSY * max(size, 0.02))
        moment = dt.datetime.combine(last_day(month) + dt.timedelta(days=6), dt.time(9), tzinfo=JST)
        yield Delivery(DATASET, period_of(month), moment, rows)


def _book(
    rng: np.random.Generator, rooms: pl.DataFrame, users: pl.DataFrame, month: dt.date, busy: float
) -> pl.DataFrame:
    """Fill some of the slots of the month's days."""
    days = pl.DataFrame({"use_date": pl.date_range(month, last_day(month), eager=True)})
    slots = days.join(rooms, how="cross").join(_SLOTS, how="cross")
    weekend = pl.when(pl.col("use_date").dt.weekday() > 5).then(1.3).otherwise(1.0)  # noqa: PLR2004 - Friday
    taken = pl.Series(rng.random(slots.height)) < busy * pl.col("demand") * weekend
    booked = slots.filter(taken)
    who = draw_rows(rng, users, booked.height).select("person")
    return _rows(rng, pl.concat([booked[: who.height], who], how="horizontal"), month)


def _rows(rng: np.random.Generator, booked: pl.DataFrame, month: dt.date) -> pl.DataFrame:
    count = booked.height
    usual = pl.Series(rng.random(count) < 0.75)  # noqa: PLR2004 - three of four
    purposes = pl.Series(_PURPOSES)[rng.integers(0, len(_PURPOSES), count)]
    status = pl.Series(rng.choice(["1", "2", "3"], count, p=[0.9, 0.085, 0.015]))
    ahead = pl.duration(days=pl.lit(pl.Series(rng.integers(1, 62, count))))
    filled = pl.Series(rng.uniform(0.15, 0.95, count))
    used = status == "1"
    # Of one user all bookings are of one kind.
    is_group = (pl.col("person") * 7919 % 100) < _GROUP_SHARE * 100
    return booked.select(
        reservation_id=number_rows("Y", month),
        booking_user_id=pl.format("R{}", pl.col("person").cast(pl.String).str.zfill(8)),
        user_kind_code=pl.when(is_group).then(pl.lit("2")).otherwise(pl.lit("1")),
        facility_id="facility_id",
        facility_name="facility_name",
        room_name="room_name",
        use_date="use_date",
        time_slot_code="time_slot_code",
        purpose_code=pl.when(usual).then("usual_purpose").otherwise(purposes),
        people_count=pl.when(used).then((pl.col("places") * filled).ceil()).otherwise(0).cast(pl.Int64),
        fee_yen=pl.when(status != "2").then("slot_yen").otherwise(0).cast(pl.Int64),
        reserved_date=(pl.col("use_date") - ahead).cast(pl.Date),
        channel_code=pl.Series(rng.choice(["1", "2", "3"], count, p=[0.78, 0.14, 0.08])),
        status_code=status,
    )  # fmt: skip
