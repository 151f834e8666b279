"""Days, months and years as clerks and systems write them, all of them readable without a doubt.

Every day of two centuries is spelled once; a column is then a matter of looking up.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import polars as pl

from pipelines.whole_city.writing.widths import widen

_FIRST, _LAST = dt.date(1873, 1, 1), dt.date(2100, 12, 31)
# Name, letter, number in systems that count eras, first day.
_ERAS = (
    ("明治", "M", 1, dt.date(1868, 1, 25)),
    ("大正", "T", 2, dt.date(1912, 7, 30)),
    ("昭和", "S", 3, dt.date(1926, 12, 25)),
    ("平成", "H", 4, dt.date(1989, 1, 8)),
    ("令和", "R", 5, dt.date(2019, 5, 1)),
)
_EXCEL_DAY_0 = 25_569

LONG, SHORT, PADDED, SLASHES, ISO, PACKED, WESTERN, WIDE, ERA_DIGITS, SERIAL = range(10)
# What everybody can read; the last two need a word of the contract.
PLAIN = (LONG, SHORT, PADDED, SLASHES, ISO, PACKED, WESTERN, WIDE)


def spell_days(days: pl.Series, form: pl.Series) -> pl.Series:
    """Write days, each in its own form.

    Args:
        days: Date; null stays null.
        form: number of a form, one for every day.
    """
    number = (days.to_physical() - _offset()).cast(pl.Int64)
    number = number.set(~number.is_between(0, _size() - 1), None)
    found = _spelled().gather(number + form.cast(pl.Int64) * _size())
    return found.zip_with(found.is_not_null() | days.is_null(), days.cast(pl.String))


def spell_months(months: pl.Series, form: int) -> pl.Series:
    """Write months given by their first day, in one of three forms."""
    day, (name, year) = pl.col("day"), _era_parts()
    forms = (
        pl.format("{}{}年{}月", name, _first_is_gannen(year), day.dt.month()),
        day.dt.strftime("%Y-%m"),
        pl.format("{}年{}月", day.dt.year(), day.dt.month()),
    )
    return months.alias("day").to_frame().select(forms[form]).to_series()


def spell_years(years: pl.Series, form: int, word: str) -> pl.Series:
    """Write western or Japanese years with their word (年, 年度), or in four digits."""
    middle = pl.date(pl.col("year"), 6, 1).alias("day")
    name, year = _era_parts()
    forms = (
        pl.col("year").cast(pl.String),
        pl.format("{}{}" + word, name, _first_is_gannen(year)),
        pl.format("{}" + word, "year"),
    )
    told = years.alias("year").cast(pl.Int32).to_frame().with_columns(middle)
    return told.select(pl.when(pl.col("year").is_not_null()).then(forms[form])).to_series()


def year_of_era(day: pl.Expr) -> tuple[pl.Expr, pl.Expr, pl.Expr, pl.Expr]:
    """Give of a day: name, letter and number of its era, and the year in it."""
    name, letter, count, base = (pl.lit(None),) * 4
    for era in _ERAS:
        holds = day >= era[3]
        name = pl.when(holds).then(pl.lit(era[0])).otherwise(name)
        letter = pl.when(holds).then(pl.lit(era[1])).otherwise(letter)
        count = pl.when(holds).then(pl.lit(era[2])).otherwise(count)
        base = pl.when(holds).then(pl.lit(era[3].year - 1)).otherwise(base)
    return name, letter, count, day.dt.year() - base


def _era_parts() -> tuple[pl.Expr, pl.Expr]:
    name, _, _, year = year_of_era(pl.col("day"))
    return name, year


def _first_is_gannen(year: pl.Expr) -> pl.Expr:
    return pl.when(year == 1).then(pl.lit("元")).otherwise(year.cast(pl.String))


def _offset() -> int:
    return (_FIRST - dt.date(1970, 1, 1)).days


def _size() -> int:
    return (_LAST - _FIRST).days + 1


@lru_cache(1)
def _spelled() -> pl.Series:
    day = pl.col("day")
    name, letter, count, year = year_of_era(day)
    month, number = day.dt.month(), day.dt.day()
    two = [part.cast(pl.String).str.zfill(2) for part in (year, month, number)]
    long = pl.format("{}{}年{}月{}日", name, _first_is_gannen(year), month, number)
    forms = [
        long,
        pl.format("{}{}.{}.{}", letter, year, month, number),
        pl.format("{}{}.{}.{}", letter, *two),
        pl.format("{}/{}/{}", day.dt.year(), month, number),
        day.cast(pl.String),
        day.dt.strftime("%Y%m%d"),
        pl.format("{}年{}月{}日", day.dt.year(), month, number),
        widen(long),
        pl.format("{}{}{}{}", count, *two),
        (day.to_physical() + _EXCEL_DAY_0).cast(pl.String),
    ]
    days = pl.date_range(_FIRST, _LAST, eager=True).alias("day").to_frame()
    return pl.concat(days.select(form.alias("text")).to_series() for form in forms)
