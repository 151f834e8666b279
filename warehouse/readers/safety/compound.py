"""Names of the streams in a compound file (the box of .xls, .doc and encrypted Office files).

Only the directory is read, never a stream's content: enough to tell what the box holds.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER_BYTES = 512
_ENTRY_BYTES = 128
_LAST_SECTOR = 0xFFFFFFFA
_SECTORS_READ = 256


def stream_names(path: Path) -> frozenset[str]:
    """List the names in the directory of a compound file; empty when it cannot be followed."""
    with path.open("rb") as handle:
        header = handle.read(_HEADER_BYTES)
        if len(header) < _HEADER_BYTES or not header.startswith(MAGIC):
            return frozenset()
        shift = struct.unpack_from("<H", header, 30)[0]
        if shift not in (9, 12):
            return frozenset()
        return frozenset(_names(handle, header, 1 << shift))


def _names(handle: BinaryIO, header: bytes, size: int) -> Iterator[str]:
    fat = _fat_sectors(handle, header, size)
    sector, seen = struct.unpack_from("<I", header, 48)[0], set[int]()
    while sector < _LAST_SECTOR and sector not in seen and len(seen) < _SECTORS_READ:
        seen.add(sector)
        data = _read_sector(handle, sector, size)
        for start in range(0, len(data) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
            length, kind = struct.unpack_from("<HB", data, start + 64)
            if kind and 2 <= length <= 64:  # noqa: PLR2004 - bytes of a name with its end mark
                yield data[start : start + length - 2].decode("utf-16-le", "replace")
        sector = _next_sector(handle, fat, sector, size)


def _fat_sectors(handle: BinaryIO, header: bytes, size: int) -> list[int]:
    """List the sectors of the allocation table: 109 in the header, the rest in a chain."""
    sectors = list(struct.unpack_from("<109I", header, 76))
    following, count = struct.unpack_from("<II", header, 68)
    for _ in range(min(count, _SECTORS_READ)):
        if following >= _LAST_SECTOR:
            break
        data = _read_sector(handle, following, size)
        if len(data) < size:
            break
        *more, following = struct.unpack(f"<{size // 4}I", data)
        sectors += more
    return sectors


def _next_sector(handle: BinaryIO, fat: list[int], sector: int, size: int) -> int:
    table, entry = divmod(sector, size // 4)
    if table >= len(fat) or fat[table] >= _LAST_SECTOR:
        return _LAST_SECTOR
    data = _read_sector(handle, fat[table], size)
    return struct.unpack_from("<I", data, entry * 4)[0] if len(data) == size else _LAST_SECTOR


def _read_sector(handle: BinaryIO, sector: int, size: int) -> bytes:
    handle.seek((sector + 1) * size)
    return handle.read(size)
