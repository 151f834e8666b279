"""Text a spreadsheet would run is stopped; plain numbers are left as they are."""

import polars as pl
import pytest

from tests.unit.warehouse.formats.layouts import PLAIN
from warehouse.formats.spreadsheet_safety import describe_changes, unsafe_cells


def _found(*values):
    frame = pl.DataFrame({"ID": [str(n) for n in range(len(values))], "値": list(values)})
    return unsafe_cells(frame, PLAIN)


@pytest.mark.parametrize(
    "value",
    [
        "=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "+81-6-6858-2525", "-5～-3", "- 休館", "+A1", "\t1",
        "\r1", "-1-2", "+1+1", "-5)", "-5\n", "--5", "-=1",
    ],
)  # fmt: skip
def test_what_a_spreadsheet_runs_is_blocked(value):
    rules = {(f.rule, f.severity) for f in _found(value)}
    assert ("format.formula", "blocker") in rules


@pytest.mark.parametrize(
    "value",
    [
        None, "1+1", "-5", "+81", "-", "+", "-1,200.5", "-5%", "-1e5", "06-6858-2525", "(06)6858-2525",
        "'=1", "髙=1", "a@b.jp", "1-2", "001", "−5", "ー",
    ],
)  # fmt: skip
def test_plain_numbers_and_harmless_text_go_through(value):
    assert _found(value) == []


@pytest.mark.parametrize(
    ("value", "rule", "severity"),
    [
        ("＝合計", "format.formula_like", "warning"),
        ("－(未定)", "format.formula_like", "warning"),
        ("二行の\n文", "format.line_break", "blocker"),
        ("行\u2028区切り", "format.line_break", "blocker"),
        ("\x00", "format.control_character", "blocker"),
        ("a\x7f", "format.control_character", "blocker"),
        ("\uffff", "format.control_character", "blocker"),
        ("\u3000字下げ", "format.padding", "warning"),
        ("後ろ ", "format.padding", "warning"),
    ],
)
def test_other_faults(value, rule, severity):
    assert [(f.rule, f.severity) for f in _found(value)] == [(rule, severity)]


def test_full_width_signs_of_numbers_and_marks_are_no_fault():
    assert _found("－", "－5", "＋") == []


def test_a_finding_names_rows_as_a_spreadsheet_counts_and_no_value():
    (finding,) = _found("x", "=秘密", "=2", "=3", "=4")
    assert finding.where == "「値」列 3行目、4行目、5行目 ほか 1"
    assert "4 件" in finding.message
    assert "秘密" not in str(finding)


def test_numbers_are_never_looked_at():
    frame = pl.DataFrame({"ID": ["1"], "数": [-5]})
    assert unsafe_cells(frame, PLAIN) == []


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("0012", "先頭の0"), ("123456789012", "長い数字"), ("1-2", "日付"), ("2026-04-01", "日付"),
        ("09:00", "時刻"), ("1E5", "指数"), ("+81", "先頭の+"), ("(5)", "負の数"), ("true", "論理値"),
    ],
)  # fmt: skip
def test_what_opening_a_csv_changes_is_told(value, said):
    assert said in describe_changes(pl.Series(["x", value, None]))


def test_harmless_columns_have_nothing_to_tell():
    assert describe_changes(pl.Series(["図書館", "12.5", None, "(06)6858-2525"])) == ""
    assert describe_changes(pl.Series([1, 2])) == ""
