"""Duplicate, late, corrected, withdrawn, out of order: the end depends on the deliveries alone."""

import datetime as dt
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.warehouse.history.deliveries import TARGET, shop
from warehouse.history.names import OPEN_END, day_of

PERIODS = [f"2024-{month:02}" for month in range(1, 9)]
STATES = 8
STEPS = 50


def _snapshot(seed):
    """A state of up to six people; states share most of their rows, some are empty."""
    draw = random.Random(seed)  # noqa: S311 - made-up rows
    share = draw.choice([0.0, 0.5, 0.8, 1.0])
    people = [(f"{n:03}", draw.choice(["本町", "南町", None]), draw.randrange(2)) for n in range(6)]
    return tuple(person for person in people if draw.random() < share)


def _changes(seed):
    """Some changes of three people; numbers come again with other content, and pass ten."""
    draw = random.Random(seed)  # noqa: S311 - made-up rows
    keys = [(f"{n:03}", str(number)) for n in range(3) for number in range(8, 12)]
    return tuple(
        (*key, f"2024-0{draw.randrange(1, 4)}-01", draw.choice(["転入", "転居", "転出", None]))
        for key in keys
        if draw.random() < 0.4
    )


MAKE = {"snapshots": _snapshot, "changes": _changes}
# What happens: a file comes (first, corrected, again, late), several at once, or one is taken back.
COME = st.tuples(st.just("come"), st.sampled_from(PERIODS), st.integers(0, STATES - 1))
BACK = st.tuples(st.just("back"), st.sampled_from(PERIODS), st.just(0))
TWO = st.tuples(st.just("with the next"), st.sampled_from(PERIODS), st.integers(0, STATES - 1))
LIVES = st.lists(st.one_of(COME, COME, BACK, TWO), min_size=STEPS, max_size=STEPS)


def _live(kind, steps):
    """Live through the steps, and compare with a table built from what is left in the end."""
    states = [MAKE[kind](seed) for seed in range(STATES)]
    left = {}
    with shop(kind) as lived, shop(kind) as built:
        for action, period, state in steps:
            wanted = {period: None if action == "back" else states[state]}
            if action == "with the next":
                after = PERIODS[(PERIODS.index(period) + 1) % len(PERIODS)]
                wanted[after] = None if state % 2 else states[(state + 1) % STATES]
            lived.change(wanted)
            left |= wanted
        left = {period: rows for period, rows in left.items() if rows is not None}
        built.deliver_all(left)
        assert lived.content_hash() == built.content_hash()
        told = _say_snapshots if kind == "snapshots" else _say_changes
        assert sorted(map(repr, told(lived))) == sorted(map(repr, _expect(kind, left)))


def _expect(kind, left):
    """Say by hand, row by row, what must hold."""
    if kind == "snapshots":
        return [(period, *row) for period, rows in left.items() for row in rows]
    told = {}
    for period in sorted(left):
        told |= {row[:2]: (period, *row) for row in left[period]}
    expected = []
    for who in {subject for subject, _ in told}:
        rows = [told[key] for key in told if key[0] == who]
        rows.sort(key=lambda row: (row[3], int(row[2])))
        for row, after in zip(rows, [*rows[1:], None], strict=True):
            until = row[3] if row[4] == "転出" else after[3] if after else str(OPEN_END)
            if until != row[3]:
                expected.append((*row[:3], row[3], until))
    return expected


def _say_snapshots(lived):
    """Ask for the state of each period; rows that could be one must not be two."""
    split = lived.con.sql(f"""
        SELECT count(*) FROM {TARGET} AS a JOIN {TARGET} AS b ON a._valid_to = b._valid_from
        AND a.person_id = b.person_id AND a.town IS NOT DISTINCT FROM b.town
        AND a.visit_count = b.visit_count
    """)
    assert split.fetchone() == (0,)
    found = []
    for period in lived.current:
        day = day_of(period)
        rows = lived.con.execute(
            f"SELECT person_id, town, visit_count FROM {TARGET} "
            "WHERE _valid_from <= ? AND _valid_to > ?", [day, day],
        ).fetchall()  # fmt: skip
        found += [(period, *row) for row in rows]
    return found


def _say_changes(lived):
    rows = lived.con.sql(
        "SELECT _period, person_id, change_number, _valid_from, _valid_to "
        f"FROM {TARGET} WHERE _valid_from < _valid_to"
    ).fetchall()
    assert all(isinstance(row[3], dt.date) for row in rows)
    return [(*row[:3], str(row[3]), str(row[4])) for row in rows]


def _many(examples):
    checks = [HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.data_too_large]
    return settings(
        max_examples=examples, deadline=None, derandomize=True, suppress_health_check=checks
    )


@pytest.mark.parametrize("kind", ["snapshots", "changes"])
@_many(12)
@given(steps=LIVES)
def test_the_order_of_arrival_does_not_matter(kind, steps):
    _live(kind, steps)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["snapshots", "changes"])
@_many(200)
@given(steps=LIVES)
def test_the_order_of_arrival_does_not_matter_in_ten_thousand_steps(kind, steps):
    _live(kind, steps)
