"""When things happen to residents while they live in the city: the days on which a record changes.

Belongs here: stays, birthdays, days put into stays and rows of the register. Must not hold: what
any department makes of such a day.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.whole_city.records.lives import FULL_KANA, FULL_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.whole_city.city import City

_LEAP_DAY = 29
_YEAR_DAYS = 365.2425


def birthday(born: pl.Expr, years: int) -> pl.Expr:
    """Give the day on which an age is reached as `city.ages_on` counts it: 29 February, 1 March."""
    day = born.dt.offset_by(f"{years}y")
    moved = (born.dt.day() == _LEAP_DAY) & (born.dt.month() == 2) & (day.dt.day() < _LEAP_DAY)  # noqa: PLR2004 - February
    return day + pl.duration(days=moved.cast(pl.Int32))


def attained(born: pl.Expr, years: int) -> pl.Expr:
    """Give the day of 達した: the day before the birthday (年齢計算ニ関スル法律, 民法第143条)."""
    return birthday(born, years) - pl.duration(days=1)


def span(days: np.ndarray) -> pl.Expr:
    """Give a length of time for every row, from a number of days for every row."""
    return pl.duration(days=pl.lit(pl.Series(days)))


def reach_by_share(
    city: City, drawn: np.ndarray, ages: Sequence[float], shares: Sequence[float]
) -> pl.DataFrame:
    """Give the day from which each person is among a share of their age that grows with age.

    Args:
        city: whose persons.
        drawn: a number from 0 to 1 for every person.
        ages: years, rising.
        shares: of the persons of those ages, rising; between them it is straight.

    Returns:
        `person`, `day`; persons beyond the last share are left out.
    """
    reached = drawn < shares[-1]
    days = (np.interp(drawn, shares, ages) * _YEAR_DAYS).astype(np.int64)[reached]
    chosen = city.persons.filter(pl.Series(reached)).select("person", "birth_date")
    return chosen.select("person", day=pl.col("birth_date") + span(days))


def list_stays(city: City) -> pl.DataFrame:
    """List the unbroken times of residence.

    Returns:
        `person`, `since`, `since_known`, `came` (reason), `until`, `until_known`, `left` (reason);
        the last three null while it lasts. `until` is the day of 消除.
    """
    rows = city.versions.lazy()
    # Rows stand person after person: the neighbour counts where it is of the same person.
    same_next = pl.col("person") == pl.col("person").shift(-1)
    same_before = pl.col("person") == pl.col("person").shift(1)
    stays_on = (same_next & pl.col("is_resident").shift(-1)).fill_null(value=False)
    was_here = (same_before & pl.col("is_resident").shift(1)).fill_null(value=False)
    goes = same_next.fill_null(value=False)
    following = {
        name: pl.when(goes).then(pl.col(column).shift(-1)) for column, name in _LAST.items()
    }
    told = rows.select(
        "person", "is_resident", "effective_date", "notified_date", "reason",
        begins=pl.col("is_resident") & ~was_here,
        ends=pl.col("is_resident") & ~stays_on,
        **following,
    )  # fmt: skip
    first = told.filter("begins").select(
        "person", since="effective_date", since_known="notified_date", came="reason"
    )
    last = told.filter("ends").select(*_LAST.values())
    return pl.concat([first, last], how="horizontal").collect()


# What the row after the last of a stay says.
_LAST = {"effective_date": "until", "notified_date": "until_known", "reason": "left"}


def attach(city: City, rows: pl.DataFrame) -> pl.DataFrame:
    """Add what the register says of a person on a day: the columns of `VERSIONS` and `PERSONS`.

    Args:
        city: whose register.
        rows: with `person` and `day`; their order is kept.

    Returns:
        The rows with `full_name`, `full_name_kana`, `town`, `postal_code`, `block`, `household_id`,
        `head`, `relationship`, and of the person `resident_id`, `birth_date`, `sex_code` and
        `nationality`.
    """
    register = city.versions.select(
        "person", "effective_date", "surname", "surname_kana", *_HOUSEHOLD, "town_id", "block"
    )
    order = "__order"
    found = (
        rows.with_row_index(order)
        .sort("day")
        .join_asof(
            register.sort("effective_date", maintain_order=True),
            left_on="day",
            right_on="effective_date",
            by="person",
            check_sortedness=False,
        )
        .sort(order)
        .drop(order, "effective_date")
    )
    return _describe(city, found)


_HOUSEHOLD = ("household_id", "head", "relationship")
_PERSON = ("given", "given_kana", "resident_id", "birth_date", "sex_code", "nationality")


def _describe(city: City, rows: pl.DataFrame) -> pl.DataFrame:
    known = [c for c in _PERSON if c not in rows.columns]
    towns = city.towns.select("town_id", "town", "postal_code")
    return (
        rows.join(
            city.persons.select("person", *known), on="person", how="left", maintain_order="left"
        )
        .join(towns, on="town_id", how="left", maintain_order="left")
        .with_columns(full_name=FULL_NAME, full_name_kana=FULL_KANA)
        .drop("surname", "surname_kana", "given", "given_kana")
    )


def number_history(subject: list[str]) -> pl.Expr:
    """Number the rows of each subject in their order, from 1 (履歴番号)."""
    return (pl.int_range(pl.len()).over(subject) + 1).cast(pl.Int64).alias("history_number")


def tell_change() -> list[pl.Expr]:
    """Begin a row of an insured person's history: who, which row of it, what changed and when."""
    return [
        pl.col("resident_id"),
        number_history(["person"]),
        pl.col("household_id", "full_name", "full_name_kana", "birth_date", "sex_code", "town"),
        pl.col("change_code"),
        pl.col("day").alias("effective_date"),
    ]


def scatter(number: pl.Expr, salt: int, upto: int) -> pl.Expr:
    """Turn a number into one from 0 to below `upto`, the same on every machine, without order.

    For what must stay with a person or household in every file. Two salts, two independent numbers.
    """
    mixed = (number.cast(pl.UInt64) + salt * 7919 + 1) * 2_654_435_761 % 2**32
    mixed = (mixed // 2**13 + mixed) * 2_246_822_519 % 2**32
    return (mixed // 2**7 % upto).cast(pl.Int64)


def end_of_window(city: City) -> dt.date:
    """Give the first day after the months lived through."""
    return (city.months[-1].replace(day=28) + dt.timedelta(days=4)).replace(day=1)
