"""Columns are known again by their values, and chance proves nothing."""

import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.drift.profile import (
    KEY,
    SKETCH,
    choose_keys,
    compare_aligned,
    compare_values,
    hash_rows,
    profile_column,
)

values = st.lists(st.one_of(st.none(), st.text(max_size=5)), max_size=40)


def _series(*items):
    return pl.Series("c", list(items), dtype=pl.String)


@settings(deadline=None)
@given(values)
def test_a_column_is_like_itself_in_any_order(items):
    column = pl.Series("c", items, dtype=pl.String)
    shuffled = column.sample(fraction=1, shuffle=True, seed=1)
    one, other = profile_column(column), profile_column(shuffled)
    assert one.sketch.to_list() == other.sketch.to_list()
    assert (one.filled, one.distinct, one.shapes) == (other.filled, other.distinct, other.shapes)


def test_widths_and_outer_blanks_do_not_make_two_values():
    one, other = profile_column(_series("０１", " ｱｲ ")), profile_column(_series("01", "アイ"))
    assert one.sketch.to_list() == other.sketch.to_list()


def test_the_share_of_known_values_is_estimated_from_a_sketch():
    old = profile_column(_series(*(f"v{i}" for i in range(40_000))))
    new = profile_column(_series(*(f"v{i}" for i in range(10_000, 50_000))))
    assert len(old.sketch) == SKETCH
    assert compare_values(old, new, "氏名").score == pytest.approx(0.95 * 0.75, abs=0.03)
    assert "前回の「氏名」" in compare_values(old, new, "氏名").words


def test_a_few_values_that_many_columns_hold_prove_little():
    flags = profile_column(_series(*"○×" * 50))
    assert compare_values(flags, flags, "有無").score < 0.5
    names = profile_column(_series(*(f"山田{i}" for i in range(100))))
    assert compare_values(names, names, "氏名").score > 0.8
    assert compare_values(names, profile_column(_series()), "氏名").score == 0


def test_rows_of_one_key_are_compared_beyond_chance():
    draw = random.Random(1)  # noqa: S311 - no secret
    flags = [draw.choice("12") for _ in range(400)]
    other = [draw.choice("12") for _ in range(400)]
    frame = pl.DataFrame({"k": [str(i) for i in range(400)], "a": flags, "b": other})
    hashed = hash_rows(frame, ["k"]).with_columns(again=pl.col("a"))
    assert compare_aligned(hashed, "a", "again", "性別").score > 0.95
    assert compare_aligned(hashed, "a", "b", "性別").score < 0.15
    constant = hashed.with_columns(a=pl.lit(1), again=pl.lit(1))
    assert compare_aligned(constant, "a", "again", "性別").score == 0


def test_blank_values_are_not_compared():
    frame = pl.DataFrame({"k": ["1", "2"], "a": [None, "x"]}, schema=dict.fromkeys("ka", pl.String))
    assert hash_rows(frame, ["k"])["a"].null_count() == 1


def test_the_same_rows_are_chosen_on_both_sides():
    keys = [str(i) for i in range(5000)]
    old = hash_rows(pl.DataFrame({"k": keys}), ["k"])[KEY]
    new = hash_rows(pl.DataFrame({"k": [*keys[::-1], "x"]}), ["k"])[KEY]
    both = set(choose_keys(old)) & set(choose_keys(new))
    assert len(both) >= 1999
