"""The qualification of 国民健康保険: who joined, changed and left, one row a change.

Who is insured there is `membership`; here stands what the office writes of it.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city import membership as member
from pipelines.whole_city.city import BORN, DIED, MOVED_IN, MOVED_OUT, MOVED_WITHIN
from pipelines.whole_city.records.sending import send_changes
from pipelines.whole_city.timelines import attach, birthday, scatter, tell_change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City, Delivery

DATASET = "national_health_insurance"
_SENT_ON = 6
_INSURER = "00279999"  # made up: prefecture 27, and a number in place of an insurer's
_NO_MORE_CARDS = dt.date(2024, 12, 2)
_STUDENTS = 60
JOINED, CHANGED, LEFT = "1", "2", "3"
_JOINED = {
    MOVED_IN: "01",
    BORN: "02",
    member.JOB_LEFT: "03",
    member.RETIRED: "03",
    member.ASSISTANCE_ENDED: "04",
    member.JOB_FOUND: "09",
    member.ASSISTANCE_STARTED: "09",
}
_LEFT = {
    MOVED_OUT: "01",
    DIED: "02",
    member.JOB_FOUND: "03",
    member.ASSISTANCE_STARTED: "04",
    member.AGE_75: "05",
    member.DISABLED: "05",
}


def deliver(city: City) -> Iterator[Delivery]:
    """Give the whole state, then the changes of every month."""
    yield from send_changes(city, DATASET, _record(city), "notified_date", _SENT_ON)


def _record(city: City) -> pl.DataFrame:
    """Write every change of a member's qualification, in the contract's columns."""
    now, before = (pl.col(c) == member.KOKUHO for c in ("scheme", "before"))
    now, before = now.fill_null(value=False), before.fill_null(value=False)
    moved = pl.col("cause") == MOVED_WITHIN
    traced = member.trace(city)
    rows = traced.with_columns(
        change_code=pl.when(now & ~before)
        .then(pl.lit(JOINED))
        .when(before & ~now)
        .then(pl.lit(LEFT))
        .when(now & before & moved)
        .then(pl.lit(CHANGED))
    ).drop_nulls("change_code")
    written = attach(city, _date(rows.drop("birth_date")))
    return _add_household(city, traced, written).select(_columns())


def _date(rows: pl.DataFrame) -> pl.DataFrame:
    """Say since when and why a member is or no longer is one."""
    joined, left = pl.col("change_code") == JOINED, pl.col("change_code") == LEFT
    cause, day = pl.col("cause"), pl.col("day")
    # 国民健康保険法第8条: on the day after, but for 生活保護 and 後期高齢者医療 on the day itself.
    next_day = cause.is_in([MOVED_OUT, DIED, member.JOB_FOUND])
    reason = cause.replace_strict(_JOINED, default="05", return_dtype=pl.String)
    return rows.with_columns(
        acquired_date=pl.when(joined).then(day).forward_fill().over("person"),
        acquired_reason_code=pl.when(joined).then(reason).forward_fill().over("person"),
        lost_date=pl.when(left).then(day + pl.duration(days=next_day.cast(pl.Int32))),
        lost_reason_code=pl.when(left).then(
            cause.replace_strict(_LEFT, default="09", return_dtype=pl.String)
        ),
    )


def _add_household(city: City, traced: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Say whether the head of the household is a member too, and give branch numbers."""
    heads = traced.select(head="person", day="day", head_scheme="scheme").sort("day")
    ids = city.persons.select(head="person", head_resident_id="resident_id")
    joined = (
        rows.with_row_index("__order")
        .sort("day")
        .join_asof(heads, on="day", by="head", check_sortedness=False)
        .sort("__order")
        .join(ids, on="head", how="left", maintain_order="left")
    )
    first = pl.col("person").rank("dense").over("household_id")
    return joined.with_columns(branch=first.cast(pl.String).str.zfill(2))


def _columns() -> list[pl.Expr]:
    day, known = pl.col("day"), pl.col("known")
    fiscal = day.dt.offset_by("-7mo").dt.year() + 1
    expiry = pl.date(fiscal, 10, 31)
    elderly = day >= birthday(pl.col("birth_date"), 70)
    drawn = scatter(pl.col("person"), 11, 6000)
    student = (day >= birthday(pl.col("birth_date"), 18)) & (
        day < birthday(pl.col("birth_date"), 23)
    )
    return [
        *tell_change(),
        known.alias("notified_date"),
        pl.lit(_INSURER).alias("insurer_number"),
        pl.concat_str(pl.lit("豊国"), "household_id").alias("insured_symbol"),
        pl.col("branch").alias("branch_number"),
        pl.lit("1").alias("qualification_code"),
        pl.col("acquired_date", "acquired_reason_code", "lost_date", "lost_reason_code"),
        pl.col("acquired_date").alias("applied_from_date"),
        pl.when(known < _NO_MORE_CARDS)
        .then(pl.lit("01"))
        .when(drawn % 100 < 25)  # noqa: PLR2004 - a quarter has no マイナ保険証 (assumption)
        .then(pl.lit("11"))
        .otherwise(pl.lit("12"))
        .alias("card_category_code"),
        expiry.alias("card_expiry_date"),
        pl.when(student & (drawn % _STUDENTS == 0))
        .then(pl.lit("1"))
        .otherwise(pl.lit("0"))
        .alias("student_code"),
        pl.col("head_resident_id"),
        (pl.col("head_scheme") != member.KOKUHO).fill_null(value=True).alias("is_quasi_head"),
        pl.when(elderly)
        .then(pl.when(drawn % 100 < 7).then(pl.lit("3")).otherwise(pl.lit("2")))  # noqa: PLR2004
        .alias("elderly_burden_code"),
    ]
