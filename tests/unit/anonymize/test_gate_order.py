import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.gate_order import judge_order, runs_excess
from anonymize.pseudonyms import shuffle_rows

KEY = bytes(range(32))


def _register(rows=2000, seed=1):
    draw = np.random.default_rng(seed)
    household = np.sort(draw.integers(0, rows // 3, rows))
    return pl.DataFrame(
        {
            "town": np.array(list("abcdefgh"))[household * 8 // (rows // 3)],
            "tenure": np.array(["own", "rent"])[draw.integers(0, 2, rows // 3)[household]],
            "age": draw.integers(0, 90, rows),
        }
    )


def _rules(table):
    return {fault.rule for fault in judge_order(table)}


@pytest.mark.parametrize("column", ["town", "tenure"])
def test_the_order_of_households_shows_in_what_they_share(column):
    assert _rules(_register().select(column, "age")) == {"order.not_shuffled"}


@settings(max_examples=8)
@given(st.integers(0, 10_000))
def test_an_honest_shuffle_is_never_refused(seed):
    table = _register(300)
    assert _rules(table[np.random.default_rng(seed).permutation(300)]) == set()
    assert _rules(shuffle_rows(table, key=KEY, purpose=str(seed))) == set()
    coarse = table.select("town", "tenure")
    assert _rules(shuffle_rows(coarse, key=KEY, purpose=str(seed))) == set()


def test_sorted_by_content_is_no_order_of_a_register():
    assert _rules(_register().sort("town", "tenure", "age")) == set()


def test_a_number_that_rises_is_a_number_of_the_row():
    table = _register()[np.random.default_rng(1).permutation(2000)]
    assert _rules(table.with_row_index("no")) == {"records.row_number"}
    assert _rules(table.with_columns(no=pl.int_range(100, 4100, 2).cast(pl.String))) == {
        "records.row_number"
    }


def test_the_mean_and_variance_of_runs_agree_with_drawing():
    column = np.array([0] * 40 + [1] * 30 + [2] * 30)
    draw = np.random.default_rng(7)
    scores = [runs_excess(pl.Series(draw.permutation(column))) for _ in range(400)]
    assert np.mean(scores) == pytest.approx(0, abs=0.2)
    assert np.std(scores) == pytest.approx(1, abs=0.15)


def test_few_rows_and_constant_columns_say_nothing():
    assert _rules(_register().head(10)) == set()
    assert runs_excess(pl.Series(["x"] * 50)) == 0
