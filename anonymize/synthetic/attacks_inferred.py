"""Inference: does the nearest synthetic row tell what one person kept secret?

Belongs here: that attack, for every column at once. Must not hold: the weighing of hits
(`attacks`), distances (`nearest`).
"""

import numpy as np
import numpy.typing as npt

from anonymize.synthetic.attacks import CONFIDENCE, Ranks, Risk, Tables, weigh
from anonymize.synthetic.nearest import distances, pieces

# A guessed number counts as right within this share of itself (Giomi et al., 2023).
_TOLERANCE = 0.05


def infer(
    tables: Tables, *, attempts: int, seed: int, confidence: float = CONFIDENCE
) -> list[Risk]:
    """Guess each column of a person from all others: the value of the nearest synthetic row.

    Args:
        tables: From `arrange`.
        attempts: Persons to try on each side.
        seed: Of the persons.
        confidence: Of the intervals.

    Returns:
        One risk a column; none for a table of one column.
    """
    if len(tables.names) == 1:
        return []
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(tables.original.shape[0])[:attempts]
    hits = [_right(tables, side[chosen]) for side in (tables.original, tables.control)]
    blind = _blind(tables, tables.original[chosen], rng)
    return [
        weigh(
            "inference",
            (int(hits[0][at]), int(hits[1][at])),
            chosen.size,
            on=name,
            baseline=float(blind[at]),
            confidence=confidence,
        )
        for at, name in enumerate(tables.names)
    ]


def _right(tables: Tables, targets: Ranks) -> npt.NDArray[np.int64]:
    """Count right guesses, one number a column."""
    hits = np.zeros(len(tables.names), np.int64)
    columns = range(len(tables.names))
    for part in pieces(targets, tables.synthetic):
        # Every column's distances once; without a column's own they are those of the others.
        apart = [distances(tables, column, part, tables.synthetic) for column in columns]
        total = np.sum(apart, axis=0, dtype=np.float32)
        for column in columns:
            guess = tables.synthetic[(total - apart[column]).argmin(axis=1), column]
            hits[column] += int(_is_right(tables, column, part[:, column], guess).sum())
    return hits


def _blind(tables: Tables, targets: Ranks, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Give the share of right guesses when a synthetic row is taken at random."""
    rows = rng.integers(tables.synthetic.shape[0], size=targets.shape[0])
    return np.array(
        [
            _is_right(tables, column, targets[:, column], tables.synthetic[rows, column]).mean()
            for column in range(len(tables.names))
        ]
    )


def _is_right(tables: Tables, column: int, true: Ranks, guess: Ranks) -> npt.NDArray[np.bool_]:
    if not tables.is_number[column]:
        return true == guess
    values = tables.values[column]
    wanted, found = values[true], values[guess]
    return (true == guess) | (np.abs(wanted - found) <= _TOLERANCE * np.abs(wanted))
