"""選挙人名簿: who may vote, on the first of March, June, September and December.

Source of the rules: 公職選挙法第21条 (日本国民, 18歳以上, 3か月以上続けて記録), 第22条 (定時登録), 第27条・
第28条 (the moved are marked, and struck off when four months are over).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import JST, MOVED_OUT, Delivery, period_of
from pipelines.whole_city.records.lives import JAPAN, draw, known_on, tell_lives

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "voter_roll"
_REGISTRATION_MONTHS = (3, 6, 9, 12)
_KEPT_MONTHS = 4
# 公職選挙法等の一部を改正する法律(平成27年法律第43号): 18 instead of 20 from this day.
_EIGHTEEN_FROM = dt.date(2016, 6, 19)
_NEEDED = (
    *("person", "effective_date", "notified_date", "reason", "is_resident", "household_id"),
    *("resident_id", "full_name", "full_kana", "birth_date", "sex_code", "postal_code", "town"),
    *("block", "building", "school_district", "since_date", "since_notified"),
)
_LINES = 20
_AT_HOME_SHARE = 0.002


def deliver(city: City) -> Iterator[Delivery]:
    """Give the roll of every month of registration."""
    japanese = city.persons.filter(pl.col("nationality") == JAPAN)["person"]
    lives = (
        tell_lives(city, japanese)
        .select(_NEEDED)
        .join(draw(city, "votes_at_home"), on="person", how="left")
    )
    lives = lives.with_columns(registered_date=_registered(), leaves=_struck_off())
    lives = lives.join(
        list_districts(city), on="school_district", how="left", maintain_order="left"
    )
    for month in city.months:
        if month.month in _REGISTRATION_MONTHS:
            moment = dt.datetime(month.year, month.month, 2, 10, tzinfo=JST)
            yield Delivery(DATASET, period_of(month), moment, _roll(lives, month))


def _registered() -> pl.Expr:
    """Give the first day of registration on which all conditions are met.

    The day of a civil birthday counts; three months run from the day the record was made.
    """
    birth = pl.col("birth_date")
    old_enough = pl.min_horizontal(
        birth.dt.offset_by("20y"), pl.max_horizontal(birth.dt.offset_by("18y"), _EIGHTEEN_FROM)
    )
    day = pl.max_horizontal(old_enough, pl.col("since_notified").dt.offset_by("3mo"))
    following = (
        pl.when(day.dt.day() == 1).then(day).otherwise(day.dt.month_start().dt.offset_by("1mo"))
    )
    ahead = (3 - following.dt.month() % 3) % 3
    return following.dt.offset_by(pl.format("{}mo", ahead))


def _struck_off() -> pl.Expr:
    moved = pl.when(pl.col("reason") == MOVED_OUT).then("effective_date")
    return moved.dt.offset_by(f"{_KEPT_MONTHS}mo")


def list_districts(city: City) -> pl.DataFrame:
    """Make one polling district of every school district, numbered by name: `school_district`, `district`."""
    names = city.towns["school_district"].unique().sort()
    return pl.DataFrame({"school_district": names}).with_columns(
        district=(pl.int_range(pl.len()) + 1).cast(pl.String).str.zfill(3)
    )


def _roll(lives: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    last, registered = known_on(lives, day), pl.col("registered_date")
    there = pl.col("is_resident") & (registered <= day)
    marked = (pl.col("leaves") > day) & (registered <= pl.col("effective_date"))
    home = pl.col("household_id").cast(pl.Int64)
    voters = last.filter(there | marked).sort("district", home, "person")
    line = pl.int_range(pl.len()).over("district")
    return voters.with_columns(line=line, is_gone=~pl.col("is_resident")).select(**_columns())


def _columns() -> dict[str, pl.Expr]:
    gone, line = pl.col("is_gone"), pl.col("line")
    serial = (line + 1).cast(pl.String).str.zfill(5)
    return {
        "resident_id": pl.col("resident_id"),
        "roll_number": pl.concat_str("district", serial),
        "polling_district_code": pl.col("district"),
        "polling_place_name": pl.col("school_district").str.strip_suffix("区"),
        "page_number": (line // _LINES + 1).cast(pl.Int64),
        "line_number": (line % _LINES + 1).cast(pl.Int64),
        "full_name": pl.col("full_name"),
        "full_name_kana": pl.col("full_kana"),
        "birth_date": pl.col("birth_date"),
        "sex_code": pl.col("sex_code"),
        "postal_code": pl.col("postal_code").str.replace("-", "", literal=True),
        "town": pl.col("town"),
        "block": pl.col("block"),
        "building": pl.col("building"),
        "resident_since_date": pl.col("since_date"),
        "recorded_date": pl.col("since_notified"),
        "registered_date": pl.col("registered_date"),
        "registration_kind_code": pl.lit("1"),
        "display_code": pl.when(gone).then(pl.lit("1")).otherwise(pl.lit("0")),
        "display_date": pl.when(gone).then("notified_date"),
        "removal_due_date": pl.col("leaves"),
        "is_absent_voter": pl.col("votes_at_home") < _AT_HOME_SHARE,
    }
