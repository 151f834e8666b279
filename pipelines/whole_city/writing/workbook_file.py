"""Workbooks as people keep them: numbers as numbers, everything else as the text they typed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl
import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipelines.whole_city.writing.sheet import Sheet

# The same city is the same bytes, whenever it is written.
_MADE = dt.datetime(2024, 4, 1, tzinfo=dt.UTC)
_NUMBERS = {"integer", "decimal"}
_PLAIN_NUMBER = r"^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$"


def write_workbook(path: Path, sheet: Sheet, name: int | str, types: Mapping[str, str]) -> None:
    """Write a sheet as .xlsx.

    Args:
        path: of the file.
        sheet: what stands in it.
        name: of the sheet, or its number from 1: sheets before it are empty.
        types: file column → type of the contract.
    """
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        book.set_properties({"created": _MADE})
        for number in range(1, name if isinstance(name, int) else 1):
            book.add_worksheet(f"表紙{number}")
        page = book.add_worksheet(name if isinstance(name, str) else None)
        for number, line in enumerate(sheet.head):
            page.write_row(number, 0, _filled(line))
        for place, column in enumerate(sheet.rows.columns):
            page.write_column(len(sheet.head), place, _cells(sheet.rows[column], types.get(column)))
        for number, line in enumerate(sheet.tail, len(sheet.head) + sheet.rows.height):
            page.write_row(number, 0, _filled(line))


def _filled(line: list[str]) -> list[str | None]:
    return [word or None for word in line]


def _cells(values: pl.Series, kind: str | None) -> list[str | float | None]:
    texts: list[str | float | None] = values.replace("", None).to_list()
    if kind not in _NUMBERS:
        return texts
    is_number = values.str.contains(_PLAIN_NUMBER).fill_null(value=False)
    numbers = values.cast(pl.Float64, strict=False)
    return [n if is_n else t for t, n, is_n in zip(texts, numbers, is_number, strict=True)]
