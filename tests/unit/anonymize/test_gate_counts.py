"""Rows that hide their counts: blank in all of them, and left out of the rules of counts."""

import polars as pl
import pytest

from anonymize.gate import ReleasePolicy, judge_release

COLUMNS = ("region", "m", "f", "total", "note")
POLICY = ReleasePolicy(
    declared_columns=COLUMNS,
    column_classes=dict.fromkeys(COLUMNS, "公開"),
    count_columns=("m", "f", "total"),
    total_column="total",
    minimum_region_total=10,
    sums={"total": ("m", "f")},
    free_text_columns_allowed=("note",),
    hiding_note="note",
)
ROWS = [
    ("本町", 20, 30, 50, "「南町」を含む"),
    ("南町", None, None, None, "X:「本町」に合算"),
    ("北町", 0, 0, 0, None),
    ("西町", 8, 7, 15, None),
]


def _judge(rows, policy=POLICY):
    table = pl.DataFrame(rows, schema=[*COLUMNS], orient="row")
    return [finding.rule for finding in judge_release(table, policy)]


def test_hidden_rows_and_rows_of_nobody_pass():
    assert _judge(ROWS) == []


@pytest.mark.parametrize(
    ("row", "rules"),
    [
        (("南町", 3, None, None, "X:「本町」に合算"), ["counts.hidden_but_shown"]),
        (("南町", 3, None, None, ""), ["counts.null_or_negative"] * 2),
        (("南町", 3, 4, 7, None), ["totals.too_small"]),
        (("南町", 13, 4, 16, None), ["sums.unequal"]),
        (("南町", 0, 3, 0, None), ["sums.unequal"]),
    ],
)
def test_what_is_shown_is_judged_as_ever(row, rules):
    found = _judge([ROWS[0], row, *ROWS[2:]])
    assert [rule for rule in found if rule in rules] == rules


def test_without_a_note_a_blank_count_is_a_fault():
    plain = ReleasePolicy(
        **{name: getattr(POLICY, name) for name in ("declared_columns", "column_classes")},
        count_columns=("m", "f", "total"),
        free_text_columns_allowed=("note",),
    )
    assert _judge(ROWS, plain) == ["counts.null_or_negative"] * 3
