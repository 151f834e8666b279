"""Release tables as JSON, an array of objects one a line, and as GeoJSON of the same objects.

Keys are the layout's Japanese headings; codes are text, numbers are numbers, blank is null. A row is
spelled once for both files, and in columns, not row by row. Must not hold: what a place is
(`geojson_file`).
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, BinaryIO

import polars as pl

from warehouse.formats.geojson_file import HEAD, TAIL, to_features

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from warehouse.formats.geojson_file import Places

# Spelled at once: bounds the memory beside the table itself.
_ROWS_AT_ONCE = 50_000
_BETWEEN = ",\n"


def write_json(table: pl.DataFrame, path: Path) -> None:
    """Write a typed table as JSON."""
    with path.open("wb") as file:
        _begin(file, b"[\n")
        for objects in _spell(table):
            _append(file, objects)
        _end(file, b"\n]\n", is_empty=table.is_empty())


def write_json_and_geojson(table: pl.DataFrame, path: Path, geojson: Path, places: Places) -> None:
    """Write a typed table as JSON, and as GeoJSON with the same objects as properties."""
    with ExitStack() as stack:
        plain, mapped = (stack.enter_context(p.open("wb")) for p in (path, geojson))
        _begin(plain, b"[\n")
        _begin(mapped, HEAD)
        for number, objects in enumerate(_spell(table)):
            _append(plain, objects)
            part = table.slice(number * _ROWS_AT_ONCE, _ROWS_AT_ONCE)
            _append(mapped, to_features(part, objects, places))
        _end(plain, b"\n]\n", is_empty=table.is_empty())
        _end(mapped, TAIL, is_empty=table.is_empty())


def _spell(table: pl.DataFrame) -> Iterator[pl.Series]:
    whole = pl.struct(pl.all()).struct.json_encode().alias("object")
    for start in range(0, table.height, _ROWS_AT_ONCE):
        yield table.slice(start, _ROWS_AT_ONCE).select(whole).to_series()


def _begin(file: BinaryIO, head: bytes) -> None:
    file.write(head)
    file.flush()


def _append(file: BinaryIO, objects: pl.Series) -> None:
    """Write one object a line as it is: as CSV that quotes nothing, the fastest way to a file."""
    objects.to_frame().write_csv(
        file, include_header=False, quote_style="never", line_terminator=_BETWEEN
    )


def _end(file: BinaryIO, tail: bytes, *, is_empty: bool) -> None:
    """Take back what stands behind the last object, and close the array."""
    if not is_empty:
        file.seek(-len(_BETWEEN), os.SEEK_END)
        file.truncate()
    file.write(tail)
