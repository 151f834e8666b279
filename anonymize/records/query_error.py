"""How wrong counts become when they are asked of the published table instead of the original.

Belongs here: random count queries and their answers. Must not hold: losses by label (`utility`).

A query counts the rows whose value lies in a random set, in each of two or three columns at once
(the workload of Xiao and Tao, "Anatomy", 2006, section 6: in each of qd columns, b random values,
b = ⌈|A| · s^(1/qd)⌉ for an expected selectivity s). The published table answers under the
assumption that every value below a label is equally likely and columns are independent within a
row (LeFevre, DeWitt and Ramakrishnan, "Mondrian", 2006, section 6). The error of a query is
|answer - truth| / max(truth, floor), the floor a share of the rows, so that empty truths do not
divide by nothing (sanity bound, Garofalakis and Kumar, 2004; 0.1 % as in Xiao, Wang and Gehrke,
"Differential privacy via wavelet transforms", 2010).
"""

import itertools
import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from anonymize.records.label_sets import LabelSets

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

SELECTIVITY = 0.05
FLOOR = 0.001
_FEWEST, _MOST = 2, 3
_SUBSETS = 200
_DENSE = 4_000_000  # cells that are counted faster than sorted


def mean_error(
    values: Sequence[Codes],
    labels: Sequence[Codes],
    counts: Ints,
    sets: Sequence[LabelSets],
    *,
    queries: int,
    seed: int,
) -> float:
    """Ask `queries` random counts of both tables and return the mean relative error.

    Args:
        values: Per column the original value of each of g combinations.
        labels: Per column the published label of each combination, into `sets`.
        counts: g rows counts.
        sets: What the labels cover, per column.
        queries: How many counts are asked, of at most 40 choices of columns.
        seed: Decides columns and values.
    """
    if not queries or not counts.sum():
        return 0.0
    draw = np.random.default_rng(seed)
    subsets = _subsets(len(sets), draw)
    shares = np.bincount(np.arange(queries) % len(subsets), minlength=len(subsets))
    floor = max(1.0, FLOOR * counts.sum())
    errors = []
    for subset, share in zip(subsets, shares, strict=True):
        asked = [_predicate(values[c], sets[c].values, len(subset), share, draw) for c in subset]
        truth = _answer([values[c] for c in subset], counts, asked)
        likely = [
            sets[c].add_up(wanted) / sets[c].sizes[:, None]
            for c, wanted in zip(subset, asked, strict=True)
        ]
        answer = _answer([labels[c] for c in subset], counts, likely)
        errors.append(np.abs(answer - truth) / np.maximum(truth, floor))
    return float(np.concatenate(errors).mean())


def _subsets(columns: int, draw: np.random.Generator) -> list[tuple[int, ...]]:
    """Choose distinct sets of two or three columns (of one where there is only one)."""
    sizes = range(min(_FEWEST, columns), min(_MOST, columns) + 1)
    every = [s for size in sizes for s in itertools.combinations(range(columns), size)]
    chosen = draw.choice(len(every), min(_SUBSETS, len(every)), replace=False)
    return [every[i] for i in chosen]


def _predicate(
    column: Codes, values: int, columns: int, queries: int, draw: np.random.Generator
) -> Floats:
    """Draw a set of occurring values for each query: values × queries, 1 inside."""
    present = np.unique(column)
    wanted = math.ceil(len(present) * SELECTIVITY ** (1 / columns))
    order = draw.permuted(np.tile(present, (queries, 1)), axis=1)[:, :wanted]
    inside = np.zeros((values, queries))
    inside[order.ravel(), np.repeat(np.arange(queries), wanted)] = 1.0
    return inside


def _answer(columns: Sequence[Codes], counts: Ints, weights: Sequence[Floats]) -> Floats:
    """Add up counts times the product of weights, over distinct combinations; one number a query."""
    key = np.zeros(len(counts), np.int64)
    for column, weight in zip(columns, weights, strict=True):
        key = key * len(weight) + column
    if math.prod(map(len, weights)) <= _DENSE:
        table = np.bincount(key, weights=counts)
        combination = np.flatnonzero(table)
        total = table[combination, None]
    else:
        combination, place = np.unique(key, return_inverse=True)
        total = np.bincount(place, weights=counts)[:, None]
    for weight in reversed(weights):
        combination, code = np.divmod(combination, len(weight))
        total = total * weight[code]
    return total.sum(axis=0)
