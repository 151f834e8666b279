"""How much a row looks like a header, or like the rows below it: the weighing, column by column.

A cell counts for a header when its kind differs from what its column holds below (a word over
numbers), when it is a usual column name, or when the values below come again and it does not; it
counts against one when it is of the same kind or comes again below.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from warehouse.tables import page as kinds

if TYPE_CHECKING:
    from warehouse.tables.page import Page

_N = 13
_WEIGHTS = {
    kinds.NUMBER: 1.0, kinds.DATE: 1.0, kinds.MARK: 0.5, kinds.CODE: 0.8, kinds.KANA: 0.5,
    kinds.DIGITED: 0.6, kinds.LATIN: 0.5, kinds.LONG: 0.5, kinds.TEXT: 0.3, kinds.PERIOD: 0.6,
    kinds.UNIT: 0.4, kinds.NAMELIKE: 0.8,
}  # fmt: skip
# What the column holds → kinds of a cell above it that say neither yes nor no.
_NEAR = {
    kinds.NUMBER: (kinds.DATE, kinds.CODE),
    kinds.DATE: (kinds.NUMBER, kinds.CODE, kinds.PERIOD),
    kinds.MARK: (),
    kinds.CODE: (kinds.NUMBER, kinds.DATE, kinds.NAMELIKE),
    kinds.NAMELIKE: (kinds.CODE, kinds.NUMBER),
    kinds.KANA: (),
    kinds.DIGITED: (kinds.LONG, kinds.PERIOD, kinds.CODE, kinds.NUMBER, kinds.DATE, kinds.NAMELIKE),
    kinds.LATIN: (kinds.CODE, kinds.NUMBER, kinds.NAMELIKE),
    kinds.LONG: (kinds.DIGITED, kinds.CODE, kinds.NAMELIKE, kinds.NUMBER, kinds.DATE, kinds.PERIOD),
    kinds.TEXT: (
        kinds.KANA, kinds.DIGITED, kinds.LONG, kinds.CODE, kinds.NUMBER, kinds.DATE, kinds.NAMELIKE,
        kinds.PERIOD, kinds.UNIT, kinds.TEXT,
    ),
    kinds.PERIOD: (kinds.NUMBER, kinds.DATE, kinds.DIGITED),
    kinds.UNIT: (kinds.NUMBER, kinds.PERIOD),
}  # fmt: skip
_WORD, _AGAIN, _ONCE = 0.5, 0.7, 0.4
_CLEAR = 0.6
_FEW = 4
_RELEVANT = 8.0


def _relations() -> np.ndarray:
    """Kind below × kind above → 1 for a header, -1 for one more value, 0 for neither."""
    table = np.ones((_N, _N), dtype=np.int8)
    table[kinds.BLANK, :] = table[:, kinds.BLANK] = 0
    for below, above in _NEAR.items():
        table[below, list(above)] = 0
        table[below, kinds.MARK] = -1
        if below != kinds.TEXT:
            table[below, below] = -1
    return table


_RELATION = _relations()
_WEIGHT = np.array([_WEIGHTS.get(kind, 0.0) for kind in range(_N)])


@dataclass(frozen=True)
class Profile:
    """What the columns hold in some rows: the usual kind, its weight, and whether values recur."""

    kind: np.ndarray
    weight: np.ndarray
    recurs: np.ndarray
    places: np.ndarray

    @property
    def weighed(self) -> float:
        """How much there is to go by at all."""
        return float(self.weight[self.kind != kinds.TEXT].sum())

    @property
    def needed(self) -> float:
        """The least evidence that makes a header of a row."""
        return max(_ONCE, 0.25 * min(self.weighed, _RELEVANT))


def profile(page: Page, places: np.ndarray) -> Profile:
    """Say what the columns hold in the rows at these places."""
    below = page.kinds[places]
    counts = np.stack([(below == kind).sum(axis=0) for kind in range(_N)])
    filled = counts[1:].sum(axis=0)
    valued = counts.copy()
    valued[[kinds.BLANK, kinds.MARK]] = 0
    kind = np.where(valued.sum(axis=0) > 0, valued.argmax(axis=0), kinds.MARK)
    share = valued.max(axis=0) / np.maximum(valued.sum(axis=0), 1)
    clear = (share >= _CLEAR) | (valued.sum(axis=0) == 0)
    seen = (filled > 0) & (filled >= 0.2 * len(places))
    weight = np.where(clear & seen, _WEIGHT[kind], 0.0)
    return Profile(np.where(filled > 0, kind, kinds.BLANK), weight, _recurs(page, places), places)


def _recurs(page: Page, places: np.ndarray) -> np.ndarray:
    """Tell the columns in which few different values stand in many rows."""
    out = np.zeros(page.kinds.shape[1], dtype=bool)
    for column in np.flatnonzero(page.filled[places].any(axis=0)):
        values = page.texts[places, column]
        values = values[values != ""]
        out[column] = len(values) >= _FEW and len(set(values)) <= len(values) / 2
    return out


def weigh(page: Page, place: int, below: Profile) -> tuple[float, float]:
    """Weigh a row against the rows below it: for a header, and for one more row of the same."""
    row = page.kinds[place]
    filled = row != kinds.BLANK
    relation = _RELATION[below.kind, row].astype(float)
    weight = below.weight.copy()
    others = below.places[below.places > place]
    again = filled & (page.texts[others] == page.texts[place]).any(axis=0)
    word = filled & page.is_word[place]
    # A name that comes again stands in a repeated header, or is a value that may name columns too.
    again, word = again & ~word, word & ~again
    once = filled & below.recurs & ~again & (relation == 0)
    relation = np.where(again, -1.0, np.where(word | once, 1.0, relation))
    weight = np.where(again, np.maximum(weight, _AGAIN), weight)
    weight = np.where(word, np.maximum(weight, _WORD), weight)
    weight = np.where(once & ~word, np.maximum(weight, _ONCE), weight)
    scored = relation * weight
    return float(scored[scored > 0].sum()), float(-scored[scored < 0].sum())
