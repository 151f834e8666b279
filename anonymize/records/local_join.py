"""Many groups without a class join classes, in a second sweep over combinations of levels.

Belongs here: the joining of many at once. Must not hold: the joining of a few to their nearest, one
by one (`local_repair`).

Where a model asks for several sensitive values, whole regions of a table may show one value only:
no set of theirs can be a class. At each combination, cheapest first, those left are put together
with the classes whose labels the combination covers; all who share labels with a class join the
smallest such class, if it still satisfies the models with them.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from anonymize.records.local_ladders import Ladder, lowest_common
from anonymize.records.local_members import Membership

Codes = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]


def join_many(
    ladders: Sequence[Ladder], nodes: Ints, codes: Codes, members: Membership, class_of: Ints
) -> Ints:
    """Let those without a class join classes.

    Args:
        ladders: n, one per column.
        nodes: m × n levels, in the order to be tried.
        codes: g × n level-0 codes.
        members: The groups' members and the demands.
        class_of: Per group its class, numbered from 0 without gaps, or -1; all classes satisfy the
            models.

    Returns:
        Per group its class, -1 for those that no class could take in.
    """
    class_of = class_of.copy()
    placed = np.flatnonzero(class_of >= 0)
    of = class_of[placed]
    number = int(of.max(initial=-1)) + 1
    left = np.flatnonzero(class_of < 0)
    if not number:
        return class_of
    level = lowest_common(ladders, codes[placed], of, number)
    example = np.empty((number, len(ladders)), np.int32)
    example[of] = codes[placed]
    rows = np.bincount(of, members.rows[placed], number)
    order = np.argsort(of, kind="stable")
    groups = np.split(placed[order], np.cumsum(np.bincount(of))[:-1])
    draw = np.random.default_rng(0)  # of hashes: nothing published depends on it
    tables = [draw.integers(0, 2**64, len(ladder.texts), np.uint64) for ladder in ladders]
    for node in nodes:
        covered = np.flatnonzero((level <= node).all(axis=1))
        if not len(covered):
            continue
        met, target = _meet(
            _hash(tables, ladders, node, codes[left]),
            _hash(tables, ladders, node, example[covered]),
            rows[covered],
        )
        if not len(met):
            continue
        target = covered[target]
        asked, who = np.unique(target, return_inverse=True)
        newcomers = left[met]
        chosen = np.concatenate([newcomers, *(groups[c] for c in asked)])
        sizes = [len(groups[c]) for c in asked]
        owner = np.concatenate([who, np.repeat(np.arange(len(asked)), sizes)])
        good = members.hold(chosen, owner, len(asked))
        taken = good[who]
        if not taken.any():
            continue
        for place in np.flatnonzero(good):
            groups[asked[place]] = np.append(groups[asked[place]], newcomers[who == place])
        class_of[newcomers[taken]] = target[taken]
        np.add.at(rows, target[taken], members.rows[newcomers[taken]])
        _widen(ladders, node, level, example, codes=codes[newcomers[taken]], target=target[taken])
        left = left[class_of[left] < 0]
        if not len(left):
            break
    return class_of


def _meet(
    left: Hashes, classes: Hashes, rows: npt.NDArray[np.float64 | np.int64]
) -> tuple[Ints, Ints]:
    """Find who shares labels with a class: their places, and the smallest such class of each."""
    order = np.lexsort((rows, classes))
    names, first = np.unique(classes[order], return_index=True)
    place = np.minimum(np.searchsorted(names, left), len(names) - 1)
    met = np.flatnonzero(names[place] == left)
    return met, order[first[place[met]]]


def _widen(
    ladders: Sequence[Ladder],
    node: Ints,
    level: Ints,
    example: Codes,
    *,
    codes: Codes,
    target: Ints,
) -> None:
    """Raise the levels of classes to the node's where newcomers do not share their labels."""
    for column, ladder in enumerate(ladders):
        at = level[target, column]
        theirs = ladder.labels[at, codes[:, column]]
        differ = theirs != ladder.labels[at, example[target, column]]
        level[target[differ], column] = node[column]


def _hash(tables: Sequence[Hashes], ladders: Sequence[Ladder], node: Ints, codes: Codes) -> Hashes:
    key = np.zeros(len(codes), np.uint64)
    for table, ladder, level, values in zip(tables, ladders, node, codes.T, strict=True):
        key += table[ladder.labels[level]][values]
    return key
