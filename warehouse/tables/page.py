"""The first rows of a sheet, or any other few hundred, with the kind of every cell.

Whatever is decided by looking at single cells is decided on a page, never on a whole body.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from warehouse.readers.grid import ROW
from warehouse.tables import vocabulary as words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from warehouse.readers.grid import Grid

(
    BLANK, NUMBER, DATE, MARK, CODE, KANA, DIGITED, LATIN, LONG, TEXT, PERIOD, UNIT, NAMELIKE,
) = range(13)  # fmt: skip
LABELS = (TEXT, LATIN, DIGITED, KANA, PERIOD, UNIT, LONG, NAMELIKE)
WHITE = " \t\r\n\u3000\u00a0"
_LONG = 24
_JUDGED = 80
_BRACKETS = "()（）[]［］【】〔〕"


@dataclass(frozen=True)
class Page:
    """Some rows of a grid.

    Attributes:
        rows: their record numbers, ascending.
        texts: rows × columns, stripped, empty cells `""`.
        kinds: rows × columns, one of the kinds above.
    """

    rows: np.ndarray
    texts: np.ndarray
    kinds: np.ndarray

    @cached_property
    def filled(self) -> np.ndarray:
        """Tell which cells hold something."""
        return self.kinds != BLANK

    @cached_property
    def is_word(self) -> np.ndarray:
        """Tell which cells are words that name columns."""
        flat = self.texts.ravel()
        known = {text: is_header_word(text) for text in set(flat)}
        return np.array([known[text] for text in flat], dtype=bool).reshape(self.texts.shape)

    def at(self, row: int) -> int | None:
        """Find the place of a record number."""
        place = int(np.searchsorted(self.rows, row))
        return place if place < len(self.rows) and self.rows[place] == row else None

    def narrow(self, columns: Sequence[int]) -> Page:
        """Look only at some columns (0-based); the others count as blank."""
        keep = np.zeros(self.kinds.shape[1], dtype=bool)
        keep[list(columns)] = True
        return Page(self.rows, np.where(keep, self.texts, ""), np.where(keep, self.kinds, BLANK))


def open_page(grid: Grid, rows: Sequence[int] | np.ndarray) -> Page:
    """Read the rows with these record numbers, those that exist."""
    numbers = pl.Series(ROW, rows, dtype=pl.Int64)
    return page_of(grid.cells.filter(pl.col(ROW).is_in(numbers.implode())).sort(ROW))


def page_of(cells: pl.DataFrame) -> Page:
    """Judge every cell of a small frame of cells."""
    names = cells.columns[1:]
    flat = (
        pl.concat([cells[name].alias("cell") for name in names])
        if names
        else pl.Series("cell", [], pl.String)
    )
    judged = flat.to_frame().select(
        text=pl.col("cell").str.strip_chars(WHITE).fill_null(""), kind=kind_of(pl.col("cell"))
    )
    shape = (len(names), cells.height)
    texts = judged["text"].to_numpy().astype(object).reshape(shape).T
    return Page(cells[ROW].to_numpy(), texts, judged["kind"].to_numpy().reshape(shape).T)


def kind_of(cell: pl.Expr) -> pl.Expr:
    """Tell the kind of a cell from its text alone."""
    text = cell.str.strip_chars(WHITE).fill_null("").str.head(_JUDGED)
    bare = text.str.strip_chars(_BRACKETS + WHITE)
    dense = text.str.replace_all(r"[\s\u3000]", "")
    kinds = (
        pl.when(text == "").then(BLANK)
        .when(text.is_in(list(words.MARK_MEANINGS))).then(MARK)
        .when(text.str.contains(words.NUMBER)).then(NUMBER)
        .when(text.str.contains(words.DATE)).then(DATE)
        .when(bare.is_in(list(words.UNIT_WORDS))).then(UNIT)
        .when(dense.str.contains(words.PERIOD)).then(PERIOD)
        .when(text.str.contains(words.NAMELIKE)).then(NAMELIKE)
        .when(text.str.contains(words.CODE)).then(CODE)
        .when(text.str.contains(words.LATIN)).then(LATIN)
        .when(text.str.len_chars() > _LONG).then(LONG)
        .when(text.str.contains(words.KANA)).then(KANA)
        .when(text.str.contains(words.DIGITED)).then(DIGITED)
        .otherwise(TEXT)
    )  # fmt: skip
    return kinds.cast(pl.UInt8)


def is_header_word(text: str) -> bool:
    """Tell whether a text is a usual name of a column."""
    if not text or len(text) > _JUDGED:
        return False
    key = "".join(text.lower().split()).strip(_BRACKETS)
    short = len(key) <= 16  # noqa: PLR2004 - longer ones are sentences
    return key in words.HEADER_WORDS or (short and key.endswith(words.HEADER_ENDINGS))


def is_unit(text: str) -> bool:
    """Tell whether a text is nothing but a unit."""
    return text.strip(_BRACKETS + WHITE) in words.UNIT_WORDS
