"""Distances between rows of mixed columns, many at a time.

Belongs here: Gower's distance (1971), column by column. Must not hold: what the nearest row is
used for (`attacks_linked`, `attacks_inferred`).
"""

import numpy as np
import numpy.typing as npt

from anonymize.synthetic.attacks import Ranks, Tables

_CHUNK = 4_000_000

Distances = npt.NDArray[np.float32]


def distances(tables: Tables, column: int, targets: Ranks, others: Ranks) -> Distances:
    """Give |a - b| / span for numbers and 0 or 1 for categories and nulls: (targets, others)."""
    mine, theirs = targets[:, column], others[:, column]
    if not tables.is_number[column] or not tables.spans[column]:
        return (mine[:, None] != theirs[None, :]).astype(np.float32)
    values = (tables.values[column] / tables.spans[column]).astype(np.float32)
    apart = np.abs(values[mine][:, None] - values[theirs][None, :])
    null = tables.values[column].size - 1
    if (mine == null).any() or (theirs == null).any():
        both = (mine == null)[:, None] & (theirs == null)[None, :]
        apart = np.where(both, np.float32(0), np.nan_to_num(apart, nan=1.0))
    return apart


def pieces(targets: Ranks, others: Ranks) -> list[Ranks]:
    """Cut the targets so that one matrix of distances stays small."""
    step = max(1, _CHUNK // others.shape[0])
    return [targets[at : at + step] for at in range(0, targets.shape[0], step)]


def nearest(tables: Tables, columns: list[int], targets: Ranks, others: Ranks) -> npt.NDArray:
    """Give for each target the first of the nearest rows by some columns."""
    found = []
    for part in pieces(targets, others):
        total = distances(tables, columns[0], part, others)
        for column in columns[1:]:
            total += distances(tables, column, part, others)
        found.append(total.argmin(axis=1))
    return np.concatenate(found)
