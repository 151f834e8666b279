"""Coarser values: ages from birth dates, five-year bands from ages.

Belongs here: column expressions that map a value to a fixed, published class. Must not hold: the
choice of classes by looking at the data, and counting.
"""

import datetime as dt

import polars as pl

BAND_YEARS = 5
LAST_BAND = 17


def age_on(birth_date: pl.Expr, day: dt.date) -> pl.Expr:
    """Return completed years (満年齢) on a day.

    By 年齢計算ニ関スル法律 (明治35年法律第50号) and 民法第143条 an age is reached at the end
    (24:00) of the day before the birthday. Statistics as of a date count the age a person has
    during that date, so the birthday itself is the first day of the new age: born 2 January 2000
    is 24 on 1 January 2025 and 25 on 2 January. This is the completed-years convention of the
    住民基本台帳 population by age. Laws that let an age begin within the day before (school entry
    for those born on 1 April) need another rule.

    Born on 29 February: in a common year the age is reached at the end of 28 February (民法
    第143条第2項ただし書), hence counted from 1 March.

    Args:
        birth_date: Date column.
        day: The date of the statistics.

    Returns:
        Int32 years; null without a birth date, and for a birth after `day` (that person is not
        in the population of the day).
    """
    month, today = birth_date.dt.month(), birth_date.dt.day()
    birthday_ahead = (month > day.month) | ((month == day.month) & (today > day.day))
    years = pl.lit(day.year, pl.Int32) - birth_date.dt.year() - birthday_ahead.cast(pl.Int32)
    return pl.when(birth_date <= pl.lit(day)).then(years)


def age_band_5(age: pl.Expr) -> pl.Expr:
    """Return the five-year band: 0 is 0 to 4 years, 16 is 80 to 84, 17 is 85 and over.

    Args:
        age: Completed years, an integer column.

    Returns:
        Int8 from 0 to 17; null for null and for a negative age.
    """
    band = (age // BAND_YEARS).clip(upper_bound=LAST_BAND).cast(pl.Int8)
    return pl.when(age >= 0).then(band)
