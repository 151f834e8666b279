"""Tables that stand side by side, and cells beside a table that are only remarks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from warehouse.tables import page as kinds
from warehouse.tables import vocabulary as words
from warehouse.tables.band import Band, find_band

if TYPE_CHECKING:
    from warehouse.readers.grid import Span
    from warehouse.tables.page import Page

_LABELS = (kinds.TEXT, kinds.PERIOD, kinds.DIGITED, kinds.KANA, kinds.DATE, kinds.LATIN, kinds.LONG)
_MOST = 0.8
_NOTE = re.compile(words.NOTE, re.IGNORECASE)


@dataclass(frozen=True)
class Areas:
    """The 0-based columns of every table, left to right, and those that hold only remarks."""

    tables: tuple[tuple[int, ...], ...]
    asides: tuple[int, ...] = ()


def split_columns(page: Page, merges: tuple[Span, ...]) -> Areas:
    """Tell tables apart that stand side by side, with a blank column between them."""
    groups = _groups(page, merges)
    if len(groups) < 2:  # noqa: PLR2004
        return Areas(tuple(groups))
    main = max(groups, key=lambda group: int(page.filled[:, group].sum()))
    band = find_band(page.narrow(main), merges)
    asides = [group for group in groups if group != main and _is_aside(page, group, main, band)]
    tables: list[tuple[int, ...]] = []
    for group in (group for group in groups if group not in asides):
        if tables and not _stands_alone(page, tables[-1], group, merges):
            tables[-1] = (*tables[-1], *group)
        else:
            tables.append(group)
    return Areas(tuple(tables), tuple(column for group in asides for column in group))


def _groups(page: Page, merges: tuple[Span, ...]) -> list[tuple[int, ...]]:
    """Cut the columns where one is blank from top to bottom, merged cells counting as filled."""
    used: np.ndarray = np.asarray(page.filled.any(axis=0))
    shown = used.copy()
    for span in merges:
        if span.first_column < span.last_column and page.at(span.first_row) is not None:
            shown[span.first_column - 1 : span.last_column] |= used[
                span.first_column - 1 : span.first_column
            ].any()
    groups: list[list[int]] = []
    for column in np.flatnonzero(shown):
        if groups and groups[-1][-1] == column - 1:
            groups[-1].append(int(column))
        else:
            groups.append([int(column)])
    return [tuple(group) for group in groups]


def _is_aside(page: Page, group: tuple[int, ...], main: tuple[int, ...], band: Band | None) -> bool:
    """Few words, none of them in the header: a remark. Arrows and ※ point at the table."""
    inside = page.filled[:, group]
    texts = [str(text) for text in page.texts[:, group].ravel() if text]
    if texts and all(_NOTE.match(text) for text in texts):
        return True
    if np.isin(page.kinds[:, group][inside], (kinds.NUMBER,)).any() or band is None:
        return False
    rows = page.filled[:, main].any(axis=1).sum()
    named = band.first is not None and any(
        (place := page.at(row)) is not None and page.filled[place, group].any()
        for row in range(band.first, (band.last or band.first) + 1)
    )
    return not named and inside.any(axis=1).sum() <= max(3, 0.15 * rows)


def _stands_alone(
    page: Page, left: tuple[int, ...], right: tuple[int, ...], merges: tuple[Span, ...]
) -> bool:
    """Tell whether the right-hand columns are a table of their own."""
    bands = [find_band(page.narrow(part), merges) for part in (left, right)]
    if any(band is None or band.first is None or band.body is None for band in bands):
        return False
    if len(right) < 2 or len(left) < 2:  # noqa: PLR2004
        return False
    names = [_names(page, band, part) for band, part in zip(bands, (left, right), strict=True)]
    if len(names[0] & names[1]) >= 0.6 * len(names[1]) and _same_start(page, bands, left, right):
        return True
    if any(
        s.first_column - 1 in left and s.last_column - 1 in right
        for s in merges
        if s.first_column != s.last_column and _in_bands(s, bands)
    ):
        return False
    return _has_label(page, bands[1], right) and _has_label(page, bands[0], left)


def _in_bands(span: Span, bands: list[Band | None]) -> bool:
    return any(
        b is not None and b.first is not None and b.first <= span.first_row <= (b.last or 0)
        for b in bands
    )


def _names(page: Page, band: Band | None, part: tuple[int, ...]) -> set[str]:
    place = page.at(band.last) if band is not None and band.last is not None else None
    return set() if place is None else {str(page.texts[place, c]) for c in part} - {""}


def _same_start(
    page: Page, bands: list[Band | None], left: tuple[int, ...], right: tuple[int, ...]
) -> bool:
    """The first column of both has the same name: the list goes on at the right."""
    places = [page.at(band.last) if band and band.last else None for band in bands]
    if places[0] is None or places[1] is None:
        return False
    return page.texts[places[0], left[0]] == page.texts[places[1], right[0]] != ""


def _has_label(page: Page, band: Band | None, part: tuple[int, ...]) -> bool:
    """The first column names the rows: words, all of them different."""
    if band is None or band.body is None:
        return False
    below = (page.rows >= band.body) & page.filled[:, part].any(axis=1)
    cells, found = page.kinds[below, part[0]], page.texts[below, part[0]]
    return bool(np.isin(cells, _LABELS).mean() > _MOST and len(set(found)) > _MOST * len(found))
