"""A page made ready for judging where its header stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from warehouse.tables import page as kinds
from warehouse.tables import vocabulary as words
from warehouse.tables.page import Page
from warehouse.tables.units import is_unit_line

if TYPE_CHECKING:
    from warehouse.readers.grid import Span

_TRIED = 60
_NOTE = re.compile(words.NOTE, re.IGNORECASE)


def ready_page(page: Page, merges: tuple[Span, ...]) -> Page:
    """Blank what is only a remark, read running numbers as names, spread what is merged downwards."""
    return _spread_down(_read_sequences(_hush_remarks(page)), merges)


def _hush_remarks(page: Page) -> Page:
    """A line that only says the unit or is a note counts neither for a header nor for a body."""
    hushed = page.kinds.copy()
    for place in np.flatnonzero(page.filled.sum(axis=1) <= 2):  # noqa: PLR2004
        texts = [str(text) for text in page.texts[place] if text]
        if texts and all(is_unit_line(text) or _NOTE.match(text) for text in texts):
            hushed[place] = kinds.BLANK
    return Page(page.rows, page.texts, hushed)


def _read_sequences(page: Page) -> Page:
    """A row of 2015, 2020, 2025 … or of 1, 2, 3 …, or of dates over numbers, names columns."""
    read = page.kinds.copy()
    for place in np.flatnonzero(page.filled.any(axis=1))[:_TRIED]:
        row = page.kinds[place]
        numbers, dates = np.flatnonzero(row == kinds.NUMBER), np.flatnonzero(row == kinds.DATE)
        others = set(row) - {kinds.NUMBER, kinds.DATE, kinds.BLANK}
        if not others <= set(kinds.LABELS):
            continue
        if len(dates) > 1 and not len(numbers) and _over_numbers(page, int(place), dates):
            read[place, dates] = kinds.PERIOD
        elif not len(dates) and is_sequence([str(t) for t in page.texts[place, numbers]]):
            read[place, numbers] = kinds.PERIOD
        elif len(numbers) > 1:
            break
    return Page(page.rows, page.texts, read)


def _over_numbers(page: Page, place: int, columns: np.ndarray) -> bool:
    """Tell whether the next row holds numbers in all of these columns."""
    below = page.kinds[place + 1 : place + 2, columns]
    return bool(below.size and np.isin(below, (kinds.NUMBER, kinds.MARK)).all())


def is_sequence(texts: list[str]) -> bool:
    """Tell whether numbers only count: nothing but years, or 1, 2, 3 … without a gap."""
    bare = [text.strip("()（） ") for text in texts]
    if len(bare) < 2 or not all(text.isdecimal() and len(text) <= 4 for text in bare):  # noqa: PLR2004
        return False
    numbers = np.array([int(text) for text in bare])
    if ((numbers >= 1900) & (numbers <= 2100)).all():  # noqa: PLR2004 - years
        return True
    return len(bare) > 3 and numbers[0] in (0, 1) and set(np.diff(numbers).tolist()) == {1}  # noqa: PLR2004


def _spread_down(page: Page, merges: tuple[Span, ...]) -> Page:
    """A cell merged over several rows says the same in each of them."""
    texts, read = page.texts.copy(), page.kinds.copy()
    last = int(page.rows[min(_TRIED, len(page.rows) - 1)])
    for span in merges:
        if span.first_row == span.last_row or span.first_row > last:
            continue
        top = page.at(span.first_row)
        under = np.flatnonzero((page.rows > span.first_row) & (page.rows <= span.last_row))
        if top is not None and len(under) and span.first_column <= texts.shape[1]:
            texts[under, span.first_column - 1] = texts[top, span.first_column - 1]
            read[under, span.first_column - 1] = read[top, span.first_column - 1]
    return Page(page.rows, texts, read)
