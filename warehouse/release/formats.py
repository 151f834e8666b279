"""A release table as files that other programs accept: CSV and JSON with the standard's columns.

CSV is UTF-8 with BOM, CRLF, a header row (spreadsheets of city halls need the BOM). JSON is an
array of objects under the same Japanese keys; numbers are numbers, codes are text, blank is null.
"""

from __future__ import annotations

import io

import polars as pl

BOM = b"\xef\xbb\xbf"


def to_csv(table: pl.DataFrame) -> bytes:
    """Write CSV bytes."""
    buffer = io.BytesIO()
    table.write_csv(buffer, line_terminator="\r\n")
    return BOM + buffer.getvalue()


def to_json(table: pl.DataFrame) -> bytes:
    """Write JSON bytes, one object a line."""
    # Not splitlines: a value may hold one of the other line separators of Unicode.
    lines = table.write_ndjson().removesuffix("\n").split("\n")
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode("utf-8")


def read_csv(data: bytes, integers: list[str]) -> pl.DataFrame:
    """Read our own CSV back as a stranger would, everything text but the named integers."""
    table = pl.read_csv(io.BytesIO(data), infer_schema=False, encoding="utf8")
    table.columns = [name.removeprefix("\ufeff") for name in table.columns]
    return table.with_columns(pl.col(integers).cast(pl.Int64, strict=True))
