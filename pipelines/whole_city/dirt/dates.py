"""Dirt in dates: days that do not exist, eras that end too early, dates that contradict themselves."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.dirt.kind import Field, Kind, apply, numbers, pick

if TYPE_CHECKING:
    import numpy as np

_WEEKDAYS = "月火水木金土日"
_FIRST, _LAST = dt.date(1990, 1, 1), dt.date(2024, 12, 31)
_NO_SUCH_DAYS = (
    "2月30日",
    "4月31日",
    "6月31日",
    "9月31日",
    "11月31日",
    "13月1日",
    "1月32日",
    "0月5日",
)
_NO_SUCH_PARTS = (".2.30", ".4.31", ".6.31", ".9.31", ".11.31", ".13.1", ".1.32")
_SERIALS = (29_000, 45_900)
# Eras and the years they did not reach, the letter as systems write it. 99 would mean no end.
_TOO_LATE = (("昭和", "S", 65, 90), ("平成", "H", 32, 45), ("大正", "T", 16, 25))


def _is_strict_date(field: Field) -> bool:
    return field.column.type == "date" and field.column.policy == "strict"


def _is_sure_date(field: Field) -> bool:
    return _is_strict_date(field) and field.is_doubt_refused


def _impossible(values: pl.Series, _field: Field, rng: np.random.Generator) -> pl.Series:
    """Write days that no calendar has, in the three commonest spellings."""
    count = len(values)
    table = pl.DataFrame(
        {
            "form": numbers(rng, 0, 2, count),
            "year": numbers(rng, 1990, 2024, count),
            "era": numbers(rng, 1, 30, count),
            "day": pick(rng, _NO_SUCH_DAYS, count),
            "part": pick(rng, _NO_SUCH_PARTS, count),
        }
    )
    written = (
        pl.when(pl.col("form") == 0)
        .then(pl.format("平成{}年{}", "era", "day"))
        .when(pl.col("form") == 1)
        .then(pl.format("H{}{}", "era", "part"))
        .otherwise(
            pl.format("{}{}", "year", pl.col("part").str.replace_all(".", "/", literal=True))
        )
    )
    return table.select(written).to_series()


def _beyond_its_era(values: pl.Series, _field: Field, rng: np.random.Generator) -> pl.Series:
    count = len(values)
    drawn = [
        apply(
            pl.when(pl.col("long") == 1)
            .then(pl.format(name + "{}年{}月{}日", "year", "month", "day"))
            .otherwise(pl.format(letter + "{}.{}.{}", "year", "month", "day")),
            year=numbers(rng, low, high, count),
            month=numbers(rng, 1, 12, count),
            day=numbers(rng, 1, 28, count),
            long=numbers(rng, 0, 1, count),
        )
        for name, letter, low, high in _TOO_LATE
    ]
    return _one_of(drawn, rng, count)


def _says_two_things(values: pl.Series, _field: Field, rng: np.random.Generator) -> pl.Series:
    """Write a wrong weekday, or a western and a Japanese year that differ."""
    count = len(values)
    offset = numbers(rng, 0, (_LAST - _FIRST).days, count)
    day = pl.lit(_FIRST) + pl.duration(days=pl.col("offset"))
    wrong = (day.dt.weekday() - 1 + pl.col("slip")) % len(_WEEKDAYS)
    weekday = wrong.replace_strict(range(7), list(_WEEKDAYS), return_dtype=pl.String)
    date = pl.format("{}年{}月{}日", day.dt.year(), day.dt.month(), day.dt.day())
    other = pl.format(
        "{}(平成{})年{}月{}日",
        pl.col("year"),
        pl.col("year") - 1988 + pl.col("slip"),
        day.dt.month(),
        day.dt.day(),
    )
    given = {
        "offset": offset,
        "slip": numbers(rng, 1, 3, count),
        "year": numbers(rng, 1990, 2015, count),
    }
    return _one_of(
        [apply(pl.format("{}({})", date, weekday), **given), apply(other, **given)], rng, count
    )


def _serial(values: pl.Series, _field: Field, rng: np.random.Generator) -> pl.Series:
    """Write the number a spreadsheet shows when a cell loses the format of a date."""
    return numbers(rng, *_SERIALS, len(values)).cast(pl.String)


def _one_of(drawn: list[pl.Series], rng: np.random.Generator, count: int) -> pl.Series:
    number = rng.integers(0, len(drawn), count)
    return pl.concat(drawn).gather(number * count + pl.int_range(count, eager=True).to_numpy())


KINDS = (
    Kind("impossible_date", "暦にない日付", _is_strict_date, _impossible),
    Kind("beyond_its_era", "元号の届かない年", _is_strict_date, _beyond_its_era),
    Kind("date_says_two_things", "二つのことを言う日付", _is_sure_date, _says_two_things),
    Kind(
        "serial_for_date",
        "日付が通し番号になった",
        lambda field: _is_sure_date(field) and not field.column.excel_serials,
        _serial,
    ),
)
