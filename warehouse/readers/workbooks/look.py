"""What a sheet of an xlsx shows beyond its text: styles, what is hidden, furigana, drawn objects.

Styles and furigana are told of the first cells only, enough for every header; hidden rows and
columns, formulas and objects of the whole sheet.
"""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING
from xml.parsers import expat

import polars as pl
from defusedxml.ElementTree import fromstring

from warehouse.readers.grid import STYLE_SCHEMA, Look
from warehouse.readers.workbooks.package import is_true, local_name, read_links
from warehouse.readers.workbooks.phonetic import read_readings
from warehouse.readers.workbooks.sheet_scan import column_number, sheet_pieces
from warehouse.readers.workbooks.string_scan import scan_strings
from warehouse.readers.workbooks.styles import DATE, Style, read_styles

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from warehouse.readers.workbooks.package import Package
    from warehouse.readers.workbooks.sheet_scan import SheetScan

STYLED_CELLS = 20_000
_COLUMNS = 16_384
_STORED = {"s": "text", "str": "text", "inlineStr": "text", "b": "boolean", "e": "error", "d": DATE}
_ANCHORS = {"twoCellAnchor", "oneCellAnchor", "absoluteAnchor"}


class _Enough(Exception):  # noqa: N818 - it ends a parse early
    """The first cells have been seen."""


def read_look(path: Path, package: Package, part: str, scan: SheetScan) -> Look:
    """Read the look of one sheet.

    Args:
        path: the workbook.
        package: its list of sheets.
        part: the part that holds the sheet's XML.
        scan: what the bytes of that part say.
    """
    with zipfile.ZipFile(path) as archive:
        styles, strings = read_styles(archive, package.workbook)
        links = list(read_links(archive, part))
        objects = sum(
            _count(archive, link.target, _ANCHORS) for link in links if link.kind == "drawing"
        )
        comments = sum(
            _count(archive, link.target, {"comment"}) for link in links if link.kind == "comments"
        )
    cells = _follow(sheet_pieces(path, part))
    return Look(
        styles=_style_frame(cells.seen, styles),
        hidden_rows=tuple(scan.hidden_rows),
        hidden_columns=tuple(sorted(cells.hidden_columns)),
        formulas=tuple(scan.formulas),
        formulas_without_value=tuple(scan.formulas_without_value),
        readings=_read_readings(path, strings, cells.shared),
        objects=objects,
        comments=comments,
        is_1904=package.is_1904,
    )


def _read_readings(path: Path, strings: str | None, shared: dict[str, int]) -> dict[str, str]:
    if strings is None or not scan_strings(path).has_readings:
        return {}
    return read_readings(path, strings, shared)


class _Cells:
    """Follows the first cells of a sheet: place, style and type; and the hidden columns."""

    def __init__(self) -> None:
        self.seen: list[tuple[int, int, int, str]] = []
        self.shared: dict[str, int] = {}
        self.hidden_columns: set[int] = set()
        self._row = self._column = 0
        self._address = self._type = ""
        self._value: list[str] | None = None
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _start(self, name: str, about: dict[str, str]) -> None:
        name = name.rsplit(":", 1)[-1]
        if name == "c":
            self._enter(about)
        elif name == "row":
            self._row, self._column = int(about.get("r", self._row + 1)), 0
        elif name == "v":
            self._value = []
        elif name == "col" and is_true(about.get("hidden")):
            last = min(int(about.get("max", "0")), _COLUMNS)
            self.hidden_columns.update(range(int(about.get("min", "1")), last + 1))

    def _enter(self, about: dict[str, str]) -> None:
        if len(self.seen) >= STYLED_CELLS:
            raise _Enough
        self._address = about.get("r", "")
        letters = self._address.rstrip("0123456789")
        self._column = column_number(letters) if letters else self._column + 1
        self._type = about.get("t", "n")
        self.seen.append((self._row, self._column, int(about.get("s", "0")), self._type))

    def _characters(self, text: str) -> None:
        if self._value is not None:
            self._value.append(text)

    def _end(self, name: str) -> None:
        if name.rsplit(":", 1)[-1] == "v" and self._value is not None:
            if self._type == "s" and self._address and (value := "".join(self._value)).isdecimal():
                self.shared[self._address] = int(value)
            self._value = None


def _follow(pieces: Iterable[bytes]) -> _Cells:
    cells = _Cells()
    try:
        for piece in pieces:
            cells.parser.Parse(piece, False)  # noqa: FBT003 - expat takes no names
    except _Enough:
        pass
    return cells


def _style_frame(seen: list[tuple[int, int, int, str]], styles: list[Style]) -> pl.DataFrame:
    plain = Style()
    rows = []
    for row, column, index, kind in seen:
        style = styles[index] if index < len(styles) else plain
        stored = _STORED.get(kind, DATE if style.is_date else "number")
        rows.append(
            (row, column, stored, style.is_bold, style.is_filled, style.has_top_border,
             style.has_bottom_border, style.number_format)
        )  # fmt: skip
    return pl.DataFrame(rows, schema=STYLE_SCHEMA, orient="row")


def _count(archive: zipfile.ZipFile, part: str, names: set[str]) -> int:
    if part not in archive.namelist():
        return 0
    root = fromstring(archive.read(part), forbid_dtd=True)
    return sum(local_name(element.tag) in names for element in root.iter())
