"""From the last header row up and down: the whole band, and the row of units apart from it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from warehouse.tables import page as kinds
from warehouse.tables import vocabulary as words

if TYPE_CHECKING:
    from warehouse.readers.grid import Span
    from warehouse.tables.page import Page

_BELOW = 40
_SHORT, _BRIEF, _WORD = 10, 6, 3
_UNIT_LINE = re.compile(words.UNIT_LINE)
_AS_OF = re.compile(words.AS_OF)
_TITLE = re.compile(words.TITLE)
_NOTE = re.compile(words.NOTE, re.IGNORECASE)


def climb(
    page: Page, filled: np.ndarray, above: int, body: int, merges: tuple[Span, ...]
) -> tuple[int, int]:
    """Add the rows over the last header row that belong to it, and what merges bind together."""
    first = place = above
    columns = np.flatnonzero(page.filled[filled[filled >= above][:_BELOW]].any(axis=0))
    while (
        place > 0 and page.rows[place - 1] == page.rows[place] - 1 and page.filled[place - 1].any()
    ):
        if not _belongs(page, place - 1, above, columns, merges):
            break
        place -= 1
        first = place
    top, bottom, start = int(page.rows[first]), int(page.rows[above]), int(page.rows[body])
    for span in merges:
        if span.first_row <= bottom <= span.last_row < start and span.first_row < top:
            top = span.first_row if span.last_column - span.first_column < len(columns) - 1 else top
        if top <= span.first_row <= bottom < span.last_row:
            bottom = max(bottom, min(span.last_row, start - 1))
    return top, bottom


def _belongs(
    page: Page, place: int, above: int, columns: np.ndarray, merges: tuple[Span, ...]
) -> bool:
    """Tell whether the row over the band is its upper level, not a title, unit or note."""
    row = int(page.rows[place])
    cells = [
        int(c)
        for c in np.flatnonzero(page.filled[place])
        if not _is_aside(str(page.texts[place, c]))
    ]
    if not cells or _holds_values(page, place):
        return False
    spans = [s for s in merges if s.first_row == row and s.last_column > s.first_column]
    if any(s.first_row == row and row < s.last_row <= page.rows[above] for s in merges):
        return True
    if words.PIVOT_WORDS & set(page.texts[place]):
        return True
    first = int(columns[0])
    if len(cells) == 1:
        text = str(page.texts[place, cells[0]])
        wide = any(s.first_column == cells[0] + 1 for s in spans)
        return cells[0] > first and (wide or _is_brief(text)) and not _TITLE.search(text)
    if page.filled[place, first] and page.kinds[place, first] == kinds.LONG:
        return False
    apart = page.filled[place, first] and page.filled[place + 1, first]
    return not (apart and len(cells) <= 0.5 * len(columns)) and not _leads_a_title(
        page, place, cells, first, spans
    )


def _is_brief(text: str) -> bool:
    """A group's title is one word, letters spaced or not; several words are a sheet's title."""
    parts = text.split()
    return len(text) <= _SHORT and (len(parts) == 1 or max(map(len, parts)) <= _WORD)


def _holds_values(page: Page, place: int) -> bool:
    """Numbers over a header are years or running numbers; anything longer is a value."""
    numbers = page.texts[place][page.kinds[place] == kinds.NUMBER]
    return any(not text.isdecimal() or len(text) > 4 for text in numbers)  # noqa: PLR2004


def _leads_a_title(page: Page, place: int, cells: list[int], first: int, spans: list[Span]) -> bool:
    text = str(page.texts[place, first])
    packed = cells == list(range(first, first + len(cells)))
    return (bool(_TITLE.search(text)) and not spans) or (
        packed and len(cells) < 0.3 * page.filled[place + 1].sum() and not spans
    )


def _is_aside(text: str) -> bool:
    return bool(
        _UNIT_LINE.search(text) or _AS_OF.search(text) or (_NOTE.match(text) and len(text) > _BRIEF)
    )


def is_unit_row(page: Page, first: int, last: int) -> bool:
    """Tell whether the last row of a band holds nothing but the units of the names over it."""
    place, top = page.at(last), page.at(first)
    if first == last or place is None or top is None:
        return False
    row = page.kinds[place]
    units = row == kinds.UNIT
    others = ~np.isin(row, (kinds.BLANK, kinds.MARK, kinds.UNIT))
    named = np.maximum.accumulate(page.filled[top:place].any(axis=0))
    return bool(units.any() and not others.any() and named[units].all())
