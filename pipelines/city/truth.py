"""What the demonstration city really is, so that a run over its files can be held against it.

Counts and true tables only; nothing here is ever written to the inbox.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import datetime as dt

_BAND = 5
_LAST_BAND = 85


@dataclass(frozen=True)
class FileTruth:
    """What one file holds.

    Attributes:
        rows: data rows, without headers, units, totals, footnotes.
        faults: kind → rows that cannot be repaired (see `faults`).
        wide_digits: contract column → rows whose value has full-width digits (repairable).
        set_aside: reason → rows that are not data, by the words of the contract.
    """

    rows: int
    faults: dict[str, int] = field(default_factory=dict)
    wide_digits: dict[str, int] = field(default_factory=dict)
    set_aside: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class CityTruth:
    """The truth about one inbox.

    Attributes:
        files: file name → its content; the broken workbook and the second copy are not here.
        population: period → residents by `town`, `sex_code`, `age_band` (April as corrected).
        broken: files that cannot be opened.
        same_bytes: name of a second copy → name of the first.
        childcare_capacity: true total of places in April, persons, after the known correction.
        same: dataset → its record → the facility or resident that it truly is.
    """

    files: dict[str, FileTruth]
    population: dict[str, pl.DataFrame]
    broken: tuple[str, ...]
    same_bytes: dict[str, str]
    childcare_capacity: int
    same: dict[str, dict[str, str]] = field(default_factory=dict)


def count_population(register: pl.DataFrame, as_of: dt.date) -> pl.DataFrame:
    """Count a clean register by town, sex and five-year age band (`0-4歳` … `85歳以上`).

    Ages are full years reached by the birthday on or before `as_of`. Only combinations with
    residents are listed.
    """
    born = pl.col("birth_date")
    month, day = born.dt.month(), born.dt.day()
    birthday_to_come = (month > as_of.month) | ((month == as_of.month) & (day > as_of.day))
    age = as_of.year - born.dt.year() - birthday_to_come.cast(pl.Int32)
    start = age // _BAND * _BAND
    band = (
        pl.when(age >= _LAST_BAND)
        .then(pl.lit(f"{_LAST_BAND}歳以上"))
        .otherwise(pl.format("{}-{}歳", start, start + _BAND - 1))
    )
    counted = register.group_by("town", "sex_code", band.alias("age_band"))
    return counted.agg(residents=pl.len()).sort("town", "sex_code", "age_band")
