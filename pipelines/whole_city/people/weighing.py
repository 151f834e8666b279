"""How often each pattern of household is used, so that the city has the ages and kinds of the figures.

Belongs here: fitting weights (iterative proportional updating: each margin in turn is made true)
and drawing by them. What the patterns are is `families`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipelines.whole_city.people.draws import open_stream, pick
from pipelines.whole_city.people.families import ABSENT, HEAD, Patterns, draw_patterns
from pipelines.whole_city.people.figures import read_figures

if TYPE_CHECKING:
    from pipelines.whole_city.people.figures import Figures

_EACH, _ROUNDS, _SCALE = 4000, 60, 1_000_000_000
# How much more often than their number says these kinds move in.
_MOVING_KINDS = {"single": 8, "couple": 8, "couple_children": 7, "single_parent": 5, "lodgers": 4}


class Weighed(NamedTuple):
    """Patterns in an order of kind, size and head's age, with whole weights.

    Attributes:
        patterns: the patterns.
        sizes: members of each.
        living: weight of each among households that live here.
        arriving: weight of each among households that move in.
    """

    patterns: Patterns
    sizes: np.ndarray
    living: np.ndarray
    arriving: np.ndarray


@lru_cache(maxsize=2)
def weigh_patterns(seed: int) -> Weighed:
    """Draw the patterns of a city and fit their weights to the figures."""
    figures = read_figures()
    patterns = _sort(draw_patterns(open_stream(seed, "patterns"), _EACH))
    living = _fit(patterns, figures)
    moves = figures.mobility[figures.band_of(patterns.age[:, HEAD])]
    factors = np.array([_MOVING_KINDS.get(kind, 1) for kind in patterns.kind.tolist()])
    return Weighed(patterns, (patterns.age != ABSENT).sum(axis=1), living, living * moves * factors)


def choose_living(rng: np.random.Generator, weighed: Weighed, residents: int) -> np.ndarray:
    """Choose patterns whose members are exactly `residents`, in random order."""
    total = int(weighed.living.sum())
    mean = int((weighed.living // 1000 * weighed.sizes).sum()) / (total // 1000)
    count = int(residents / mean * 1.02) + 8
    # Every nth of the ordered patterns: each kind and age comes in its share, not by luck.
    points = (np.arange(count) * (total // count)) + rng.integers(0, total // count)
    chosen = np.searchsorted(np.cumsum(weighed.living), points, side="right")
    chosen = rng.permutation(chosen)
    fitting = chosen[np.cumsum(weighed.sizes[chosen]) <= residents]
    alone = np.flatnonzero(weighed.sizes == 1)
    rest = residents - int(weighed.sizes[fitting].sum())
    return np.concatenate([fitting, alone[pick(rng, weighed.living[alone], rest)]])


def choose_arriving(rng: np.random.Generator, weighed: Weighed, persons: int) -> np.ndarray:
    """Choose patterns that move in, of `persons` members or hardly fewer."""
    chosen = pick(rng, weighed.arriving // 100, persons)
    return chosen[np.cumsum(weighed.sizes[chosen]) <= persons]


def _sort(patterns: Patterns) -> Patterns:
    sizes = (patterns.age != ABSENT).sum(axis=1)
    order = np.lexsort((patterns.age[:, HEAD], sizes, patterns.kind))
    return Patterns(*(column[order] for column in patterns))


def _fit(patterns: Patterns, figures: Figures) -> np.ndarray:
    weights = np.ones(len(patterns.kind))
    margins = [*_kind_margins(patterns, figures), *_age_margins(patterns, figures)]
    for _ in range(_ROUNDS):
        for rows, counts, wanted in margins:
            # A running sum adds in one order on every machine.
            now = np.cumsum(weights[rows] * counts)[-1]
            weights[rows] *= wanted / now
    return np.round(weights * _SCALE).astype(np.int64)


def _kind_margins(
    patterns: Patterns, figures: Figures
) -> list[tuple[np.ndarray, np.ndarray, float]]:
    shares = figures.households
    total = sum(shares.values())
    found = ((np.flatnonzero(patterns.kind == kind), part) for kind, part in shares.items())
    return [(rows, np.ones(len(rows)), part / total) for rows, part in found]


def _age_margins(
    patterns: Patterns, figures: Figures
) -> list[tuple[np.ndarray, np.ndarray, float]]:
    wanted = figures.ages / int(figures.ages.sum()) * figures.persons_per_household
    bands = np.where(patterns.age == ABSENT, -1, figures.band_of(patterns.age))
    margins = []
    for sex, row in enumerate(wanted, start=1):
        for band, part in enumerate(row):
            counts = ((bands == band) & (patterns.sex == sex)).sum(axis=1)
            rows = np.flatnonzero(counts)
            margins.append((rows, counts[rows], float(part)))
    return margins
