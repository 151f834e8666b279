"""The published table: labels in the quasi-identifiers, everything else as it was.

Belongs here: writing a solution into the rows. Must not hold: finding it (`full_domain`, `local`).

Row order and the other columns stay, so a row can be followed from the original to the publication
by whoever has both. Shuffle before publishing where that matters.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.complaint import complaint, require_columns
from anonymize.hierarchy.hierarchy import SUPPRESSED, Hierarchy
from anonymize.records.full_domain import Solution
from anonymize.records.keys import value_codes


def full_domain(
    frame: pl.DataFrame,
    hierarchies: Sequence[Hierarchy],
    solution: Solution,
    of_rows: npt.NDArray[np.int32],
) -> pl.DataFrame:
    """Publish a table at the levels of a solution.

    Args:
        frame: The table, or a part of it.
        hierarchies: One per quasi-identifier.
        solution: A feasible one.
        of_rows: Per row of `frame` its group (`Groups.of_rows`, or `locate` for a part).

    Returns:
        The frame with text in the quasi-identifiers: the label, or `*` in all of them where the
        row is suppressed.

    Raises:
        ValueError: The solution is not feasible, or a value is not in its hierarchy.
    """
    if not solution.feasible:
        raise complaint("匿名加工ができていません", "方針", solution.reason)
    suppressed = pl.Series(solution.suppressed[of_rows], dtype=pl.Boolean)
    return write_labels(frame, hierarchies, solution.levels, suppressed)


def write_labels(
    frame: pl.DataFrame,
    hierarchies: Sequence[Hierarchy],
    levels: Mapping[str, int],
    suppressed: pl.Series,
) -> pl.DataFrame:
    """Write the labels of one level per column, and `*` where a row is suppressed.

    Raises:
        ValueError: A column is missing, or a value is not in its hierarchy.
    """
    require_columns(frame.columns, [h.column for h in hierarchies], "準識別子の一覧")
    published = []
    for hierarchy in hierarchies:
        level = levels[hierarchy.column]
        codes = hierarchy.codes[level][value_codes(frame, hierarchy)]
        labels = pl.Series(hierarchy.labels[level], dtype=pl.String).gather(codes)
        published.append(
            pl.select(pl.when(suppressed).then(pl.lit(SUPPRESSED)).otherwise(labels))
            .to_series()
            .alias(hierarchy.column)
        )
    return frame.with_columns(published)
