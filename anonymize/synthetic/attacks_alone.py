"""Singling out: is there a description that fits exactly one synthetic row, and one person?

Belongs here: descriptions from synthetic rows and their count in the other tables. Must not hold:
the weighing of hits (`attacks`).
"""

import numpy as np
import numpy.typing as npt

from anonymize.synthetic.attacks import CONFIDENCE, Ranks, Risk, Tables, weigh

_LEAST_COLUMNS = 3
_CHUNK = 8_000_000
# A description of a few columns is seldom unique: more are tried than are used.
_TRIES = 4
_UNUSED = 2


def single_out_by_one(tables: Tables, *, confidence: float = CONFIDENCE) -> Risk:
    """Guess that a value alone marks a person: one that is unique, the lowest or the highest."""
    found: list[tuple[int, int, int]] = []
    for column, is_number in enumerate(tables.is_number):
        ranks = tables.synthetic[:, column]
        null = tables.values[column].size - 1
        plain = ranks[ranks != null]
        if is_number and plain.size:
            found += [(column, -1, int(plain.min())), (column, 1, int(plain.max()))]
        counts = np.bincount(ranks, minlength=null + 1)
        marks = [null] if is_number else range(null + 1)
        found += [(column, 0, mark) for mark in marks if counts[mark] == 1]
    used = np.array(found, np.int64).reshape(-1, 3)
    guesses = [(used[:, [0]], used[:, [1]], used[:, [2]])] if found else []
    return _weigh("singling_out_univariate", tables, guesses, used.shape[0], confidence)


def single_out_by_several(
    tables: Tables, *, attempts: int, seed: int, confidence: float = CONFIDENCE
) -> Risk:
    """Guess that what several columns say of a synthetic row marks a person.

    A description takes three to all columns of one row: the same category, and a number at most
    (below the median) or at least (from it) that of the row. Only those that fit one synthetic row are used.

    Args:
        tables: From `arrange`.
        attempts: Descriptions to use at most.
        seed: Of their choice.
        confidence: Of the intervals.
    """
    rng = np.random.default_rng(seed)
    count = len(tables.names)
    ranks = tables.synthetic[rng.integers(tables.synthetic.shape[0], size=attempts * _TRIES)]
    width = rng.integers(min(_LEAST_COLUMNS, count), count, size=len(ranks), endpoint=True)
    place = rng.random(ranks.shape).argsort(axis=1).argsort(axis=1)
    signs = np.where(place < width[:, None], _signs(tables, ranks), _UNUSED)
    ranks = np.where(signs == _UNUSED, 0, ranks)
    _, first = np.unique(np.hstack([signs, ranks]), axis=0, return_index=True)
    first.sort()
    columns = np.broadcast_to(np.arange(count), ranks.shape)
    guess = columns[first], signs[first], ranks[first].astype(np.int64)
    alone = _matches(tables.synthetic, guess) == 1
    used = tuple(part[alone][:attempts] for part in guess)
    return _weigh("singling_out_multivariate", tables, [used], used[0].shape[0], confidence)


def _signs(tables: Tables, ranks: Ranks) -> npt.NDArray[np.int64]:
    """Say for each part of a description: 0 equal, -1 at most, 1 at least."""
    medians = np.median(tables.synthetic, axis=0)
    nulls = np.array([v.size - 1 for v in tables.values])
    ordered = np.array(tables.is_number) & (ranks != nulls)
    return np.where(ordered, np.where(ranks >= medians, 1, -1), 0)


def _matches(table: Ranks, guess: tuple[npt.NDArray, ...]) -> npt.NDArray[np.int64]:
    """Count the rows that fit each description."""
    columns, signs, ranks = guess
    counts = np.zeros(columns.shape[0], np.int64)
    step = max(1, _CHUNK // table.shape[0])
    by_column = np.ascontiguousarray(table.T)
    for begin in range(0, columns.shape[0], step):
        part = slice(begin, begin + step)
        fits = np.ones((counts[part].size, table.shape[0]), bool)
        for at in range(columns.shape[1]):
            _narrow(fits, by_column, columns[part, at], signs[part, at], ranks[part, at])
        counts[part] = fits.sum(axis=1)
    return counts


def _narrow(
    fits: npt.NDArray[np.bool_],
    by_column: Ranks,
    columns: npt.NDArray,
    signs: npt.NDArray,
    ranks: npt.NDArray,
) -> None:
    """Leave the rows that also fit one more part, for all descriptions on one column at a time."""
    for column in np.unique(columns):
        values = by_column[column]
        for sign, compare in ((0, np.equal), (-1, np.less_equal), (1, np.greater_equal)):
            chosen = np.flatnonzero((columns == column) & (signs == sign))
            if chosen.size:
                wanted = ranks[chosen, None].astype(np.int32)
                fits[chosen] &= compare(values[None, :], wanted)


def _weigh(name: str, tables: Tables, guesses: list, attempts: int, confidence: float) -> Risk:
    hits = [
        sum(int((_matches(table, guess) == 1).sum()) for guess in guesses)
        for table in (tables.original, tables.control)
    ]
    return weigh(name, hits, attempts, confidence=confidence)
