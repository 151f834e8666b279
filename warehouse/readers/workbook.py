"""xlsx, xlsm, xls and ods into a grid of text: no type is inferred, no macro runs.

Calamine reads the cells (numbers and dates arrive in their plain spelling) and the merges. The
real type is told from the bytes, because HTML saved as .xlsx exists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import fastexcel
import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from warehouse.readers.grid import ROW, Grid, Span
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from python_calamine import CalamineSheet

_ERRORS = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
}
_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def read_workbook(path: Path, *, sheet: int | str, file: str) -> Grid:
    """Read one sheet of a workbook, by 1-based number or by name.

    Raises:
        Refusal: `workbook.not_one`, `workbook.broken`, `workbook.no_sheet`.
    """
    with path.open("rb") as handle:
        if handle.read(8)[:4] not in {magic[:4] for magic in _MAGIC}:
            raise _refuse("not_one", "中身が Excel のファイルではありません。", file)
    try:
        book = CalamineWorkbook.from_path(str(path))
        name = _find_sheet(book.sheet_names, sheet, file)
        outline = book.get_sheet_by_name(name)
        cells = _read_cells(path, name)
    except (fastexcel.FastExcelError, CalamineError, OSError, ValueError) as error:
        raise _refuse("broken", "Excel ファイルが壊れていて開けません。", file) from error
    return Grid(_lay_out(cells, outline), sheet=name, merges=_spans(outline))


def _read_cells(path: Path, sheet: str) -> pl.DataFrame:
    """Read the cells; a formula's error stays in its cell as Excel shows it, not as a blank."""
    loaded = fastexcel.read_excel(path).load_sheet(
        sheet, header_row=None, skip_rows=0, dtypes="string"
    )
    batch, errors = loaded.to_arrow_with_errors()
    frame = pl.DataFrame(batch)
    for error in errors.errors if errors else []:
        row, column = error.position
        kind = next((k for k in _ERRORS if f"({k})" in error.detail), "")
        frame[row, column] = _ERRORS.get(kind, "#ERROR!")
    return frame


def _refuse(rule: str, what: str, file: str) -> Refusal:
    remedy = (
        "Excel で開けるかを確かめ、パスワードがあれば外し、"
        "「Excel ブック(.xlsx)」で保存し直して提出してください。"
    )
    return Refusal(f"workbook.{rule}", what, file, remedy)


def _find_sheet(names: list[str], sheet: int | str, file: str) -> str:
    if isinstance(sheet, str) and sheet in names:
        return sheet
    if isinstance(sheet, int) and 1 <= sheet <= len(names):
        return names[sheet - 1]
    raise Refusal(
        "workbook.no_sheet",
        f"契約のシート「{sheet}」がありません。",
        f"{file}(あるシート: {'、'.join(names)})",
        "シート名を元に戻すか、契約の sheet を直してください。",
    )


def _lay_out(frame: pl.DataFrame, outline: CalamineSheet) -> pl.DataFrame:
    """Number rows and columns as the spreadsheet does; the reader drops blank leading columns."""
    first_column = (outline.start or (0, 0))[1]
    names = {old: f"c{first_column + i + 1}" for i, old in enumerate(frame.columns)}
    leading = [pl.lit(None, pl.String).alias(f"c{i + 1}") for i in range(first_column)]
    blank_as_null = pl.all().cast(pl.String).replace("", None)
    return frame.select(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(ROW), *leading, blank_as_null
    ).rename(names)


def _spans(outline: CalamineSheet) -> tuple[Span, ...]:
    ranges = outline.merged_cell_ranges or []
    return tuple(Span(a[0] + 1, b[0] + 1, a[1] + 1, b[1] + 1) for a, b in ranges)
