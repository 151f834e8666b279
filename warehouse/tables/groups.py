"""Rows that hold a label alone and name the rows under them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from warehouse.readers.grid import ROW
from warehouse.tables import page as kinds
from warehouse.tables.page import WHITE, kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_FULL, _SHARE = 0.8, 0.34
_LABELS = [kinds.TEXT, kinds.PERIOD, kinds.DIGITED, kinds.KANA, kinds.LATIN, kinds.LONG]


def group_rows(body: pl.DataFrame, counts: np.ndarray, numeric: Sequence[int]) -> dict[int, str]:
    """Find the group rows of a body: record number → label.

    A row counts when it holds one text, in a column before the numbers, where some column of
    numbers is full otherwise, and when a full row follows.
    """
    lone = counts == 1
    if not numeric or not lone.any() or lone.sum() > _SHARE * (counts > 0).sum():
        return {}
    rest = body.filter(pl.Series(~lone & (counts > 0)))
    filled = rest.select(pl.col(f"c{n}").is_not_null().mean() for n in numeric).row(0)
    if max(filled) < _FULL:
        return {}
    before = [f"c{n}" for n in range(1, min(numeric)) if f"c{n}" in body.columns]
    if not before:
        return {}
    label = pl.coalesce(pl.col(c).str.strip_chars(WHITE).replace("", None) for c in before)
    found = body.filter(pl.Series(lone & _is_followed(counts))).select(ROW, label=label)
    texts = found.filter(pl.col("label").is_not_null() & kind_of(pl.col("label")).is_in(_LABELS))
    return dict(texts.iter_rows())


def _is_followed(counts: np.ndarray) -> np.ndarray:
    """Tell the rows after which, blanks and further labels aside, a full row comes."""
    full = np.flatnonzero(counts > 1)
    return np.arange(len(counts)) < (full[-1] if len(full) else -1)


def rows_under(groups: dict[int, str], data: pl.Series) -> dict[int, str]:
    """Say under which group every data row stands."""
    if not groups:
        return {}
    labels = pl.DataFrame(
        {ROW: list(groups), "label": list(groups.values())},
        schema={ROW: pl.Int64, "label": pl.String},
    ).sort(ROW)
    placed = (
        data.to_frame(ROW).sort(ROW).join_asof(labels, on=ROW).filter(pl.col("label").is_not_null())
    )
    return dict(placed.iter_rows())
