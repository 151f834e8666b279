"""Who is insured where, day by day: 被用者保険, 国民健康保険, 後期高齢者医療, or on 生活保護.

Everyone who lives in the city is in exactly one of the four (国民健康保険法第6条, 高齢者の医療の確保に関する
法律第50条・第51条). The members of a household below 75 are insured as its head works: an
assumption, as is who works how (`work`). What the offices record is `systems`.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.assistance import assist
from pipelines.whole_city.disabilities import certify_for_late_elderly
from pipelines.whole_city.timelines import attained, birthday, end_of_window, scatter
from pipelines.whole_city.work import draw_work, is_covered

if TYPE_CHECKING:
    from pipelines.whole_city.city import City

EMPLOYED, KOKUHO, LATE, ASSISTED = "employed", "kokuho", "late", "assisted"
# Why something of a person's insurance may change on a day; else the reason of the register.
AGE_20, AGE_60, AGE_75, DISABLED = "age_20", "age_60", "age_75", "disabled"
RETIRED, JOB_LEFT, JOB_FOUND = "retired", "job_left", "job_found"
ASSISTANCE_STARTED, ASSISTANCE_ENDED = "assistance_started", "assistance_ended"
_ELDERLY = 75
# Days within which most notify: 14 by law, some later.
_NOTICE = {JOB_LEFT: 30, JOB_FOUND: 30, RETIRED: 14}


def trace(city: City) -> pl.DataFrame:
    """Say of every person on which days something changed, and where they are insured from then on.

    Returns:
        In the order of person and day, one row each: `person`, `day`, `known` (by the city),
        `cause`, `scheme` (null: not a resident), `before` (the scheme until then), `birth_date`.
    """
    rows = _rows(city)
    own = [
        rows.select("person", "until", "birth_date", *_STATE, day="since", known="known", cause="reason"),
        *(_inside(rows, cause, day) for cause, day in _CAUSES.items()),
    ]  # fmt: skip
    found = pl.concat(own).filter(pl.col("day") < end_of_window(city))
    found = found.sort("person", "day", maintain_order=True)
    found = found.unique(["person", "day"], keep="first", maintain_order=True)
    return found.with_columns(scheme=_scheme(pl.col("day"))).select(
        "person", "day", "known", "cause", "scheme", "birth_date",
        before=pl.col("scheme").shift(1).over("person"),
    )  # fmt: skip


_STATE = (
    "is_resident",
    "is_employee",
    "retired_date",
    "left_date",
    "found_date",
    "started_date",
    "ended_date",
    "late_date",
)
_CAUSES = {
    AGE_20: attained(pl.col("birth_date"), 20),
    AGE_60: attained(pl.col("birth_date"), 60),
    AGE_75: birthday(pl.col("birth_date"), _ELDERLY),
    DISABLED: pl.col("certified_date"),
    RETIRED: pl.col("retired_date"),
    JOB_LEFT: pl.col("left_date"),
    JOB_FOUND: pl.col("found_date"),
    ASSISTANCE_STARTED: pl.col("started_date"),
    ASSISTANCE_ENDED: pl.col("ended_date"),
}


def _rows(city: City) -> pl.DataFrame:
    """Give the rows of the register with all that decides on the insurance of the person."""
    heads = draw_work(city).rename({"person": "head"})
    born = city.persons.select("person", "birth_date")
    told = city.spells.select(
        "person", "head", "household_id", "is_resident", "reason",
        since="effective_date", known="notified_date",
        until=pl.col("until_date").fill_null(dt.date.max),
    )  # fmt: skip
    # Of several rows of one day the last is what held.
    told = told.unique(["person", "since"], keep="last", maintain_order=True)
    for other, key in (
        (heads, "head"),
        (assist(city), "household_id"),
        (born, "person"),
        (certify_for_late_elderly(city), "person"),
    ):
        told = told.join(other, on=key, how="left", maintain_order="left")
    late = pl.min_horizontal(birthday(pl.col("birth_date"), _ELDERLY), "certified_date")
    return told.with_columns(late_date=late)


def _inside(rows: pl.DataFrame, cause: str, day: pl.Expr) -> pl.DataFrame:
    """Give a row for each day of a cause that falls into a row of a resident."""
    slow = scatter(pl.col("person"), 7, _NOTICE.get(cause, 1))
    known = pl.max_horizontal("known", pl.col("day") + pl.duration(days=slow))
    return (
        rows.with_columns(day=day, cause=pl.lit(cause))
        .filter("is_resident", pl.col("since") < pl.col("day"), pl.col("day") < pl.col("until"))
        .select("person", "until", "birth_date", *_STATE, "day", known.alias("known"), "cause")
    )


def _scheme(day: pl.Expr) -> pl.Expr:
    on_assistance = (day >= pl.col("started_date")) & (
        pl.col("ended_date").is_null() | (day < pl.col("ended_date"))
    )
    return (
        pl.when(~pl.col("is_resident"))
        .then(None)
        .when(on_assistance.fill_null(value=False))
        .then(pl.lit(ASSISTED))
        .when(day >= pl.col("late_date"))
        .then(pl.lit(LATE))
        .when(is_covered(day).fill_null(value=False))
        .then(pl.lit(EMPLOYED))
        .otherwise(pl.lit(KOKUHO))
    )
