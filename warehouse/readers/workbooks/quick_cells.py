"""The cells of an xlsx sheet as text, the quick way: columns from the library, few cells mended.

The library rounds numbers to nine decimals, drops errors and spells hours as days of 1899. Numbers,
errors and booleans are put back from the sheet's own XML; where that does not suffice the answer is
none, and the cells are read one by one instead (`typed_cells`).
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import polars as pl

from warehouse.readers.workbooks.sheet_scan import MIDNIGHT, column_number, find_repairs
from warehouse.readers.workbooks.string_scan import scan_strings
from warehouse.readers.workbooks.typed_cells import spell_day, spell_written

if TYPE_CHECKING:
    from pathlib import Path

    import fastexcel

    from warehouse.readers.workbooks.sheet_scan import SheetScan

_UNREAL = r"^(?:1899-12-\d\d|1904-01-01|\+\d+-\d\d-\d\d) \d\d:\d\d:\d\d"
_ISO_TIME = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?")
_LONG_NUMBER = r"^-?\d{16,}$"
_FIRST_DAYS = {"1900": dt.datetime(1899, 12, 30), "1904": dt.datetime(1904, 1, 1)}  # noqa: DTZ001
_BOOLEANS = {"0": "FALSE", "1": "TRUE"}


def read_quickly(
    path: Path, part: str, sheet: fastexcel.ExcelSheet, scan: SheetScan, dates: list[int]
) -> pl.DataFrame | None:
    """Read all cells from the first row on; none when they must be read one by one.

    Args:
        path: the workbook.
        part: the part that holds the sheet's XML.
        sheet: the sheet, loaded as strings without a header.
        scan: what the sheet's XML says.
        dates: the styles in which a number is a date.
    """
    if not scan.is_plain:
        return None
    columns = [f"c{column.absolute_index + 1}" for column in sheet.available_columns()]
    frame = sheet.to_polars()
    frame.columns = columns
    if _holds(frame, _UNREAL):
        return None
    dated = [c for c in columns if frame[c].str.ends_with(MIDNIGHT).any()]
    if dated and (scan.has_midnight or scan_strings(path).has_midnight):
        return None
    frame = frame.with_columns(pl.col(dated).str.strip_suffix(MIDNIGHT))
    if _holds(frame, _LONG_NUMBER):
        return mend(frame, without_dates(find_repairs(path, part), dates))
    return mend(frame, without_dates(scan.repairs, dates))


def _holds(frame: pl.DataFrame, pattern: str) -> bool:
    return frame.select(pl.any_horizontal(pl.all().str.contains(pattern).any())).item()


def without_dates(repairs: pl.DataFrame, dates: list[int]) -> pl.DataFrame:
    """Leave out numbers that are shown as dates, which the library knows."""
    is_number = pl.col("type").fill_null("n") == "n"
    return repairs.filter(~(is_number & pl.col("style").is_in(dates)))


def mend(frame: pl.DataFrame, repairs: pl.DataFrame) -> pl.DataFrame:
    """Put the cells back whose value the library alters."""
    for (letters,), cells in repairs.group_by("letters"):
        name = f"c{column_number(str(letters))}"
        inside = cells.filter(pl.col("row") <= frame.height)
        if name in frame.columns and inside.height:
            spelled = [_spell(kind, value) for kind, value in inside.select("type", "value").rows()]
            mended = frame[name].scatter((inside["row"] - 1).to_list(), spelled)
            frame = frame.with_columns(mended.alias(name))
    return frame


def _spell(kind: str | None, value: str) -> str:
    if kind == "b":
        return _BOOLEANS.get(value, value)
    if kind == "time":
        return _spell_time(value)
    if kind in _FIRST_DAYS:
        return spell_day(float(value), _FIRST_DAYS[kind])
    return value if kind == "e" else spell_written(value)


def _spell_time(value: str) -> str:
    """Spell `PT30H05M00S`, as OpenDocument writes hours, the way a clock does."""
    found = _ISO_TIME.fullmatch(value)
    if found is None:
        return value
    hours, minutes, seconds = (part or "0" for part in found.groups())
    return f"{int(hours):02}:{int(minutes):02}:{seconds.replace(',', '.').zfill(2)}"
