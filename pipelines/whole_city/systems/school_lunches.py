"""The lunches of every month: what is on the tray of each school day, down to the ingredients.

Elementary and junior high schools eat the same dishes on one day; the older get a fifth more.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import JST, Delivery, last_day, period_of
from pipelines.whole_city.lunch_dishes import DISHES, FOODS, MAIN, MILK, SIDE, SOUP, STAPLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "school_lunches"
_SENT_DAYS_BEFORE = 8
_MONDAY_TO_FRIDAY = 5
_TRAY = (STAPLE, MAIN, SIDE, SOUP, MILK)
_SHARES = {"1": 1.0, "2": 1.2}
# Lessons begin after the first week of term; nobody eats at school in August (assumption).
_HOLIDAYS = {4: range(1, 9), 7: range(19, 32), 8: range(1, 32), 12: range(24, 32), 1: range(1, 9), 3: range(24, 32)}  # fmt: skip


def deliver(city: City) -> Iterator[Delivery]:
    """Give the menu of every month with school days, in the last days of the month before."""
    for month in city.months:
        days = school_days(month)
        if not days:
            continue
        moment = dt.datetime.combine(
            month - dt.timedelta(days=_SENT_DAYS_BEFORE), dt.time(15), tzinfo=JST
        )
        yield Delivery(DATASET, period_of(month), moment, _rows(city, month, days))


def school_days(month: dt.date) -> list[dt.date]:
    """List the school days of a month; public holidays are not known here."""
    days = [month + dt.timedelta(days=n) for n in range(last_day(month).day)]
    away = _HOLIDAYS.get(month.month, range(0))
    return [d for d in days if d.isoweekday() <= _MONDAY_TO_FRIDAY and d.day not in away]


def _rows(city: City, month: dt.date, days: list[dt.date]) -> pl.DataFrame:
    rng = city.rng(f"{DATASET}/{month:%Y-%m}")
    by_place = {place: [dish for dish in DISHES if dish[1] == place] for place in _TRAY}
    trays = pl.DataFrame(
        [
            (day, number, by_place[place][int(rng.integers(0, len(by_place[place])))][0])
            for day in days
            for number, place in enumerate(_TRAY, 1)
        ],
        {"served_date": pl.Date, "dish_number": pl.Int64, "dish_name": pl.String},
        orient="row",
    )
    made = trays.join(_recipes(), on="dish_name", maintain_order="left_right").join(
        FOODS, on="ingredient_name", maintain_order="left"
    )
    return pl.concat(_serve(made, code, share) for code, share in _SHARES.items())


def _recipes() -> pl.DataFrame:
    """List what every dish is made of: one row an ingredient, numbered from 1."""
    rows = [
        (name, number, food, grams)
        for name, _, foods in DISHES
        for number, (food, grams) in enumerate(foods.items(), 1)
    ]
    names = ["dish_name", "ingredient_number", "ingredient_name", "grams"]
    return pl.DataFrame(rows, names, orient="row")


def _serve(made: pl.DataFrame, code: str, share: float) -> pl.DataFrame:
    grams = (pl.col("grams") * share).round(1)
    return made.select(
        "served_date",
        pl.lit(code).alias("school_kind_code"),
        *("dish_number", "dish_name", "ingredient_number", "ingredient_name", "food_group_code"),
        grams.alias("amount_g"),
        *(
            (grams * pl.col(part) / 100).round(1).alias(name)
            for part, name in (
                ("kcal", "energy_kcal"),
                ("protein", "protein_g"),
                ("fat", "fat_g"),
                ("salt", "salt_g"),
            )
        ),
        pl.col("allergens"),
        (grams * pl.col("yen") / 100).round(1).alias("unit_price_yen"),
    )
