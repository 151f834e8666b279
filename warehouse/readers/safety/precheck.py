"""What is dangerous to open is refused by name before a parser sees it.

Workbooks are checked whole: their container, every XML part's declarations, and the room that every
sheet claims. Text is checked while it is read.
"""

from __future__ import annotations

import zipfile
import zlib
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

from defusedxml import DefusedXmlException

from warehouse.readers.safety import compound
from warehouse.readers.safety.extent import require_area, require_extent
from warehouse.readers.safety.zip_check import UnfoldsError, bomb, check_zip, stream_part
from warehouse.readers.workbooks.ods_scan import DoctypeError, scan_ods
from warehouse.readers.workbooks.package import SheetPart, read_package
from warehouse.readers.workbooks.sheet_scan import scan_sheet
from warehouse.readers.workbooks.string_scan import scan_strings
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

LONGEST_CELL = 1_000_000
_PACKAGES = {"xlsx", "xlsm"}
_ZIPPED = {*_PACKAGES, "xlsb", "ods", "zip"}
_XML = (".xml", ".rels", ".vml")
_BROKEN = (
    zipfile.BadZipFile, zlib.error, ParseError, expat.ExpatError, OSError, ValueError, KeyError,
    EOFError, NotImplementedError,
)  # fmt: skip
_STREAM_START = bytes.fromhex("0908100000060500")
_FILE_PASS, _LAST_BEFORE = 0x002F, 0x00E1
_SECTOR, _SLICE = 512, 4096


def check_safe(path: Path, kind: str, file: str) -> None:
    """Refuse the bytes at `path`, delivered as `file`, when it is dangerous to open them.

    Args:
        path: the bytes.
        kind: what they are, as `kind.detect_kind` says.
        file: the name it was delivered under.

    Raises:
        Refusal: `zip.bomb`, `zip.unsafe_name`, `zip.link`, `zip.encrypted`, `zip.overlap`,
            `zip.broken`, `workbook.doctype`, `workbook.encrypted`, `workbook.far_cell`,
            `workbook.broken`, `cell.too_long`.
    """
    try:
        if kind == "xls":
            _check_compound(path, file)
        elif kind in _ZIPPED:
            _check_zipped(path, kind, file)
    except UnfoldsError:
        raise bomb(file, "中の部品が、書かれている大きさよりも大きくふくらみます。") from None
    except (DoctypeError, DefusedXmlException):
        raise _refuse(
            "workbook.doctype",
            "XML に文書型の宣言(DOCTYPE)があり、外のファイルを読み込んだり際限なくふくらんだりするおそれがあります。",
            file,
        ) from None
    except _BROKEN as error:
        rule = "zip.broken" if kind == "zip" else "workbook.broken"
        raise _refuse(rule, "ファイルが途中で切れているか、壊れています。", file) from error


def refuse_long_cell(where: str) -> Refusal:
    """Word the refusal of a cell no person can have written."""
    return Refusal(
        "cell.too_long",
        f"1つのセルに {LONGEST_CELL:,} 文字以上が入っています。",
        where,
        "そのセルの文章を別の文書に分けて、提出し直してください。",
    )


def _check_zipped(path: Path, kind: str, file: str) -> None:
    check_zip(path, file)
    if kind == "zip":
        return
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.lower().endswith(_XML):
                _refuse_doctype(archive, name)
        sheets = read_package(archive).sheets if kind in _PACKAGES else ()
    if kind in _PACKAGES:
        _check_sheets(path, sheets, file)
    elif kind == "ods":
        _check_ods(path, file)


def _refuse_doctype(archive: zipfile.ZipFile, name: str) -> None:
    """Follow an XML part up to its first element: a document type can only stand before it."""
    opening = _Opening()
    try:
        for chunk in stream_part(archive, name):
            for start in range(0, len(chunk), _SLICE):
                part = chunk[start : start + _SLICE]
                opening.parser.Parse(part, False)  # noqa: FBT003 - expat takes no names
                if opening.is_over:
                    return
    except expat.ExpatError:
        return  # no XML after all, or broken: its reader will say so


class _Opening:
    """What stands before the first element."""

    def __init__(self) -> None:
        self.is_over = False
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._end

    def _refuse(self, *_: object) -> None:
        raise DoctypeError

    def _end(self, *_: object) -> None:
        self.is_over = True
        self.parser.StartElementHandler = None


def _check_sheets(path: Path, sheets: tuple[SheetPart, ...], file: str) -> None:
    if scan_strings(path).longest >= LONGEST_CELL:
        raise refuse_long_cell(file)
    for sheet in sheets:
        if sheet.kind != "worksheet":
            continue
        where = f"{file}(シート「{sheet.name}」)"
        scan = scan_sheet(path, sheet.part)
        if scan.may_be_far or not scan.is_plain:
            require_extent(path, sheet.part, where)
        if scan.longest >= LONGEST_CELL:
            raise refuse_long_cell(where)


def _check_ods(path: Path, file: str) -> None:
    for sheet in scan_ods(path).values():
        where = f"{file}(シート「{sheet.name}」)"
        require_area(sheet.area, sheet.cells, sheet.farthest, where)
        if sheet.longest >= LONGEST_CELL:
            raise refuse_long_cell(where)


def _check_compound(path: Path, file: str) -> None:
    """An .xls is a file system of its own; encryption shows in its directory or first records."""
    if "EncryptedPackage" in compound.stream_names(path) or _has_password(path):
        raise _refuse("workbook.encrypted", "パスワードで保護されているので読めません。", file)


def _has_password(path: Path) -> bool:
    """Look at the records with which the workbook's stream begins."""
    head = path.read_bytes() if path.stat().st_size < (64 << 20) else path.open("rb").read(64 << 20)
    at = head.find(_STREAM_START)
    end = at + _SECTOR
    while 0 <= at < end and at + 4 <= len(head):
        kind = int.from_bytes(head[at : at + 2], "little")
        if kind == _FILE_PASS:
            return True
        at += 4 + int.from_bytes(head[at + 2 : at + 4], "little")
    return False


def _refuse(rule: str, what: str, file: str) -> Refusal:
    remedy = (
        "Excel で開けるかを確かめ、パスワードがあれば外し、"
        "「Excel ブック(.xlsx)」で保存し直して提出してください。"
    )
    return Refusal(rule, what, file, remedy)
