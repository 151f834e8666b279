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
# One byte in every encoding, and no part of a character in any: it ends the fields while decoding.
_ENDS = (0x0A, 0x1E, 0x1F, 0x0B, 0x0C)
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
    """Decode one field of all records at once."""
    if not (block & 0x80).any():
        ends = np.arange(len(block) + 1, dtype=np.int64) * block.shape[1]
        return ColumnText(_trim(_series(ends, np.ascontiguousarray(block).tobytes())), [], 0)
    end = next(byte for byte in _ENDS if not (block == byte).any())
    marks = np.full((len(block), 1), end, np.uint8)
    data = np.concatenate([block, marks], axis=1).tobytes()
    broken: list[int] = []
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text, broken = _mark_broken(data, encoding, chr(end))
    plain = text.encode("utf-8")
    signs = np.frombuffer(plain, np.uint8)
    ends = np.concatenate([[0], np.flatnonzero(signs == end) + 1]).astype(np.int64)
    values = _series(ends, plain).str.strip_suffix(chr(end))
    return ColumnText(_trim(values), broken, _count_gaiji(signs))


def _mark_broken(data: bytes, encoding: str, end: str) -> tuple[str, list[int]]:
    """Blank the fields that cannot be decoded and tell which they are."""
    fields = data.decode(encoding, "surrogateescape").split(end)
    broken = [i for i, field in enumerate(fields) if _UNREADABLE.search(field)]
    for i in broken:
        fields[i] = ""
    return end.join(fields), broken


def _series(ends: NDArray[np.int64], data: bytes) -> pl.Series:
    """Cut UTF-8 at these ends without touching a value."""
    array = pa.LargeStringArray.from_buffers(len(ends) - 1, pa.py_buffer(ends), pa.py_buffer(data))
    return pl.Series(array)


def _trim(values: pl.Series) -> pl.Series:
    return values.str.strip_chars_end(PADDING).replace("", None)


def _count_gaiji(signs: NDArray[np.uint8]) -> int:
    first = np.count_nonzero(signs == _PRIVATE)
    second = np.count_nonzero((signs[:-1] == _PRIVATE_2) & (signs[1:] < _PRIVATE_END))
    return int(first + second)
