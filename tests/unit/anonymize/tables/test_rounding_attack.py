"""The attacker of rounded tables finds what is exact, and nothing else."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from anonymize.tables.dimensions import flat
from anonymize.tables.rounding import controlled_rounding, small_count_rounding
from anonymize.tables.rounding_attack import exactly_known
from anonymize.tables.structure import Table, arrange

ROWS, COLUMNS = flat("a", list("abcd"), "計"), flat("b", list("xyz"), "計")


def _table(counts: np.ndarray) -> Table:
    cells = pl.DataFrame({"a": ROWS.leaves}).join(pl.DataFrame({"b": COLUMNS.leaves}), how="cross")
    return arrange(cells.with_columns(n=pl.Series(counts)), [ROWS, COLUMNS], "n")


@pytest.mark.parametrize("way", [controlled_rounding, small_count_rounding])
@pytest.mark.parametrize("base", [3, 5])
def test_no_cell_of_one_or_two_persons_is_known_exactly(way, base):
    for seed in range(5):
        table = _table(np.random.default_rng(seed).poisson(2, 12))
        small = np.flatnonzero((table.values > 0) & (table.values < 3))
        assert len(small)
        assert not len(exactly_known(table, way(table, [ROWS, COLUMNS], base=base), small))


def test_large_counts_of_small_count_rounding_are_known_exactly():
    table = _table(np.array([9, 1, 8, 2, 7, 1, 9, 9, 1, 2, 8, 2]))
    rounded = small_count_rounding(table, [ROWS, COLUMNS], base=3)
    large = np.flatnonzero(table.interior & (table.values > 3))
    assert exactly_known(table, rounded, np.arange(len(table.values))).tolist() == large.tolist()


def test_true_totals_from_elsewhere_give_cells_away():
    """Three cells of at most one person each, and three persons in all."""
    one = flat("a", list("abc"), "計")
    table = arrange(pl.DataFrame({"a": one.leaves, "n": [1, 1, 1]}), [one], "n")
    rounded = controlled_rounding(table, [one], base=2)
    total = table.cells["a"].to_numpy() == "計"
    zero = replace(
        rounded,
        values=np.zeros(4, np.int64),
        least=np.where(total, 3, 0),
        most=np.where(total, 3, 1),
    )
    assert exactly_known(table, zero, [0, 1, 2, 3]).tolist() == [0, 1, 2, 3]
    assert not len(exactly_known(table, rounded, np.flatnonzero(table.interior)))
