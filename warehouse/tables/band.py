"""The header band of one table: which rows name the columns, and where the values begin."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from warehouse.tables import page as kinds
from warehouse.tables import vocabulary as words
from warehouse.tables.evidence import Profile, profile, weigh
from warehouse.tables.page import Page
from warehouse.tables.units import is_unit_line

if TYPE_CHECKING:
    from warehouse.readers.grid import Span

_BELOW = 40
_TRIED = 60
_LABELS = (kinds.TEXT, kinds.LATIN, kinds.DIGITED, kinds.KANA, kinds.PERIOD, kinds.UNIT, kinds.LONG)
_KEY_ROW = re.compile(r"^#property$", re.IGNORECASE)
_UNIT_LINE = re.compile(words.UNIT_LINE)
_AS_OF = re.compile(words.AS_OF)
_TITLE = re.compile(words.TITLE)
_NOTE = re.compile(words.NOTE, re.IGNORECASE)


@dataclass(frozen=True)
class Band:
    """Where a table's header and body stand, in record numbers.

    Attributes:
        first: first header row; `None` without a header.
        last: last header row.
        body: first row of the body; `None` when there is none.
        unit: the row of units under the header.
        score: how clear the evidence is; 0 without a header.
    """

    first: int | None
    last: int | None
    body: int | None
    unit: int | None = None
    score: float = 0.0


def find_band(
    page: Page, merges: tuple[Span, ...] = (), emphasis: dict[int, float] | None = None
) -> Band | None:
    """Find the header band of the first table on a page; `None` when the page is empty."""
    plain = page
    page = _spread_down(_read_sequences(_hush_remarks(page)), merges)
    filled = np.flatnonzero(page.filled.any(axis=1))
    if not len(filled):
        return None
    if (key := _key_row(page, filled)) is not None:
        return key
    best = _choose(page, filled, emphasis or {})
    if best is None:
        return _without_body(page, filled) or _without_header(page, filled)
    above, body, score = best
    band = _climb(page, filled, int(above), merges, int(body))
    return _set_unit_apart(plain, replace(band, score=score))


def _hush_remarks(page: Page) -> Page:
    """A line that only says the unit or is a note counts neither for a header nor for a body."""
    hushed = page.kinds.copy()
    for place in np.flatnonzero(page.filled.sum(axis=1) <= 2):  # noqa: PLR2004
        texts = [str(text) for text in page.texts[place] if text]
        if texts and all(is_unit_line(text) or _NOTE.match(text) for text in texts):
            hushed[place] = kinds.BLANK
    return Page(page.rows, page.texts, hushed)


def _read_sequences(page: Page) -> Page:
    """A row of 2015, 2020, 2025 … or of 1, 2, 3 … names columns, though it holds numbers."""
    read = page.kinds.copy()
    for place in np.flatnonzero(page.filled.any(axis=1))[:_TRIED]:
        numbers = np.flatnonzero(page.kinds[place] == kinds.NUMBER)
        others = set(page.kinds[place]) - {kinds.NUMBER, kinds.BLANK}
        if is_sequence([str(t) for t in page.texts[place, numbers]]) and others <= set(_LABELS):
            read[place, numbers] = kinds.PERIOD
    return Page(page.rows, page.texts, read)


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


def is_sequence(texts: list[str]) -> bool:
    """Tell whether numbers only count: nothing but years, or 1, 2, 3 … without a gap."""
    bare = [text.strip("()（） ") for text in texts]
    if len(bare) < 2 or not all(text.isdecimal() and len(text) <= 4 for text in bare):  # noqa: PLR2004
        return False
    numbers = np.array([int(text) for text in bare])
    if ((numbers >= 1900) & (numbers <= 2100)).all():  # noqa: PLR2004 - years
        return True
    return len(bare) > 3 and numbers[0] in (0, 1) and set(np.diff(numbers).tolist()) == {1}  # noqa: PLR2004


def _key_row(page: Page, filled: np.ndarray) -> Band | None:
    """Find the row that begins with `#property`: it names the columns by agreement."""
    for place in filled[:_TRIED]:
        if any(_KEY_ROW.match(str(text)) for text in page.texts[place, :2]):
            below = [int(p) for p in filled if p > place and not page.texts[p, 0].startswith("#")]
            row = int(page.rows[place])
            return Band(row, row, int(page.rows[below[0]]) if below else None, score=9.0)
    return None


def _choose(
    page: Page, filled: np.ndarray, emphasis: dict[int, float]
) -> tuple[int, int, float] | None:
    """Choose the last header row and the first row of the body."""
    found: list[tuple[int, int, float]] = []
    for i in range(1, min(len(filled), _TRIED)):
        above, body = filled[i - 1], filled[i]
        below = profile(page, filled[i : i + _BELOW])
        score = _score(page, filled, i, below, emphasis)
        if score is not None:
            found.append((above, body, score))
    if not found:
        return None
    least = 0.44 * max(score for _, _, score in found)
    return next(one for one in found if one[2] >= least)


def _score(
    page: Page, filled: np.ndarray, i: int, below: Profile, emphasis: dict[int, float]
) -> float | None:
    """Judge the cut between two rows; `None` when it cannot be one."""
    above, body = filled[i - 1], filled[i]
    bonus = emphasis.get(int(page.rows[above]), 0.0) - emphasis.get(int(page.rows[body]), 0.0)
    odd, hit = weigh(page, above, below)
    odd += max(bonus, 0.0) * 0.5
    if odd < below.needed or odd <= 1.5 * hit or _is_lonely(page, above, filled[i:]):
        return None
    if not _starts_body(page, filled, i, below):
        return None
    if any(_is_header(page, p, below) for p in _next_rows(page, filled, i, 3)):
        return None
    clear = (odd - hit) / max(below.weighed, 0.5) + 0.02 * page.filled[above].sum()
    return clear * _steadiness(page, filled[i : i + 6], below)


def _steadiness(page: Page, places: np.ndarray, below: Profile) -> float:
    """How well the next rows fill the columns that the rows below them fill: 0 to 1."""
    fits = (page.kinds[places] == below.kind) * below.weight
    usual = max(float(np.median(fits.sum(axis=1))), 0.0)
    return min(1.0, 0.2 + usual / max(0.4 * float(below.weight.sum()), 0.1))


def _is_lonely(page: Page, above: int, below: np.ndarray) -> bool:
    """A single cell over rows of several names no columns: it is a title."""
    usual = float(np.median(page.filled[below[:10]].sum(axis=1)))
    return page.filled[above].sum() == 1 and usual > 1


def _starts_body(page: Page, filled: np.ndarray, i: int, below: Profile) -> bool:
    if _is_body(page, filled[i], below):
        return True
    lone = page.filled[filled[i]].sum() <= 1
    neutral = not _is_header(page, filled[i], below)
    return (lone or neutral) and any(
        _is_body(page, p, below) for p in _next_rows(page, filled, i, 2)
    )


def _is_body(page: Page, place: int, below: Profile) -> bool:
    if below.weighed < below.needed:
        return True
    odd, hit = weigh(page, place, below)
    itself = float(below.weight[(page.kinds[place] == below.kind)].sum())
    return hit >= odd or itself >= 2 * max(odd - hit, 0)


def _is_header(page: Page, place: int, below: Profile) -> bool:
    """A row further down that would be a header again, so that the body starts later."""
    row = page.kinds[place]
    numeric = (below.kind == kinds.NUMBER) & (below.weight > 0) & (row != kinds.BLANK)
    labels = np.isin(row, _LABELS)
    if numeric.sum() >= 2:  # noqa: PLR2004
        return bool((labels & numeric).sum() > 0.6 * numeric.sum())
    odd, hit = weigh(page, place, below)
    return odd >= max(below.needed, 1.0) and odd > 2 * hit and page.filled[place].sum() > 1


def _next_rows(page: Page, filled: np.ndarray, i: int, count: int) -> list[int]:
    """Name the rows right under a row, up to the next gap."""
    rows: list[int] = []
    for j in range(i + 1, min(i + 1 + count, len(filled))):
        if page.rows[filled[j]] - page.rows[filled[j - 1]] > 1:
            break
        rows.append(int(filled[j]))
    return rows


def _without_body(page: Page, filled: np.ndarray) -> Band | None:
    """A sheet that holds column names and nothing else."""
    place = int(filled[-1])
    cells = page.kinds[place][page.filled[place]]
    texts = page.texts[place][page.filled[place]]
    named = page.is_word[place].sum() >= 0.3 * len(cells)
    if len(filled) > 1 or len(cells) < 2 or len(set(texts)) < len(texts) or not named:  # noqa: PLR2004
        return None
    row = int(page.rows[place])
    return Band(row, row, None, score=1.0) if np.isin(cells, _LABELS).all() else None


def _without_header(page: Page, filled: np.ndarray) -> Band:
    """Values from the first full row on; a row of words over words is still taken for names."""
    widths = page.filled[filled].sum(axis=1)
    usual = float(np.median(widths))
    start = int(filled[np.argmax(widths >= 0.5 * usual)])
    below = filled[filled > start]
    cells = page.texts[start][page.filled[start]]
    names = np.isin(page.kinds[start][page.filled[start]], (kinds.TEXT, kinds.LATIN, kinds.KANA))
    fit = len(below) and len(cells) > 1 and len(set(cells)) == len(cells) and names.all()
    if fit:
        under = profile(page, below[:_BELOW])
        odd, hit = weigh(page, start, under)
        if hit <= odd and under.weighed < 1.0:
            row = int(page.rows[start])
            return Band(row, row, int(page.rows[below[0]]), score=0.1)
    return Band(None, None, int(page.rows[start]))


def _climb(page: Page, filled: np.ndarray, above: int, merges: tuple[Span, ...], body: int) -> Band:
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
    return Band(top, bottom, start)


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
    first = int(columns[0])
    if len(cells) == 1:
        text = str(page.texts[place, cells[0]])
        wide = any(s.first_column == cells[0] + 1 for s in spans)
        return cells[0] > first and (wide or len(text) <= 16) and not _TITLE.search(text)  # noqa: PLR2004
    if page.filled[place, first] and page.kinds[place, first] == kinds.LONG:
        return False
    apart = page.filled[place, first] and page.filled[place + 1, first]
    return not (apart and len(cells) < 0.5 * len(columns)) and not _leads_a_title(
        page, place, cells, first, spans
    )


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
        _UNIT_LINE.search(text) or _AS_OF.search(text) or (_NOTE.match(text) and len(text) > 6)
    )


def _set_unit_apart(page: Page, band: Band) -> Band:
    """Take a last row that holds nothing but units out of the band."""
    if band.first is None or band.last is None or band.first == band.last:
        return band
    place = page.at(band.last)
    if place is None:
        return band
    row = page.kinds[place]
    units = row == kinds.UNIT
    others = (row != kinds.BLANK) & (row != kinds.MARK) & ~units
    top = page.at(band.first)
    named = page.filled[top:place].any(axis=0) if top is not None else units
    covered = np.maximum.accumulate(named)
    if not units.any() or others.any() or not covered[units].all():
        return band
    return replace(band, last=band.last - 1, unit=band.last)
