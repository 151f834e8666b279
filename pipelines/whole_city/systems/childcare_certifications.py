"""教育・保育給付認定: which small children have a right to which place, and where they go.

Source of the rules: 子ども・子育て支援法第19条・第30条の4 (the categories), 施行規則第8条 (until when they
hold), the 無償化 of October 2019 (no fee from the class of three-year-olds on). Who uses what, and the
fees, are assumptions: three quarters of the ceilings the state sets.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import Delivery, ages_on, fiscal_year, last_day, period_of
from pipelines.whole_city.records.lives import draw, living_on
from pipelines.whole_city.records.parents import (
    FATHER,
    MOTHER,
    entry_year,
    of_parent,
    tell_families,
    with_family_draws,
    with_parents,
)
from pipelines.whole_city.records.sending import sent_after

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "childcare_certifications"
_CLASSES = 6
# Up to which draw children are in childcare, by class; then kindergarten and what is outside.
_NURSERY = (0.18, 0.48, 0.53, 0.53, 0.53, 0.53)
_UNLICENSED, _KINDERGARTEN, _OLD_KINDERGARTEN = 0.57, 0.88, 0.97
_FROM_CLASS = 3  # kindergarten begins; childcare is free
_YOUNGEST_MONTHS = 6
_WAITING_SHARE, _SHORT_HOURS = 0.02, 0.18
PLACE_KINDS = {
    "1": "こども園",
    "2": "保育園",
    "3": "幼稚園",
    "4": "小規模保育園",
    "5": "キッズルーム",
    "6": "学園幼稚園",
}
_NEEDS = (
    (0.86, "01"),
    (0.90, "02"),
    (0.925, "03"),
    (0.94, "04"),
    (0.97, "06"),
    (0.98, "07"),
    (1.0, "09"),
)
_STEPS = (
    (0.01, "01"),
    (0.08, "02"),
    (0.16, "03"),
    (0.45, "04"),
    (0.78, "05"),
    (0.93, "06"),
    (0.98, "07"),
    (1.0, "08"),
)
_CEILINGS_YEN = {
    "01": 0,
    "02": 0,
    "03": 19_500,
    "04": 30_000,
    "05": 44_500,
    "06": 61_000,
    "07": 80_000,
    "08": 104_000,
}
_CITY_FEE = 0.75


def deliver(city: City) -> Iterator[Delivery]:
    """Give the list of every month."""
    lives = tell_families(city, dt.date(city.months[0].year - 9, 4, 2))
    lives = with_family_draws(lives, city, "need", "fee_step", "hours")
    for purpose in ("uses_childcare", "facility", "waits"):
        lives = lives.join(draw(city, purpose), on="person", how="left", maintain_order="left")
    for month in city.months:
        yield Delivery(DATASET, period_of(month), sent_after(month, 8), _list(lives, month))


def _list(lives: pl.DataFrame, month: dt.date) -> pl.DataFrame:
    fiscal, day = fiscal_year(month), last_day(month)
    april = dt.date(fiscal, 4, 1)
    age = fiscal - entry_year(pl.col("birth_date")) + _CLASSES
    small = with_parents(living_on(lives, day), dt.date(fiscal - 6, 4, 2)).with_columns(
        class_age=age.clip(0)
    )
    older = (pl.int_range(pl.len()) + 1).over("family")
    families = small.sort("family", "birth_date", "person").with_columns(sibling_order=older)
    used = _with_use(families, day).filter(pl.col("use").is_not_null())
    started = _with_days(used, april).filter(pl.col("started") <= day)
    return _with_place(started).sort("person").select(**_columns())


def _with_use(small: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """Say what a child uses: the category of the certification, null where none; with which parent."""
    chance, age = pl.col("uses_childcare"), pl.col("class_age")
    nursery = chance < age.replace_strict(dict(enumerate(_NURSERY)), return_dtype=pl.Float64)
    # One is three at the end of the day before the birthday (年齢計算ニ関スル法律).
    tomorrow = day + dt.timedelta(days=1)
    is_big, is_three = age >= _FROM_CLASS, ages_on(pl.col("birth_date"), tomorrow) >= _FROM_CLASS
    use = (
        pl.when(nursery)
        .then(pl.when(is_three).then(pl.lit("2")).otherwise(pl.lit("3")))
        .when(chance < _NURSERY[-1])
        .then(None)
        .when(chance < _UNLICENSED)
        .then(
            pl.when(is_big)
            .then(pl.lit("5"))
            .when(pl.col("fee_step") < _STEPS[1][0])
            .then(pl.lit("6"))
        )
        .when(is_big & (chance < _KINDERGARTEN))
        .then(pl.lit("1"))
        .when(is_big & (chance < _OLD_KINDERGARTEN))
        .then(pl.lit("4"))
    )
    father, mother = (pl.col(f"resident_id_{p}").is_not_null() for p in ("father", "mother"))
    parent = pl.when(father).then(pl.lit(FATHER)).otherwise(pl.lit(MOTHER))
    return small.filter(father | mother).with_columns(use=use, parent=parent)


def _with_days(used: pl.DataFrame, april: dt.date) -> pl.DataFrame:
    """Say since when the child goes there, and from when to when the certification holds."""
    birth, use, age = pl.col("birth_date"), pl.col("use"), pl.col("class_age")
    in_care = use.is_in(["2", "3"])
    first_class = pl.lit(_FROM_CLASS)
    for number in reversed(range(_FROM_CLASS)):
        is_in = pl.col("uses_childcare") < _NURSERY[number]
        first_class = pl.when(in_care & is_in).then(number).otherwise(first_class)
    entered = pl.lit(april).dt.offset_by(pl.format("-{}y", (age - first_class).clip(0)))
    old_enough = birth.dt.offset_by(f"{_YOUNGEST_MONTHS}mo").dt.month_end().dt.offset_by("1d")
    moved = pl.col("since_date").dt.month_start().dt.offset_by("1mo")
    came = pl.when(pl.col("since_date") == birth).then(old_enough).otherwise(moved)
    third = birth.dt.offset_by("3y")
    school = pl.date(entry_year(birth), 3, 31)
    after_third = third.dt.offset_by("-1d")
    small_until = (
        pl.when(use == "6")
        .then(pl.date(entry_year(birth) - 3, 3, 31))
        .otherwise(third.dt.offset_by("-2d"))
    )
    started = pl.max_horizontal(entered, old_enough, came)
    since = pl.when((use == "2") & (after_third > started)).then(after_third).otherwise(started)
    return used.with_columns(
        started=started,
        valid_from=since,
        valid_until=pl.when(use.is_in(["3", "6"])).then(small_until).otherwise(school),
    )


def _with_place(rows: pl.DataFrame) -> pl.DataFrame:
    """Say where the child goes: a facility of its school district; a few are waiting."""
    use, chance, is_big = pl.col("use"), pl.col("facility"), pl.col("class_age") >= _FROM_CLASS
    kind = (
        pl.when(use.is_in(["2", "3"]))
        .then(
            pl.when(chance < 0.5)  # noqa: PLR2004 - half
            .then(pl.lit("1"))
            .when((chance < 0.85) | is_big)  # noqa: PLR2004 - a share
            .then(pl.lit("2"))
            .otherwise(pl.lit("4"))
        )
        .when(use == "1")
        .then(pl.when(chance < 0.4).then(pl.lit("1")).otherwise(pl.lit("3")))  # noqa: PLR2004 - a share
        .when(use == "4")
        .then(pl.lit("6"))
        .otherwise(pl.lit("5"))
    )
    waits = use.is_in(["2", "3"]) & (pl.col("waits") < _WAITING_SHARE)
    name = pl.col("school_district").str.strip_suffix("小学校区") + pl.col("kind").replace_strict(
        PLACE_KINDS, return_dtype=pl.String
    )
    return rows.with_columns(kind=pl.when(~waits).then(kind)).with_columns(place=name)


def _step(purpose: str, steps: tuple[tuple[float, str], ...]) -> pl.Expr:
    """Read a code off a draw: the first step it lies below."""
    code = pl.lit(steps[-1][1])
    for share, value in reversed(steps[:-1]):
        code = pl.when(pl.col(purpose) < share).then(pl.lit(value)).otherwise(code)
    return code


def _fee(step: pl.Expr) -> pl.Expr:
    """Give the fee (yen a month): whole for the first child, half for the second, none after it."""
    whole = step.replace_strict(_CEILINGS_YEN, return_dtype=pl.Float64) * _CITY_FEE
    part = pl.col("sibling_order").replace_strict({1: 1.0, 2: 0.5}, default=0.0)
    rounded = (whole * part / 100).floor().cast(pl.Int64) * 100
    return pl.when(pl.col("class_age") >= _FROM_CLASS).then(0).otherwise(rounded)


def _columns() -> dict[str, pl.Expr]:
    use, parent = pl.col("use"), pl.col("parent")
    in_care, is_placed = use.is_in(["2", "3"]), pl.col("place").is_not_null()
    hours = pl.when(pl.col("hours") < _SHORT_HOURS).then(pl.lit("2")).otherwise(pl.lit("1"))
    step = _step("fee_step", _STEPS)
    certified = pl.max_horizontal(
        pl.col("valid_from").dt.offset_by("-45d"), "birth_date", "since_date"
    )
    return {
        "certification_number": pl.concat_str(use, pl.col("person").cast(pl.String).str.zfill(9)),
        "child_id": pl.col("resident_id"),
        "guardian_id": of_parent(parent, "resident_id"),
        "household_id": pl.col("household_id"),
        "child_name": pl.col("full_name"),
        "child_kana": pl.col("full_kana"),
        "birth_date": pl.col("birth_date"),
        "sex_code": pl.col("sex_code"),
        "guardian_name": of_parent(parent, "full_name"),
        "town": pl.col("town"),
        "block": pl.col("block"),
        "category_code": use,
        "need_reason_code": pl.when(~use.is_in(["1", "4"])).then(_step("need", _NEEDS)),
        "required_hours_code": pl.when(in_care).then(hours),
        "certified_date": certified,
        "valid_from_date": pl.col("valid_from"),
        "valid_until_date": pl.col("valid_until"),
        "facility_name": pl.col("place"),
        "facility_kind_code": pl.col("kind"),
        "started_date": pl.when(is_placed).then("started"),
        "class_age": pl.col("class_age").cast(pl.Int64),
        "fee_step_code": pl.when(in_care).then(step),
        "monthly_fee_yen": pl.when(in_care & is_placed).then(_fee(step)),
        "sibling_order": pl.col("sibling_order").cast(pl.Int64),
    }
