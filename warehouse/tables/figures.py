"""The numbers of a body as a matrix, with what cannot be known of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import polars as pl

from warehouse.readers.grid import ROW
from warehouse.tables import vocabulary as words
from warehouse.tables.page import WHITE

_RATIO = re.compile(words.RATIO, re.IGNORECASE)
_PERCENT = ("％", "%", "‰")
_WIDE = dict(zip("０１２３４５６７８９．－−△▲", "0123456789.----", strict=True)) | {
    ",": "",
    "，": "",
    "+": "",
}


@dataclass(frozen=True)
class Figures:
    """Rows × columns of numbers.

    Attributes:
        rows: record numbers.
        columns: 1-based columns.
        values: the numbers; 0 where there is none.
        unknown: cells that hold something else than a number or a sign for nothing.
        is_there: cells that hold a number or a sign for nothing.
        decimals: most decimal places of every column.
        is_additive: columns whose numbers may be added up.
    """

    rows: np.ndarray
    columns: tuple[int, ...]
    values: np.ndarray
    unknown: np.ndarray
    is_there: np.ndarray
    decimals: np.ndarray
    is_additive: np.ndarray


def read_figures(body: pl.DataFrame, numeric: dict[int, str]) -> Figures:
    """Read the columns of numbers; a rate, a code or a year is read but marked as not additive."""
    columns = tuple(numeric)
    plain = body.select(
        pl.col(f"c{n}").str.strip_chars(WHITE).str.replace_many(_WIDE).alias(f"c{n}")
        for n in columns
    )
    numbers = plain.select(pl.all().cast(pl.Float64, strict=False))
    nothing = body.select(
        pl.col(f"c{n}")
        .str.strip_chars(WHITE)
        .fill_null("")
        .is_in(["", *words.ZERO_MARKS])
        .alias(f"c{n}")
        for n in columns
    )
    places = plain.select(pl.all().str.extract(r"\.(\d+)$").str.len_chars().max().fill_null(0))
    values = numbers.to_numpy() if columns else np.zeros((body.height, 0))
    missing = np.isnan(values.astype(float))
    zero = nothing.to_numpy() if columns else np.zeros((body.height, 0), dtype=bool)
    filled = (
        body.select(pl.col(f"c{n}").is_not_null() for n in columns).to_numpy() if columns else zero
    )
    return Figures(
        rows=body[ROW].to_numpy(),
        columns=columns,
        values=np.nan_to_num(values.astype(float)),
        unknown=missing & ~zero,
        is_there=(~missing | zero) & filled,
        decimals=np.array(places.row(0) if columns else (), dtype=float),
        is_additive=np.array(
            [
                not _RATIO.search(numeric[n]) and not any(p in numeric[n] for p in _PERCENT)
                for n in columns
            ],
            dtype=bool,
        ),
    )
