"""Hierarchy files as ARX writes them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.hierarchy.arx import read_arx, write_arx, write_rows
from anonymize.hierarchy.checks import require_hierarchy
from anonymize.hierarchy.faults import HierarchyError

words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1)


def test_a_file_is_read_line_by_line():
    rows = read_arx('\ufeffa;x;*\r\n"b;1";"say ""x""";*\n\nc;x;*', file="f.csv", column="c")
    assert [(row.line, row.labels) for row in rows] == [
        (1, ("a", "x", "*")),
        (2, ("b;1", 'say "x"', "*")),
        (4, ("c", "x", "*")),
    ]


@settings(max_examples=30)
@given(st.lists(st.lists(words, min_size=3, max_size=3), max_size=8))
def test_what_is_written_is_read_back(rows):
    text = write_rows(rows)
    assert [list(row.labels) for row in read_arx(text, file="f", column="c")] == [
        [label.removeprefix("\ufeff") if at == (0, 0) else label for at, label in numbered]
        for numbered in (
            [((line, level), label) for level, label in enumerate(labels)]
            for line, labels in enumerate(rows)
        )
    ]


def test_a_hierarchy_is_written_as_its_file():
    text = "39;30-39;*\n41;40-49;*\n"
    rows = read_arx(text, file="age.csv", column="age")
    hierarchy = require_hierarchy(rows, ["39"], column="age", file="age.csv")
    assert write_arx(hierarchy) == text


def test_a_quote_without_end_is_refused_with_its_place():
    with pytest.raises(HierarchyError, match=r"age.csv 2行目\(列「年齢」\)"):
        read_arx('1;*\n"2;*\n', file="age.csv", column="年齢")
