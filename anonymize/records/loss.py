"""Loss: how much of the detail of the quasi-identifiers a publication gives away for privacy.

Belongs here: the Loss metric (V. Iyengar, "Transforming data to satisfy privacy constraints", KDD
2002), as ARX computes it by default. Must not hold: other measures of usefulness (`utility`), the
search for the least loss (`full_domain`).

A label that stands for a of a column's n values costs (a - 1) / (n - 1): 0 for the value itself, 1
for the label of all. n counts the values of the hierarchy, whether or not they occur. A suppressed
row costs 1 in every column. The loss of a table is the mean over rows and columns, columns weighted
by `weights`: always from 0 (untouched) to 1.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from anonymize.complaint import complaint
from anonymize.hierarchy.hierarchy import Hierarchy

Floats = npt.NDArray[np.float64]


def label_losses(hierarchy: Hierarchy, level: int) -> Floats:
    """The loss of each label of a level, from 0 to 1; 0 throughout if only one value exists."""
    others = max(len(hierarchy.labels[0]) - 1, 1)
    return (hierarchy.leaves(level) - 1) / others


def column_weights(
    hierarchies: Sequence[Hierarchy], weights: Mapping[str, float] | None = None
) -> Floats:
    """The share of each column in the loss; they sum to 1. A column not named weighs 1.

    Raises:
        ValueError: A weight is negative, not finite or of an unknown column, or all are 0.
    """
    given = dict(weights or {})
    names = [h.column for h in hierarchies]
    shares = np.array([given.pop(name, 1.0) for name in names], np.float64)
    if given or not np.isfinite(shares).all() or (shares < 0).any() or not shares.sum():
        raise complaint(
            "列の重みが正しくありません",
            "、".join(given) if given else "準識別子の重み(weight)",
            "準識別子の列に、0以上の数を書き、少なくとも1列は0より大きくしてください。",
        )
    return shares / shares.sum()


def loss_at(
    codes: npt.NDArray[np.int32],
    rows: npt.NDArray[np.int64],
    suppressed: npt.NDArray[np.bool_],
    hierarchies: Sequence[Hierarchy],
    levels: Sequence[int],
    *,
    weights: Mapping[str, float] | None = None,
) -> float:
    """The loss of groups published at one level per column.

    Args:
        codes: g × n, level-0 codes.
        rows: Per group its rows.
        suppressed: Per group whether it is suppressed.
        hierarchies: n, one per column.
        levels: n, the level of each column.
        weights: As `column_weights`.

    Returns:
        From 0 to 1; 0 for a table without rows.
    """
    total = rows.sum()
    if not total:
        return 0.0
    lost = np.zeros(len(rows))
    shares = column_weights(hierarchies, weights)
    for column, (hierarchy, level) in enumerate(zip(hierarchies, levels, strict=True)):
        values = label_losses(hierarchy, level)[hierarchy.codes[level]]
        lost += shares[column] * values[codes[:, column]]
    return float(np.where(suppressed, 1.0, lost) @ rows / total)
