"""Secondary suppression against the attacker."""

import itertools

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.tables.attack import Knowledge, attack
from anonymize.tables.dimensions import dimension, flat
from anonymize.tables.structure import arrange, link
from anonymize.tables.suppression import suppress
from anonymize.tables.suppression_cuts import Need

THRESHOLD = 5
TOWNS = dimension("town", [("市", ["北", "南"]), ("北", ["a", "b", "c"]), ("南", ["d", "e"])])
AGES = flat("age", ["0-14", "15-64", "65-"])
SEX = flat("sex", ["男", "女"])


def _frame(dimensions, values):
    cells = list(itertools.product(*(one.leaves for one in dimensions)))
    columns = {one.column: [cell[i] for cell in cells] for i, one in enumerate(dimensions)}
    return pl.DataFrame({**columns, "n": list(values)}, schema_overrides={"n": pl.Int64})


def _counts(table):
    n = len(table.values)
    primary = (table.values > 0) & (table.values < THRESHOLD)
    return primary, Need(np.zeros(n), np.zeros(n), np.full(n, float(THRESHOLD)), whole=True)


def _whole_width(found):
    return np.floor(found.upper + 1e-6) - np.ceil(found.lower - 1e-6)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=30, max_size=30))
def test_no_hidden_cell_is_narrower_than_the_rule(values):
    dimensions = [TOWNS, AGES, SEX]
    table = arrange(_frame(dimensions, values), dimensions, "n")
    primary, need = _counts(table)
    hidden = suppress(table, primary, need)
    found = attack(table, hidden)
    assert hidden[primary].all()
    assert not found.exact.any()
    assert (_whole_width(found) >= THRESHOLD).all()
    assert not (hidden & (table.values == 0)).any()
    assert np.array_equal(hidden, suppress(table, primary, need))


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=30, max_size=30))
def test_linked_tables_hold_together(values):
    whole = _frame([TOWNS, AGES, SEX], values)
    parts = [
        arrange(whole.group_by("town", name).agg(pl.col("n").sum()), [TOWNS, one], "n")
        for name, one in (("age", AGES), ("sex", SEX))
    ]
    table = link(parts)
    primary, need = _counts(table)
    found = attack(table, suppress(table, primary, need))
    assert (_whole_width(found) >= THRESHOLD).all()


def test_no_fewer_cells_than_these_would_do():
    """One small cell among large ones: four corners are the least there is."""
    one, other = flat("one", ["a", "b", "c"]), flat("other", ["x", "y", "z"])
    table = arrange(_frame([one, other], [1, 20, 30, 40, 50, 60, 70, 80, 90]), [one, other], "n")
    primary, need = _counts(table)
    assert suppress(table, primary, need).sum() == 4


def test_nothing_secret_hides_nothing():
    table = arrange(_frame([AGES, SEX], [10] * 6), [AGES, SEX], "n")
    primary, need = _counts(table)
    assert not suppress(table, primary, need).any()


def test_both_ends_are_kept_away_where_demanded():
    one, other = flat("one", ["a", "b", "c"]), flat("other", ["x", "y", "z"])
    values = [100, 20, 300, 400, 500, 600, 700, 800, 900]
    table = arrange(_frame([one, other], values), [one, other], "n")
    primary = table.values == 100
    distance = np.where(primary, 50.0, 0.0)
    hidden = suppress(table, primary, Need(distance, distance, distance * 0 + 1))
    found = attack(table, hidden)
    mine = found.cells == np.flatnonzero(primary)[0]
    assert found.lower[mine] <= 50
    assert found.upper[mine] >= 150


def test_a_lone_contributor_cannot_subtract_himself():
    one, other = flat("one", ["a", "b", "c", "d"]), flat("other", ["x", "y", "z"])
    values = [1000, 2000, 9000, 8000, 7000, 9000, 9000, 9000, 9000, 8000, 7000, 6000]
    table = arrange(_frame([one, other], values), [one, other], "n")
    inner = np.flatnonzero(table.interior)
    primary = np.zeros(len(table.values), dtype=bool)
    primary[inner[[0, 1]]] = True  # two secret cells beside each other
    lone = np.zeros_like(primary)
    lone[inner[0]] = True
    n = len(primary)
    need = Need(np.zeros(n), np.zeros(n), np.full(n, 100.0))
    fixed = Knowledge(np.where(lone, table.values, 0), np.where(lone, table.values, np.inf))

    def width_for_the_insider(hidden):
        found = attack(table, hidden, fixed)
        return found.width[found.cells == inner[1]].item()

    assert width_for_the_insider(suppress(table, primary, need)) < 100
    assert width_for_the_insider(suppress(table, primary, need, lone=lone)) >= 100 - 1e-3


def test_structural_zeros_and_totals_known_elsewhere_stay():
    one, other = flat("one", ["a", "b", "c"]), flat("other", ["x", "y", "z"])
    table = arrange(_frame([one, other], [1, 20, 30, 40, 50, 60, 70, 80, 90]), [one, other], "n")
    primary, need = _counts(table)
    totals = ~table.interior
    hidden = suppress(table, primary, need, never=totals | (table.values == 50))
    assert not hidden[totals].any()
    assert not hidden[table.values == 50].any()
    assert (_whole_width(attack(table, hidden)) >= THRESHOLD).all()


def test_what_cannot_be_protected_is_named():
    one = flat("one", ["a", "b"])
    table = arrange(_frame([one], [1, 20]), [one], "n")
    primary, need = _counts(table)
    with pytest.raises(ValueError, match="何を伏せても守れないセル"):
        suppress(table, primary, need, never=~primary)
    with pytest.raises(ValueError, match="必ず公表するセルに含まれて"):
        suppress(table, primary, need, never=primary)


def test_a_negative_amount_needs_a_bound():
    one = flat("one", ["a", "b"])
    table = arrange(_frame([one], [-1, 20]), [one], "n")
    primary, need = _counts(table)
    with pytest.raises(ValueError, match="範囲の外"):
        suppress(table, primary, need)
