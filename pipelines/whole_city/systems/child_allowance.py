"""児童手当: for every child, to the parent who earns more, by the law of the month.

Source of the rules: 児童手当法第4条・第6条・第8条, and its reform of October 2024 (to the end of the
fiscal year of the 18th birthday instead of the 15th, no limit of income, 30,000 yen from the third
child, counted to the 22nd birthday instead of the 18th). Who is a public servant (paid by the
employer, 第17条), who earned too much before the reform, and that mostly the father claims, are
assumptions.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from pipelines.whole_city.city import Delivery, fiscal_year, last_day, period_of
from pipelines.whole_city.records.lives import living_on
from pipelines.whole_city.records.parents import (
    FATHER,
    MOTHER,
    entry_year,
    of_parent,
    tell_families,
    with_family_draws,
    with_parents,
)
from pipelines.whole_city.records.sending import hidden, sent_after

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "child_allowance"
REFORM = dt.date(2024, 10, 1)
_FATHER_CLAIMS, _PUBLIC_SERVANT, _HIGH_INCOME, _TOO_HIGH_INCOME = 0.87, 0.08, 0.88, 0.97
_EMPLOYED = 0.86
_CORRECTED_MONTH, _WRONG_SHARE = 2, 0.02
_BABY_YEN, _CHILD_YEN, _THIRD_YEN, _SPECIAL_YEN = 15_000, 10_000, 30_000, 5_000
_THIRD, _JUNIOR_HIGH, _HIGH_SCHOOL = 3, 6, 9  # order of a child; years after entering school
_CLAIMED_WITHIN_DAYS = 15


class _Law(NamedTuple):
    """What the law of a month says: years after entering school, at whose April the right ends."""

    paid_years: int
    counted_years: int
    is_reformed: bool


# The fiscal year in which one turns 15 ends nine years after entering school.
BEFORE = _Law(paid_years=9, counted_years=12, is_reformed=False)
REFORMED = _Law(paid_years=12, counted_years=16, is_reformed=True)


def law_of(month: dt.date) -> _Law:
    """Give the law of a month."""
    return REFORMED if month >= REFORM else BEFORE


def deliver(city: City) -> Iterator[Delivery]:
    """Give the list of every month; in the third some amounts were wrong at first."""
    lives = tell_families(city, dt.date(city.months[0].year - 24, 4, 2))
    lives = with_family_draws(lives, city, "claims", "serves", "earns", "employed", "certifies")
    for number, month in enumerate(city.months):
        rows = _as_delivered(_list(lives, month), period_of(month))
        sent = Delivery(DATASET, period_of(month), sent_after(month, 5), rows)
        if number == _CORRECTED_MONTH:
            yield replace(sent, rows=_miscalculate(sent.rows, city))
            sent = replace(sent, delivered_at=sent_after(month, 12), label="訂正")
        yield sent


def _list(lives: pl.DataFrame, month: dt.date) -> pl.DataFrame:
    law, day = law_of(month), last_day(month)
    fiscal = fiscal_year(month)
    children = with_parents(living_on(lives, day), dt.date(fiscal - 23, 4, 2)).with_columns(
        school_year=fiscal - entry_year(pl.col("birth_date"))
    )
    counted = _with_claimants(children).filter(pl.col("school_year") < law.counted_years)
    ordered = counted.sort("claimant", "birth_date", "person").with_columns(
        order=(pl.int_range(pl.len()) + 1).over("claimant"),
        counted=pl.len().over("claimant"),
    )
    paid = ordered.filter(pl.col("school_year") < law.paid_years, _is_paid_here(law))
    dated = _with_days(paid).filter(pl.col("certified_date") <= day)
    return dated.with_columns(amount=_amount(month, law)).select(**_columns(month, law))


def _with_claimants(children: pl.DataFrame) -> pl.DataFrame:
    """Say which parent claims; who lives with neither is brought up by others, not listed here."""
    father, mother = (pl.col(f"resident_id_{p}").is_not_null() for p in ("father", "mother"))
    by_father = father & (~mother | (pl.col("claims") < _FATHER_CLAIMS))
    return (
        children.filter(father | mother)
        .with_columns(parent=pl.when(by_father).then(pl.lit(FATHER)).otherwise(pl.lit(MOTHER)))
        .with_columns(claimant=pl.when(by_father).then("father").otherwise("mother"))
    )


def _is_paid_here(law: _Law) -> pl.Expr:
    """Leave out public servants, and before the reform those above the upper limit of income."""
    is_poor_enough = pl.col("earns") < _TOO_HIGH_INCOME
    return (pl.col("serves") >= _PUBLIC_SERVANT) & (pl.lit(law.is_reformed) | is_poor_enough)


def _with_days(paid: pl.DataFrame) -> pl.DataFrame:
    """Say since when: some days after birth or moving in; those the reform brought in, since then."""
    since = pl.max_horizontal(
        "birth_date", "since_date", of_parent(pl.col("parent"), "since_date")
    ) + pl.duration(days=(pl.col("certifies") * _CLAIMED_WITHIN_DAYS).cast(pl.Int64))
    years_then = REFORM.year - entry_year(pl.col("birth_date"))
    is_new = (years_then >= BEFORE.paid_years) | (pl.col("earns") >= _TOO_HIGH_INCOME)
    day = pl.when(is_new).then(pl.max_horizontal(since, pl.lit(REFORM))).otherwise(since)
    following = pl.col("certified_date").dt.month_start().dt.offset_by("1mo")
    return paid.with_columns(certified_date=day).with_columns(
        start=pl.when(pl.col("certified_date") == REFORM).then(pl.lit(REFORM)).otherwise(following)
    )


def _amount(month: dt.date, law: _Law) -> pl.Expr:
    """Give the monthly amount (yen); the month of the third birthday is paid as before it."""
    is_baby = pl.col("birth_date").dt.offset_by("3y") >= month
    is_third = pl.col("order") >= _THIRD
    base = pl.when(is_baby).then(_BABY_YEN).otherwise(_CHILD_YEN)
    if law.is_reformed:
        return pl.when(is_third).then(_THIRD_YEN).otherwise(base).cast(pl.Int64)
    at_school = pl.col("school_year") < _JUNIOR_HIGH
    third = pl.when(is_third & at_school).then(_BABY_YEN).otherwise(base)
    is_special = pl.col("earns") >= _HIGH_INCOME
    return pl.when(is_special).then(_SPECIAL_YEN).otherwise(third).cast(pl.Int64)


def _age_band(month: dt.date) -> pl.Expr:
    is_baby, years = pl.col("birth_date").dt.offset_by("3y") >= month, pl.col("school_year")
    return (
        pl.when(is_baby)
        .then(pl.lit("1"))
        .when(years < _JUNIOR_HIGH)
        .then(pl.lit("2"))
        .when(years < _HIGH_SCHOOL)
        .then(pl.lit("3"))
        .otherwise(pl.lit("4"))
    )


def _as_delivered(rows: pl.DataFrame, period: str) -> pl.DataFrame:
    reform = period_of(REFORM)
    before = hidden("income_kind_code", period, until="2024-09")
    return rows.with_columns(before, hidden("counted_children_count", period, since=reform))


def _miscalculate(rows: pl.DataFrame, city: City) -> pl.DataFrame:
    """Pay a few as a first child, as the first file of the month did before it was corrected."""
    wrong = city.rng("miscalculated").random(rows.height) < _WRONG_SHARE
    amount = pl.when(pl.Series(wrong)).then(_SPECIAL_YEN).otherwise("monthly_amount_yen")
    return rows.with_columns(monthly_amount_yen=amount)


def _columns(month: dt.date, law: _Law) -> dict[str, pl.Expr]:
    parent = pl.col("parent")
    ends = pl.date(entry_year(pl.col("birth_date")) + law.paid_years, 3, 1)
    special = pl.col("earns") >= _HIGH_INCOME
    return {
        "child_id": pl.col("resident_id"),
        "claimant_id": of_parent(parent, "resident_id"),
        "household_id": pl.col("household_id"),
        "certificate_number": (pl.col("claimant") + 20_000_000).cast(pl.String),
        "claimant_name": of_parent(parent, "full_name"),
        "claimant_kana": of_parent(parent, "full_kana"),
        "claimant_birth_date": of_parent(parent, "birth_date"),
        "claimant_sex_code": of_parent(parent, "sex_code"),
        "town": pl.col("town"),
        "block": pl.col("block"),
        "building": pl.col("building"),
        "pension_kind_code": pl.when(pl.col("employed") < _EMPLOYED)
        .then(pl.lit("1"))
        .otherwise(pl.lit("2")),
        "income_kind_code": pl.when(special).then(pl.lit("2")).otherwise(pl.lit("1")),
        "child_name": pl.col("full_name"),
        "child_kana": pl.col("full_kana"),
        "child_birth_date": pl.col("birth_date"),
        "child_relationship_code": pl.lit("1"),
        "is_living_together": pl.lit(value=True),
        "child_order": pl.col("order").cast(pl.Int64),
        "counted_children_count": pl.col("counted").cast(pl.Int64),
        "age_band_code": _age_band(month),
        "certified_date": pl.col("certified_date"),
        "payment_start_month": pl.col("start"),
        "payment_end_month": ends,
        "monthly_amount_yen": pl.col("amount"),
    }
