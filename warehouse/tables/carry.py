"""Blank cells that mean the value above them: regions and eras written once for several rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from warehouse.readers.grid import ROW
from warehouse.tables import page as kinds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from warehouse.readers.grid import Grid, Span
    from warehouse.tables.page import Page

_LABELS = (
    kinds.TEXT,
    kinds.PERIOD,
    kinds.DIGITED,
    kinds.KANA,
    kinds.LATIN,
    kinds.LONG,
    kinds.CODE,
    kinds.NAMELIKE,
    kinds.DATE,
)
_REMARKS = ("備考", "摘要", "注記", "特記", "note", "remark", "通称", "url")
_LEAST = 3
_MOST = 0.8


def find_carried(page: Page, names: dict[int, str], merges: tuple[Span, ...]) -> set[int]:
    """Find the columns (1-based) whose blanks repeat the value above, from the body's first rows."""
    carried: set[int] = set()
    full = page.filled.sum(axis=1) > 1
    for number in sorted(names):
        column = page.kinds[full, number - 1]
        blank = column == kinds.BLANK
        if not blank.any():
            if _counts_on(page.texts[full, number - 1]):
                continue
            break
        if not _is_carried(page, full, number, names, _merged_rows(number, merges, page)):
            break
        carried.add(number)
    return carried


def _counts_on(texts: np.ndarray) -> bool:
    """A running number may stand before the carried columns."""
    return bool(len(texts)) and all(str(text) == str(i + 1) for i, text in enumerate(texts))


def _merged_rows(number: int, merges: tuple[Span, ...], page: Page) -> set[int]:
    rows: set[int] = set()
    first, last = (int(page.rows[0]), int(page.rows[-1])) if len(page.rows) else (0, 0)
    for span in merges:
        if span.first_column == number and first <= span.first_row < span.last_row:
            rows.update(range(span.first_row + 1, min(span.last_row, last) + 1))
    return rows


def _is_carried(
    page: Page, full: np.ndarray, number: int, names: dict[int, str], merged: set[int]
) -> bool:
    column, texts = page.kinds[full, number - 1], page.texts[full, number - 1]
    blank = column == kinds.BLANK
    if len(column) < _LEAST or blank[0]:
        return False
    if merged:
        return set(page.rows[full][blank].tolist()) <= merged
    if any(word in names[number].lower() for word in _REMARKS):
        return False
    values = texts[~blank]
    runs = int((blank[1:] & ~blank[:-1]).sum())
    words = np.isin(column[~blank], _LABELS).mean() >= _MOST
    years = all(str(v).isdecimal() and len(v) == 4 for v in values)  # noqa: PLR2004
    led = runs >= 0.6 * len(values) or (len(values) == 1 and blank.sum() > 1)
    distinct = len(set(values)) >= 0.9 * len(values)
    return bool(
        (words or years) and led and distinct and _rest_is_full(page, full, blank, number, names)
    )


def _rest_is_full(
    page: Page, full: np.ndarray, blank: np.ndarray, number: int, names: dict[int, str]
) -> bool:
    """Where the label is blank, the cells after it are as full as elsewhere."""
    others = [n - 1 for n in names if n > number]
    if not others:
        return False
    filled = page.filled[full][:, others]
    usual = float(filled[~blank].mean())
    return bool(filled[blank].mean() >= _MOST * usual and filled[blank, 0].mean() >= _MOST)


def spread_merges(cells: pl.DataFrame, grid: Grid, columns: Sequence[int]) -> pl.DataFrame:
    """Write the value of a merged cell into every row (and, for words, every column) it covers."""
    sources: dict[int, list[tuple[int, int, int]]] = {}
    if not grid.merges or cells.is_empty():
        return cells
    low, high = cells[ROW][0], cells[ROW][-1]
    for span in grid.merges:
        for number in range(span.first_column, span.last_column + 1):
            if number in columns and low <= span.last_row and span.first_row <= high:
                rows = range(max(span.first_row, low), min(span.last_row, high) + 1)
                sources.setdefault(number, []).extend(
                    (row, span.first_row, span.first_column) for row in rows
                )
    for number, listed in sources.items():
        cells = _take_over(cells, grid, number, listed)
    return cells


def _take_over(
    cells: pl.DataFrame, grid: Grid, number: int, listed: list[tuple[int, int, int]]
) -> pl.DataFrame:
    wanted = pl.DataFrame(
        listed, schema={ROW: pl.Int64, "from": pl.Int64, "column": pl.Int64}, orient="row"
    )
    name = f"c{number}"
    parts = []
    for column in wanted["column"].unique().to_list():
        value = grid.cells.select(pl.col(ROW).alias("from"), pl.col(f"c{column}").alias("value"))
        if column != number:
            value = value.filter(~pl.col("value").str.contains(r"^[-△▲]?[\d,.]+$"))
        parts.append(
            wanted.filter(pl.col("column") == column).join(value, on="from").select(ROW, "value")
        )
    spread = pl.concat(parts).unique(ROW, keep="first")
    joined = cells.join(spread, on=ROW, how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce(name, "value").alias(name)).drop("value")
