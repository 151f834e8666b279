"""The codes of one classifying variable, and which codes add up to which.

Belongs here: sums of codes as data, their unavoidable properties, ladders as sums. Must not hold:
cells and values (`structure`), rules of secrecy (`primary`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

import numpy as np
from scipy import sparse

from anonymize.complaint import complaint
from anonymize.hierarchy.hierarchy import Hierarchy

TOTAL = "総数"
Sum = tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class Dimension:
    """One classifying variable of a table with margins.

    Attributes:
        column: Its column.
        sums: Pairs of a code and the codes that add up to it, a code's own sums after those it is
            part of. One code may have several sums (five-year bands and school years add up to the
            same total), and a code may be part of several.
        codes: Every code once, the totals first, else in the order given.
    """

    column: str
    sums: tuple[Sum, ...]
    codes: tuple[str, ...]

    @property
    def leaves(self) -> tuple[str, ...]:
        """The codes that are no sum of others."""
        parents = {parent for parent, _ in self.sums}
        return tuple(code for code in self.codes if code not in parents)

    @property
    def total(self) -> str | None:
        """The one code that is part of no other; None when several stand at the top."""
        parts = {part for _, parts in self.sums for part in parts}
        tops = [code for code in self.codes if code not in parts]
        return tops[0] if len(tops) == 1 else None

    def matrix(self) -> sparse.csr_array:
        """Give one row per sum over the codes: 1 at the parent, −1 at its parts."""
        place = {code: i for i, code in enumerate(self.codes)}
        rows = [
            (row, place[code], sign)
            for row, (parent, parts) in enumerate(self.sums)
            for code, sign in [(parent, 1.0), *((part, -1.0) for part in parts)]
        ]
        row, column, sign = np.array(rows, dtype=float).reshape(-1, 3).T
        shape = (len(self.sums), len(self.codes))
        return sparse.csr_array((sign, (row.astype(int), column.astype(int))), shape=shape)


def dimension(column: str, sums: Iterable[tuple[str, Sequence[str]]]) -> Dimension:
    """Describe a variable by its sums.

    Args:
        column: Its column in the frame.
        sums: A code and its parts; in any order.

    Raises:
        ValueError: No sum, a sum without parts or with a part twice, or codes that add up to
            themselves.
    """
    kept = tuple(dict.fromkeys((parent, tuple(parts)) for parent, parts in sums))
    if not kept or any(not parts or len({*parts}) != len(parts) for _, parts in kept):
        raise complaint(
            "合計の内訳がないか、同じ内訳が2回あります",
            f"区分の列「{column}」",
            "合計ごとに、内訳の区分を1回ずつ書いてください。",
        )
    parts_of: dict[str, list[str]] = {}
    for parent, parts in kept:
        parts_of.setdefault(parent, []).extend(parts)
    try:
        order = tuple(TopologicalSorter(parts_of).static_order())[::-1]
    except CycleError:
        raise complaint(
            "自分自身を内訳に含む合計があります",
            f"区分の列「{column}」",
            "合計と内訳の向きを直してください。",
        ) from None
    depth = dict.fromkeys(order, 0)
    for parent in order:
        for part in parts_of.get(parent, []):
            depth[part] = max(depth[part], depth[parent] + 1)
    deepest_last = tuple(sorted(kept, key=lambda one: depth[one[0]]))
    seen = dict.fromkeys(code for parent, parts in deepest_last for code in (parent, *parts))
    return Dimension(column, deepest_last, tuple(seen))


def flat(column: str, codes: Sequence[str], total: str = TOTAL) -> Dimension:
    """Describe a variable with one total and no groups between.

    Raises:
        ValueError: As `dimension`.
    """
    return dimension(column, [(total, tuple(codes))])


def dimension_of_hierarchy(hierarchy: Hierarchy, levels: Sequence[int] | None = None) -> Dimension:
    """Turn a ladder of generalisations into sums, the finest of the levels first.

    A label that stands unchanged on the next level is one code. Labels that differ in writing but
    hold the same values (a district of one town) stay two codes with a sum of one part.

    Args:
        hierarchy: The ladder; its last level should be one label, which is then the total.
        levels: The levels published, finest first; all when None.

    Raises:
        ValueError: The same label holds other values on another level.
    """
    wanted = [*range(hierarchy.height + 1)] if levels is None else [*levels]
    members: dict[str, frozenset[int]] = {}
    sums: list[Sum] = []
    below: list[frozenset[int]] = []
    labels_below: tuple[str, ...] = ()
    for level in wanted:
        codes, labels = hierarchy.codes[level], hierarchy.labels[level]
        held = [frozenset(np.flatnonzero(codes == i).tolist()) for i in range(len(labels))]
        if any(members.setdefault(n, v) != v for n, v in zip(labels, held, strict=True)):
            raise complaint(
                "同じ名前の区分が、段階によって別の値を含みます",
                f"区分の列「{hierarchy.column}」",
                "段階ごとに区分の名前を変えてください。",
            )
        for label, values in zip(labels, held, strict=True):
            parts = [n for n, v in zip(labels_below, below, strict=True) if v <= values]
            if parts and parts != [label]:
                sums.append((label, tuple(parts)))
        below, labels_below = held, labels
    return dimension(hierarchy.column, sums)
