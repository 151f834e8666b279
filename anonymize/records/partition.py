"""Equal keys put together, in the order of the keys.

Belongs here: two ways to do it, by table where the keys are few and by sorting where they are many.
Must not hold: what the keys stand for (`classes`).
"""

from functools import cached_property

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
_DENSE = 4
_BITS = 62  # of 64: one for the sign, one to spare


class ByTable:
    """Keys below a small bound."""

    def __init__(self, keys: Ints, room: int) -> None:
        """Take note of the keys that occur; all are below `room`."""
        self._keys, self._room = keys, room
        seen = np.zeros(room, np.bool_)
        seen[keys] = True
        self.distinct = np.flatnonzero(seen)

    def add_up(self, amounts: Ints) -> Ints:
        """Sum an amount over each distinct key."""
        return np.bincount(self._keys, amounts, self._room)[self.distinct].astype(np.int64)

    @cached_property
    def example(self) -> Ints:
        """Per distinct key one place where it stands."""
        last = np.empty(self._room, np.int64)
        last[self._keys] = np.arange(len(self._keys))
        return last[self.distinct]

    @cached_property
    def of(self) -> Ints:
        """Per place the number of its key among the distinct ones."""
        number = np.empty(self._room, np.int64)
        number[self.distinct] = np.arange(len(self.distinct))
        return number[self._keys]


class BySorting:
    """Keys of any size."""

    def __init__(self, keys: Ints, room: int) -> None:
        """Sort the keys; all are below `room`."""
        bits = len(keys).bit_length()
        if room.bit_length() + bits <= _BITS:  # key and place in one number: no indirect sort
            packed = np.sort((keys << bits) | np.arange(len(keys)))
            ordered, self._order = packed >> bits, packed & ((1 << bits) - 1)
        else:
            self._order = np.argsort(keys, kind="stable")
            ordered = keys[self._order]
        self._begins = np.ones(len(keys), np.bool_)
        np.not_equal(ordered[1:], ordered[:-1], out=self._begins[1:])
        self._starts = np.flatnonzero(self._begins)
        self.distinct = ordered[self._starts]

    def add_up(self, amounts: Ints) -> Ints:
        """Sum an amount over each distinct key."""
        return np.add.reduceat(amounts[self._order], self._starts)

    @cached_property
    def example(self) -> Ints:
        """Per distinct key the first place where it stands."""
        return self._order[self._starts]

    @cached_property
    def of(self) -> Ints:
        """Per place the number of its key among the distinct ones."""
        number = np.empty(len(self._order), np.int64)
        number[self._order] = np.cumsum(self._begins) - 1
        return number


Partition = ByTable | BySorting


def put_together(keys: Ints) -> Partition:
    """Put equal keys together; none is negative."""
    room = int(keys.max()) + 1 if len(keys) else 0
    if room <= _DENSE * len(keys):
        return ByTable(keys, room)
    return BySorting(keys, room)
