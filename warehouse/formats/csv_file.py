"""Release tables as CSV: UTF-8, a header row, CRLF, quotes where a value needs them.

Belongs here: writing, and reading back exactly what was written. Must not hold: typing (`typed`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from assets.standard import Standard

BOM = b"\xef\xbb\xbf"
_KINDS = {"integer": pl.Int64, "number": pl.Float64}


def write_csv(table: pl.DataFrame, path: Path, *, bom: bool) -> None:
    """Write a typed table. `bom` puts a byte order mark first. Numbers are never in e-notation."""
    table.write_csv(path, include_bom=bom, line_terminator="\r\n", float_scientific=False)


def read_csv(path: Path, standard: Standard) -> pl.DataFrame:
    """Read a release's CSV: the layout's numbers as Int64 or Float64, everything else as text.

    Raises:
        polars.exceptions.InvalidOperationError: when a number column holds anything else.
    """
    return read_numbers(
        path, {c.name: c.type for c in (*standard.columns, *standard.also) if c.is_number}
    )


def read_numbers(source: Path | bytes, numbers: Mapping[str, str]) -> pl.DataFrame:
    """Read a release's CSV with the named columns as numbers, everything else as text.

    Args:
        source: The file or its bytes.
        numbers: Column to `integer` or `number`; those the file does not have are passed over.

    Raises:
        polars.exceptions.InvalidOperationError: when a number column holds anything else.
    """
    table = pl.read_csv(source, infer_schema=False, encoding="utf8")
    table.columns = [name.removeprefix("\ufeff") for name in table.columns]
    kinds = {name: _KINDS[numbers[name]] for name in table.columns if name in numbers}
    return table.cast(dict(kinds), strict=True)
