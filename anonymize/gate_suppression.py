"""The gate's rules for a table of counts with hidden cells, judged on the staged file alone.

Belongs here: small counts left visible, blanks without a mark, the attack on what is shown. Must
not hold: the attack (`tables.attack_published`), the hiding (`tables.suppression`), what rows
without hidden cells must satisfy (`gate_counts`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from anonymize.gate_cells import judge_intervals
from anonymize.gate_words import Fault
from anonymize.tables.attack_published import attack_published
from anonymize.tables.dimensions import Dimension, dimension

CELL, COUNT = "区分", "人数"
MARK = "X:"
EVERYTHING = "\0all"
_BETWEEN = "、"


@dataclass(frozen=True)
class SuppressedCells:
    """What a table with hidden cells claims.

    Attributes:
        region: Column of the rows' regions.
        groups: Larger area to its parts, where rows of it are in the table or its numbers are
            published elsewhere.
        note: Column that names the hidden columns of a row.
        threshold: Counts from 1 to less than this are hidden; every interval is at least so wide.
    """

    region: str
    groups: Mapping[str, tuple[str, ...]]
    note: str
    threshold: int


def dimensions_of(
    claims: SuppressedCells,
    regions: Sequence[str],
    counts: Sequence[str],
    sums: Mapping[str, Sequence[str]],
) -> list[Dimension]:
    """Describe a wide table: its regions under one total, its count columns under their margins."""
    parts = {part for below in claims.groups.values() for part in below}
    tops = [name for name in dict.fromkeys((*claims.groups, *regions)) if name not in parts]
    rows = dimension(claims.region, [*claims.groups.items(), (EVERYTHING, tops)])
    columns = dimension(CELL, sums.items())
    # A column in no margin stands for itself.
    free = tuple(name for name in counts if name not in columns.codes)
    return [rows, replace(columns, codes=(*columns.codes, *free))]


def note_of(hidden: Sequence[str]) -> pl.Expr:
    """Name the columns that are blank in a row; null in a row without one."""
    names = [pl.when(pl.col(name).is_null()).then(pl.lit(name)) for name in hidden]
    told = pl.concat_str(names, separator=_BETWEEN, ignore_nulls=True)
    return pl.when(told != "").then(pl.lit(MARK) + told)


def judge_hidden_cells(
    table: pl.DataFrame,
    claims: SuppressedCells,
    counts: Sequence[str],
    sums: Mapping[str, Sequence[str]],
) -> Iterator[Fault]:
    """Find what a table with hidden cells gives away.

    Args:
        table: The staged table; hidden cells are null.
        claims: What it claims.
        counts: Columns of counts, margins included.
        sums: Margin to its parts.
    """
    for name in counts:
        small = table[name].is_between(1, claims.threshold - 1)
        if bad := int(small.sum()):
            yield Fault("cells.small_shown", (name,), bad)
    unmarked = table.filter(pl.col(claims.note).ne_missing(note_of(counts)) & _has_blank(counts))
    if unmarked.height:
        yield Fault("cells.unmarked", (claims.note,), unmarked.height)
    regions = table[claims.region].to_list()
    long = table.unpivot(counts, index=claims.region, variable_name=CELL, value_name=COUNT)
    dimensions = dimensions_of(claims, regions, counts, sums)
    yield from judge_intervals(attack_published(long, dimensions, COUNT).whole(), claims.threshold)


def _has_blank(counts: Sequence[str]) -> pl.Expr:
    return pl.any_horizontal(pl.col(name).is_null() for name in counts)
