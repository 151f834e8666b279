"""One pass over the texts that the sheets of an xlsx share."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from warehouse.readers.safety.zip_check import stream_part
from warehouse.readers.workbooks.package import read_links, read_package
from warehouse.readers.workbooks.sheet_scan import MIDNIGHT, longest_text

if TYPE_CHECKING:
    from pathlib import Path

_MOST = 16 << 20
_MIDNIGHT_TEXT = f"{MIDNIGHT}<".encode()


@dataclass
class StringScan:
    """What the bytes of the shared texts say.

    Attributes:
        longest: characters of the longest text; 0 when none is long.
        has_readings: whether one has furigana.
        has_midnight: whether one ends as the quick library ends a date.
    """

    longest: int = 0
    has_midnight: bool = False
    has_readings: bool = False


def scan_strings(path: Path) -> StringScan:
    """Scan the shared texts; the same bytes are not scanned twice in a row.

    Raises:
        UnfoldsError: the part is longer than the archive says.
        zipfile.BadZipFile, zlib.error, KeyError, EOFError: when the archive is broken.
    """
    stat = path.stat()
    return _scan(path, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=16)
def _scan(path: Path, _size: int, _time: int) -> StringScan:
    scan = StringScan()
    with zipfile.ZipFile(path) as archive:
        links = read_links(archive, read_package(archive).workbook)
        parts = [link.target for link in links if link.kind == "sharedStrings"]
        for part in set(parts) & set(archive.namelist()):
            rest = b""
            for chunk in stream_part(archive, part):
                rest += chunk
                cut = rest.rfind(b"<")
                if cut > 0 or len(rest) > _MOST:
                    _note(rest, scan)
                    rest = rest[cut:] if cut > 0 else b""
            _note(rest, scan)
    return scan


def _note(piece: bytes, scan: StringScan) -> None:
    scan.longest = max(scan.longest, longest_text(piece))
    scan.has_midnight = scan.has_midnight or _MIDNIGHT_TEXT in piece
    scan.has_readings = scan.has_readings or b"rPh" in piece
