"""dBase files of a few records, written byte by byte."""

import struct


def dbase(fields, records, *, language=0x13, version=3, encoding="cp932", end=b"\x1a", count=None):
    """Write a table; `fields` are (name, type, width), a record starting with None is deleted."""
    described = b"".join(
        (name if isinstance(name, bytes) else name.encode(encoding)).ljust(11, b"\x00")
        + kind.encode()
        + bytes(4)
        + struct.pack("<BB", width % 256, width // 256)
        + bytes(14)
        for name, kind, width in fields
    )
    width = 1 + sum(w for _, _, w in fields)
    first = 32 + len(described) + 1
    count = len(records) if count is None else count
    head = struct.pack("<B3BIHH16xBBH", version, 126, 4, 1, count, first, width, 0, language, 0)
    body = b"".join(_record(fields, record, encoding) for record in records)
    return head + described + b"\r" + body + end


def _record(fields, record, encoding):
    is_deleted = record[0] is None
    values = record[1:] if is_deleted else record
    made = b"*" if is_deleted else b" "
    for value, (_, kind, width) in zip(values, fields, strict=True):
        data = value if isinstance(value, bytes) else value.encode(encoding)
        made += data.rjust(width) if kind in "NF" else data.ljust(width)
    return made
