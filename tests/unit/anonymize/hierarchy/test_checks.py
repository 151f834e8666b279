"""What is wrong with a hierarchy is named with file, line, column, level and value."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.hierarchy.arx import read_arx
from anonymize.hierarchy.checks import find_faults, require_hierarchy
from anonymize.hierarchy.faults import HierarchyError

GOOD = "a;x;*\nb;x;*\nc;y;*\n"
labels = st.sampled_from("xyz")
tables = st.lists(st.tuples(labels, labels, labels), min_size=1, max_size=8)


def refusals(text, values=("a",)):
    rows = read_arx(text, file="town.csv", column="町")
    with pytest.raises(HierarchyError) as caught:
        require_hierarchy(rows, values, column="町", file="town.csv")
    return caught.value.faults


def test_a_good_file_becomes_codes():
    rows = read_arx(GOOD, file="f", column="c")
    hierarchy = require_hierarchy(rows, ["c", "a"], column="c", file="f")
    assert hierarchy.labels == (("a", "b", "c"), ("x", "y"), ("*",))
    assert [codes.tolist() for codes in hierarchy.codes] == [[0, 1, 2], [0, 0, 1], [0, 0, 0]]


@pytest.mark.parametrize(
    ("text", "rule", "words", "where"),
    [
        ("", "empty", "1行もありません", "town.csv(列「町」)"),
        ("a;x;*\nb;*\n", "length", "「b」は 2 段", "town.csv 2行目(列「町」、レベル2)"),
        ("a;x;*\nb; ;*\n", "blank", "「b」", "town.csv 2行目(列「町」、レベル1)"),
        (GOOD + "a;x;*\n", "duplicate", "1行目と4行目", "town.csv 4行目(列「町」、レベル0)"),
        ("a;x;p;*\nb;x;q;*\n", "monotone", "「x」", "town.csv 2行目(列「町」、レベル2)"),
        ("a;x;*\n*;x;*\n", "star", "秘匿の印", "town.csv 2行目(列「町」、レベル0)"),
    ],
)
def test_every_fault_has_three_lines(text, rule, words, where):
    (fault,) = refusals(text)
    assert (fault.rule, fault.where) == (rule, where)
    assert words in fault.what
    assert len(str(fault).splitlines()) == 3


def test_values_without_a_row_are_named_with_the_likely_slip():
    (fault,) = refusals("39;*\n40;*\n", ["39", " 40", "999"])
    assert fault.rule == "coverage"
    assert "「 40」、「999」" in fault.what
    assert "「 40」は「40」の書き方違い" in fault.remedy


def test_a_file_with_commas_between_the_levels_is_recognised():
    (fault,) = refusals("39,30-39,*\n", ["39"])
    assert "「;」で区切ります" in fault.remedy


def test_a_star_in_the_data_is_no_value():
    assert [fault.rule for fault in refusals(GOOD, ["a", "*"])] == ["star"]


def test_a_blank_has_its_own_label_unless_the_file_gives_one():
    rows = read_arx(GOOD, file="f", column="c")
    hierarchy = require_hierarchy(rows, ["a", ""], column="c", file="f")
    assert [names[codes[-1]] for names, codes in zip(hierarchy.labels, hierarchy.codes, strict=True)] == ["", "空欄", "*"]  # fmt: skip
    rows = read_arx(GOOD + ";y;*\n", file="f", column="c")
    hierarchy = require_hierarchy(rows, ["a", ""], column="c", file="f")
    assert hierarchy.labels[1] == ("x", "y")


def test_many_faults_are_told_and_counted():
    faults = refusals("".join(f"{n}; ;*\n" for n in range(9)))
    assert len(faults) == 9
    assert "ほかに 4 件" in str(HierarchyError(faults))


@settings(max_examples=50)
@given(tables)
def test_contradictions_are_found_exactly_where_there_are_any(table):
    """By the definition: two values that share a label share every higher one."""
    text = "".join(f"{n};{';'.join(row)}\n" for n, row in enumerate(table))
    rows = read_arx(text, file="f", column="c")
    contradicts = any(
        one[level] == other[level] and one[level + 1 :] != other[level + 1 :]
        for one, other in itertools.combinations(table, 2)
        for level in range(3)
    )
    found = list(find_faults(rows, column="c", file="f"))
    assert bool(found) == contradicts
    assert {fault.rule for fault in found} <= {"monotone"}
