"""One person moves no more than the bound says, whatever the rows look like."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.noise.contributions import bound_cells, clip, index_cells

KEY = b"k" * 32
ROWS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 8)), max_size=60)


def _frame(rows):
    return pl.DataFrame(rows, schema={"person": pl.Int64, "cell": pl.Int64}, orient="row")


@settings(max_examples=25)
@given(ROWS, st.integers(1, 4))
def test_nobody_is_in_more_cells_than_allowed_nor_twice_in_one(rows, most):
    bounded = bound_cells(_frame(rows), "person", ["cell"], most=most, key=KEY)
    given_cells = {(p, c) for p, c in rows}
    kept = bounded.rows()
    assert len(kept) == len(set(kept))
    assert set(kept) <= given_cells
    for person in {p for p, _ in rows}:
        cells = len({c for p, c in rows if p == person})
        assert sum(p == person for p, _ in kept) == min(cells, most)


@settings(max_examples=25)
@given(ROWS, st.randoms())
def test_neither_order_nor_other_persons_decide_which_cells_stay(rows, random):
    before = bound_cells(_frame(rows), "person", ["cell"], most=2, key=KEY)
    shuffled = random.sample(rows, len(rows))
    without = [(p, c) for p, c in shuffled if p != 0]
    after = bound_cells(_frame(without), "person", ["cell"], most=2, key=KEY)
    assert set(after.rows()) == {(p, c) for p, c in before.rows() if p != 0}


@settings(max_examples=25)
@given(ROWS, st.lists(st.integers(0, 8), min_size=1, max_size=12), st.integers(1, 4))
def test_one_person_more_moves_the_counts_by_no_more_than_the_bound(rows, cells, most):
    """The sensitivities that the mechanisms are given: L1 and squared L2 at most `most`."""
    more = rows + [(99, cell) for cell in cells]
    counts = [
        np.bincount(
            bound_cells(_frame(given_rows), "person", ["cell"], most=most, key=KEY)["cell"],
            minlength=9,
        )
        for given_rows in (rows, more)
    ]
    moved = np.abs(counts[1] - counts[0])
    assert moved.sum() <= most
    assert (moved**2).sum() <= most
    assert moved.max() == 1


def test_the_choice_is_not_the_first_rows():
    frame = _frame([(p, c) for p in range(50) for c in range(6)])
    bounded = bound_cells(frame, "person", ["cell"], most=1, key=KEY)
    assert bounded["cell"].n_unique() == 6


def test_cells_are_numbered_in_the_order_of_the_declaration():
    frame = pl.DataFrame({"a": ["x", "y", "y"], "b": ["2", "1", "3"]})
    assert index_cells(frame, {"a": ["x", "y"], "b": ["1", "2", "3"]}).to_list() == [1, 3, 5]
    assert index_cells(frame, {}).to_list() == [0, 0, 0]


def test_a_value_outside_the_declaration_is_refused_unnamed():
    frame = pl.DataFrame({"a": ["x", "ひみつ", None]})
    with pytest.raises(ValueError, match="2 行") as refused:
        index_cells(frame, {"a": ["x"]})
    assert "ひみつ" not in str(refused.value)


@pytest.mark.parametrize("values", [[], ["x", "x"]])
def test_a_domain_that_is_none_is_refused(values):
    with pytest.raises(ValueError, match="区分の一覧"):
        index_cells(pl.DataFrame({"a": ["x"]}), {"a": values})


@pytest.mark.parametrize("persons", [[1, None], [1.5, 2.5]])
def test_a_row_of_nobody_is_refused(persons):
    frame = pl.DataFrame({"person": persons, "cell": [0, 0]})
    with pytest.raises(ValueError, match="個人の列"):
        bound_cells(frame, "person", ["cell"], most=1, key=KEY)


def test_numbers_are_brought_into_the_declared_range():
    assert clip(pl.Series("yen", [-5, 50, 500]), 0, 100).to_list() == [0, 50, 100]
    for wrong in ([None, 1], [1.5]):
        with pytest.raises(ValueError, match="整数でない"):
            clip(pl.Series("yen", wrong), 0, 100)
    with pytest.raises(ValueError, match="下限"):
        clip(pl.Series("yen", [1]), 5, 5)
