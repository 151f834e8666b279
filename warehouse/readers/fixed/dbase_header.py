"""The header of a dBase file: what its fields are called, how wide they are, where they stand."""

from __future__ import annotations

import struct
from dataclasses import dataclass

_VERSIONS = {0x02, 0x03, 0x04, 0x05, 0x07, 0x30, 0x31, 0x32, 0x43, 0x63, 0x7B, 0x83, 0x8B, 0x8C}
_VERSIONS |= {0x8E, 0xCB, 0xE5, 0xF5, 0xFB}
_FIELD_TYPES = set(b"CNFDLMGPIYTB0VQWO@+")
_END = 0x0D
_PREFIX = 32
_FIELD = 32
_MOST_MONTHS, _MOST_DAYS = 12, 31


@dataclass(frozen=True)
class DbaseField:
    """One field of a record: `name` as the bytes say it, `start` counted from the flag byte (0)."""

    name: bytes
    kind: str
    start: int
    width: int


@dataclass(frozen=True)
class DbaseHeader:
    """What a dBase header says.

    Attributes:
        records: number of records, deleted ones too.
        first: byte offset of the first record.
        width: bytes of a record with its flag byte.
        language: the code page mark.
    """

    version: int
    records: int
    first: int
    width: int
    language: int
    fields: tuple[DbaseField, ...]


def is_dbase(head: bytes, size: int) -> bool:
    """Tell whether a file of `size` bytes starts with a dBase header that fits it."""
    header = read_header(head)
    if header is None:
        return False
    month, day = head[2], head[3]
    return month <= _MOST_MONTHS and day <= _MOST_DAYS and size >= header.first


def read_header(head: bytes) -> DbaseHeader | None:
    """Read the header; None when its parts contradict each other, as they do in any other file."""
    if len(head) < _PREFIX + _FIELD or head[0] not in _VERSIONS:
        return None
    records, first, width = struct.unpack_from("<IHH", head, 4)
    fields: list[DbaseField] = []
    start, at = 1, _PREFIX
    while at + _FIELD <= min(first, len(head)) and head[at] != _END:
        if head[at + 11] not in _FIELD_TYPES:
            return None
        kind, low, high = chr(head[at + 11]), head[at + 16], head[at + 17]
        span = low + 256 * high if kind == "C" else low
        fields.append(DbaseField(head[at : at + 11].split(b"\x00")[0], kind, start, span))
        start, at = start + span, at + _FIELD
    if not fields or start != width or at >= len(head) or head[at] != _END:
        return None
    return DbaseHeader(head[0], records, first, width, head[29], tuple(fields))
