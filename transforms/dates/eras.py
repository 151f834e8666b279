"""Japanese eras by law: letters, first and last days, and the year they count from.

Belongs here: the era table and arithmetic on (era, year, month, day) columns. Must not hold: the
spellings of dates. Source of the days: 明治改元の詔 (1868), 大正・昭和の改元詔書,
元号を改める政令 (昭和64年政令第1号, 平成31年政令第143号).
"""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import polars as pl

from transforms.verdict import trim
from transforms.width import fold_ascii


class Era(NamedTuple):
    """One era: `base` + era year = western year; first and last day, both inclusive."""

    letter: str
    name: str
    base: int
    first: dt.date
    last: dt.date


# On 1912-07-30 and 1926-12-25 both names are legal: the new era ran from the start of the day.
ERAS = (
    Era("M", "明治", 1867, dt.date(1868, 10, 23), dt.date(1912, 7, 30)),
    Era("T", "大正", 1911, dt.date(1912, 7, 30), dt.date(1926, 12, 25)),
    Era("S", "昭和", 1925, dt.date(1926, 12, 25), dt.date(1989, 1, 7)),
    Era("H", "平成", 1988, dt.date(1989, 1, 8), dt.date(2019, 4, 30)),
    Era("R", "令和", 2018, dt.date(2019, 5, 1), dt.date(9999, 12, 31)),
)
LETTERS = "".join(era.letter for era in ERAS)
# Japan counted days by the lunar calendar until 明治5年12月2日 (太政官布告第337号 of 明治5年).
SOLAR_FROM = dt.date(1873, 1, 1)
LAST_LUNAR_DAY = (1872, 12, 2)
# First days of the last lunar years; 明治元年 is counted from its 1月1日, as its edict says.
LUNAR_NEW_YEARS: Mapping[int, dt.date] = MappingProxyType(
    {
        1868: dt.date(1868, 1, 25),
        1869: dt.date(1869, 2, 11),
        1870: dt.date(1870, 2, 1),
        1871: dt.date(1871, 2, 19),
        1872: dt.date(1872, 2, 9),
        1873: SOLAR_FROM,
    }
)
# Fiscal years have begun in April since 明治19年度.
FIRST_APRIL_FISCAL_YEAR = 1886
# Eras before 明治 whose people stand in old registers: the year before the first.
OLD_ERAS: Mapping[str, int] = MappingProxyType(
    {
        "天保": 1829,
        "弘化": 1843,
        "嘉永": 1847,
        "安政": 1853,
        "万延": 1859,
        "文久": 1860,
        "元治": 1863,
        "慶応": 1864,
        "慶應": 1864,
    }
)
# The Gregorian calendar is of 1582; a year beyond these bounds is a slip of the pen.
FIRST_PLAUSIBLE_YEAR = 1600
LAST_PLAUSIBLE_YEAR = 2199

NAMES: Mapping[str, str] = MappingProxyType(
    {spelling: era.letter for era in ERAS for spelling in (era.name, era.name[0])}
    | {era.letter.lower(): era.letter for era in ERAS}
    | dict(zip("㍾㍽㍼㍻㋿", LETTERS, strict=True))
)


def era_letter(column: pl.Expr) -> pl.Expr:
    """Return M, T, S, H or R for an era column (令和, 令, R, Ｒ, ㋿), null for anything else."""
    spellings = dict(NAMES) | {letter: letter for letter in LETTERS}
    return fold_ascii(trim(column)).replace_strict(
        list(spellings), list(spellings.values()), default=None, return_dtype=pl.String
    )


def base_year(letter: pl.Expr) -> pl.Expr:
    """Return the western year before the era's first year (Int32), null without an era."""
    return letter.replace_strict(
        list(LETTERS), [era.base for era in ERAS], default=None, return_dtype=pl.Int32
    )


def overlaps_era(base: pl.Expr, first: pl.Expr, last: pl.Expr) -> pl.Expr:
    """Return whether the days `first` to `last` touch the era whose base year is `base`."""
    outside = pl.lit(value=False)
    for era in ERAS:
        beyond = (last < era.first) | (first > era.last)
        outside = pl.when(base == era.base).then(beyond).otherwise(outside)
    return ~outside


def civil_date(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Return the date of Int32 parts, null if the calendar has no such day; never raises.

    Args:
        year: Western year, 1 to 9999.
        month: Month of the year.
        day: Day of the month.

    Returns:
        Date. Formula: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    """
    known = year.is_between(1, 9999) & month.is_between(1, 12) & day.is_between(1, 31)
    shifted = year - (month <= 2).cast(pl.Int32)  # noqa: PLR2004 (the year starts in March)
    days_before_month = (153 * ((month + 9) % 12) + 2) // 5
    leap_days = shifted // 4 - shifted // 100 + shifted // 400
    days = 365 * shifted + leap_days + days_before_month + day - 719469
    found = pl.when(known).then(days).cast(pl.Int32).cast(pl.Date)
    # 31 April becomes 1 May: a day that changed is a day that does not exist.
    return pl.when(found.dt.day() == day).then(found)
