"""The insured persons of 介護保険 and their 要介護認定: one row a change.

Everyone who lives in the city is insured from the day before the 65th birthday on (第1号); of those of
40 to 64 only the certified stand in the ledger (第2号, 介護保険法第9条).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.care import certify
from pipelines.whole_city.city import DIED, MOVED_OUT
from pipelines.whole_city.incomes import earn
from pipelines.whole_city.records.sending import send_changes
from pipelines.whole_city.timelines import (
    attach,
    attained,
    end_of_window,
    list_stays,
    scatter,
    tell_change,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City, Delivery

DATASET = "long_term_care"
_SENT_ON = 5
JOINED, CHANGED, LEFT, CERTIFIED = "1", "2", "3", "4"
_INSURER = "279999"  # made up: prefecture 27, and a number in place of an insurer's
_OLD, _YOUNG = 65, 40
_DISEASES = (
    "初老期における認知症",
    "脳血管疾患",
    "関節リウマチ",
    "パーキンソン病関連疾患",
    "がん(末期)",
)
# 介護保険法施行令第38条: the 13 stages of 令和6年度, of 1,000 of the standard premium.
_STAGE_RATES = (285, 485, 685, 900, 1000, 1200, 1300, 1500, 1700, 1900, 2100, 2300, 2400)
# The incomes (1,000 yen) from which stage 6, 7 … 13 begin; below, what stands for untaxed households.
_STAGE_FROM = (0, 1200, 2100, 3200, 4200, 5200, 6200, 7200)
_STANDARD_YEN = 79_200  # a year; assumption


def deliver(city: City) -> Iterator[Delivery]:
    """Give the whole state, then the changes of every month."""
    yield from send_changes(city, DATASET, _record(city), "processed_date", _SENT_ON)


def _record(city: City) -> pl.DataFrame:
    changes = _find_changes(city)
    incomes = earn(city, city.months[0].year - 1).select("person", "total_income_yen")
    rows = attach(city, changes.drop("birth_date"))
    rows = rows.join(incomes, on="person", how="left", maintain_order="left")
    return _assess(rows).select(_columns())


def _find_changes(city: City) -> pl.DataFrame:
    """List joining, certification and leaving, with the certification that holds from then on."""
    stays = list_stays(city).join(city.persons.select("person", "birth_date"), on="person")
    stays = stays.with_columns(old=attained(pl.col("birth_date"), _OLD))
    given = certify(city)
    inside = given.join(stays, on="person").filter(
        (pl.col("since") < pl.col("day"))
        & (pl.col("until").is_null() | (pl.col("day") < pl.col("until")))
    )
    open_until = pl.col("until").is_null() | (pl.col("until") > pl.col("old"))
    old = stays.filter(open_until, pl.col("old") < end_of_window(city))
    parts = [
        _events(inside, CERTIFIED, pl.col("day"), pl.col("day") + pl.duration(days=2), "certified"),
        _events(old, JOINED, pl.max_horizontal("since", "old"),
                pl.max_horizontal("since_known", "old"), "joined"),
        _events(_at_entry(stays, given), CERTIFIED, pl.col("since"), pl.col("since_known"), "came"),
        _events(stays.filter(pl.col("until").is_not_null()), LEFT, pl.col("until"),
                pl.col("until_known"), "left"),
    ]  # fmt: skip
    found = pl.concat(parts).sort("person", "day", maintain_order=True)
    found = found.unique(["person", "day"], keep="last", maintain_order=True)
    held = _hold(found, given)
    certified = pl.col("care_level_code").is_not_null() & (pl.col("day") < pl.col("old"))
    return held.filter((pl.col("day") >= pl.col("old")) | certified).filter(_is_insured())


def _at_entry(stays: pl.DataFrame, given: pl.DataFrame) -> pl.DataFrame:
    """Choose the stays below 65 that begin with a certification given elsewhere."""
    first = given.group_by("person").agg(first=pl.col("day").min())
    young = stays.filter(pl.col("since") < pl.col("old"))
    return young.join(first, on="person").filter(pl.col("first") <= pl.col("since")).drop("first")


def _events(
    rows: pl.DataFrame, code: str, day: pl.Expr, known: pl.Expr, cause: str
) -> pl.DataFrame:
    known = pl.max_horizontal(known, "since_known")
    return rows.select(
        "person",
        "birth_date",
        "old",
        "left",
        day=day,
        processed_date=known,
        change_code=pl.lit(code),
        cause=pl.lit(cause),
    )


def _hold(found: pl.DataFrame, given: pl.DataFrame) -> pl.DataFrame:
    """Add the last certification given up to the day of a row."""
    certified = given.rename({"day": "certified_date", "until": "certified_until_date"})
    return (
        found.with_row_index("__order")
        .sort("day")
        .join_asof(
            certified.sort("certified_date"),
            left_on="day",
            right_on="certified_date",
            by="person",
            check_sortedness=False,
        )
        .sort("__order")
        .drop("__order")
    )


def _is_insured() -> pl.Expr:
    """Keep a row of leaving only where something was before it: some leave on their 65th birthday."""
    return (pl.col("change_code") != LEFT) | pl.col("person").is_duplicated()


def _assess(rows: pl.DataFrame) -> pl.DataFrame:
    """Name the first row of a stay 取得, and compute the premium's stage from the income."""
    income = pl.col("total_income_yen") // 1000
    before = pl.col("change_code").shift(1).over("person")
    first = (before.is_null() | (before == LEFT)) & (pl.col("change_code") == CERTIFIED)
    code = pl.when(first).then(pl.lit(JOINED)).otherwise("change_code")
    again = (code == JOINED) & before.is_not_null() & (before != LEFT)
    code = pl.when(again).then(pl.lit(CHANGED)).otherwise(code)
    untaxed = scatter(pl.col("person"), 37, 5) + 1
    stage = pl.lit(5)
    for number, limit in enumerate(_STAGE_FROM):
        stage = pl.when(income > limit).then(number + 6).otherwise(stage)
    stage = pl.when(income <= 350).then(untaxed).otherwise(stage)  # noqa: PLR2004 - 1,000 yen
    return rows.with_columns(change_code=code, stage=stage.cast(pl.Int64))


def _columns() -> list[pl.Expr]:
    day, left = pl.col("day"), pl.col("change_code") == LEFT
    old = day >= pl.col("old")
    certified = pl.col("care_level_code").is_not_null()
    joined = pl.col("change_code") == JOINED
    rates = dict(enumerate(_STAGE_RATES, start=1))
    premium = pl.col("stage").replace_strict(rates, return_dtype=pl.Int64)
    income = pl.col("total_income_yen")
    return [
        *tell_change(),
        pl.col("processed_date"),
        pl.lit(_INSURER).alias("insurer_number"),
        pl.concat_str(pl.lit("99"), pl.col("person").cast(pl.String).str.zfill(8)).alias(
            "insured_number"
        ),
        pl.when(old).then(pl.lit("1")).otherwise(pl.lit("2")).alias("insured_category_code"),
        pl.when(joined).then(day).forward_fill().over("person").alias("acquired_date"),
        pl.when(left).then(day + dt.timedelta(days=1)).alias("lost_date"),
        pl.when(left)
        .then(pl.col("left").replace_strict({MOVED_OUT: "1", DIED: "2"}, default="9"))
        .alias("lost_reason_code"),
        pl.when(certified).then(pl.lit("01")).otherwise(pl.lit("00")).alias(
            "certification_status_code"
        ),
        pl.col("application_code", "care_level_code", "certified_date"),
        pl.col("certified_date").alias("certified_from_date"),
        pl.col("certified_until_date"),
        pl.when(~old)
        .then((scatter(pl.col("person"), 41, len(_DISEASES))).replace_strict(
            dict(enumerate(_DISEASES)), return_dtype=pl.String))
        .alias("specified_disease"),
        pl.when(old & certified)
        .then(pl.when(income >= 2_200_000).then(pl.lit("3"))  # noqa: PLR2004
              .when(income >= 1_600_000).then(pl.lit("2")).otherwise(pl.lit("1")))  # noqa: PLR2004
        .alias("burden_code"),
        pl.when(old).then("stage").alias("premium_stage"),
        pl.when(old).then(premium * _STANDARD_YEN // 1000).alias("annual_premium_yen"),
        pl.when(old)
        .then(pl.when(scatter(pl.col("person"), 31, 100) < 88).then(pl.lit("2"))  # noqa: PLR2004
              .otherwise(pl.lit("1")))
        .alias("collection_code"),
    ]  # fmt: skip
