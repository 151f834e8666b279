"""Rows that add up others: found by their label, believed only when the arithmetic agrees.

A total may stand over or under its rows, and totals may be totals of totals. Rows that a proved
total covers are out of the way for the next one, so that nesting needs no special case. Columns of
rates, averages and running sums add up to nothing and are left out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from warehouse.readers.grid import column_letter
from warehouse.tables import vocabulary as words
from warehouse.tables.figures import read_figures
from warehouse.tables.page import WHITE
from warehouse.tables.sums import (
    ANY,
    PROVED,
    ROWS,
    Guess,
    Search,
    adjoining,
    block_beside,
    compare,
    prove_nested,
    start_search,
    usable_columns,
)
from warehouse.tables.table import Total

if TYPE_CHECKING:
    from collections.abc import Sequence

_LABEL_COLUMNS = 6
_LISTED = 20_000
_KEYS = 60
_PREFIX = r"^[\d_]+_|[\s\u3000()（）\[\]【】]|[①-⑳]"
_SHOWN = 3


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
    search = start_search(figures, places, is_rounded=is_rounded)
    prove_nested(search, places)
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


def _judge(search: Search, place: int, label: str, keys: list[np.ndarray]) -> Total:
    row = int(search.figures.rows[place])
    if search.is_proved[place]:
        return Total(row, label, is_proved=True)
    usable = usable_columns(search, place)
    if not usable.any():
        return Total(row, label, None)
    all_guesses = _all_guesses(search, place, usable, keys)
    guesses = [g for g in all_guesses if search.figures.is_there[g.items][:, usable].any()]
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
    search: Search, place: int, usable: np.ndarray, keys: list[np.ndarray]
) -> list[Guess]:
    guesses = []
    for backward in (True, False):
        for use in (PROVED, ROWS, ANY):
            found = adjoining(search, place, backward=backward, use=use)
            guesses += [found] if found is not None and len(found.items) > 1 else []
    for items in (block_beside(search, place, step=-1), block_beside(search, place, step=1)):
        guesses += (
            [replace(compare(search, place, items, usable), is_block=True)] if len(items) else []
        )
    others = ~search.is_total
    for key in keys:
        items = np.flatnonzero(key & others)
        guesses += [compare(search, place, items, usable)] if len(items) > 1 else []
    return guesses


def _distance(search: Search, place: int, guess: Guess) -> float:
    sums, wanted = search.figures.values[guess.items].sum(axis=0), search.figures.values[place]
    return float((np.abs(sums - wanted) / np.maximum(np.abs(wanted), 1))[guess.wrong].sum())


def _detail(search: Search, place: int, guess: Guess) -> str:
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
