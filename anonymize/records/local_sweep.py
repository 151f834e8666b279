"""The cheapest class each group can have: one sweep over combinations of levels.

Belongs here: the sweep. Must not hold: the order of the combinations (`local_nodes`), what happens
to groups that find no class (`local_repair`).

At each combination, cheapest first, the groups that have no class yet are put together by their
labels there, and every set that satisfies the models becomes a class. With k alone no part of a
class could then have had a cheaper one by itself, of those tried.

Most sets fail by size alone. So groups are first counted in a table of hashed labels: a cell holds
at least everyone who shares the labels, and only groups in cells with enough members are put
together properly, by 64 bits of hash. That two label combinations share all of them is so
improbable that it is not looked for; it would do no harm, as a class is labelled by what all its
members share.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anonymize.records.local_ladders import Ladder
from anonymize.records.local_members import Membership

Codes = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint32]
_FEWEST_BITS = 8
_MOST_BITS = 24
_RENEW = 0.75  # share of the rest below which it is copied together


@dataclass
class _Rest:
    """The groups without a class.

    Attributes:
        groups: Their numbers.
        keys: Per column and level the hashes of their labels.
        sizes: Their members; 0 for those that got a class since the last copy.
        bits: Of the table of hashes.
    """

    groups: Ints
    keys: list[list[Hashes]]
    sizes: npt.NDArray[np.float64]
    bits: int

    def leave(self, places: Ints) -> "_Rest":
        """Take groups out."""
        self.sizes[places] = 0
        alive = np.flatnonzero(self.sizes)
        if len(alive) >= _RENEW * len(self.sizes):
            return self
        keys = [[level[alive] for level in column] for column in self.keys]
        return _Rest(self.groups[alive], keys, self.sizes[alive], _bits(len(alive)))


def _bits(groups: int) -> int:
    return min(max(groups.bit_length(), _FEWEST_BITS), _MOST_BITS)


def sweep(ladders: Sequence[Ladder], nodes: Ints, codes: Codes, members: Membership) -> Ints:
    """Give each group the first class it can have.

    Args:
        ladders: n, one per column.
        nodes: m × n levels, in the order to be tried.
        codes: g × n level-0 codes.
        members: The groups' members and the demands.

    Returns:
        Per group its class, numbered from 0, or -1 where none satisfies the models.
    """
    class_of, classes = np.full(len(codes), -1, np.int64), 0
    draw = np.random.default_rng(0)  # of hashes: nothing published depends on it
    first, second = (
        [draw.integers(0, 2**32, len(ladder.texts), np.uint32) for ladder in ladders]
        for _ in range(2)
    )
    rest = _Rest(
        np.arange(len(codes)),
        [
            [hashes[level][values] for level in ladder.labels]
            for hashes, ladder, values in zip(first, ladders, codes.T, strict=True)
        ],
        members.sizes.astype(np.float64),
        _bits(len(codes)),
    )
    least = members.demands.size
    for node in nodes:
        key = rest.keys[0][node[0]].copy()
        for column, level in zip(rest.keys[1:], node[1:], strict=True):
            key += column[level]
        cell = (key >> np.uint32(32 - rest.bits)).astype(np.intp)
        crowded = np.bincount(cell, rest.sizes) >= least
        places = np.flatnonzero(crowded[cell] & (rest.sizes > 0))
        if not len(places):
            continue
        chosen = rest.groups[places]
        whole = key[places].astype(np.uint64) << np.uint64(32)
        whole |= _hash(second, ladders, node, codes[chosen])
        distinct, of = np.unique(whole, return_inverse=True)
        good = members.hold(chosen, of, len(distinct))
        kept = good[of]
        if kept.any():
            class_of[chosen[kept]] = classes + (np.cumsum(good) - 1)[of[kept]]
            classes += int(good.sum())
            rest = rest.leave(places[kept])
            if not rest.sizes.any():
                break
    return class_of


def _hash(
    tables: Sequence[Hashes], ladders: Sequence[Ladder], node: Ints, codes: Codes
) -> npt.NDArray[np.uint64]:
    key = np.zeros(len(codes), np.uint32)
    for hashes, ladder, level, values in zip(tables, ladders, node, codes.T, strict=True):
        key += hashes[ladder.labels[level]][values]
    return key.astype(np.uint64)
