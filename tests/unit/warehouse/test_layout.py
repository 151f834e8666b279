"""What a candidate's table differs in from its layout, summed up for who approves."""

import polars as pl

from tests.unit.warehouse.formats.layouts import LIBRARY, PLACES, table
from warehouse.release.layout import judge_layout


def _text(*rows):
    return table(*rows).cast(pl.String)


def test_a_table_that_keeps_to_its_layout_has_no_blocker():
    found = judge_layout(_text(LIBRARY), PLACES, "t.csv")
    assert not [f for f in found if f.severity == "blocker"]


def test_one_finding_a_rule_and_column_with_rows_and_no_value():
    odd = [(f"{n:03}", "x", None, None, None, None, "秘密の区分", None, None) for n in range(5)]
    found = judge_layout(_text(LIBRARY, *odd), PLACES, "t.csv")
    (finding,) = [f for f in found if f.severity == "blocker"]
    assert finding.where == "「区分」列 3行目、4行目、5行目 ほか 2"
    assert "5 件" in finding.message
    assert "秘密" not in str(finding)


def test_a_missing_column_is_told_of_the_file():
    found = judge_layout(_text(LIBRARY).drop("ID"), PLACES, "t.csv")
    assert any(f.severity == "blocker" and "ID" in str(f) for f in found)
