"""Which rows a total adds up: sums from the total outwards, the innermost totals first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from warehouse.tables.figures import Figures

_WORK = 40_000_000
_WINDOW = 200
_SMALL, _PARTS = 400, 30
# Which rows may be added up: up to the next total that is not proved; rows and proved totals;
# rows only; everything that no proved total covers.
NEAREST, PROVED, ROWS, ANY = "nearest", "proved", "rows", "any"


@dataclass
class Search:
    """What is known while the totals of one body are being proved."""

    figures: Figures
    is_total: np.ndarray
    covered: np.ndarray
    is_proved: np.ndarray
    tolerance: np.ndarray


@dataclass(frozen=True)
class Guess:
    """A set of rows that may be what a total adds up."""

    agreeing: int
    items: np.ndarray
    wrong: np.ndarray
    is_block: bool = False


def start_search(figures: Figures, places: list[int], *, is_rounded: bool) -> Search:
    """Begin with nothing proved; decimals may be rounded, whole numbers only where the sheet says."""
    count = len(figures.rows)
    is_total = np.zeros(count, dtype=bool)
    is_total[places] = True
    loose = 1.0 if is_rounded else 0.0
    tolerance = np.where(figures.decimals > 0, 10.0**-figures.decimals, loose)
    return Search(
        figures, is_total, np.zeros(count, dtype=bool), np.zeros(count, dtype=bool), tolerance
    )


def prove_nested(search: Search, places: list[int]) -> None:
    """Prove what adjoins, the innermost first: each round may use what the rounds before proved."""
    for use in (NEAREST, NEAREST, NEAREST, PROVED, ANY, PROVED):
        if use == ANY and search.is_proved.sum() < len(places):
            _cover_unnamed(search)
        for place in [p for p in places if not search.is_proved[p]]:
            _prove(search, place, use)


def _prove(search: Search, place: int, use: str) -> bool:
    for backward in (True, False):
        guess = adjoining(search, place, backward=backward, use=use)
        if guess is not None and not guess.wrong.any() and len(guess.items) > 1:
            search.covered[guess.items] = True
            search.is_proved[place] = True
            return True
    return False


def _cover_unnamed(search: Search) -> None:
    """Find rows that sum up the rows right under them without saying so (a region, then its parts)."""
    if len(search.covered) > _SMALL:
        return
    for place in np.flatnonzero(~search.is_total & ~search.covered):
        guess = adjoining(search, int(place), backward=False, use=PROVED)
        if guess and guess.agreeing > 1 and not guess.wrong.any() and 1 < len(guess.items) < _PARTS:
            search.covered[guess.items] = True


def adjoining(search: Search, place: int, *, backward: bool, use: str) -> Guess | None:
    """Add up row after row, away from the total, and keep the length that agrees best."""
    work = max(int(search.is_total.sum()) * len(search.figures.columns), 1)
    window = max(_WINDOW, _WORK // work)
    part = (
        slice(max(0, place - window), place) if backward else slice(place + 1, place + 1 + window)
    )
    known = ~search.covered[part]
    if use in {NEAREST, PROVED}:
        known &= ~search.is_total[part] | search.is_proved[part]
    elif use == ROWS:
        known &= ~search.is_total[part]
    if use == NEAREST:
        known &= _up_to_the_next(search.is_total[part] & ~search.is_proved[part], backward=backward)
    items = np.flatnonzero(known) + part.start
    items = items[::-1] if backward else items
    return _best_length(search, place, items) if len(items) else None


def _up_to_the_next(is_open: np.ndarray, *, backward: bool) -> np.ndarray:
    """Mark the rows between a total and the next one that is not proved yet."""
    ends = np.flatnonzero(is_open)
    places = np.arange(len(is_open))
    if not len(ends):
        return places >= 0
    return places > ends[-1] if backward else places < ends[0]


def _best_length(search: Search, place: int, items: np.ndarray) -> Guess | None:
    values, unknown = search.figures.values, search.figures.unknown
    usable = usable_columns(search, place)
    if not usable.any():
        return None
    wanted = values[place, usable]
    sums = np.cumsum(values[np.ix_(items, usable)], axis=0)
    hidden = np.maximum.accumulate(unknown[np.ix_(items, usable)], axis=0)
    lengths = np.sqrt(np.arange(1, len(items) + 1))[:, None]
    allowed = search.tolerance[usable] * lengths + 1e-9 * np.abs(wanted) + 1e-9
    agrees = (np.abs(sums - wanted) <= allowed) & ~hidden & (wanted != 0)
    counted = agrees.sum(axis=1)
    length = int(counted.argmax()) + 1
    if counted[length - 1] == 0:
        return None
    return compare(search, place, items[:length], usable)


def usable_columns(search: Search, place: int) -> np.ndarray:
    """Tell the columns that may be added up and in which the total says a number."""
    figures = search.figures
    return figures.is_additive & ~figures.unknown[place] & figures.is_there[place]


def compare(search: Search, place: int, items: np.ndarray, usable: np.ndarray) -> Guess:
    """Compare the sum over some rows with the total, column by column."""
    figures = search.figures
    sums, wanted = figures.values[items].sum(axis=0), figures.values[place]
    known = usable & ~figures.unknown[items].any(axis=0)
    allowed = search.tolerance * np.sqrt(len(items)) + 1e-9 * np.abs(wanted) + 1e-9
    wrong = known & (np.abs(sums - wanted) > allowed)
    # A mean, a rate or the last of running sums lies within its rows; a sum of counts cannot.
    parts = figures.values[items]
    inside = (np.abs(wanted) <= np.abs(parts).max(axis=0)) & (np.abs(sums) > np.abs(wanted))
    agreeing = int((known & ~wrong & (wanted != 0)).sum())
    return Guess(agreeing, items, wrong & ~inside)


def block_beside(search: Search, place: int, step: int) -> np.ndarray:
    """The rows between a total and the next one, in one direction."""
    ends = np.flatnonzero(search.is_total)
    if step < 0:
        before = ends[ends < place]
        return np.arange(int(before[-1]) + 1 if len(before) else 0, place)
    after = ends[ends > place]
    return np.arange(place + 1, int(after[0]) if len(after) else len(search.is_total))
