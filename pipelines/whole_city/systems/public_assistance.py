"""The recipients of 生活保護 at the end of each month, with the aid of the month.

Amounts follow the kinds of 生活保護法第11条–第18条 in round sums (assumption); a household's rent and income
stand in the row of its first member. Who is on assistance is `assistance`.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.assistance import assist
from pipelines.whole_city.care import certify
from pipelines.whole_city.city import Delivery, ages_on, last_day, period_of
from pipelines.whole_city.disabilities import MENTAL, PHYSICAL, list_handbooks
from pipelines.whole_city.records.lives import FULL_KANA, FULL_NAME
from pipelines.whole_city.records.sending import sent_after
from pipelines.whole_city.timelines import scatter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "public_assistance"
_SENT_ON = 4
_OLD, _ADULT, _MOTHER = 65, 18, "2"
_SCHOOL = (6, 14)
_CARE_AGE = 65
# Yen a month: 生活扶助 by age, housing by the size of the household, schooling, additions.
_LIVELIHOOD = ((6, 45_000), (12, 48_000), (18, 52_000), (60, 74_000), (75, 72_000), (200, 69_000))
_RENT = {1: 40_000, 2: 48_000, 3: 52_000}
_SCHOOLING, _CARE = 5_000, 3_000
_ADDITIONS = {"0": 0, "1": 26_810, "2": 17_870}


def deliver(city: City) -> Iterator[Delivery]:
    """Give the recipients of every month."""
    households = assist(city).with_row_index("case", offset=1)
    handbooks, care = list_handbooks(city), certify(city)
    for month in city.months:
        day = last_day(month)
        people = _recipients(city, households, day)
        rows = _count(_add_needs(people, handbooks, care, day), day)
        yield Delivery(DATASET, period_of(month), sent_after(month, _SENT_ON), rows)


def _recipients(city: City, households: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """Choose who lives in a household on assistance at the end of a day."""
    running = households.filter(
        pl.col("started_date") <= day,
        pl.col("ended_date").is_null() | (pl.col("ended_date") > day),
    )
    until = pl.col("until_date").fill_null(dt.date.max)
    there = city.spells.filter("is_resident", pl.col("effective_date") <= day, until > day)
    return (
        there.join(running, on="household_id", how="inner", maintain_order="left")
        .join(city.persons, on="person", how="left", maintain_order="left")
        .join(city.towns.select("town_id", "town"), on="town_id", how="left", maintain_order="left")
        .with_columns(age=ages_on(pl.col("birth_date"), day))
    )


def _add_needs(
    people: pl.DataFrame, handbooks: pl.DataFrame, care: pl.DataFrame, day: dt.date
) -> pl.DataFrame:
    """Say who holds a handbook that counts and who is certified for care on a day."""
    held = handbooks.filter(pl.col("day") <= day, pl.col("handbook_code").is_in([PHYSICAL, MENTAL]))
    grade = held.group_by("person").agg(grade=pl.col("grade_code").min())
    certified = care.filter(pl.col("day") <= day).select("person").unique()
    return (
        people.join(grade, on="person", how="left", maintain_order="left")
        .join(
            certified.with_columns(has_long_term_care=True),
            on="person",
            how="left",
            maintain_order="left",
        )
        .with_columns(
            pl.col("has_long_term_care").fill_null(value=False),
            disability_addition_code=pl.when(pl.col("grade") <= "2")
            .then(pl.lit("1"))
            .when(pl.col("grade") == "3")
            .then(pl.lit("2"))
            .otherwise(pl.lit("0")),
        )
    )


def _count(people: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """Write the rows: first what is true of the household, then the aid of each member."""
    home = "household_id"
    size, first = pl.len().over(home), pl.int_range(pl.len()).over(home) == 0
    told = people.with_columns(
        members=size.cast(pl.Int64), first=first, household_category_code=_category(home)
    )
    return told.with_columns(_aids()).with_columns(_flags()).select(_columns(day))


def _category(home: str) -> pl.Expr:
    """Name the kind of household as 被保護者調査 does: all old, mother and children, disabled."""
    age, adult = pl.col("age"), pl.col("age") >= _ADULT
    old = ((age >= _OLD) | ~adult).all().over(home) & (age >= _OLD).any().over(home)
    adults, children = adult.sum().over(home), (~adult).sum().over(home)
    woman = (adult & (pl.col("sex_code") == _MOTHER)).any().over(home)
    disabled = (pl.col("disability_addition_code") != "0").any().over(home)
    sick = scatter(pl.col("case"), 61, 2) == 0
    return (
        pl.when(old)
        .then(pl.lit("1"))
        .when((adults == 1) & (children > 0) & woman)
        .then(pl.lit("2"))
        .when(disabled)
        .then(pl.lit("3"))
        .when(sick)
        .then(pl.lit("4"))
        .otherwise(pl.lit("5"))
    )


def _aids() -> list[pl.Expr]:
    """Give the sums of the month in yen, member by member."""
    age, first = pl.col("age"), pl.col("first")
    livelihood: pl.Expr = pl.lit(0)
    for limit, yen in reversed(_LIVELIHOOD):
        livelihood = pl.when(age < limit).then(yen).otherwise(livelihood)
    addition = pl.col("disability_addition_code").replace_strict(_ADDITIONS, return_dtype=pl.Int64)
    rent = pl.col("members").clip(1, 3).replace_strict(_RENT, return_dtype=pl.Int64)
    renting = scatter(pl.col("case"), 67, 100) < 88  # noqa: PLR2004 - the others own (assumption)
    schooling = age.is_between(*_SCHOOL)
    care = pl.col("has_long_term_care") & (age >= _CARE_AGE)
    income = pl.when(age.max().over("household_id") >= _OLD).then(45_000).otherwise(20_000)
    return [
        (livelihood + addition).cast(pl.Int64).alias("livelihood_aid_yen"),
        pl.when(first & renting).then(rent).otherwise(0).alias("housing_aid_yen"),
        pl.when(schooling).then(_SCHOOLING).otherwise(0).cast(pl.Int64).alias("education_aid_yen"),
        pl.when(care).then(_CARE).otherwise(0).cast(pl.Int64).alias("other_aid_yen"),
        pl.when(first & (scatter(pl.col("case"), 71, 10) < 6))  # noqa: PLR2004 - of 10
        .then(income)
        .otherwise(0)
        .cast(pl.Int64)
        .alias("counted_income_yen"),
    ]


def _flags() -> list[pl.Expr]:
    home = "household_id"
    sick = scatter(pl.col("person"), 73, 100) < 82  # noqa: PLR2004 - of 100 (assumption)
    return [
        (pl.col("livelihood_aid_yen") > 0).alias("has_livelihood_aid"),
        (pl.col("housing_aid_yen") > 0).any().over(home).alias("has_housing_aid"),
        (pl.col("education_aid_yen") > 0).alias("has_education_aid"),
        (pl.col("other_aid_yen") > 0).alias("has_care_aid"),
        sick.alias("has_medical_aid"),
    ]


def _columns(day: dt.date) -> list[pl.Expr]:
    kinds = ("livelihood", "housing", "education", "care", "medical")
    count = pl.sum_horizontal(pl.col(f"has_{kind}_aid").cast(pl.Int8) for kind in kinds)
    reason = (scatter(pl.col("case"), 79, 6) + 1).cast(pl.String).replace({"6": "9"})
    joined = pl.max_horizontal("started_date", "effective_date")
    return [
        pl.col("case").cast(pl.String).str.zfill(7).alias("case_number"),
        pl.col("resident_id", "household_id"),
        FULL_NAME.alias("full_name"),
        FULL_KANA.alias("full_name_kana"),
        pl.col("birth_date", "sex_code", "town", "relationship", "household_category_code"),
        pl.col("members").alias("household_member_count"),
        pl.when(pl.col("birth_date") > pl.col("started_date"))
        .then(joined.clip(upper_bound=pl.lit(day)))
        .otherwise("started_date")
        .alias("started_date"),
        reason.alias("start_reason_code"),
        pl.when(count > 1).then(pl.lit("2")).otherwise(pl.lit("1")).alias("aid_category_code"),
        *(pl.col(f"has_{kind}_aid") for kind in kinds),
        pl.col("livelihood_aid_yen", "housing_aid_yen", "education_aid_yen", "other_aid_yen"),
        pl.sum_horizontal(
            "livelihood_aid_yen", "housing_aid_yen", "education_aid_yen", "other_aid_yen"
        ).alias("total_aid_yen"),
        pl.col("counted_income_yen", "disability_addition_code", "has_long_term_care"),
    ]
