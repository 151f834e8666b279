import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.cells import OTHER_REGIONS, add_margins, merge_small_regions, round_cells

KEY = bytes(range(32))
COUNTS = ["m00", "m01", "f00"]

tables = st.lists(st.tuples(*[st.integers(0, 400)] * 3), min_size=1, max_size=15).map(
    lambda rows: pl.DataFrame(rows, schema=COUNTS, orient="row").with_columns(
        pl.Series("region", [f"{n}町" for n in range(len(rows))])
    )
)


def _merge(table, minimum=100, **options):
    return merge_small_regions(table, "region", counts=COUNTS, minimum_total=minimum, **options)


def _totals(table):
    return table.select(pl.sum_horizontal(COUNTS)).to_series()


@given(tables, st.integers(1, 700))
def test_merging_loses_nobody_and_leaves_no_small_region(table, minimum):
    merged, count = _merge(table, minimum)
    assert merged.select(COUNTS).sum().row(0) == table.select(COUNTS).sum().row(0)
    assert merged.columns == table.columns
    assert merged.height == table.height - max(count - 1, 0)
    assert _totals(merged).min() >= minimum or merged.height == 1


@given(tables, st.integers(1, 700))
def test_merging_takes_no_more_than_it_must(table, minimum):
    merged, count = _merge(table, minimum)
    small = table.filter(pl.sum_horizontal(COUNTS) < minimum)
    if small.is_empty():
        assert (count, merged.equals(table)) == (0, True)
    elif _totals(small).sum() >= minimum:
        assert count == small.height
    else:
        by_size = _totals(table).sort()
        assert count == table.height or by_size.head(count).sum() >= minimum
        assert by_size.head(count - 1).sum() < minimum


@given(tables, st.integers(1, 300))
def test_merging_again_after_rounding_keeps_multiples_and_the_minimum(table, minimum):
    merged, _ = _merge(table, minimum)
    rounded = round_cells(merged, "region", COUNTS, base=3, key=KEY)
    again, _ = _merge(rounded, minimum)
    assert again.select(pl.all_horizontal(pl.col(COUNTS) % 3 == 0).all()).item()
    assert _totals(again).min() >= minimum or again.height == 1
    assert _totals(again).sum() == _totals(rounded).sum()
    assert again["region"].is_unique().all()


def test_merged_row_is_last_and_has_no_other_attributes():
    table = pl.DataFrame(
        {
            "region": ["山町", "川町", "海町"],
            "code": ["1", "2", "3"],
            "m00": [3, 200, 90],
            "m01": [0, 0, 5],
            "f00": [1, 50, 5],
        }
    )
    merged, count = _merge(table)
    assert count == 2
    assert merged.rows() == [("川町", "2", 200, 0, 50), (OTHER_REGIONS, None, 93, 5, 6)]


def test_a_row_with_the_label_joins_first_and_spares_the_next_smallest():
    sizes = {"その他": 150, "川町": 20, "海町": 110}
    table = pl.DataFrame(
        {"region": list(sizes), "m00": list(sizes.values()), "m01": [0] * 3, "f00": [0] * 3}
    )
    merged, count = _merge(table, label="その他")
    assert count == 2
    assert merged["region"].to_list() == ["海町", "その他"]
    assert _totals(merged).to_list() == [110, 170]


def test_small_integer_types_do_not_overflow():
    table = pl.DataFrame(
        {"region": ["a", "b"], **{name: [99, 99] for name in COUNTS}},
        schema_overrides=dict.fromkeys(COUNTS, pl.Int8),
    )
    merged, _ = _merge(table, 500)
    assert _totals(merged).to_list() == [594]
    assert add_margins(table, {"total": COUNTS})["total"].to_list() == [297, 297]


@given(tables, st.integers(2, 10), st.binary(min_size=32, max_size=40))
@settings(max_examples=50)
def test_rounded_cells_are_multiples_near_the_truth_and_repeatable(table, base, key):
    rounded = round_cells(table, "region", COUNTS, base=base, key=key)
    for name in COUNTS:
        assert (rounded[name] % base == 0).all()
        assert ((rounded[name] - table[name]).abs() < base).all()
        assert (rounded[name] == table[name]).filter(table[name] % base == 0).all()
        assert (rounded[name] >= 0).all()
    assert rounded.equals(round_cells(table, "region", COUNTS, base=base, key=key))
    assert rounded.columns == table.columns


def test_a_cell_is_rounded_alike_whatever_stands_around_it():
    table = pl.DataFrame({"region": ["a", "b"], "m00": [7, 8], "m01": [1, 2], "f00": [4, 5]})
    other = pl.DataFrame({"f00": [5, 1], "region": ["b", "c"], "m00": [99, 8]})
    whole = round_cells(table, "region", COUNTS, base=5, key=KEY)
    part = round_cells(other, "region", ["f00", "m00"], base=5, key=KEY)
    assert whole.filter(region="b")["f00"].item() == part.filter(region="b")["f00"].item()


@pytest.mark.parametrize("base", [3, 5])
def test_rounding_has_no_bias_over_keys(base):
    """Mean over 2,000 keys within 4 standard errors of the truth, for every remainder."""
    keys = 2000
    values = list(range(11, 11 + base))
    table = pl.DataFrame({"region": [f"r{v}" for v in values], "n": values})
    draws = pl.concat(
        round_cells(table, "region", ["n"], base=base, key=i.to_bytes(32, "big"))
        for i in range(keys)
    )
    means = draws.group_by("region").agg(pl.col("n").mean()).sort("region")["n"]
    tolerance = 4 * base / 2 / math.sqrt(keys)
    assert (means - pl.Series(values)).abs().max() < tolerance
    assert draws["n"].n_unique() > 1


def test_rounding_has_no_bias_over_cells():
    """One key, 60,000 cells: the sum stays within 4 standard errors."""
    size = 60_000
    table = pl.DataFrame(
        {"region": [f"r{n}" for n in range(size)], "n": [n % 3 for n in range(size)]}
    )
    rounded = round_cells(table, "region", ["n"], base=3, key=KEY)
    assert abs(int(rounded["n"].sum()) - int(table["n"].sum())) < 4 * math.sqrt(2 * size)


def test_a_change_by_one_shows_as_often_as_the_docstring_says():
    size = 9000
    region = [f"r{n}" for n in range(size)]

    def published(value):
        table = pl.DataFrame({"region": region, "n": [value] * size})
        return round_cells(table, "region", ["n"], base=3, key=KEY)["n"]

    shown = [(published(v) != published(v + 1)).mean() for v in (9, 10, 11)]
    assert shown == pytest.approx([1 / 3, 5 / 9, 1 / 3], abs=0.03)


def test_another_key_column_or_region_draws_anew():
    size = 300
    table = pl.DataFrame(
        {"region": [f"r{n}" for n in range(size)], "a": [4] * size, "b": [4] * size}
    )
    one = round_cells(table, "region", ["a", "b"], base=3, key=KEY)
    two = round_cells(table, "region", ["a", "b"], base=3, key=KEY[::-1])
    assert not one["a"].equals(one["b"], check_names=False)
    assert not one["a"].equals(two["a"])
    assert one["a"].n_unique() == 2


@given(tables, st.integers(2, 6))
@settings(max_examples=30)
def test_margins_add_up(table, base):
    rounded = round_cells(table, "region", COUNTS, base=base, key=KEY)
    whole = add_margins(rounded, {"m": ["m00", "m01"], "f": ["f00"], "total": ["m", "f"]})
    assert (whole["total"] == _totals(rounded)).all()
    assert (whole["m"] + whole["f"] == whole["total"]).all()
    assert (whole["total"] % base == 0).all()


@pytest.mark.parametrize(
    "change",
    [
        {"m00": pl.Series([1, None, 3])},
        {"m00": pl.Series([1, -2, 3])},
        {"m00": pl.Series([1.5, 2, 3])},
        {"region": pl.Series(["ひみつ町", "ひみつ町", "川町"])},
        {"region": pl.Series(["ひみつ町", None, "川町"])},
        {"region": pl.Series([1, 2, 3])},
    ],
)
def test_a_table_that_is_no_table_of_counts_is_refused_without_naming_a_value(change):
    table = pl.DataFrame({"region": ["a", "b", "c"], **{name: [1, 2, 3] for name in COUNTS}})
    broken = table.with_columns(**change)
    with pytest.raises(ValueError, match="直し方") as error:
        round_cells(broken, "region", COUNTS, base=3, key=KEY)
    assert "ひみつ" not in str(error.value)
    with pytest.raises(ValueError, match="直し方"):
        _merge(broken)


@pytest.mark.parametrize(
    "call",
    [
        lambda t: round_cells(t, "region", COUNTS, base=1, key=KEY),
        lambda t: round_cells(t, "region", COUNTS, base=3, key=KEY[:31]),
        lambda t: round_cells(t, "region", ["nowhere"], base=3, key=KEY),
        lambda t: _merge(t, 0),
        lambda t: add_margins(t, {"m00": ["m01"]}),
        lambda t: add_margins(t, {"total": []}),
        lambda t: add_margins(t, {"total": ["nowhere"]}),
    ],
)
def test_wrong_arguments_are_refused_in_three_lines(call):
    table = pl.DataFrame({"region": ["a"], **{name: [1] for name in COUNTS}})
    with pytest.raises(ValueError, match="場所") as error:
        call(table)
    assert len(str(error.value).splitlines()) == 3
