"""xlsx, xlsm, xlsb, xls and ods into grids of text: no type is inferred, no macro runs.

The real type is told from the bytes, because HTML saved as .xlsx exists. A formula whose result was
never kept has no value to read, and its sheet is refused.
"""

from __future__ import annotations

import zipfile
import zlib
from functools import partial
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

import fastexcel
import polars as pl
from defusedxml import DefusedXmlException
from python_calamine import CalamineError, PasswordError

from warehouse.readers.book import Sheet
from warehouse.readers.grid import ROW, Grid, column_letter
from warehouse.readers.safety.precheck import LONGEST_CELL, check_safe, refuse_long_cell
from warehouse.readers.workbooks.opened import Opened, OpenedOds, OpenedOther, OpenedXlsx, Tab
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

_CFB = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_BROKEN = (
    fastexcel.FastExcelError, CalamineError, zipfile.BadZipFile, zlib.error, ParseError, ExpatError,
    DefusedXmlException, OSError, ValueError, KeyError, EOFError, NotImplementedError,
)  # fmt: skip
_PANIC = "PanicException"  # how a native library says that it met what it never thought of
_SHOWN = 5
_OPENERS = {"xlsx": OpenedXlsx, "ods": OpenedOds}


def read_workbook(path: Path, *, sheet: int | str, file: str, with_look: bool = False) -> Grid:
    """Read one sheet of a workbook, by 1-based number or by name.

    Args:
        path: the bytes.
        sheet: the number counts all tabs, hidden ones and charts too.
        file: the name it was delivered under.
        with_look: also read what the sheet shows beyond its text.

    Raises:
        Refusal: `workbook.not_one`, `workbook.broken`, `workbook.encrypted`, `workbook.no_sheet`,
            `workbook.no_value`, `workbook.far_cell`, `cell.too_long`.
    """
    opened = _open(path, file)
    grid = _read(opened, _find_tab(opened.tabs, sheet, file), file, with_look=with_look)
    require_values(grid, file)
    return grid


def list_sheets(path: Path, file: str) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
    """List the sheets, hidden ones too; each is read, with its look, when it is asked for.

    A sheet read so may hold formulas without a kept result: they stand in its look, for a diagnosis
    to tell, and `require_values` refuses them.

    Returns:
        The sheets, and Japanese sentences about what is not read: chart sheets, macros, links.

    Raises:
        Refusal: `workbook.not_one`, `workbook.broken`, `workbook.encrypted`.
    """
    opened = _open(path, file)
    sheets = tuple(
        Sheet(tab.name, tab.is_hidden, partial(_read, opened, tab, file, with_look=True))
        for tab in opened.tabs
        if tab.has_cells
    )
    skipped = (
        f"シート「{tab.name}」はグラフなどのシートで、セルがないので読みません。"
        for tab in opened.tabs
        if not tab.has_cells
    )
    return sheets, (*skipped, *opened.warnings)


def require_values(grid: Grid, file: str) -> None:
    """Refuse a sheet in which a formula has no kept result.

    Raises:
        Refusal: `workbook.no_value`, naming the cells.
    """
    cells = grid.look.formulas_without_value
    if cells:
        more = f" ほか {len(cells) - _SHOWN} 個" if len(cells) > _SHOWN else ""
        raise Refusal(
            "workbook.no_value",
            f"計算結果が保存されていない数式のセルが {len(cells)} 個あり、値を読めません。",
            f"{file}(シート「{grid.sheet}」の {'、'.join(cells[:_SHOWN])}{more})",
            "Excel か LibreOffice で開いて再計算し、保存し直して提出してください。",
        )


def _open(path: Path, file: str) -> Opened:
    with path.open("rb") as handle:
        start = handle.read(4)
    if start not in {_ZIP, _CFB}:
        raise _refuse("not_one", "中身が Excel のファイルではありません。", file)
    try:
        kind = _kind(path) if start == _ZIP else "xls"
        check_safe(path, kind, file)
        return _OPENERS.get(kind, OpenedOther)(path, file)
    except BaseException as error:  # noqa: BLE001 - a panic of a native library is no Exception
        raise _word(error, file) from None


def _kind(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
    if "content.xml" in names:
        return "ods"
    return "xlsb" if "xl/workbook.bin" in names else "xlsx"


def _read(opened: Opened, tab: Tab, file: str, *, with_look: bool) -> Grid:
    try:
        grid = opened.read(tab, with_look=with_look)
    except BaseException as error:  # noqa: BLE001 - a panic of a native library is no Exception
        raise _word(error, file) from None
    _refuse_long_cells(grid, file)
    return grid


def _word(error: BaseException, file: str) -> BaseException:
    """Word a library's fault or panic; its own words may repeat the file's."""
    if isinstance(error, PasswordError):
        return _refuse("encrypted", "パスワードで保護されているので読めません。", file)
    if isinstance(error, _BROKEN) or type(error).__name__ == _PANIC:
        return _refuse("broken", "Excel ファイルが壊れていて開けません。", file)
    return error


def _refuse(rule: str, what: str, file: str) -> Refusal:
    remedy = (
        "Excel で開けるかを確かめ、パスワードがあれば外し、"
        "「Excel ブック(.xlsx)」で保存し直して提出してください。"
    )
    return Refusal(f"workbook.{rule}", what, file, remedy)


def _find_tab(tabs: tuple[Tab, ...], sheet: int | str, file: str) -> Tab:
    names = [tab.name for tab in tabs]
    if isinstance(sheet, str) and sheet in names:
        found = tabs[names.index(sheet)]
    elif isinstance(sheet, int) and 1 <= sheet <= len(tabs):
        found = tabs[sheet - 1]
    else:
        found = None
    if found is not None and found.has_cells:
        return found
    raise Refusal(
        "workbook.no_sheet",
        f"契約のシート「{sheet}」は、{'セルのないシートです' if found else 'ありません'}。",
        f"{file}(あるシート: {'、'.join(names)})",
        "シート名を元に戻すか、契約の sheet を直してください。",
    )


def _refuse_long_cells(grid: Grid, file: str) -> None:
    """Refuse a cell no person can have written, with its address."""
    texts = pl.all().exclude(ROW).str
    longest = grid.cells.select(texts.len_bytes().max()).row(0) if grid.cells.height else ()
    for number, size in enumerate(longest, start=1):
        if (size or 0) >= LONGEST_CELL:
            lengths = grid.cells[f"c{number}"].str.len_chars().fill_null(0)
            if (lengths.max() or 0) >= LONGEST_CELL:  # ty: ignore[unsupported-operator]
                cell = f"{column_letter(number)}{lengths.arg_max() + 1}"  # ty: ignore[unsupported-operator]
                raise refuse_long_cell(f"{file}(シート「{grid.sheet}」の {cell})")
