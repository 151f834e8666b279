"""The linear-programming attacker, against enumeration."""

import itertools

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.tables.attack import Knowledge, attack
from anonymize.tables.dimensions import dimension, flat
from anonymize.tables.structure import arrange

ROWS, COLUMNS = ("a", "b", "c"), ("x", "y", "z")
FLAT = flat("row", ROWS)
TOWNS = dimension("row", [("総数", ["北", "c"]), ("北", ["a", "b"])])


def _table(values, rows=FLAT, columns=COLUMNS):
    cells = list(itertools.product(ROWS, columns))
    frame = pl.DataFrame(
        {"row": [c[0] for c in cells], "column": [c[1] for c in cells], "n": list(values)},
        schema_overrides={"n": pl.Int64},
    )
    return arrange(frame, [rows, flat("column", columns)], "n")


def _hide(table, *names):
    keys = pl.concat_str(table.cells.columns, separator="")
    return table.cells.select(keys.is_in(names)).to_series().to_numpy()


def _enumerate(table, hidden, most):
    """Find the smallest and largest whole value of each hidden cell by trying them all."""
    places = np.flatnonzero(hidden)
    tried = np.array(list(itertools.product(range(most + 1), repeat=len(places))))
    part = table.equations[:, places].toarray()
    known = part @ table.values[places]
    agree = tried[(tried @ part.T == known).all(axis=1)]
    return agree.min(axis=0), agree.max(axis=0)


def test_a_cell_alone_in_a_row_is_exact():
    table = _table([1, 20, 30, 40, 50, 60, 70, 80, 90])
    found = attack(table, _hide(table, "ax"))
    assert found.exact.all()
    assert found.lower == found.upper == pytest.approx([1])


def test_four_cells_at_corners_hide_each_other_within_the_smallest():
    table = _table([1, 20, 30, 4, 50, 60, 70, 80, 90])
    found = attack(table, _hide(table, "ax", "ay", "bx", "by"))
    assert not found.exact.any()
    assert dict(zip(found.lower, found.upper, strict=True)) == pytest.approx(
        {0: 5, 16: 21, 49: 54}  # ax and bx both reach from 0 to 5
    )


def test_a_bound_known_beforehand_narrows_the_intervals():
    table = _table([1, 20, 30, 4, 50, 60, 70, 80, 90])
    hidden = _hide(table, "ax", "ay", "bx", "by")
    upper = np.where(hidden, np.maximum(table.values, 2), np.inf)
    found = attack(table, hidden, Knowledge(np.zeros(len(upper)), upper))
    assert found.width == pytest.approx([0, 0, 0, 0], abs=1e-6)


def test_a_hidden_table_without_a_published_total_is_unbounded():
    table = _table([1, 2, 3, 4, 5, 6, 7, 8, 9])
    found = attack(table, np.ones(len(table.values), dtype=bool))
    assert np.isinf(found.upper).all()
    assert (found.lower == 0).all()


def test_nothing_hidden_is_nothing_to_attack():
    table = _table([1, 2, 3, 4, 5, 6, 7, 8, 9])
    assert len(attack(table, np.zeros(len(table.values), dtype=bool)).cells) == 0


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 4), min_size=9, max_size=9),
    st.sets(st.integers(0, 19), min_size=1, max_size=7),
)
def test_intervals_are_those_of_enumeration(values, places):
    """Two dimensions, one of them nested: the ends are whole numbers, and all are reached."""
    table = _table(values, TOWNS)
    hidden = np.zeros(len(table.values), dtype=bool)
    hidden[[*places]] = True
    inner = np.flatnonzero(table.interior & hidden)
    hidden[:] = False
    hidden[inner] = True
    if not hidden.any():
        return
    found = attack(table, hidden)
    least, most = _enumerate(table, hidden, 6 if len(inner) > 6 else 12)
    reachable = np.isfinite(found.upper) & (found.upper <= (6 if len(inner) > 6 else 12))
    assert np.allclose(found.lower, least, atol=1e-6)
    assert np.allclose(found.upper[reachable], most[reachable], atol=1e-6)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 10**9), min_size=9, max_size=9),
    st.sets(st.integers(0, 15), min_size=1),
)
def test_the_truth_is_always_inside_and_size_does_not_matter(values, places):
    table = _table(values)
    hidden = np.zeros(len(table.values), dtype=bool)
    hidden[[*places]] = True
    found = attack(table, hidden)
    true = table.values[found.cells]
    slack = 1e-6 * max(1.0, table.values.max())
    assert (found.lower <= true + slack).all()
    assert (found.upper >= true - slack).all()
