"""An opened workbook of one of the formats: its tabs, and how the cells of one are read.

The bytes have been found safe (`precheck`). The libraries' errors come through; `workbook` words
them.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import fastexcel
import polars as pl
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from warehouse.readers.grid import ROW, Grid, Look, Span, column_letter
from warehouse.readers.safety.extent import require_area
from warehouse.readers.workbooks.look import read_look
from warehouse.readers.workbooks.ods_scan import scan_ods
from warehouse.readers.workbooks.package import read_package
from warehouse.readers.workbooks.quick_cells import mend, read_quickly, without_dates
from warehouse.readers.workbooks.sheet_scan import (
    REPAIR_SCHEMA,
    find_repairs,
    find_styled,
    scan_sheet,
)
from warehouse.readers.workbooks.styles import read_styles
from warehouse.readers.workbooks.typed_cells import read_typed

if TYPE_CHECKING:
    from pathlib import Path

    from python_calamine import CalamineSheet

    from warehouse.readers.workbooks.sheet_scan import SheetScan

_ERRORS = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
}
_LINK_PART = re.compile(r"xl/externalLinks/[^/]+\.xml")
_CELL_BYTES = 6
_MACROS = "マクロ(VBA)が入っています。実行せず、セルの値だけを読みます。"
_LINKS = "ほかのブックへのリンクがあります。リンク先は開かず、保存されている値を読みます。"
_DDE = "外部のプログラムを呼ぶリンク(DDE)があります。呼び出さず、保存されている値を読みます。"


@dataclass(frozen=True)
class Tab:
    """One tab of a workbook, in the order they are shown; `part` is its place in the archive."""

    name: str
    is_hidden: bool
    has_cells: bool
    part: str = ""


class Opened(Protocol):
    """A workbook whose sheets can be read one at a time."""

    tabs: tuple[Tab, ...]
    warnings: tuple[str, ...]

    def read(self, tab: Tab, *, with_look: bool) -> Grid:
        """Read one sheet."""
        ...


class OpenedXlsx:
    """An xlsx or xlsm."""

    def __init__(self, path: Path, file: str) -> None:
        """Read the list of sheets."""
        self._path, self._file = path, file
        with zipfile.ZipFile(path) as archive:
            self._package = read_package(archive)
            self.warnings = _warn(archive)
            self._styles, _ = read_styles(archive, self._package.workbook)
        self.tabs = tuple(
            Tab(sheet.name, sheet.is_hidden, sheet.kind == "worksheet", sheet.part)
            for sheet in self._package.sheets
        )

    @cached_property
    def _reader(self) -> fastexcel.ExcelReader:
        return fastexcel.read_excel(self._path)

    def read(self, tab: Tab, *, with_look: bool) -> Grid:
        """Read one sheet, quickly where that loses nothing."""
        scan = scan_sheet(self._path, tab.part)
        cells = self._read_cells(tab, scan)
        merges = tuple(scan.merges)
        if not scan.is_plain:
            merges = _spans(self._outline(tab.name).merged_cell_ranges)
        if with_look:
            look = read_look(self._path, self._package, tab.part, scan)
        else:
            look = Look(formulas_without_value=tuple(scan.formulas_without_value))
        return Grid(lay_out(cells), tab.name, tab.is_hidden, merges=merges, look=look)

    def _read_cells(self, tab: Tab, scan: SheetScan) -> pl.DataFrame:
        loaded = _load(self._reader, tab.name)
        dates = [number for number, style in enumerate(self._styles) if style.is_date]
        cells = None
        if all(style.is_plain for style in self._styles):
            cells = read_quickly(self._path, tab.part, loaded, scan, dates)
        if cells is None:
            cells = mend(read_typed(self._outline(tab.name)), _errors(loaded))
            if scan.is_plain:
                cells = mend(cells, without_dates(find_repairs(self._path, tab.part), dates))
        eras = {number for number, style in enumerate(self._styles) if style.is_era}
        if eras and scan.is_plain:
            system = "1904" if self._package.is_1904 else "1900"
            cells = mend(cells, find_styled(self._path, tab.part, eras, system))
        return cells

    def _outline(self, sheet: str) -> CalamineSheet:
        return CalamineWorkbook.from_path(self._path).get_sheet_by_name(sheet)


class OpenedOds:
    """An OpenDocument spreadsheet."""

    warnings: tuple[str, ...] = ()

    def __init__(self, path: Path, file: str) -> None:
        """Open it."""
        self._file = file
        self._scans = scan_ods(path)
        self._book = CalamineWorkbook.from_path(path)
        self.tabs = _tabs(self._book)

    def read(self, tab: Tab, *, with_look: bool) -> Grid:
        """Read one sheet; `with_look` costs nothing, because the scan knows all there is."""
        scan = self._scans[tab.name]
        cells = mend(read_typed(self._book.get_sheet_by_name(tab.name)), scan.repair_frame())
        look = Look(formulas_without_value=tuple(scan.formulas_without_value))
        if with_look:
            look = Look(
                formulas_without_value=look.formulas_without_value,
                formulas=tuple(scan.formulas),
                hidden_rows=tuple(scan.hidden_rows),
            )
        merges = tuple(scan.merges)
        return Grid(lay_out(cells), tab.name, tab.is_hidden, merges=merges, look=look)


class OpenedOther:
    """An xls or xlsb: what the library tells of its cells is all that is known."""

    warnings: tuple[str, ...] = ()

    def __init__(self, path: Path, file: str) -> None:
        """Open it."""
        self._path, self._file = path, file
        self._book = CalamineWorkbook.from_path(path)
        self.tabs = _tabs(self._book)

    @cached_property
    def _reader(self) -> fastexcel.ExcelReader:
        return fastexcel.read_excel(self._path)

    def read(self, tab: Tab, *, with_look: bool) -> Grid:  # noqa: ARG002 - nothing more is known
        """Read one sheet."""
        outline = self._book.get_sheet_by_name(tab.name)
        size = self._path.stat().st_size
        end = outline.end or (0, 0)
        area = outline.height * outline.width
        farthest = f"{column_letter(end[1] + 1)}{end[0] + 1}"
        require_area(area, size // _CELL_BYTES, farthest, f"{self._file}(シート「{tab.name}」)")
        cells = mend(read_typed(outline), _errors(_load(self._reader, tab.name)))
        merges = _spans(outline.merged_cell_ranges)
        return Grid(lay_out(cells), tab.name, tab.is_hidden, merges=merges)


def lay_out(cells: pl.DataFrame) -> pl.DataFrame:
    """Number the rows, put the blank columns before the first one back, and make blanks null."""
    present = {name: pl.col(name).replace("", None) for name in cells.columns}
    width = max((int(name[1:]) for name in present), default=0)
    columns = [
        present.get(f"c{number}", pl.lit(None, pl.String).alias(f"c{number}"))
        for number in range(1, width + 1)
    ]
    return cells.select(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(ROW), *columns)


def _load(reader: fastexcel.ExcelReader, sheet: str) -> fastexcel.ExcelSheet:
    return reader.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")


def _errors(loaded: fastexcel.ExcelSheet) -> pl.DataFrame:
    """List the formulas that show an error: the library gives none for their text."""
    _, errors = loaded.to_arrow_with_errors()
    columns = [column.absolute_index + 1 for column in loaded.available_columns()]
    found = []
    for error in errors.errors if errors else []:
        row, column = error.position
        kind = next((shown for word, shown in _ERRORS.items() if f"({word})" in error.detail), None)
        if kind:
            found.append((column_letter(columns[column]), row + 1, "e", kind, None))
    return pl.DataFrame(found, schema=REPAIR_SCHEMA, orient="row")


def _tabs(book: CalamineWorkbook) -> tuple[Tab, ...]:
    return tuple(
        Tab(
            sheet.name,
            sheet.visible != SheetVisibleEnum.Visible,
            sheet.typ == SheetTypeEnum.WorkSheet,
        )
        for sheet in book.sheets_metadata
    )


def _spans(ranges: list[tuple[tuple[int, int], tuple[int, int]]] | None) -> tuple[Span, ...]:
    return tuple(Span(a[0] + 1, b[0] + 1, a[1] + 1, b[1] + 1) for a, b in ranges or [])


def _warn(archive: zipfile.ZipFile) -> tuple[str, ...]:
    """Say what of an xlsx or xlsm is left alone."""
    names = archive.namelist()
    links = [name for name in names if _LINK_PART.fullmatch(name)]
    has_dde = any(b"ddeLink" in archive.read(name) for name in links)
    has_macros = any(name.endswith("vbaProject.bin") for name in names)
    told = ((_MACROS, has_macros), (_LINKS, bool(links)), (_DDE, has_dde))
    return tuple(sentence for sentence, is_so in told if is_so)
