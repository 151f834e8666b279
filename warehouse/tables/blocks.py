"""Tables that stand under one another: where each begins and ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from warehouse.tables import page as kinds
from warehouse.tables.band import Band, find_band
from warehouse.tables.evidence import Profile, profile, weigh

if TYPE_CHECKING:
    from warehouse.tables.page import Page
    from warehouse.tables.sheet import Outline

_CANDIDATES = 100
_SCANNED = 4
_CLEAR, _CLEARER = 0.3, 0.6
_NEAR = 8


@dataclass(frozen=True)
class Block:
    """One table's part of the rows, as places in the outline: titles from `start`, to before `end`."""

    start: int
    end: int
    band: Band


def find_blocks(sheet: Outline, emphasis: dict[int, float]) -> list[Block]:
    """Cut the rows into tables, each with its own header band."""
    blocks: list[Block] = []
    start = 0
    while start < len(sheet.rows):
        page = sheet.page(start)
        band = find_band(page, sheet.grid.merges, emphasis)
        if band is None:
            break
        end = _find_end(sheet, page, band, emphasis)
        blocks.append(Block(start, end, band))
        start = end
    return blocks


def _find_end(sheet: Outline, page: Page, band: Band, emphasis: dict[int, float]) -> int:
    """Find where the next table's titles begin; the end of the sheet when there is none."""
    if band.body is None:
        return len(sheet.rows)
    body = sheet.place(band.body)
    places = np.flatnonzero(page.rows >= band.body)[:60]
    below = profile(page, places)
    numeric = [int(c) for c in np.flatnonzero((below.kind == kinds.NUMBER) & (below.weight > 0))]
    sparse = 2 * len(sheet.after_gaps(body)) > len(sheet.rows) - body
    gaps = np.array([], dtype=np.int64) if sparse else sheet.after_gaps(body)
    worded = sheet.with_words(body + 1, numeric[:_SCANNED])
    names = _names(page, band)
    for candidate in np.unique(np.concatenate([gaps, worded]))[:_CANDIDATES]:
        start = _first_title(sheet, int(candidate), body)
        if _is_table(sheet, start, below, names, is_after_gap=candidate in gaps, emphasis=emphasis):
            return start
    return len(sheet.rows)


def _first_title(sheet: Outline, place: int, body: int) -> int:
    """Step up over the single cells that stand right over a row."""
    while (
        place - 1 > body
        and sheet.counts[place - 1] == 1
        and sheet.rows[place] - sheet.rows[place - 1] == 1
    ):
        place -= 1
    return place


def _names(page: Page, band: Band) -> list[set[str]]:
    """The words of every header row."""
    if band.first is None or band.last is None:
        return []
    found = [page.at(row) for row in range(band.first, band.last + 1)]
    return [set(page.texts[place]) - {""} for place in found if place is not None]


def _is_table(
    sheet: Outline,
    start: int,
    below: Profile,
    names: list[set[str]],
    *,
    is_after_gap: bool,
    emphasis: dict[int, float],
) -> bool:
    """Tell whether a header of its own begins here, not the old one again."""
    page = sheet.page(start, 60)
    band = find_band(page, sheet.grid.merges, emphasis)
    if band is None or band.first is None or band.body is None or band.last is None:
        return False
    header = sheet.place(band.first)
    if header - start > _NEAR or sheet.counts[start:header].max(initial=0) > sheet.counts[header]:
        return False
    again = any(mine == theirs for mine in names for theirs in _names(page, band))
    if again:
        return is_after_gap and header > start
    place = page.at(band.last)
    odd, hit = weigh(page, place, _elsewhere(below)) if place is not None else (0.0, 0.0)
    if hit > odd:
        return False
    return band.score >= (_CLEAR if odd > max(hit, 0.5) else _CLEARER) and _is_dense(sheet, header)


def _elsewhere(below: Profile) -> Profile:
    return Profile(
        below.kind, below.weight, np.zeros_like(below.recurs), np.array([], dtype=np.int64)
    )


def _is_dense(sheet: Outline, header: int) -> bool:
    """Names stand side by side, unless there is only one column."""
    return bool(sheet.counts[header] > 1 or sheet.counts.max() == 1)
