"""How a delimited text is laid out: which delimiter, and how many fields its records have."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from warehouse.readers.text.records import split_fields, split_irregular

DELIMITERS = (",", "\t", ";", "|")
_SAMPLE_RECORDS = 2_000
_WIDE_ENOUGH = 20
_WIDTH_BONUS = 0.01


@dataclass(frozen=True)
class Dialect:
    """A delimiter, and the number of fields of the widest common record."""

    delimiter: str
    width: int


def find_dialect(text: bytes, delimiter: str | None = None) -> Dialect:
    """Tell the layout from the beginning of a text.

    The delimiter is the one that gives the most records the same number of fields, more than one;
    a text without any has one field a record. The width is the one that holds the most cells, so
    that titles and notes of one field do not outvote a short table.

    Args:
        text: UTF-8, whole records but for the last.
        delimiter: the one a contract declares.
    """
    candidates = [delimiter] if delimiter else [d for d in DELIMITERS if d.encode() in text]
    dialects = [_measure(text, candidate) for candidate in candidates]
    if not dialects:
        return Dialect(",", 1)
    return max(dialects, key=lambda found: found[1])[0]


def _measure(text: bytes, delimiter: str) -> tuple[Dialect, float]:
    widths = Counter(_widths(text, delimiter.encode()))
    if not widths:
        return Dialect(delimiter, 1), 0.0
    width, count = max(widths.items(), key=lambda item: (item[0] * item[1], item[0]))
    agreement = count / widths.total() if width > 1 else 0.0
    return Dialect(delimiter, width), agreement + _WIDTH_BONUS * min(width, _WIDE_ENOUGH)


def _widths(text: bytes, delimiter: bytes) -> list[int]:
    """Count the fields of the first records that hold anything."""
    records = split_irregular(text, delimiter, 0, is_last=True)
    starts = records.starts[: _SAMPLE_RECORDS + 1].tolist()
    ends = [*starts[1:], len(text)][:_SAMPLE_RECORDS]
    unclosed = set(records.unclosed)
    lines = [
        text[start:end]
        for place, (start, end) in enumerate(zip(starts, ends, strict=False))
        if place not in unclosed
    ]
    return [_width(line, delimiter) for line in lines if line.strip(b"\r\n \x1a")]


def _width(line: bytes, delimiter: bytes) -> int:
    if b'"' not in line:
        return line.count(delimiter) + 1
    return len(split_fields(line, delimiter))
