"""One pass over the XML of an OpenDocument spreadsheet: what the library does not tell of its cells.

A row or cell may stand for many through a repeat count, so that a few bytes can claim a whole
sheet: the extent is counted here before any cell is read. Repeated blanks, which every such file
ends with, count for nothing.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING
from xml.parsers import expat

import polars as pl

from warehouse.readers.grid import Span, column_letter
from warehouse.readers.workbooks.sheet_scan import REPAIR_SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
_CALCEXT = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
_CELLS = {_TABLE + "table-cell", _TABLE + "covered-table-cell"}
_CHUNK = 1 << 20
_NOTED = 1_000_000


class DoctypeError(ValueError):
    """An XML part declares a document type, with which it could expand or fetch anything."""


@dataclass
class OdsSheet:
    """What the XML says of one sheet.

    Attributes:
        cells: number of cells as stored that hold something.
        area: cells of the rectangle from A1 around them, repeats counted.
        farthest: its last cell.
        longest: characters of the longest cell.
        repairs: errors and times, which the library drops or keeps in XML's spelling
            (`REPAIR_SCHEMA`; type `e` and `time`).
    """

    name: str
    cells: int = 0
    area: int = 0
    farthest: str = ""
    longest: int = 0
    merges: list[Span] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    formulas_without_value: list[str] = field(default_factory=list)
    repairs: list[tuple[str, int, str, str, None]] = field(default_factory=list)

    def repair_frame(self) -> pl.DataFrame:
        """Give the repairs as columns."""
        return pl.DataFrame(self.repairs, schema=REPAIR_SCHEMA, orient="row")


def scan_ods(path: Path) -> dict[str, OdsSheet]:
    """Scan all sheets; the same bytes are not scanned twice in a row.

    Raises:
        DoctypeError: the content declares a document type.
        expat.ExpatError, zipfile.BadZipFile, KeyError: when the file is broken.
    """
    stat = path.stat()
    return _scan(path, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=4)
def _scan(path: Path, _size: int, _time: int) -> dict[str, OdsSheet]:
    reader = _Reader()
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as source:
        while chunk := source.read(_CHUNK):
            reader.parser.Parse(chunk, False)  # noqa: FBT003 - expat takes no names
        reader.parser.Parse(b"", True)  # noqa: FBT003
    return {sheet.name: sheet for sheet in reader.sheets}


class _Reader:
    """Follows the elements and counts rows and columns."""

    def __init__(self) -> None:
        self.sheets: list[OdsSheet] = []
        self._row = self._rows = self._column = self._repeat = 0
        self._bottom = self._right = 0
        self._cell: dict[str, str] | None = None
        self._text: list[str] = []
        self._in_text = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = _refuse_doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _start(self, name: str, about: dict[str, str]) -> None:
        if name in _CELLS:
            self._cell, self._text = about, []
            self._repeat = _count(about, "number-columns-repeated")
        elif name == _TABLE + "table-row":
            self._row += self._rows
            self._column, self._rows = 1, _count(about, "number-rows-repeated")
            if about.get(_TABLE + "visibility", "visible") != "visible":
                room = _NOTED - len(self.sheets[-1].hidden_rows)
                self.sheets[-1].hidden_rows += range(
                    self._row, self._row + min(self._rows, max(room, 0))
                )
        elif name == _TABLE + "table":
            self.sheets.append(OdsSheet(about.get(_TABLE + "name", "")))
            self._row, self._rows, self._bottom, self._right = 1, 0, 0, 0
        elif name == _TEXT + "p" and self._cell is not None:
            self._in_text += 1

    def _characters(self, text: str) -> None:
        if self._in_text:
            self._text.append(text)

    def _end(self, name: str) -> None:
        if name == _TEXT + "p":
            self._in_text = max(0, self._in_text - 1)
        elif name in _CELLS and self._cell is not None:
            self._note(self._cell, "".join(self._text))
            self._column += self._repeat
            self._cell, self._in_text = None, 0

    def _note(self, about: dict[str, str], text: str) -> None:
        """Note one cell that holds something."""
        sheet, letter = self.sheets[-1], column_letter(self._column)
        kind = about.get(_OFFICE + "value-type")
        formula = about.get(_TABLE + "formula")
        self._note_span(sheet, about)
        if formula is not None:
            is_kept = kind is not None or text
            (sheet.formulas if is_kept else sheet.formulas_without_value).append(
                f"{letter}{self._row}"
            )
        if kind is None and not text:
            return
        if about.get(_CALCEXT + "value-type") == "error":
            sheet.repairs.append((letter, self._row, "e", text, None))
        elif kind == "time":
            sheet.repairs.append(
                (letter, self._row, kind, about.get(_OFFICE + "time-value", ""), None)
            )
        sheet.cells += 1
        sheet.longest = max(sheet.longest, len(text))
        self._bottom = max(self._bottom, self._row + self._rows - 1)
        self._right = max(self._right, self._column + self._repeat - 1)
        sheet.area = self._bottom * self._right
        sheet.farthest = f"{column_letter(self._right)}{self._bottom}"

    def _note_span(self, sheet: OdsSheet, about: dict[str, str]) -> None:
        rows = _count(about, "number-rows-spanned")
        columns = _count(about, "number-columns-spanned")
        if rows > 1 or columns > 1:
            sheet.merges.append(
                Span(self._row, self._row + rows - 1, self._column, self._column + columns - 1)
            )


def _count(about: dict[str, str], name: str) -> int:
    value = about.get(_TABLE + name, "1")
    return max(1, int(value)) if value.isdecimal() else 1


def _refuse_doctype(*_: object) -> None:
    raise DoctypeError
