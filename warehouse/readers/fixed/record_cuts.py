"""Bytes cut into records of one length, block by block, each with its number and place.

A record that has another length is kept apart with its bytes; nothing is shifted to make it fit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from assets.record_layout import Records

BLOCK_BYTES = 16 << 20
SEPARATORS = {"crlf": b"\r\n", "lf": b"\n", "none": b""}
_LF, _CR = 10, 13


@dataclass(frozen=True)
class OddRecord:
    """A record apart from the rest: its number (from 1), byte offset and bytes."""

    number: int
    offset: int
    data: bytes


@dataclass(frozen=True)
class Cut:
    """The records of one block.

    Attributes:
        rows: one row of bytes a record of the right length, without the separator.
        numbers: their record numbers.
        offsets: their byte offsets in the file.
        odd: the records of another length.
    """

    rows: NDArray[np.uint8]
    numbers: NDArray[np.int64]
    offsets: NDArray[np.int64]
    odd: list[OddRecord]

    @property
    def count(self) -> int:
        """All records of the block."""
        return len(self.numbers) + len(self.odd)


def cut_records(handle: BinaryIO, records: Records, block: int = BLOCK_BYTES) -> Iterator[Cut]:
    """Cut what is left of an open file; memory is bounded by the block.

    Bytes without any separator are given as one odd record a block.
    """
    separator = SEPARATORS[records.separator]
    step = records.length + len(separator)
    number, offset, rest = 1, handle.tell(), b""
    while data := handle.read(max(block // step, 1) * step):
        data = rest + data
        end = _last_end(data, step, separator)
        end = len(data) if not end and len(data) >= 2 * block else end
        if end:
            cut = _cut(data[:end], records.length, separator, number, offset)
            yield cut
            number, offset = number + cut.count, offset + end
        rest = data[end:]
    if rest:
        yield _cut(rest, records.length, separator, number, offset)


def _last_end(data: bytes, step: int, separator: bytes) -> int:
    if not separator:
        return len(data) // step * step
    at = data.rfind(separator)
    return at + len(separator) if at >= 0 else 0


def _cut(data: bytes, length: int, separator: bytes, number: int, offset: int) -> Cut:
    buffer = np.frombuffer(data, np.uint8)
    step = length + len(separator)
    if len(buffer) % step == 0 and _is_regular(buffer.reshape(-1, step), length, separator):
        rows = buffer.reshape(-1, step)[:, :length]
        steps = np.arange(len(rows), dtype=np.int64)
        return Cut(rows, number + steps, offset + steps * step, [])
    return _cut_irregular(buffer, length, separator, number, offset)


def _is_regular(grid: NDArray[np.uint8], length: int, separator: bytes) -> bool:
    if not separator:
        return True
    ends = np.frombuffer(separator, np.uint8)
    is_cut = (grid[:, length:] == ends).all()
    return bool(is_cut and np.count_nonzero(grid == _LF) == len(grid))


def _cut_irregular(
    buffer: NDArray[np.uint8], length: int, separator: bytes, number: int, offset: int
) -> Cut:
    if separator:
        starts, stops = _between_separators(buffer, separator)
    else:
        starts, stops = np.array([0]), np.array([len(buffer)])
    is_good = stops - starts == length
    good = starts[is_good]
    rows = buffer[good[:, None] + np.arange(length)] if len(good) else _no_rows(length)
    numbers = number + np.arange(len(starts), dtype=np.int64)
    odd = [
        OddRecord(int(numbers[i]), int(offset + starts[i]), buffer[starts[i] : stops[i]].tobytes())
        for i in np.flatnonzero(~is_good)
    ]
    return Cut(rows, numbers[is_good], offset + good, odd)


def _between_separators(
    buffer: NDArray[np.uint8], separator: bytes
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find where records start and stop; the last one may lack its separator."""
    ends = np.flatnonzero(buffer == _LF)
    if len(separator) > 1:
        ends = ends[(ends > 0) & (buffer[ends - 1] == _CR)]
    starts = np.concatenate([[0], ends + 1]).astype(np.int64)
    stops = np.concatenate([ends + 1 - len(separator), [len(buffer)]]).astype(np.int64)
    is_there = starts < len(buffer)
    return starts[is_there], stops[is_there]


def _no_rows(length: int) -> NDArray[np.uint8]:
    return np.empty((0, length), np.uint8)
