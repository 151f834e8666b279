"""The labels a class may get in one column, and what each costs.

Belongs here: ladders reduced to the levels that matter for a table, the lowest common label of a
class, the order's costs. Must not hold: which rows form a class (`local_sweep`, `local_repair`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anonymize.hierarchy.hierarchy import Hierarchy
from anonymize.records.label_sets import label_sets
from anonymize.records.loss import column_weights

Codes = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
# By penalty alone common values are starred to save rare ones, and counts suffer; a tenth of entropy
# gave lower entropy loss and query error at the same penalty on all tables tried.
_ENTROPY = 0.1


@dataclass(frozen=True)
class Ladder:
    """The levels of one column at which the table's values differ in what shares a label.

    Attributes:
        texts: The labels; `*` is among them.
        labels: Levels × values, Int32: the label of each value at each kept level. At the last one
            all values of the table share a label; that is `*` where the hierarchy has no other.
        penalty: Per label its penalty (`LabelSets.penalty`) times the column's share of the
            weights.
        penalties: Levels × values: the same, of the label of each value.
        costs: Per level what it costs an average row; decides which levels are tried first.
        starred: Per level whether it is `*` for every value of the table.
    """

    texts: tuple[str, ...]
    labels: Codes
    penalty: Floats
    penalties: Floats
    costs: Floats
    starred: npt.NDArray[np.bool_]

    @property
    def levels(self) -> int:
        """How many levels are kept, at least 1."""
        return len(self.costs)


def make_ladders(
    hierarchies: Sequence[Hierarchy],
    codes: Codes,
    rows: Ints,
    weights: Mapping[str, float] | None,
) -> list[Ladder]:
    """Reduce the hierarchies to what matters for a table.

    Args:
        hierarchies: n of them.
        codes: g × n level-0 codes.
        rows: Per group its rows.
        weights: By column, 1 where not named.

    Raises:
        ValueError: As `column_weights`.
    """
    shares = column_weights(hierarchies, weights)
    return [
        _ladder(hierarchy, np.bincount(column, rows, len(hierarchy.labels[0])), float(share))
        for hierarchy, column, share in zip(hierarchies, codes.T, shares, strict=True)
    ]


def _ladder(hierarchy: Hierarchy, counts: Floats | Ints, share: float) -> Ladder:
    sets = label_sets(hierarchy)
    number = {text: place for place, text in enumerate(sets.texts)}
    present = np.flatnonzero(counts)
    star = np.zeros(len(counts), np.int32)  # `*` is the first of the texts
    levels: list[Codes] = []
    distinct = len(present) + 1
    for labels, codes in zip([*hierarchy.labels, ("*",)], [*hierarchy.codes, star], strict=True):
        shared = len(np.unique(codes[present]))
        if shared < distinct or not levels:
            levels.append(np.array([number[text] for text in labels], np.int32)[codes])
            distinct = shared
        if distinct <= 1:
            break
    kept = np.stack(levels)
    penalties = sets.penalty[kept]
    costs = (1 - _ENTROPY) * penalties @ counts / max(counts.sum(), 1)
    costs += _ENTROPY * _entropies(kept, counts)
    starred = (kept[:, present] == 0).all(axis=1)
    return Ladder(sets.texts, kept, share * sets.penalty, share * penalties, share * costs, starred)


def _entropies(labels: Codes, counts: Floats | Ints) -> Floats:
    """Per level the share of the column's bits that is lost if all rows go there."""
    logs = np.log(np.maximum(counts, 1))
    most = counts @ (np.log(max(counts.sum(), 1)) - logs)
    lost = [
        counts @ (np.log(np.maximum(np.bincount(level, counts)[level], 1)) - logs)
        for level in labels
    ]
    return np.array(lost) / most if most > 0 else np.zeros(len(lost))


def lowest_common(
    ladders: Sequence[Ladder], codes: Codes, class_of: Ints, classes: int
) -> npt.NDArray[np.int64]:
    """Find per class and column the lowest level at which all of its groups share a label.

    Args:
        ladders: n of them.
        codes: g × n level-0 codes.
        class_of: Per group its class; every class has a group.
        classes: How many there are.

    Returns:
        classes × n levels.
    """
    order = np.argsort(class_of, kind="stable")
    starts = np.searchsorted(class_of[order], np.arange(classes))
    found = np.empty((classes, len(ladders)), np.int64)
    for column, ladder in enumerate(ladders):
        values = codes[order, column]
        level = np.full(classes, ladder.levels - 1)
        for lower in range(ladder.levels - 2, -1, -1):
            labels = ladder.labels[lower][values]
            same = np.minimum.reduceat(labels, starts) == np.maximum.reduceat(labels, starts)
            level[same] = lower
        found[:, column] = level
    return found
