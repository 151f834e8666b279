"""The header band of one table: which rows name the columns, and where the values begin."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from warehouse.tables import page as kinds
from warehouse.tables.climb import climb, is_unit_row
from warehouse.tables.evidence import Profile, profile, weigh
from warehouse.tables.ready import ready_page

if TYPE_CHECKING:
    from warehouse.readers.grid import Span
    from warehouse.tables.page import Page

_BELOW = 40
_TRIED = 60
_CERTAIN = 9.0
_KEY_ROW = re.compile(r"^#property$", re.IGNORECASE)


@dataclass(frozen=True)
class Band:
    """Where a table's header and body stand, in record numbers.

    Attributes:
        first: first header row; `None` without a header.
        last: last header row.
        body: first row of the body; `None` when there is none.
        unit: the row of units under the header.
        score: how clear the evidence is; 0 without a header.
        has_keys: whether the header is a row of keys that begins with `#property`, after which
            rows that begin with `#` are metadata.
    """

    first: int | None
    last: int | None
    body: int | None
    unit: int | None = None
    score: float = 0.0
    has_keys: bool = False


def find_band(
    page: Page, merges: tuple[Span, ...] = (), emphasis: dict[int, float] | None = None
) -> Band | None:
    """Find the header band of the first table on a page; `None` when the page is empty."""
    ready = ready_page(page, merges)
    filled = np.flatnonzero(ready.filled.any(axis=1))
    if not len(filled):
        return None
    if (key := _key_row(ready, filled)) is not None:
        return key
    best = _choose(ready, filled, emphasis or {})
    if best is None:
        return _without_body(ready, filled) or _without_header(ready, filled)
    above, body, score = best
    first, last = climb(ready, filled, above, body, merges)
    start = int(page.rows[body])
    if is_unit_row(page, first, last):
        return Band(first, last - 1, start, last, score)
    return Band(first, last, start, score=score)


def _key_row(page: Page, filled: np.ndarray) -> Band | None:
    """Find the row that begins with `#property`: it names the columns by agreement."""
    for place in filled[:_TRIED]:
        if any(_KEY_ROW.match(str(text)) for text in page.texts[place, :2]):
            below = [int(p) for p in filled if p > place and not page.texts[p, 0].startswith("#")]
            row = int(page.rows[place])
            return Band(
                row, row, int(page.rows[below[0]]) if below else None, score=_CERTAIN, has_keys=True
            )
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
            found.append((int(above), int(body), score))
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
    nearby = _next_rows(page, filled, i, 3)
    if any(_is_header(page, p, below) and not _is_same(page, p, above) for p in nearby):
        return None
    clear = (odd - hit) / max(below.weighed, 0.5) + 0.02 * page.filled[above].sum()
    return clear * _steadiness(page, filled[i : i + 6], below)


def _steadiness(page: Page, places: np.ndarray, below: Profile) -> float:
    """How well the next rows fill the columns that the rows below them fill: 0 to 1."""
    fits = (page.kinds[places] == below.kind) * below.weight
    usual = max(float(np.median(fits.sum(axis=1))), 0.0)
    return min(1.0, 0.2 + usual / max(0.4 * float(below.weight.sum()), 0.1))


def _is_same(page: Page, place: int, other: int) -> bool:
    """A header that comes again after a page's worth of rows."""
    return bool((page.texts[place] == page.texts[other]).all())


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
    labels = np.isin(row, kinds.LABELS)
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
    titles = page.filled[filled[:-1]].sum(axis=1)
    if (titles > 1).any() or len(cells) < 2 or len(set(texts)) < len(texts) or not named:  # noqa: PLR2004
        return None
    row = int(page.rows[place])
    return Band(row, row, None, score=1.0) if np.isin(cells, kinds.LABELS).all() else None


def _without_header(page: Page, filled: np.ndarray) -> Band:
    """Values from the first full row on; a row of words over words is still taken for names."""
    widths = page.filled[filled].sum(axis=1)
    usual = float(np.quantile(widths, 0.75))
    start = int(filled[np.argmax(widths > 0.5 * usual)])
    below = filled[filled > start]
    cells = page.texts[start][page.filled[start]]
    names = np.isin(page.kinds[start][page.filled[start]], kinds.LABELS)
    fit = len(below) and len(cells) > 1 and len(set(cells)) == len(cells) and names.all()
    if fit:
        under = profile(page, below[:_BELOW])
        odd, hit = weigh(page, start, under)
        if hit <= odd and under.weighed < 1.0:
            row = int(page.rows[start])
            return Band(row, row, int(page.rows[below[0]]), score=0.1)
    return Band(None, None, int(page.rows[start]))
