"""Read one delivery by its contract: the one entrance to all file formats."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import polars as pl

from warehouse.inbox import NO_PERIOD
from warehouse.readers.delimited import read_delimited
from warehouse.readers.encoding import decode
from warehouse.readers.extract import Extracted, extract
from warehouse.readers.grid import ROW, Grid
from warehouse.readers.workbook import read_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from assets.contract import Contract

_DELIMITERS = {"csv": ",", "tsv": "\t"}


def parse(path: Path, contract: Contract, period: str, file: str) -> Extracted:
    """Read the bytes at `path`, delivered as `file` for `period`.

    Raises:
        Refusal: with the reason, when the file is not what the contract says.
    """
    return extract(read_grid(path, contract, period, file), contract, period, file)


def read_grid(path: Path, contract: Contract, period: str, file: str) -> Grid:
    """Read the cells of a delivery where the contract says they are, before they are matched.

    Raises:
        Refusal: when the bytes cannot be read as the contract's format.
    """
    source = contract.source
    if source.format == "workbook":
        return read_workbook(path, sheet=source.sheet, file=file)
    layout = source.layout(period)
    return read_delimited(
        path.read_bytes(),
        delimiter=_DELIMITERS[source.format],
        declared_encoding=source.encoding or "auto",
        header_row=layout.header_rows[1] if layout else 1,
        file=file,
    )


def parse_sample(path: Path, contract: Contract) -> Extracted:
    """Read a contract's sample: UTF-8 CSV in the shape of the real sheet, ragged rows allowed.

    Raises:
        Refusal: when it is not in UTF-8 or not what the contract says.
    """
    text = decode(path.read_bytes(), "utf-8", path.name).text
    rows = list(csv.reader(io.StringIO(text, newline="")))
    width = max((len(row) for row in rows), default=0)
    columns = {
        f"c{i + 1}": [row[i] if i < len(row) and row[i] else None for row in rows]
        for i in range(width)
    }
    numbers = pl.Series(ROW, range(1, len(rows) + 1), dtype=pl.Int64)
    cells = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return extract(
        Grid(cells.insert_column(0, numbers)), contract, _newest_period(contract), path.name
    )


def _newest_period(contract: Contract) -> str:
    """Samples show today's layout."""
    starts = [layout.from_ for layout in contract.source.layouts if layout.from_]
    starts += [n.from_ for c in contract.columns.values() for n in c.source if n.from_]
    return max(starts, default=NO_PERIOD)
