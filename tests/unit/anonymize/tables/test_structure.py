"""A table with margins as arrays."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.hierarchy.hierarchy import hierarchy_of_rows
from anonymize.tables.dimensions import dimension, dimension_of_hierarchy, flat
from anonymize.tables.structure import arrange, contradictions, link

AREA = dimension("area", [("市", ["北", "南"]), ("北", ["a", "b"]), ("南", ["c"])])
SEX = flat("sex", ["男", "女"])


def _interior(values: list[int]) -> pl.DataFrame:
    rows = [(area, sex) for area in "abc" for sex in ("男", "女")]
    return pl.DataFrame(
        {"area": [r[0] for r in rows], "sex": [r[1] for r in rows], "n": values},
        schema_overrides={"n": pl.Int64},
    )


def _value(table, *codes):
    row = table.cells.with_columns(pl.Series("v", table.values))
    for column, code in zip(table.cells.columns, codes, strict=True):
        row = row.filter(pl.col(column) == code)
    return row["v"].item()


def test_margins_are_added_up_over_nested_groups():
    table = arrange(_interior([1, 2, 3, 4, 5, 6]), [AREA, SEX], "n")
    assert table.cells.height == 6 * 3
    assert _value(table, "市", "総数") == 21
    assert _value(table, "北", "女") == 6
    assert _value(table, "c", "総数") == 11
    assert not contradictions(table)
    assert table.interior.sum() == 6


def test_a_missing_interior_row_is_zero():
    table = arrange(_interior([1, 2, 3, 4, 5, 6]).head(5), [AREA, SEX], "n")
    assert _value(table, "c", "女") == 0


def test_a_wrong_margin_is_named():
    wrong = pl.DataFrame({"area": ["北"], "sex": ["男"], "n": [5]})
    frame = pl.concat([_interior([1, 2, 3, 4, 5, 6]), wrong])
    with pytest.raises(ValueError, match="北 × 男"):
        arrange(frame, [AREA, SEX], "n")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: pl.concat([f, f.head(1)]), "同じ区分の組"),
        (lambda f: f.with_columns(area=pl.lit("z")), "定義にない区分"),
        (lambda f: f.with_columns(area=pl.lit(None, pl.String)), "定義にない区分"),
        (lambda f: f.with_columns(n=pl.lit(None, pl.Int64)), "数でない値"),
        (lambda f: f.with_columns(n=pl.lit("1")), "数でない値"),
        (lambda f: f.drop("sex"), "表にない列"),
    ],
)
def test_a_frame_that_is_no_table_is_refused(change, words):
    with pytest.raises(ValueError, match=words):
        arrange(change(_interior([1, 2, 3, 4, 5, 6])), [AREA, SEX], "n")


def test_codes_that_add_up_to_themselves_are_refused():
    with pytest.raises(ValueError, match="自分自身"):
        dimension("x", [("a", ["b"]), ("b", ["a"])])


def test_alternative_sums_of_one_total_give_both_equations():
    ages = dimension("age", [("総数", ["0-4", "5-9"]), ("総数", ["未就学", "就学"])])
    frame = pl.DataFrame({"age": ["0-4", "5-9", "未就学", "就学"], "n": [3, 4, 5, 2]})
    table = arrange(frame, [ages], "n")
    assert table.equations.shape == (2, 5)
    assert not contradictions(table)


def test_a_ladder_becomes_sums_and_unchanged_labels_one_code():
    ladder = hierarchy_of_rows("t", [("a", "N", "*"), ("b", "N", "*"), ("c", "c", "*")])
    assert dimension_of_hierarchy(ladder).sums == (("*", ("N", "c")), ("N", ("a", "b")))


def test_linked_tables_share_the_cells_of_totals():
    frame = _interior([1, 2, 3, 4, 5, 6]).with_columns(age=pl.Series([*"xyxyxy"]))
    ages = flat("age", ["x", "y"])
    by_sex = arrange(frame.select("area", "sex", "n"), [AREA, SEX], "n")
    by_age = arrange(frame.select("area", "age", "n"), [AREA, ages], "n")
    both = link([by_sex, by_age])
    assert both.cells.height == 6 * 3 + 6 * 2
    assert not contradictions(both)


def test_linked_tables_of_other_persons_are_refused():
    frame = _interior([1, 2, 3, 4, 5, 6])
    by_sex = arrange(frame, [AREA, SEX], "n")
    more = arrange(frame.with_columns(pl.col("n") + 1), [AREA, SEX], "n")
    with pytest.raises(ValueError, match="値の違うセル"):
        link([by_sex, more])


@given(st.lists(st.integers(0, 50), min_size=6, max_size=6))
def test_given_margins_and_added_ones_are_the_same_table(values):
    table = arrange(_interior(values), [AREA, SEX], "n")
    whole = table.cells.with_columns(pl.Series("n", table.values))
    again = arrange(whole.sample(fraction=1, shuffle=True, seed=1), [AREA, SEX], "n")
    assert again.cells.equals(table.cells)
    assert np.array_equal(again.values, table.values)
    assert np.abs(table.equations @ table.values).max() == 0
