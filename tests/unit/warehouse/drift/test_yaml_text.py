"""A contract is edited in its own hand: nothing else moves, and a doubt writes nothing."""

import difflib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.register import load_register
from assets.strict_yaml import load_yaml
from warehouse.drift.edits import Edit, apply_edits
from warehouse.drift.yaml_text import edit_text, render
from warehouse.refusal import Refusal

TEXT = """\
# 住民
title: 住民   # 題
source:
  file: "a.csv"   # 名前

  layouts:
    - {header_rows: [1, 1]}
columns:
  # 番号
  a: {source: 番号, labels: {"1": 男, '2': 女}}   # 大切
  b:
    source:
      - name: 町名   # 旧
    note: >-
      長い
      説明
checks: []
"""
CONTRACTS = [dataset.path for dataset in load_register().datasets.values()]


def _load(text: str) -> Any:
    return load_yaml(text)


def _changed_lines(before, after):
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line[:2] in {"- ", "+ "}]


@pytest.mark.parametrize(
    ("edit", "lines"),
    [
        (
            Edit(("columns", "a", "labels", "3"), "3(要確認)"),
            ["- " + '  a: {source: 番号, labels: {"1": 男, \'2\': 女}}   # 大切',
             "+ " + '  a: {source: 番号, labels: {"1": 男, \'2\': 女, "3": "3(要確認)"}}   # 大切'],
        ),
        (
            Edit(("columns", "b", "source", 0, "until"), "2026-05"),
            ["+       " + '  until: "2026-05"'],
        ),
        (
            Edit(("columns", "b", "source", 1), {"name": "町丁名", "from": "2026-06"}),
            ["+       " + '- {name: 町丁名, from: "2026-06"}'],
        ),
        (
            Edit(("source", "layouts", 1), {"header_rows": [2, 3], "from": "2026"}),
            ["+     " + '- {header_rows: [2, 3], from: "2026"}'],
        ),
        (
            Edit(("source", "set_aside_columns", "メモ/x"), "使わない"),
            ["+ " + "  set_aside_columns:", "+ " + "    メモ/x: 使わない"],
        ),
        (Edit(("columns", "b", "unit"), "人"), ["+ " + "    unit: 人"]),
        (Edit(("checks", 0), 1), ["- checks: []", "+ checks: [1]"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_only_what_is_edited_changes(edit, lines, line_end):
    text = TEXT.replace("\n", line_end)
    edited = edit_text(text, [edit])
    assert _changed_lines(text, edited) == lines
    assert _load(edited) == apply_edits(_load(text), [edit])
    assert edited.count("\r") == edited.count("\n") * (line_end == "\r\n")


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda p: p.stem)
def test_every_column_of_the_register_can_be_renamed_in_place(path):
    text = path.read_text("utf-8")
    for name, column in _load(text)["columns"].items():
        names = column["source"]
        at = ("columns", name, "source")
        new = {"name": "新しい見出し", "from": "2030-01"}
        edit = (
            Edit(at, [{"name": names, "until": "2029-12"}, new])
            if isinstance(names, str)
            else Edit((*at, len(names)), new)
        )
        assert len(_changed_lines(text, edit_text(text, [edit]))) <= 2


@settings(deadline=None)
@given(st.recursive(
    st.one_of(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8), st.integers(), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["a", "町名", "1", "no", "-"]), inner, max_size=3)),
    max_leaves=6,
))  # fmt: skip
def test_what_is_rendered_is_read_back(value):
    assert _load(f"k: {render(value)}\n") == {"k": value}


def test_a_text_with_anchors_is_left_to_people():
    text = "a: &x {source: 番号}\nb: *x\n"
    with pytest.raises(Refusal) as caught:
        edit_text(text, [Edit(("b", "title"), "番号")])
    assert caught.value.rule == "contract.not_editable"


def test_a_last_line_without_an_end_is_given_one():
    assert edit_text("a: {b: 1}", [Edit(("c",), 2)]) == "a: {b: 1}\nc: 2\n"
