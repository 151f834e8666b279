"""Every rule fires on a table made for it, and on a clean table none does."""

from __future__ import annotations

import dataclasses

import polars as pl
import pytest

from warehouse.diagnosis.column_rules import judge_columns
from warehouse.diagnosis.column_types import infer_type
from warehouse.diagnosis.facts import data_rows, gather_facts
from warehouse.diagnosis.persons import suspect_persons
from warehouse.diagnosis.report import SEVERITIES
from warehouse.diagnosis.rules import load_rules
from warehouse.diagnosis.scene import Scene
from warehouse.diagnosis.sheet_rules import judge_sheet
from warehouse.diagnosis.table_rules import judge_table
from warehouse.diagnosis.text_rules import judge_texts
from warehouse.readers.grid import ROW, STYLE_SCHEMA, Look, Span
from warehouse.tables.table import Note, Total

CLEAN = (
    ["団体コード", "施設名", "人口(人)"],
    ["272035", "岡町公園", "12"],
    ["271004", "曽根公園", "3"],
)


def judge(grid, table, kind="csv"):
    rows = data_rows(grid, table)
    facts = gather_facts(rows, table)
    types = {c.number: infer_type(c) for c in facts}
    suspicion = suspect_persons(facts, types, today_year=2026)
    scene = Scene(grid, table, rows, facts, types, suspicion, kind)
    judges = (judge_table(scene), judge_texts(scene), judge_columns(scene))
    found = [*judge_sheet(grid, [table]), *(f for judged in judges for f in judged)]
    return {finding.rule: finding for finding in found}


def with_table(made, **changes):
    grid, table = made
    return grid, dataclasses.replace(table, **changes)


def test_a_clean_table_has_no_findings(table_of):
    assert judge(*table_of(*CLEAN, units={"人口(人)": "人"})) == {}


@pytest.mark.parametrize(
    ("rule", "header", "rows"),
    [
        ("L1-05", ["A", "施設名"], [["x1", "岡町公園"], ["x2", "曽根公園"]]),
        ("L1-06", ["施 設 名", "備\n考"], [["岡町公園", "a"]]),
        ("L1-06", ["施設名"], [["岡町公園"], ["  曽根公園"]]),
        ("L1-07", ["施設名"], [["岡町公園\n曽根公園"]]),
        ("L1-07", ["人数"], [["12(3)"], ["4(1)"]]),
        ("L1-08", ["施設名"], [["①岡町公園"], ["㈱曽根"]]),
        ("L1-08", ["施設名"], [["ｵｶﾏﾁ公園"]]),
        ("gaiji.kept", ["施設名"], [["岡町\ue000公園"]]),
        ("L1-09", ["人数"], [["1"], [""], ["2"]]),
        ("L1-14", ["施設名", "備考"], [["岡町公園", "1行目\n2行目"]]),
        ("L2-01", ["人口"], [["1,234"], ["5"]]),
        ("L2-01", ["定員"], [["40人"], ["30人"]]),
        ("L2-02", ["地区"], [["岡町"], ["〃"]]),
        ("L2-03", ["計", "計"], [["1", "2"]]),
        ("L2-04", ["対応"], [["あり"], ["有"], ["あり"], ["有"]]),
        ("L2-05", ["種類"], [["その他(手紙)"], ["電話"], ["電話"], ["電話"], ["電話"], ["電話"]]),
        ("L3-02", ["区分コード"], [["1"], ["2"], ["1"], ["2"]]),
        ("L3-03", ["人口"], [["***"], ["5"]]),
        ("L3-04", ["人口"], [["4"], ["5"]]),
        ("L3-05", ["年月日"], [["令和5年4月1日"], ["R6.4.1"]]),
        ("L3-06", ["地域"], [["北部"], ["南部"]]),
        ("L3-09", ["区分", "令和3年", "令和4年", "令和5年"], [["男", "1", "2", "3"]]),
        ("cell.error", ["人口"], [["#DIV/0!"], ["5"]]),
        ("personal.suspected", ["氏名", "生年月日"], [["山田 太郎", "S50.4.1"]]),
    ],
)
def test_each_rule_fires_on_its_fault(table_of, rule, header, rows):
    found = judge(*table_of(header, *rows))
    assert rule in found
    assert found[rule].remedy
    assert found[rule].where


def test_marks_with_a_meaning_are_no_fault(table_of):
    made = table_of(
        ["人口"], ["***"], ["5"], marks={"人口": {"***": "数が少ない"}}, units={"人口": "人"}
    )
    assert "L3-03" not in judge(*made)


@pytest.mark.parametrize(
    ("rule", "look"),
    [
        ("L1-10", Look(objects=1)),
        ("L1-13", Look(hidden_rows=(2,))),
        ("L1-13", Look(hidden_columns=(2,))),
        ("L2-06", Look(formulas=("B2",))),
        ("formula.no_value", Look(formulas_without_value=("B2",))),
        ("comment.present", Look(comments=2)),
    ],
)
def test_what_a_sheet_hides(table_of, rule, look):
    assert rule in judge(*table_of(*CLEAN, look=look))


def test_a_colour_on_one_row_is_data_in_a_format(table_of):
    cells = [(row, column, row == 3) for row in range(2, 8) for column in (1, 2)]
    styles = pl.DataFrame(
        [
            {ROW: r, "column": c, "stored": "text", "is_bold": False, "is_filled": filled,
             "has_top_border": False, "has_bottom_border": False, "number_format": "General"}
            for r, c, filled in cells
        ],
        schema=STYLE_SCHEMA,
    )  # fmt: skip
    rows = [[f"公園{number}", "岡町"] for number in range(6)]
    found = judge(*table_of(["施設名", "備考"], *rows, look=Look(styles=styles)))
    assert found["L1-11"].message.startswith("色を付けた")


def test_merges_notes_totals_and_a_late_header(table_of):
    made = table_of(*CLEAN, merges=(Span(1, 1, 1, 2),))
    notes = (Note(9, "A9", "注 秘密", "note"),)
    totals = (Total(3, "合計", is_proved=False, detail="C3 が 1 違います"),)
    found = judge(*with_table(made, notes=notes, totals=totals, header_rows=(1, 2)))
    assert {"L1-12", "L1-04", "total.differs", "L3-01"} <= found.keys()
    assert "秘密" not in found["L1-04"].message


def test_no_header_is_a_fault(table_of):
    assert "L1-05" in judge(*with_table(table_of(*CLEAN), header_rows=None))


def test_the_national_rules_are_all_there():
    known = load_rules()
    numbers = [
        f"L{level}-{n:02}" for level, last in ((1, 15), (2, 6), (3, 9)) for n in range(1, last + 1)
    ]
    assert [rule for rule in known if rule.startswith("L")] == numbers
    assert all(rule.severity in SEVERITIES and rule.remedy for rule in known.values())
