"""The made-up city as one object: who lived where, when, and in which household.

Every system's records are derived from these two tables, so that they agree with one another.
How the people came to be is `people`; what a department keeps of them is `systems`; how it writes
its files is `writing`. Nobody here is real: 番 beyond 900 do not exist in the city's towns.
"""

from __future__ import annotations

import datetime as dt
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

JST = dt.timezone(dt.timedelta(hours=9))

# Reasons of a row of `versions`.
BORN, MOVED_IN, MOVED_WITHIN, MOVED_OUT, DIED = (
    "born",
    "moved_in",
    "moved_within",
    "moved_out",
    "died",
)
MARRIED, DIVORCED, HEAD_CHANGED, CORRECTED = "married", "divorced", "head_changed", "corrected"

TOWNS = {
    "town_id": pl.Int16,
    "town": pl.String,  # 本町三丁目
    "base": pl.String,  # 本町
    "kana": pl.String,  # half-width reading of the base
    "postal_code": pl.String,  # 560-0021
    "school_district": pl.String,  # made-up elementary school district
    "area": pl.String,
    "latitude": pl.Float64,
    "longitude": pl.Float64,
}
PERSONS = {
    "person": pl.Int32,  # index of the row, 0 first
    "resident_id": pl.String,  # ten digits
    "given": pl.String,
    "given_kana": pl.String,  # full-width katakana
    "sex_code": pl.String,  # 1 male, 2 female
    "birth_date": pl.Date,
    "death_date": pl.Date,  # null: alive at the end
    "nationality": pl.String,  # 日本, or the name of another country
    "mother": pl.Int32,  # person, where both have lived in the city
    "father": pl.Int32,
    "phone": pl.String,  # a number that is never assigned, or null
    "email": pl.String,  # at example.jp, or null
}
VERSIONS = {
    "person": pl.Int32,
    "number": pl.Int16,  # 履歴番号, 1 first; rows are in the order of person and number
    "effective_date": pl.Date,  # 異動日: what the row says is true from this day on
    "notified_date": pl.Date,  # 届出日: when the city came to know, never before effective_date
    "reason": pl.String,
    "surname": pl.String,
    "surname_kana": pl.String,
    "household_id": pl.String,  # ten digits
    "head": pl.Int32,  # person at the head of the household
    "relationship": pl.String,  # 続柄: 世帯主, 妻, 夫, 子, 父, 母, 妻の父, 子の妻, 子の子, 縁故者 …
    "town_id": pl.Int16,
    "block": pl.String,  # 901番3号
    "building": pl.String,  # null: none
    "is_resident": pl.Boolean,  # false after moving out or dying (消除)
    "elsewhere": pl.String,  # local government code (6 digits) moved from or to
}


@dataclass(frozen=True)
class Delivery:
    """One file a department delivers, before it is written.

    Attributes:
        dataset: of the register.
        period: as its file pattern names it: `2024-04`, `2024`, `2024-04-30`.
        delivered_at: the file's own time (JST).
        rows: the contract's columns, typed as in the common form, clean. Codes hold the code.
        label: what tells it from another file of the period (訂正); goes where the pattern has `*`.
        dirty: whether faults may be put in.
    """

    dataset: str
    period: str
    delivered_at: dt.datetime
    rows: pl.DataFrame
    label: str = ""
    dirty: bool = True


@dataclass(frozen=True, eq=False)
class City:
    """The people of the city from before its first month to the end of its last.

    Attributes:
        seed: which city.
        months: first days of the months lived through, in order. The register as it stood at the
            start is in `versions` with earlier dates.
        towns: `TOWNS`, `persons`: `PERSONS`, `versions`: `VERSIONS`.
    """

    seed: int
    months: Sequence[dt.date]
    towns: pl.DataFrame
    persons: pl.DataFrame
    versions: pl.DataFrame

    def rng(self, purpose: str) -> np.random.Generator:
        """Open a reproducible stream of random numbers, one a purpose, so that none disturbs another."""
        return np.random.default_rng([self.seed, zlib.crc32(purpose.encode())])

    @cached_property
    def spells(self) -> pl.DataFrame:
        """Give `versions` with `until_date`, the day from which the next row of the person holds."""
        same = pl.col("person") == pl.col("person").shift(-1)
        following = pl.when(same).then(pl.col("effective_date").shift(-1))
        return self.versions.with_columns(until_date=following)

    def residents_on(self, day: dt.date) -> pl.DataFrame:
        """List who lives in the city at the end of a day: `VERSIONS`, `until_date`, `PERSONS`, `town`.

        One row a person, in the order of `person`.
        """
        if day not in self._present:
            until = pl.col("until_date").fill_null(dt.date.max)
            there = pl.col("is_resident") & (pl.col("effective_date") <= day) & (until > day)
            self._present[day] = self.spells.select(there.arg_true()).to_series()
        return self._describe(self.spells[self._present[day]])

    def changes_between(self, first: dt.date, last: dt.date) -> pl.DataFrame:
        """List the rows the city came to know from `first` to `last`, both inclusive; as above."""
        return self._describe(self.spells.filter(pl.col("notified_date").is_between(first, last)))

    @cached_property
    def _present(self) -> dict[dt.date, pl.Series]:
        """Remember which rows of `spells` held on a day: every source asks for the same days.

        Only the numbers of the rows are kept (1.6 MB for 400,000 residents), never the states.
        """
        return {}

    def _describe(self, rows: pl.DataFrame) -> pl.DataFrame:
        # A person is the number of a row of `persons`: taking rows costs a fifth of a join.
        people = self.persons[rows["person"]].drop("person")
        names = self.towns.select("town_id", "town")
        return rows.hstack(people).join(names, on="town_id", how="left", maintain_order="left")


def last_day(month: dt.date) -> dt.date:
    """Give the last day of the month that starts on a day."""
    return (month.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)


def period_of(month: dt.date) -> str:
    """Name a month as periods do: `2024-04`."""
    return f"{month:%Y-%m}"


def fiscal_year(day: dt.date) -> int:
    """Give the fiscal year of a day: April to March."""
    return day.year - (day.month < 4)  # noqa: PLR2004 - April


def ages_on(birth: pl.Expr, day: dt.date) -> pl.Expr:
    """Count completed years on a day, by the birthday itself."""
    ahead = (birth.dt.month() > day.month) | (
        (birth.dt.month() == day.month) & (birth.dt.day() > day.day)
    )
    return day.year - birth.dt.year() - ahead.cast(pl.Int32)
