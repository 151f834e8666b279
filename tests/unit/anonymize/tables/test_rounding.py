"""Rounding to multiples: what every rounded table satisfies, and what two dimensions promise."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.tables.dimensions import Dimension, dimension, flat
from anonymize.tables.rounding import controlled_rounding, small_count_rounding
from anonymize.tables.structure import Table, arrange

AGES = dimension(
    "age", [("計", ("年少", "年長")), ("年少", ("0", "5", "10")), ("年長", ("15", "20"))]
)
SEX = flat("sex", ["男", "女"], "計")
TOWNS = dimension(
    "town",
    [("市", ("東", "西")), ("東", ("a", "b", "c")), ("西", ("d", "e")), ("e", ("e1", "e2"))],
)
MONTHS = flat("month", ["4", "5"], "年")


def _table(dimensions: list[Dimension], seed: int, size: float) -> Table:
    """Return a table of counts, a third of them 0."""
    rng = np.random.default_rng(seed)
    names = [one.column for one in dimensions]
    cells = pl.DataFrame({names[0]: dimensions[0].leaves})
    for one in dimensions[1:]:
        cells = cells.join(pl.DataFrame({one.column: one.leaves}), how="cross")
    counts = rng.poisson(size, cells.height) * (rng.random(cells.height) > 1 / 3)
    return arrange(cells.with_columns(n=pl.Series(counts)), dimensions, "n")


def _require_rounded(table: Table, values: np.ndarray) -> None:
    assert (table.equations @ values == 0).all()
    assert (values[table.values == 0] == 0).all()
    assert (values >= 0).all()


ANY_DIMENSIONS = st.sampled_from(
    [[AGES], [TOWNS, AGES], [AGES, SEX], [TOWNS, AGES, SEX], [MONTHS, TOWNS, SEX, AGES]]
)


@settings(max_examples=12)
@given(ANY_DIMENSIONS, st.integers(2, 10), st.integers(0, 999), st.sampled_from([1, 4, 30]))
def test_a_rounded_table_adds_up_in_multiples_and_keeps_its_zeros(dimensions, base, seed, size):
    table = _table(dimensions, seed, size)
    rounded = controlled_rounding(table, dimensions, base=base)
    _require_rounded(table, rounded.values)
    change = np.abs(rounded.values - table.values)
    assert (rounded.values % base == 0).all()
    assert change[table.interior].max() < base
    assert rounded.largest_change == change.max()
    assert rounded.mean_change == pytest.approx(change.mean())
    if dimensions in ([AGES], [AGES, SEX]):
        assert change.max() < base
    again = controlled_rounding(table, dimensions, base=base)
    assert (again.values == rounded.values).all()


@settings(max_examples=15)
@given(ANY_DIMENSIONS, st.integers(2, 10), st.integers(0, 999))
def test_small_counts_vanish_and_large_ones_stay(dimensions, base, seed):
    table = _table(dimensions, seed, base * 0.8)
    values = small_count_rounding(table, dimensions, base=base).values
    _require_rounded(table, values)
    assert not ((values > 0) & (values < base)).any()
    large = table.interior & (table.values >= base)
    assert (values[large] == table.values[large]).all()
    assert np.isin(values[table.interior & ~large], [0, base]).all()


def test_two_dimensions_are_rounded_as_near_as_any_rounding_can_be():
    """All 4,096 zero-restricted roundings of a small table, tried one by one."""
    dimensions = [flat("a", list("abcd"), "計"), flat("b", list("xyz"), "計")]
    table = _table(dimensions, 7, 6)
    found = controlled_rounding(table, dimensions, base=5).mean_change
    cells = np.flatnonzero(table.interior)
    choice = np.array(np.meshgrid(*[[0, 1]] * len(cells))).reshape(len(cells), -1)
    inner = table.values[cells][:, None]
    tried = 5 * (inner // 5 + choice * (inner % 5 > 0))
    grid = tried.reshape(4, 3, -1)
    margins = [grid.sum(axis=0).reshape(3, -1), grid.sum(axis=1), grid.sum(axis=(0, 1))[None]]
    truth = table.values[cells].reshape(4, 3)
    wanted = np.concatenate([truth.ravel(), truth.sum(axis=0), truth.sum(axis=1), [truth.sum()]])
    change = np.abs(np.concatenate([tried, *margins]) - wanted[:, None])
    allowed = change.max(axis=0) < 5
    assert found == pytest.approx(change[:, allowed].mean(axis=0).min())


def test_a_table_that_no_zero_restricted_rounding_exists_for_is_still_rounded():
    """Causey, Cox and Ernst's kind: every pair of sums has one half, and the halves contradict."""
    dimensions = [flat(name, ["1", "2"], "計") for name in "abc"]
    rows = [("1", "1", "1"), ("1", "2", "2"), ("2", "1", "2"), ("2", "2", "1")]
    frame = pl.DataFrame(rows, schema=["a", "b", "c"], orient="row").with_columns(n=pl.lit(1))
    table = arrange(frame, dimensions, "n")
    rounded = controlled_rounding(table, dimensions, base=2)
    _require_rounded(table, rounded.values)
    assert rounded.largest_change == 2


def test_alternative_sums_are_multiples_and_add_up_too():
    school = dimension(
        "age", [*AGES.sums, ("計", ("0", "学齢", "20")), ("学齢", ("5", "10", "15"))]
    )
    dimensions = [TOWNS, school, SEX]
    table = _table(dimensions, 3, 8)
    values = controlled_rounding(table, dimensions, base=5).values
    _require_rounded(table, values)
    assert (values % 5 == 0).all()


def test_many_parts_of_one_node_are_rounded_in_groups():
    towns = flat("town", [f"{i}" for i in range(150)], "市")
    dimensions = [towns, AGES, SEX]
    table = _table(dimensions, 1, 6)
    rounded = controlled_rounding(table, dimensions, base=5)
    _require_rounded(table, rounded.values)
    assert rounded.largest_change < 10
    assert rounded.mean_change < 2


def test_one_cell_and_nobody_at_all():
    one = flat("a", ["x"], "計")
    for count, wanted in ((0, 0), (9, 10), (1, 0)):
        table = arrange(pl.DataFrame({"a": ["x"], "n": [count]}), [one], "n")
        assert controlled_rounding(table, [one], base=5).values.tolist() == [wanted] * 2


@pytest.mark.parametrize("way", [controlled_rounding, small_count_rounding])
def test_what_cannot_be_rounded_is_refused(way):
    table = _table([AGES, SEX], 0, 3)
    with pytest.raises(ValueError, match="丸めの単位"):
        way(table, [AGES, SEX], base=1)
    with pytest.raises(ValueError, match="区分の定義"):
        way(table, [SEX, AGES], base=3)
    broken = Table(table.cells, table.values + 0.5, table.equations, table.totals)
    with pytest.raises(ValueError, match="整数"):
        way(broken, [AGES, SEX], base=3)
