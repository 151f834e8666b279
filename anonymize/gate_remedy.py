"""What would mend small classes: which column, to which level, at what loss.

Belongs here: a trial of every single step up, counted on the staged table. Must not hold: the search
for the best combination, which is the anonymiser's (`records`).
"""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from anonymize.hierarchy.hierarchy import SUPPRESSED, Hierarchy
from anonymize.risk.classes import classes_of

_SHOWN = 3


def propose_levels(
    table: pl.DataFrame,
    quasi_identifiers: Sequence[str],
    hierarchies: Mapping[str, Hierarchy],
    k: int,
) -> str | None:
    """Say which column one level up leaves the fewest rows in small classes, best first.

    The loss of a column is the mean share of its values that a cell no longer tells apart, (leaves of
    the label - 1) / (values - 1) (normalised certainty penalty of the column; Xu et al., 2006).

    Returns:
        Up to three steps as one Japanese sentence; None without a ladder that has a step left.
    """
    before = _small_rows(table, quasi_identifiers, k)
    tried = []
    for name in (n for n in quasi_identifiers if n in hierarchies):
        step = _one_up(table[name].cast(pl.String), hierarchies[name])
        if step is None:
            continue
        labels, level, loss_before, loss_after = step
        left = _small_rows(table.with_columns(labels.alias(name)), quasi_identifiers, k)
        if left < before:
            words = (
                f"列「{name}」をレベル{level}に上げる(k に満たない行 {before:,} → {left:,}、"
                f"その列の損失 {loss_before:.2f} → {loss_after:.2f})"
            )
            tried.append((left, loss_after - loss_before, words))
    if not tried:
        return None
    best = "、または".join(words for *_, words in sorted(tried)[:_SHOWN])
    return f"{best}。それでも残る行は抑制してください。"


def _one_up(shown: pl.Series, hierarchy: Hierarchy) -> tuple[pl.Series, int, float, float] | None:
    """Lift the labels of the lowest level that is shown to the next one."""
    present = set(shown.drop_nulls().unique().to_list()) - {SUPPRESSED}
    lowest = next((i for i, names in enumerate(hierarchy.labels) if present & {*names}), None)
    if lowest is None or lowest >= hierarchy.height:
        return None
    parents = _parents(hierarchy, lowest)
    lifted = shown.replace(parents)
    if lifted.equals(shown):
        return None
    return lifted, lowest + 1, _loss(shown, hierarchy), _loss(lifted, hierarchy)


def _parents(hierarchy: Hierarchy, level: int) -> dict[str, str]:
    child, parent = hierarchy.codes[level], hierarchy.codes[level + 1]
    first = np.unique(child, return_index=True)[1]
    names, above = hierarchy.labels[level], hierarchy.labels[level + 1]
    return {names[child[i]]: above[parent[i]] for i in first}


def _loss(shown: pl.Series, hierarchy: Hierarchy) -> float:
    most = len(hierarchy.labels[0]) - 1
    leaves = {SUPPRESSED: most + 1}
    for level in range(hierarchy.height, -1, -1):
        leaves |= dict(zip(hierarchy.labels[level], hierarchy.leaves(level).tolist(), strict=True))
    known = shown.replace_strict(leaves, default=1, return_dtype=pl.Int64).fill_null(1)
    return float((known.to_numpy() - 1).mean()) / max(most, 1) if len(known) else 0.0


def _small_rows(table: pl.DataFrame, names: Sequence[str], k: int) -> int:
    classes = classes_of(table, names)
    small = (classes.rows < k) & ~classes.suppressed
    return int(classes.rows[small].sum())
