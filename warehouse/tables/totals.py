"""Rows that add up others: found by their label, believed only when the arithmetic agrees.

A total may stand over or under its rows, and totals may be totals of totals. Rows that a proved
total covers are out of the way for the next one, so that nesting needs no special case. Columns of
rates, averages and running sums add up to nothing and are left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from warehouse.readers.grid import column_letter
from warehouse.tables import vocabulary as words
from warehouse.tables.figures import Figures, read_figures
from warehouse.tables.page import WHITE
from warehouse.tables.table import Total

if TYPE_CHECKING:
    from collections.abc import Sequence

_LABEL_COLUMNS = 6
_WORK = 40_000_000
_WINDOW = 200
_LISTED = 20_000
_KEYS = 60
_PREFIX = r"^[\d_]+_|[\s\u3000()（）\[\]【】]|[①-⑳]"
_SHOWN = 3
_SMALL, _PARTS = 400, 30
_PROVED, _NONE, _ANY = "proved", "none", "any"


@dataclass
class _Search:
    """What is known while the totals of one body are being proved."""

    figures: Figures
    is_total: np.ndarray
    covered: np.ndarray
    is_proved: np.ndarray
    tolerance: np.ndarray


@dataclass(frozen=True)
class _Guess:
    """A set of rows that may be what a total adds up."""

    agreeing: int
    items: np.ndarray
    wrong: np.ndarray
    is_block: bool = False


def find_totals(
    body: pl.DataFrame, labels: Sequence[int], numeric: dict[int, str], *, is_rounded: bool = False
) -> tuple[Total, ...]:
    """Find the rows that say they are totals, and prove or disprove each.

    Args:
        body: the rows of the body without notes, groups and blanks.
        labels: 1-based columns that name the rows.
        numeric: 1-based columns of numbers → header path.
        is_rounded: whether the sheet says that rounded figures need not add up.
    """
    named = _labelled(body, labels[:_LABEL_COLUMNS])
    if not named:
        return ()
    figures = read_figures(body, numeric)
    places = sorted(named)[:_LISTED]
    if not figures.columns:
        return tuple(Total(int(figures.rows[p]), named[p], None) for p in places)
    search = _start(figures, places, is_rounded=is_rounded)
    _prove_nested(search, places)
    keys = _keys(body, labels)
    return tuple(_judge(search, place, named[place], keys) for place in places)


def _labelled(body: pl.DataFrame, labels: Sequence[int]) -> dict[int, str]:
    """Find the places whose label is a word of totals."""
    found: dict[int, str] = {}
    for number in reversed(labels):
        cell = pl.col(f"c{number}")
        key = cell.str.replace_all(_PREFIX, "").str.to_lowercase()
        ends = key.str.ends_with("計") & (key.str.len_chars() <= 10)  # noqa: PLR2004
        for ending in words.NOT_TOTAL_ENDINGS:
            ends &= ~key.str.ends_with(ending)
        rows = body.lazy().select(
            place=pl.int_range(pl.len()), label=cell.str.strip_chars(WHITE), key=key, ends=ends
        )
        hits = rows.filter(pl.col("key").is_in(list(words.TOTAL_WORDS)) | pl.col("ends"))
        found |= dict(hits.select("place", "label").collect().iter_rows())
    return found


def _start(figures: Figures, places: list[int], *, is_rounded: bool) -> _Search:
    count = len(figures.rows)
    is_total = np.zeros(count, dtype=bool)
    is_total[places] = True
    loose = 1.0 if is_rounded else 0.0
    tolerance = np.where(figures.decimals > 0, 10.0**-figures.decimals, loose)
    return _Search(
        figures, is_total, np.zeros(count, dtype=bool), np.zeros(count, dtype=bool), tolerance
    )


def _prove_nested(search: _Search, places: list[int]) -> None:
    """Prove what adjoins: each round may use the totals that the rounds before have proved."""
    for use in (_PROVED, _PROVED, _PROVED, _ANY):
        if use == _ANY and search.is_proved.sum() < len(places):
            _cover_unnamed(search)
        for again in (_PROVED, use):
            for place in [p for p in places if not search.is_proved[p]]:
                _prove(search, place, again)


def _prove(search: _Search, place: int, use: str) -> bool:
    for backward in (True, False):
        guess = _adjoining(search, place, backward=backward, use=use)
        if guess is not None and not guess.wrong.any() and len(guess.items) > 1:
            search.covered[guess.items] = True
            search.is_proved[place] = True
            return True
    return False


def _cover_unnamed(search: _Search) -> None:
    """Find rows that sum up the rows right under them without saying so (a region, then its parts)."""
    if len(search.covered) > _SMALL:
        return
    for place in np.flatnonzero(~search.is_total & ~search.covered):
        guess = _adjoining(search, int(place), backward=False, use=_PROVED)
        if guess and guess.agreeing > 1 and not guess.wrong.any() and 1 < len(guess.items) < _PARTS:
            search.covered[guess.items] = True


def _adjoining(search: _Search, place: int, *, backward: bool, use: str) -> _Guess | None:
    """Add up row after row, away from the total, and keep the length that agrees best."""
    work = max(int(search.is_total.sum()) * len(search.figures.columns), 1)
    window = max(_WINDOW, _WORK // work)
    part = (
        slice(max(0, place - window), place) if backward else slice(place + 1, place + 1 + window)
    )
    known = ~search.covered[part]
    if use == _PROVED:
        known &= ~search.is_total[part] | search.is_proved[part]
    elif use == _NONE:
        known &= ~search.is_total[part]
    items = np.flatnonzero(known) + part.start
    items = items[::-1] if backward else items
    return _best_length(search, place, items) if len(items) else None


def _best_length(search: _Search, place: int, items: np.ndarray) -> _Guess | None:
    values, unknown = search.figures.values, search.figures.unknown
    usable = _usable(search, place)
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
    return _guess(search, place, items[:length], usable)


def _usable(search: _Search, place: int) -> np.ndarray:
    figures = search.figures
    return figures.is_additive & ~figures.unknown[place] & figures.is_there[place]


def _guess(search: _Search, place: int, items: np.ndarray, usable: np.ndarray) -> _Guess:
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
    return _Guess(agreeing, items, wrong & ~inside)


def _keys(body: pl.DataFrame, labels: Sequence[int]) -> list[np.ndarray]:
    """Name the sets of rows of one level: those with the same blanks, or the same value."""
    cells = [pl.col(f"c{n}").str.strip_chars(WHITE).fill_null("") for n in labels[:_LABEL_COLUMNS]]
    if not cells:
        return []
    blanks = pl.concat_str(
        [cell.is_in(["", *words.ZERO_MARKS]).cast(pl.Int8).cast(pl.String) for cell in cells]
    )
    columns = [blanks, *cells, *(cell.str.len_chars().cast(pl.String) for cell in cells)]
    sets: list[np.ndarray] = []
    columns += [pl.col(name).str.strip_chars(WHITE).fill_null("") for name in body.columns[1:4]]
    for column in columns:
        key = body.select(key=column)["key"]
        if key.n_unique() <= _KEYS:
            sets.extend((key == value).to_numpy() for value in key.unique().to_list())
    return sets


def _judge(search: _Search, place: int, label: str, keys: list[np.ndarray]) -> Total:
    row = int(search.figures.rows[place])
    if search.is_proved[place]:
        return Total(row, label, is_proved=True)
    usable = _usable(search, place)
    if not usable.any():
        return Total(row, label, None)
    guesses = [g for g in _all_guesses(search, place, usable, keys) if len(g.items)]
    if not guesses:
        return Total(row, label, None)
    best = max(
        guesses,
        key=lambda g: (
            not g.wrong.any() and g.agreeing > 0,
            2 * g.agreeing >= usable.sum(),
            g.is_block,
            g.agreeing - int(g.wrong.sum()),
            -_distance(search, place, g),
        ),
    )
    if not best.wrong.any():
        return Total(row, label, is_proved=True if best.agreeing else None)
    return Total(row, label, is_proved=False, detail=_detail(search, place, best))


def _all_guesses(
    search: _Search, place: int, usable: np.ndarray, keys: list[np.ndarray]
) -> list[_Guess]:
    guesses = []
    for backward in (True, False):
        for use in (_PROVED, _NONE, _ANY):
            found = _adjoining(search, place, backward=backward, use=use)
            guesses += [found] if found is not None and len(found.items) > 1 else []
    for items in (_block(search, place, step=-1), _block(search, place, step=1)):
        guesses += (
            [replace(_guess(search, place, items, usable), is_block=True)] if len(items) else []
        )
    others = ~search.is_total
    for key in keys:
        items = np.flatnonzero(key & others)
        guesses += [_guess(search, place, items, usable)] if len(items) > 1 else []
    return guesses


def _block(search: _Search, place: int, step: int) -> np.ndarray:
    """The rows between a total and the next one, in one direction."""
    ends = np.flatnonzero(search.is_total)
    if step < 0:
        before = ends[ends < place]
        return np.arange(int(before[-1]) + 1 if len(before) else 0, place)
    after = ends[ends > place]
    return np.arange(place + 1, int(after[0]) if len(after) else len(search.is_total))


def _distance(search: _Search, place: int, guess: _Guess) -> float:
    sums, wanted = search.figures.values[guess.items].sum(axis=0), search.figures.values[place]
    return float((np.abs(sums - wanted) / np.maximum(np.abs(wanted), 1))[guess.wrong].sum())


def _detail(search: _Search, place: int, guess: _Guess) -> str:
    """Say which cells differ from the sum of which rows, and by how much."""
    figures = search.figures
    first, last = sorted((int(figures.rows[guess.items[0]]), int(figures.rows[guess.items[-1]])))
    said = []
    for i in np.flatnonzero(guess.wrong)[:_SHOWN]:
        cell = f"{column_letter(figures.columns[i])}{int(figures.rows[place])}"
        wanted, found = figures.values[place, i], figures.values[guess.items, i].sum()
        said.append(
            f"{cell} は {_plain(wanted)} ですが、{first}〜{last}行目の和は {_plain(found)} です(差 {_plain(wanted - found)})"
        )
    more = int(guess.wrong.sum()) - len(said)
    return "、".join(said) + (f"、ほか {more} 列" if more > 0 else "")


def _plain(number: float) -> str:
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:,.6g}"
