"""Whatever the attack states as exact is true, whatever was published of the truth."""

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from anonymize.overlap.attack import attack
from anonymize.overlap.equations import hash_sets, incidence, make_space
from anonymize.overlap.moments import make_moment
from anonymize.overlap.released import SEEN
from anonymize.overlap.solving import solve
from tests.unit.anonymize.overlap.publishing_tables import (
    BANDS,
    DIMENSIONS,
    NAMES,
    SEXES,
    TOWNS,
    bare,
    hidden,
    inner,
    rounded,
    truth_of,
    whole,
)

TABLES = arrays(np.int64, (len(TOWNS), len(BANDS), len(SEXES)), elements=st.integers(0, 14))
STEPS = arrays(np.int64, (len(TOWNS), len(BANDS), len(SEXES)), elements=st.integers(0, 3))
MARGINS = st.sets(st.sampled_from(["地域", "年齢", "性別"]), max_size=2)


def _with_sums(table, by):
    cells = inner(table)
    return pl.concat([cells, _sums(table, by)], how="diagonal")


def _sums(table, by):
    cells = inner(table)
    by = sorted(by)
    return cells.group_by(by).agg(pl.col(SEEN).sum()) if by else cells.select(pl.col(SEEN).sum())


def _check(told, before, after):
    for row in told.changes.rows(named=True):
        truth = truth_of(row["cell"], after - before)
        assert truth in {None, row["persons"]}
        assert 1 <= abs(row["persons"]) <= 2
    for row in told.sizes.rows(named=True):
        truth = truth_of(row["cell"], after)
        assert truth in {None, row["persons"]}


@settings(max_examples=12)
@given(TABLES, STEPS, MARGINS, MARGINS, st.booleans())
def test_statements_are_true(before, step, first, second, has_sibling):
    after = np.maximum(before + step - 1, 0)
    earlier = [hidden(_with_sums(before, first))]
    if has_sibling:
        earlier.append(bare(_sums(after, second), period=2, release="合計"))
    told = attack(hidden(_with_sums(after, second), period=2), earlier, DIMENSIONS)
    assert told.contradictions == ()
    assert told.undecided == 0
    _check(told, before, after)


@settings(max_examples=10)
@given(TABLES, st.integers(0, 2**32 - 1), st.sampled_from([3, 5]), MARGINS)
def test_bounds_hold_the_truth(table, seed, base, by):
    """Rounded cells, true sums and withheld cells together never shut the true counts out."""
    draw = np.random.default_rng(seed).random(table.shape)
    low = table // base * base
    drawn = low + base * (draw < (table - low) / base)
    tables = [
        rounded(inner(drawn), base),
        bare(_sums(table, by), release="合計"),
        hidden(whole(table), release="秘匿"),
    ]
    space = make_space(DIMENSIONS, tables)
    sets = [incidence(space, t, place) for place, t in enumerate(tables)]
    moment = make_moment(space, tables, sets, seconds=10)
    # The tables show every cell, so each column is one cell of `inner`.
    cells = hash_sets(space, sets[0])
    columns = hash_sets(space, moment.column_sets)
    truth = dict(zip(cells.tolist(), inner(table)[SEEN].to_list(), strict=True))
    true = np.array([truth[h] for h in columns.tolist()])
    assert (moment.solved.low <= true).all()
    assert (true <= moment.solved.high).all()
    sums = moment.equations.columns @ true
    assert (moment.solved.row_low <= sums).all()
    assert (sums <= moment.solved.row_high).all()


@settings(max_examples=10)
@given(arrays(np.int64, (2, 3), elements=st.integers(0, 4)))
def test_bounds_are_those_of_all_tables_that_fit(table):
    """Two towns x three bands, all cells withheld, both margins shown: compare with counting out."""
    cells = pl.DataFrame(
        {
            "地域": np.repeat(TOWNS[:2], 3),
            "年齢": np.tile(BANDS[:3], 2),
            "性別": "男性",
            SEEN: table.ravel(),
        }
    )
    sums = [
        cells.group_by("地域", "性別").agg(pl.col(SEEN).sum()),
        cells.group_by("年齢", "性別").agg(pl.col(SEEN).sum()),
    ]
    # Only these bands and towns exist, so a margin has no other parts.
    kept = {"地域": TOWNS[:2], "年齢": BANDS[:3]}
    empty = inner(np.zeros((3, 4, 2), dtype=np.int64)).filter(
        ~(
            pl.col("地域").is_in(kept["地域"])
            & pl.col("年齢").is_in(kept["年齢"])
            & (pl.col("性別") == "男性")
        )
    )
    tables = [hidden(cells), bare(pl.concat([*sums, empty], how="diagonal"), release="合計")]
    space = make_space(DIMENSIONS, tables)
    sets = [incidence(space, t, place) for place, t in enumerate(tables)]
    moment = make_moment(space, tables, sets, seconds=10)
    fits = _all_tables(table.sum(axis=1), table.sum(axis=0))
    columns = hash_sets(space, moment.column_sets).tolist()
    for place, token in enumerate(hash_sets(space, sets[0]).tolist()):
        values = {fit.ravel()[place] for fit in fits}
        at = columns.index(token)
        bounds = (moment.solved.low[at], moment.solved.high[at])
        # Cells the program was not asked for keep wider bounds, but are never exact by mistake.
        assert bounds[0] <= min(values)
        assert max(values) <= bounds[1]
        assert (bounds[0] == bounds[1]) == (len(values) == 1)


def _all_tables(rows, columns):
    found = []
    for a in range(10):
        for b in range(10):
            top = np.array([a, b, rows[0] - a - b])
            table = np.array([top, columns - top])
            if (table >= 0).all() and (table < 10).all() and table[1].sum() == rows[1]:
                found.append(table)
    return found


def test_no_equations_leave_everything_open():
    table = hidden(inner(np.zeros((3, 4, 2), dtype=np.int64)))
    space = make_space(DIMENSIONS, [table])
    moment = make_moment(space, [table], [incidence(space, table, 0)], seconds=1)
    again = solve(moment.equations, seconds=1)
    assert (again.low == 0).all()
    assert (again.high == 9).all()
    assert table.dimensions == NAMES
