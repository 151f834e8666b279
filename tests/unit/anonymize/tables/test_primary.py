"""Rules on one cell, and who stands behind it."""

import numpy as np
import polars as pl
import pytest

from anonymize.tables.contributions import count_contributions
from anonymize.tables.dimensions import dimension, flat
from anonymize.tables.primary import (
    Closeness,
    Contributions,
    Dominance,
    Threshold,
    judge_amounts,
    judge_counts,
)


def test_a_threshold_leaves_zeros_unless_told_otherwise():
    counts = np.array([0.0, 1, 4, 5, 6])
    assert judge_counts(counts, Threshold(5)).flags.tolist() == [False, True, True, False, False]
    with_zeros = judge_counts(counts, Threshold(5, zeros=True))
    assert with_zeros.flags.tolist() == [True, True, True, False, False]
    assert with_zeros.words[0] == "5未満(0〜4)"
    assert set(with_zeros.need.width) == {5.0}


BEHIND = Contributions(np.array([3.0, 3, 1]), np.array([[80.0, 15, 5], [50, 40, 10], [7, 0, 0]]))
VALUES = np.array([100.0, 100, 7])


def test_p_percent_asks_whether_the_second_can_estimate_the_first():
    """The rest is 5 < 10 % of 80; 10 ≥ 10 % of 50; alone: nobody else is the rest."""
    judged = judge_amounts(VALUES, BEHIND, [Closeness(10)])
    assert judged.flags.tolist() == [True, False, True]
    assert judged.need.up.tolist() == pytest.approx([8 - 5, 0, 0.7])
    assert judged.lone.tolist() == [False, False, True]


def test_knowledge_beforehand_makes_more_cells_secret():
    assert judge_amounts(VALUES, BEHIND, [Closeness(10, q=40)]).flags.tolist() == [True] * 3


def test_dominance_adds_the_largest_and_says_how_much_is_missing():
    judged = judge_amounts(VALUES, BEHIND, [Dominance(2, 92)])
    assert judged.flags.tolist() == [True, False, True]
    assert judged.need.up[0] == pytest.approx(100 / 92 * 95 - 100)


def test_several_rules_are_all_named():
    judged = judge_amounts(VALUES, BEHIND, [Closeness(10), Threshold(3)])
    assert judged.words[1] == ""
    assert judged.words[2].count("、") == 1


@pytest.mark.parametrize(
    "rule",
    [
        lambda: Threshold(1),
        lambda: Dominance(0, 80),
        lambda: Dominance(1, 100),
        lambda: Closeness(0),
        lambda: Closeness(50, q=40),
        lambda: judge_amounts(VALUES, BEHIND, []),
        lambda: judge_amounts(VALUES, BEHIND, [Dominance(4, 80)]),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(rule):
    with pytest.raises(ValueError, match="直し方"):
        rule()


AREA = dimension("area", [("市", ["北", "南"]), ("北", ["a", "b"])])
KIND = flat("kind", ["x", "y"])
ROWS = pl.DataFrame(
    {
        "area": ["a", "a", "b", "南", "a"],
        "kind": ["x", "x", "x", "y", "y"],
        "firm": ["p", "q", "p", "r", "p"],
        "yen": [10.0, 5.0, 7.0, 3.0, 2.0],
    }
)


def _cell(counted, *codes):
    at = counted.table.cells.with_row_index().filter(
        (pl.col("area") == codes[0]) & (pl.col("kind") == codes[1])
    )["index"][0]
    behind = counted.behind
    return counted.table.values[at], behind.contributors[at], behind.largest[at].tolist()


def test_a_firm_in_several_cells_is_one_contributor_of_their_sum():
    counted = count_contributions(ROWS, [AREA, KIND], "firm", "yen")
    assert _cell(counted, "a", "x") == (15, 2, [10, 5])
    assert _cell(counted, "北", "x") == (22, 2, [17, 5])
    assert _cell(counted, "市", "総数") == (27, 3, [19, 5])
    assert _cell(counted, "南", "x") == (0, 0, [0, 0])


def test_persons_are_counted_once_a_cell():
    counted = count_contributions(pl.concat([ROWS, ROWS]), [AREA, KIND], "firm")
    assert _cell(counted, "a", "x")[:2] == (2, 2)
    assert _cell(counted, "北", "x")[:2] == (3, 2)


@pytest.mark.parametrize(
    "change", [pl.lit(-1.0).alias("yen"), pl.lit(None, pl.String).alias("firm")]
)
def test_rows_without_a_firm_or_with_a_negative_amount_are_refused(change):
    with pytest.raises(ValueError, match="人のない行"):
        count_contributions(ROWS.with_columns(change), [AREA, KIND], "firm", "yen")
