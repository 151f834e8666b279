"""Full-domain recoding that suppresses households as a whole.

Belongs here: which rows follow the suppressed ones. Must not hold: the search for levels
(`full_domain`), local recoding of households (`households`).

At one level per column, members of a household share the labels of their common values by
themselves. Only suppression tears households apart: where one member is suppressed, the others
follow, their classes shrink, and what fails the models then is suppressed in turn. The circle ends
when nothing fails; in the worst case everything is suppressed.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.complaint import require_columns
from anonymize.hierarchy.hierarchy import Hierarchy
from anonymize.records.demands import make_demands
from anonymize.records.groups import Groups, group
from anonymize.records.keys import as_text
from anonymize.records.local_members import Members
from anonymize.records.models import Model

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


def suppress_together(
    frame: pl.DataFrame,
    household: str,
    groups: Groups,
    class_of: Ints,
    *,
    hierarchies: Sequence[Hierarchy],
    models: Sequence[Model],
    person: str | None = None,
) -> Bools:
    """Find the rows to suppress so that households stay whole and the models still hold.

    Args:
        frame: The table that `groups` was made of.
        household: Column that tells households apart; a blank one stands for itself.
        groups: The table, with `of_rows`.
        class_of: Per group its class, -1 when suppressed (`full_domain.Solution.class_of`).
        hierarchies: One per column of `groups`.
        models: What every class must satisfy. Shares q are those of the whole table.
        person: As for `groups`.

    Returns:
        Per row whether it is suppressed. Compare their number with the limit.

    Raises:
        ValueError: A column is missing.
    """
    require_columns(frame.columns, [household], "世帯の列")
    demands = make_demands(models, groups)
    home = _homes(frame, household)
    classes = class_of[groups.of_rows]
    hidden = classes < 0
    while True:
        torn = np.zeros(int(home.max(initial=-1)) + 1, np.bool_)
        torn[home[hidden]] = True
        hidden = torn[home]
        rest = group(frame.filter(pl.Series(~hidden)), hierarchies, models, person)
        names, of_rows = np.unique(classes[~hidden], return_inverse=True)
        of = np.zeros(len(rest.rows), np.int64)
        of[rest.of_rows] = of_rows
        good = Members(rest, demands).hold(np.arange(len(of)), of, len(names))
        if good.all():
            return hidden
        hidden[np.flatnonzero(~hidden)[~good[of_rows]]] = True


def _homes(frame: pl.DataFrame, household: str) -> Ints:
    """Number the households; every row without one gets a number of its own."""
    texts = frame.select(as_text(household).alias("home")).with_row_index("row")
    key = pl.when(pl.col("home") == "").then(pl.col("row") + 1).otherwise(0)
    numbered = texts.select(pl.struct(key.alias("alone"), "home").rank("dense").alias("number"))
    return numbered["number"].cast(pl.Int64).to_numpy() - 1
