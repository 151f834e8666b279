"""The cells of a workbook, one by one and by their type, spelled so that nothing is lost.

This is the exact way to read, for every format the library knows; the quick one must give the same.
Dates are ISO text, times of day and durations `h:mm:ss`, numbers the shortest plain spelling that
gives the same number back, booleans and errors what the sheet shows.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from python_calamine import CalamineSheet

_EXACT = 2**53


def read_typed(sheet: CalamineSheet) -> pl.DataFrame:
    """Read a sheet from its first row and column on: one String column a column of the sheet."""
    rows = sheet.to_python(skip_empty_area=False)
    columns = zip(*rows, strict=True)
    return pl.DataFrame(
        [
            pl.Series(f"c{number}", _spell_all(column), dtype=pl.String)
            for number, column in enumerate(columns, start=1)
        ]
    )


def spell_number(number: float) -> str:
    """Spell a number plainly: 46522, not 46522.0; 0.0000001, not 1e-07."""
    if abs(number) <= _EXACT and number == int(number):
        return format(number, ".0f")
    return format(Decimal(repr(number)), "f")


def spell_written(value: str) -> str:
    """Spell a number from the characters that stand in the file, however many digits it has."""
    digits = value.removeprefix("-")
    return value if digits.isdecimal() else spell_number(float(value))


def spell_duration(duration: dt.timedelta) -> str:
    """Spell hours, which may be more than a day: 30:05:00."""
    minutes, seconds = divmod(abs(duration) // dt.timedelta(seconds=1), 60)
    sign = "-" if duration < dt.timedelta(0) else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02}:{seconds:02}{_fraction(duration.microseconds)}"


def spell_day(number: float, first: dt.datetime) -> str:
    """Spell the date that a number of days after the first one is; too far away it stays a number."""
    try:
        return _spell_moment(first + dt.timedelta(milliseconds=round(number * 86_400_000)))
    except OverflowError:
        return spell_number(number)


def _spell_all(column: Iterable[object]) -> list[str | None]:
    return [_SPELL[type(value)](value) for value in column]


def _spell_moment(moment: dt.datetime) -> str:
    if moment.time() == dt.time(0):
        return f"{moment:%Y-%m-%d}"
    return f"{moment:%Y-%m-%d %H:%M:%S}{_fraction(moment.microsecond)}"


def _fraction(microseconds: int) -> str:
    """Spell thousandths of a second, as far as the formats keep them."""
    return f".{microseconds // 1000:03}" if microseconds >= 1000 else ""  # noqa: PLR2004


_SPELL: dict[type, Callable[..., str | None]] = {
    str: lambda text: text or None,
    float: spell_number,
    int: str,
    bool: lambda value: "TRUE" if value else "FALSE",
    dt.date: lambda day: day.isoformat(),
    dt.datetime: _spell_moment,
    dt.time: lambda time: f"{time:%H:%M:%S}{_fraction(time.microsecond)}",
    dt.timedelta: spell_duration,
    type(None): lambda _: None,
}
