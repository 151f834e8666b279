"""Columns of record bytes into text: strict, padding taken off, user-defined characters kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray

PADDING = " \u3000\x00"
_LF = 10
_UNREADABLE = re.compile(r"[\udc80-\udcff]")
# UTF-8 of U+E000 … U+F8FF: EE .. .., and EF 80 .. to EF A3 ..
_PRIVATE, _PRIVATE_2, _PRIVATE_END = 0xEE, 0xEF, 0xA4


@dataclass(frozen=True)
class ColumnText:
    """One column of text.

    Attributes:
        values: without the padding at the end; null where nothing else was there.
        broken: positions of the records whose bytes are no text in the encoding.
        gaiji: number of user-defined characters.
    """

    values: pl.Series
    broken: list[int]
    gaiji: int


def decode_column(block: NDArray[np.uint8], encoding: str) -> ColumnText:
    """Decode one field of all records at once; no field holds a line feed."""
    if not (block & 0x80).any():
        ends = np.arange(len(block) + 1, dtype=np.int64) * block.shape[1]
        return ColumnText(_series(ends, np.ascontiguousarray(block).tobytes()), [], 0)
    feed = np.full((len(block), 1), _LF, np.uint8)
    data = np.concatenate([block, feed], axis=1).tobytes()
    broken: list[int] = []
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text, broken = _mark_broken(data, encoding)
    plain = text.encode("utf-8")
    signs = np.frombuffer(plain, np.uint8)
    return ColumnText(_lines(plain, signs), broken, _count_gaiji(signs))


def _mark_broken(data: bytes, encoding: str) -> tuple[str, list[int]]:
    """Blank the fields that cannot be decoded and tell which they are."""
    lines = data.decode(encoding, "surrogateescape").split("\n")
    broken = [i for i, line in enumerate(lines) if _UNREADABLE.search(line)]
    for i in broken:
        lines[i] = ""
    return "\n".join(lines), broken


def _lines(plain: bytes, signs: NDArray[np.uint8]) -> pl.Series:
    """Cut UTF-8 at its line feeds without touching a value."""
    feeds = np.flatnonzero(signs == _LF).astype(np.int64)
    ends = np.concatenate([[0], feeds + 1]).astype(np.int64)
    return _series(ends, plain)


def _series(ends: NDArray[np.int64], data: bytes) -> pl.Series:
    array = pa.LargeStringArray.from_buffers(len(ends) - 1, pa.py_buffer(ends), pa.py_buffer(data))
    values = pl.Series(array).str.strip_chars_end("\n").str.strip_chars_end(PADDING)
    return values.replace("", None)


def _count_gaiji(signs: NDArray[np.uint8]) -> int:
    first = np.count_nonzero(signs == _PRIVATE)
    second = np.count_nonzero((signs[:-1] == _PRIVATE_2) & (signs[1:] < _PRIVATE_END))
    return int(first + second)
