"""Corrects a workbook of waiting rows as a clerk would, and saves it as another program might."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import xlsxwriter

from warehouse.readers.workbooks.workbook import read_workbook
from warehouse.returns.identity import FIRST_ROW, KEY_ROW, MARK_SHEET, ROWS_SHEET

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

# A row of the sheet: machine's name → text, None for a blank cell.
Row = dict[str, Any]


def read_rows(path: Path) -> tuple[list[Row], list[str]]:
    """Read the rows with the machine's names as keys, and the row of these names."""
    cells = read_workbook(path, sheet=ROWS_SHEET, file=path.name).cells
    table = [list(row[1:]) for row in cells.iter_rows()]
    keys = [str(key) for key in table[KEY_ROW - 1]]
    named = ["id", *keys[1:]]
    return [dict(zip(named, row, strict=True)) for row in table[FIRST_ROW - 1 :]], keys


def save_again(
    path: Path,
    target: Path,
    edit: Callable[[list[Row]], list[Row] | None],
    *,
    sheets: tuple[str, ...] = (ROWS_SHEET, MARK_SHEET),
) -> Path:
    """Read a workbook, let `edit` change its rows, and save all as plain text cells."""
    rows, keys = read_rows(path)
    rows = edit(rows) or rows
    named = ["id", *keys[1:]]
    with xlsxwriter.Workbook(str(target)) as book:
        for name in sheets:
            sheet = book.add_worksheet(name)
            if name == MARK_SHEET:
                sheet.write_string(0, 0, keys[0])
                sheet.hide()
            else:
                _write(sheet, [keys, ["" for _ in keys], *([row.get(k) for k in named] for row in rows)])  # fmt: skip
    return target


def _write(sheet, table: Sequence[Sequence[str | None]]) -> None:
    for number, row in enumerate(table):
        for column, value in enumerate(row):
            if value:
                sheet.write_string(number, column, value)
