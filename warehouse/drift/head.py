"""The first records of a delivery, whatever their width: where a header is looked for."""

from __future__ import annotations

import csv
import io
import itertools
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from warehouse.readers.grid import ROW, Grid
from warehouse.readers.parse import DELIMITERS, read_grid
from warehouse.readers.text.encoding import decode

if TYPE_CHECKING:
    from collections.abc import Generator

    from assets.contract import Contract

_HEAD_BYTES = 1 << 18
_SEEN_BYTES = 32 << 20
_RECORDS = 66
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_head(path: Path, contract: Contract, period: str, file: str) -> Grid:
    """Read the first records of a text, ragged ones too, or the whole of another format.

    Raises:
        Refusal: when the bytes cannot be read.
    """
    source = contract.source
    if source.format not in DELIMITERS or source.member is not None:
        return read_grid(path, contract, period, file)
    with path.open("rb") as opened:
        data = _cut(opened.read(_HEAD_BYTES), is_whole=not opened.read(1))
    text = decode(data, source.encoding or "auto", file).text.replace("\x00", "")
    records = csv.reader(io.StringIO(text, newline=""), delimiter=DELIMITERS[source.format])
    rows = list(itertools.islice(records, _RECORDS))
    width = max(map(len, rows), default=0)
    cells = {
        f"c{i + 1}": [row[i] if i < len(row) and row[i] else None for row in rows]
        for i in range(width)
    }
    numbers = pl.Series(ROW, range(1, len(rows) + 1), dtype=pl.Int64)
    frame = pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String))
    return Grid(frame.insert_column(0, numbers))


@contextmanager
def seen_part(path: Path, contract: Contract) -> Generator[Path]:
    """Give a file of bounded size to compare: the whole, or the head of a large text.

    The head is kept beside the delivery, in the same zone, for as long as it is looked at.
    """
    if contract.source.format not in DELIMITERS or path.stat().st_size <= _SEEN_BYTES:
        yield path
        return
    with path.open("rb") as opened:
        data = _cut(opened.read(_SEEN_BYTES), is_whole=False)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".seen-") as folder:
        part = Path(folder) / "head"
        part.write_bytes(data)
        yield part


def _cut(data: bytes, *, is_whole: bool) -> bytes:
    """End at a line's end outside quotes, where the encoding lets a line's end be one byte."""
    if is_whole or data[:2] in _WIDE_MARKS:
        return data
    end = data.rfind(b"\n")
    while end > 0 and data.count(b'"', 0, end) % 2:
        end = data.rfind(b"\n", 0, end)
    return data[: end + 1] if end > 0 else data
