"""Random rounding along chains: unbiased, near in every stretch, the same for the same region."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.tables.dimensions import dimension, flat
from anonymize.tables.rounding_random import systematic, unbiased_rounding
from anonymize.tables.structure import Table, arrange

KEY = bytes(range(32))
TOWNS = flat("town", ["a", "b", "c"], "市")
AGES = dimension("age", [("計", ("若", "老")), ("若", ("0", "5")), ("老", ("60", "65", "70"))])
SEX = flat("sex", ["男", "女"], "計")


def _table(seed: int, dimensions=(TOWNS, SEX, AGES)) -> Table:
    rng = np.random.default_rng(seed)
    cells = pl.DataFrame({"town": dimensions[0].leaves})
    for one in dimensions[1:]:
        cells = cells.join(pl.DataFrame({one.column: one.leaves}), how="cross")
    counts = pl.Series("n", rng.poisson(3, cells.height))
    return arrange(cells.with_columns(counts), dimensions, "n")


@settings(max_examples=25)
@given(st.integers(0, 999), st.integers(2, 10))
def test_sums_inside_a_region_are_near_and_everything_adds_up(seed, base):
    table = _table(seed)
    rounded = unbiased_rounding(table, [TOWNS, SEX, AGES], base=base, key=KEY)
    assert (table.equations @ rounded.values == 0).all()
    assert (rounded.values % base == 0).all()
    assert (rounded.values[table.values == 0] == 0).all()
    change = table.cells.with_columns(d=pl.Series(np.abs(rounded.values - table.values)))
    near = change.filter(
        (pl.col("town") != "市") & ((pl.col("sex") != "計") | (pl.col("age") == "計"))
    )
    assert near["d"].max() < base


@settings(max_examples=40)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=8), st.integers(2, 10))
def test_over_all_draws_the_mean_is_the_truth(counts, base):
    chains = np.tile(counts, (base, 1))
    draws = (np.arange(base) + 0.5) / base
    rounded = systematic(chains, draws, base)
    assert rounded.mean(axis=0).tolist() == counts
    assert (np.abs(np.cumsum(rounded - chains, axis=1)) < base).all()


def test_an_unchanged_region_stays_and_a_changed_one_is_drawn_anew():
    table = _table(1)
    first = unbiased_rounding(table, [TOWNS, SEX, AGES], base=5, key=KEY)
    again = unbiased_rounding(table, [TOWNS, SEX, AGES], base=5, key=KEY)
    other = unbiased_rounding(table, [TOWNS, SEX, AGES], base=5, key=KEY[::-1])
    assert (first.values == again.values).all()
    assert (first.values != other.values).any()
    frame = table.cells.with_columns(n=pl.Series(table.values)).filter(
        (pl.col("town") != "市") & (pl.col("sex") != "計") & pl.col("age").is_in(AGES.leaves)
    )
    moved = frame.with_columns(n=pl.col("n") + pl.int_range(pl.len()).eq(0))
    changed = unbiased_rounding(
        arrange(moved, [TOWNS, SEX, AGES], "n"), [TOWNS, SEX, AGES], base=5, key=KEY
    )
    stays = (table.cells["town"].is_in(["b", "c"])).to_numpy()
    assert (changed.values[stays] == first.values[stays]).all()


def test_one_dimension_a_short_key_and_a_small_base():
    table = _table(0, (TOWNS,))
    rounded = unbiased_rounding(table, [TOWNS], base=5, key=KEY)
    assert rounded.largest_change < 15
    with pytest.raises(ValueError, match="鍵が短すぎます"):
        unbiased_rounding(table, [TOWNS], base=5, key=b"")
    with pytest.raises(ValueError, match="丸めの単位"):
        unbiased_rounding(table, [TOWNS], base=1, key=KEY)
