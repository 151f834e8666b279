"""Linkability: do two halves of what is known of one person lead to the same synthetic row?

Belongs here: that attack. Must not hold: the weighing of hits (`attacks`), distances (`nearest`).
"""

from collections.abc import Sequence

import numpy as np

from anonymize.synthetic.attacks import CONFIDENCE, Ranks, Risk, Tables, weigh
from anonymize.synthetic.nearest import nearest


def link(
    tables: Tables,
    *,
    attempts: int,
    seed: int,
    known: Sequence[Sequence[str]] | None = None,
    confidence: float = CONFIDENCE,
) -> Risk:
    """Guess that two files, with different columns of the same persons, belong together.

    For each person the nearest synthetic row is looked up by the columns of one file, and by those
    of the other; a hit is the same row. Among equally near rows each file takes one at random.

    Args:
        tables: From `arrange`.
        attempts: Persons to try on each side.
        seed: Of the persons, the ties and, when not given, the halves.
        known: Two lists of columns; by default two halves at random.
        confidence: Of the intervals.
    """
    rng = np.random.default_rng(seed)
    first, second = _halves(tables, known, rng)
    if not first or not second:
        return weigh("linkability", (0, 0), 0, confidence=confidence)
    chosen = rng.permutation(tables.original.shape[0])[:attempts]
    order = rng.permutation(tables.synthetic.shape[0])
    hits = [
        _same(tables, side[chosen], first, second, order)
        for side in (tables.original, tables.control)
    ]
    baseline = 1 / tables.synthetic.shape[0]
    return weigh("linkability", hits, chosen.size, baseline=baseline, confidence=confidence)


def _halves(
    tables: Tables, known: Sequence[Sequence[str]] | None, rng: np.random.Generator
) -> tuple[list[int], list[int]]:
    if known is not None:
        first, second = known
        return [tables.names.index(n) for n in first], [tables.names.index(n) for n in second]
    mixed = rng.permutation(len(tables.names)).tolist()
    return mixed[: len(mixed) // 2], mixed[len(mixed) // 2 :]


def _same(
    tables: Tables, targets: Ranks, first: list[int], second: list[int], order: np.ndarray
) -> int:
    # The second look-up sees the rows in another order, so that ties are broken independently.
    one = nearest(tables, first, targets, tables.synthetic)
    other = order[nearest(tables, second, targets, tables.synthetic[order])]
    return int((one == other).sum())
