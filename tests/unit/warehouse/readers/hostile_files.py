"""Small files made to harm who opens them, for tests."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import xlsxwriter

if TYPE_CHECKING:
    from pathlib import Path

SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def write_workbook(path: Path, *rows: tuple[object, ...]) -> Path:
    """An honest workbook."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("表")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return path


def repack(path: Path, target: Path, **parts: bytes | None) -> Path:
    """Copy an archive with parts replaced, added, or (with none) left out."""
    named = {key.replace("__", "/").replace("DOT", "."): value for key, value in parts.items()}
    with (
        zipfile.ZipFile(path) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in source.namelist():
            if name not in named:
                made.writestr(name, source.read(name))
        for name, content in named.items():
            if content is not None:
                made.writestr(name, content)
    return target


def with_sheet(path: Path, xml: str | bytes) -> Path:
    """A workbook whose one sheet is this XML."""
    plain = write_workbook(path.with_suffix(".plain"), ("a",))
    content = xml.encode() if isinstance(xml, str) else xml
    repack(plain, path, xl__worksheets__sheet1DOTxml=content)
    plain.unlink()
    return path


def sheet_xml(rows: str, *, before: str = "", after: str = "") -> str:
    """The XML of a sheet around its rows."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<worksheet {MAIN}>'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def cell(address: str, text: str) -> str:
    """A cell with its text inside."""
    return f'<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>'


def bomb(path: Path, megabytes: int = 80) -> Path:
    """A workbook of some kilobytes that unfolds to so many megabytes."""
    return with_sheet(path, sheet_xml(" " * (megabytes << 20)))


def traversal(path: Path) -> Path:
    """A workbook with a part that would land outside."""
    plain = write_workbook(path.with_suffix(".plain"), ("a",))
    return repack(plain, path, DOTDOT__DOTDOT__evil=b"x")


def xxe(path: Path) -> Path:
    """A sheet that would fetch a file of this machine."""
    doctype = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return with_sheet(path, sheet_xml(f'<row r="1">{cell("A1", "&x;")}</row>', before=doctype))


def billion_laughs(path: Path) -> Path:
    """A sheet whose entities unfold a thousand million times."""
    doctype = f'<!DOCTYPE w [<!ENTITY l0 "lol">{LAUGHS}]>'
    return with_sheet(path, sheet_xml(f'<row r="1">{cell("A1", "&l9;")}</row>', before=doctype))


def encrypted(path: Path) -> Path:
    """What Office writes when a workbook has a password: a compound file with one secret stream."""
    path.write_bytes(compound_file({"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"y" * 100}))
    return path


def far_cell(path: Path, address: str = "XFD1048576") -> Path:
    """A workbook of a few hundred bytes that claims 17 thousand million cells."""
    row = address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    rows = (
        f'<row r="1">{cell("A1", "番号")}</row><row r="{row}"><c r="{address}"><v>1</v></c></row>'
    )
    return with_sheet(path, sheet_xml(rows))


def long_cell(path: Path, size: int = 1_000_000) -> Path:
    """A sheet with a text nobody can have written."""
    return with_sheet(path, sheet_xml(f'<row r="1">{cell("A1", "あ" * size)}</row>'))


def compound_file(streams: dict[str, bytes]) -> bytes:
    """A compound file (version 3, sectors of 512 bytes) that holds these streams."""
    sectors: list[bytes] = []
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)]
    fat: list[int] = []
    for number, (name, content) in enumerate(streams.items(), start=1):
        content = content.ljust(4096, b"\0")  # noqa: PLW2901 - shorter ones live elsewhere
        start, count = len(fat), -(-len(content) // 512)
        sectors += [content[i * 512 : (i + 1) * 512].ljust(512, b"\0") for i in range(count)]
        fat += [*range(start + 1, start + count), 0xFFFFFFFE]
        right = number + 1 if number < len(streams) else 0xFFFFFFFF
        entries.append(_entry(name, 2, start, len(content), right=right))
    directory = b"".join(entries).ljust(-(-len(entries) // 4) * 512, b"\0")
    first, count = len(fat), len(directory) // 512
    sectors += [directory[i * 512 : (i + 1) * 512] for i in range(count)]
    fat += [*range(first + 1, first + count), 0xFFFFFFFE]
    tables = -(-(len(fat) + 1) // 127)
    where = [len(fat) + i for i in range(tables)]
    fat += [0xFFFFFFFD] * tables
    table = b"".join(n.to_bytes(4, "little") for n in fat).ljust(tables * 512, b"\xff")
    header = io.BytesIO()
    header.write(COMPOUND + b"\0" * 16 + bytes.fromhex("3e000300feff09000600") + b"\0" * 10)
    for value in (tables, first, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0):
        header.write(value.to_bytes(4, "little"))
    header.write(b"".join(n.to_bytes(4, "little") for n in where).ljust(436, b"\xff"))
    return header.getvalue() + b"".join(sectors) + table


def _entry(
    name: str, kind: int, start: int, size: int, *, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF
) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    links = b"\xff" * 4 + right.to_bytes(4, "little") + child.to_bytes(4, "little")
    head = raw.ljust(64, b"\0") + len(raw).to_bytes(2, "little") + bytes([kind, 1]) + links
    return head.ljust(116, b"\0") + start.to_bytes(4, "little") + size.to_bytes(8, "little")
