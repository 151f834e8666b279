"""Release tables as a workbook: one sheet, one header row, nothing that only an eye can read.

No merged cells, formulas, colours or number formats. Codes are text cells, numbers are numbers,
blank is an empty cell. Must not hold: workbooks that people fill in (`warehouse/returns`).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl
import xlsxwriter

from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from xlsxwriter.worksheet import Worksheet

    from assets.standard import Standard

# What a sheet of Excel holds: rows with the header, characters of a cell, digits of a number.
_ROWS, _CHARACTERS, _LARGEST = 1_048_576, 32_767, 999_999_999_999_999
_SHEET_NAME = 31
_FORBIDDEN = r"[\[\]:*?/\\']"
_NO_CHARACTER = "[\ufffe\uffff]"
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
# The same table gives the same bytes, so the workbook may not say when it was written.
_WRITTEN = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)


def write_xlsx(table: pl.DataFrame, standard: Standard, path: Path) -> None:
    """Write a typed table, row by row in constant memory.

    Raises:
        Refusal: `format.too_large`, when a sheet cannot hold the table as it is.
    """
    _require_room(table)
    with xlsxwriter.Workbook(path, _OPTIONS) as book:
        book.set_properties({"title": standard.label, "created": _WRITTEN})
        sheet = book.add_worksheet(_sheet_name(standard))
        for number, name in enumerate(table.columns):
            sheet.write_string(0, number, name)
        _write_rows(sheet, table)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{_ROWS}"})


def _write_rows(sheet: Worksheet, table: pl.DataFrame) -> None:
    """Hand every cell to the library, which takes no columns."""
    numbers = [kind.is_numeric() for kind in table.dtypes]
    for row, cells in enumerate(table.iter_rows(), start=1):
        for column, cell in enumerate(cells):
            if cell is None:
                continue
            if not numbers[column]:
                sheet.write_string(row, column, cell)
            elif float(f"{cell:.16G}") == cell:  # as the library writes it
                sheet.write_number(row, column, cell)
            else:
                raise _too_large("16桁を超える小数があります。", f"「{table.columns[column]}」列")


def _sheet_name(standard: Standard) -> str:
    plain = pl.select(pl.lit(standard.title).str.replace_all(_FORBIDDEN, " ")).item()
    return plain[:_SHEET_NAME].strip() or standard.slug[:_SHEET_NAME]


def _require_room(table: pl.DataFrame) -> None:
    if table.height + 1 > _ROWS:
        raise _too_large(f"行が {table.height:,} 行あります(シートは {_ROWS:,} 行まで)。", "表全体")
    for name, kind in table.schema.items():
        series = table[name]
        if kind.is_numeric() and (series.abs() > _LARGEST).any():
            raise _too_large("15桁を超える数値があります。", f"「{name}」列")
        if kind == pl.String and (series.str.len_chars() > _CHARACTERS).any():
            raise _too_large(f"{_CHARACTERS:,} 文字を超える値があります。", f"「{name}」列")
        if kind == pl.String and series.str.contains(_NO_CHARACTER).any():
            raise _too_large("文字でない符号(U+FFFE、U+FFFF)があります。", f"「{name}」列")


def _too_large(what: str, where: str) -> Refusal:
    return Refusal(
        "format.too_large",
        f"Excel のファイルに、そのまま書けません。{what}",
        where,
        "公開の設定で xlsx: false にするか、SQL で値を直してください。",
    )
