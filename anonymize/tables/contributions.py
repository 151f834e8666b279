"""Who contributes what to each cell of a table, margins included.

Belongs here: from one row per person and contribution to values, distinct contributors and largest
contributions. Must not hold: rules on them (`primary`).

A person in several cells is one contributor of their sum, with all his contributions added up.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from anonymize.complaint import complaint, require_columns
from anonymize.tables.dimensions import Dimension
from anonymize.tables.primary import Contributions
from anonymize.tables.structure import Table, arrange

VALUE = "value"
_PERSON, _AMOUNT = "_person", "_amount"


@dataclass(frozen=True)
class Counted:
    """A table and who stands behind its cells."""

    table: Table
    behind: Contributions


def count_contributions(
    rows: pl.DataFrame,
    dimensions: Sequence[Dimension],
    person: str,
    amount: str | None = None,
    largest: int = 2,
) -> Counted:
    """Add rows up to a table with margins.

    Args:
        rows: One row per contribution; codes of the finest level of each dimension.
        dimensions: The variables.
        person: Column of the person or enterprise.
        amount: Column of amounts, not negative; None: a person counts 1 in each finest cell he is
            in, so a person in two of them counts 2 in their sum, as it must to be additive.
        largest: How many of the largest contributions to give.

    Raises:
        ValueError: Missing column, a row without a person, a negative amount, or as `arrange`.
    """
    keys = [one.column for one in dimensions]
    require_columns(rows.columns, [*keys, person, *([amount] if amount else [])], "明細の列")
    value = pl.col(amount).cast(pl.Float64) if amount else pl.lit(1.0)
    plain = rows.select(
        *(pl.col(k).cast(pl.String) for k in keys),
        pl.col(person).alias(_PERSON),
        value.alias(_AMOUNT),
    )
    bad = (pl.col(_AMOUNT).fill_null(-1.0) < 0) | pl.col(_PERSON).is_null()
    if plain.filter(bad).height:
        raise complaint(
            "人のない行か、負または空の金額の行があります",
            f"列「{person}」・金額の列",
            "行を直すか除いてください。負の値のある表は、人数のしきい値だけで守ってください。",
        )
    by = pl.col(_AMOUNT).sum() if amount else pl.col(_AMOUNT).max()
    finest = plain.group_by([*keys, _PERSON]).agg(by)
    # Also checks the codes: what is unknown is refused before it is lost in a join.
    table = arrange(
        finest.group_by(keys).agg(pl.col(_AMOUNT).sum().alias(VALUE)), dimensions, VALUE
    )
    return Counted(table, _behind(_spread(finest, dimensions), table, largest))


def _spread(finest: pl.DataFrame, dimensions: Sequence[Dimension]) -> pl.DataFrame:
    """Put every contribution into all sums it is part of, and add up by person again."""
    for one in dimensions:
        above = _sums_above(one)
        finest = (
            finest.join(above, left_on=one.column, right_on="code", how="inner")
            .with_columns(pl.col("sum").alias(one.column))
            .drop("sum")
        )
    keys = [one.column for one in dimensions]
    return finest.group_by([*keys, _PERSON]).agg(pl.col(_AMOUNT).sum())


def _sums_above(one: Dimension) -> pl.DataFrame:
    """List each code with itself and every sum it is part of, once."""
    above: dict[str, dict[str, None]] = {code: {code: None} for code in one.codes}
    for parent, parts in one.sums:  # a code's own sums come after those it is part of
        for part in parts:
            above[part].update(above[parent])
    pairs = [(code, total) for code, sums in above.items() for total in sums]
    return pl.DataFrame(pairs, schema=["code", "sum"], orient="row")


def _behind(by_person: pl.DataFrame, table: Table, largest: int) -> Contributions:
    keys = table.cells.columns
    told = by_person.group_by(keys).agg(
        pl.len().cast(pl.Float64).alias("contributors"),
        pl.col(_AMOUNT).top_k(largest).sort(descending=True).alias("largest"),
    )
    ordered = table.aligned(told, ["contributors", "largest"])
    tops = ordered["largest"].list
    columns = [tops.get(i, null_on_oob=True).fill_null(0.0).to_numpy() for i in range(largest)]
    return Contributions(
        ordered["contributors"].fill_null(0.0).to_numpy(), np.column_stack(columns)
    )
