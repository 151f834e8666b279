"""Labels of different tables become unions of the same atoms."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.overlap.labels import OLDEST, Dimension, align, read_age


@pytest.mark.parametrize(
    ("label", "ages"),
    [
        ("0-4歳", (0, 4)),
        ("０～４歳", (0, 4)),
        ("10〜14", (10, 14)),
        ("5歳", (5, 5)),
        ("7", (7, 7)),
        ("85歳以上", (85, OLDEST)),
        ("5歳未満", (0, 4)),
        ("15-65歳未満", (15, 64)),
        ("年少人口", (0, 14)),
        ("生産年齢", (15, 64)),
        ("老年人口", (65, OLDEST)),
        ("不詳", None),
        ("9-5歳", None),
        ("0歳未満", None),
        ("200歳", None),
        ("", None),
    ],
)
def test_ages_are_read_off_labels(label, ages):
    assert read_age(label) == ages


def _members(aligned, table, label):
    return set(aligned.atoms[table][label])


def test_wider_and_narrower_bands_share_atoms():
    aligned = align(Dimension("年齢", "age"), [["0-9歳", "10歳以上"], ["0-4歳", "5-9歳", None]])
    assert _members(aligned, 0, "0-9歳") == _members(aligned, 1, "0-4歳") | _members(
        aligned, 1, "5-9歳"
    )
    assert _members(aligned, 1, None) == set(range(aligned.count))
    assert aligned.count == 3


def test_ages_no_table_shows_are_part_of_all():
    aligned = align(Dimension("年齢", "age"), [["65歳以上"]])
    assert _members(aligned, 0, "65歳以上") < _members(aligned, 0, None)


def test_groups_of_groups_are_their_leaves():
    groups = {"市": ("東部", "西町"), "東部": ("本町", "南町")}
    aligned = align(
        Dimension("地域", "category", groups=groups), [["市", "東部"], ["本町", "南町", "西町"]]
    )
    leaves = [_members(aligned, 1, town) for town in ("本町", "南町", "西町")]
    assert _members(aligned, 0, "市") == set().union(*leaves) == _members(aligned, 0, None)
    assert _members(aligned, 0, "東部") == leaves[0] | leaves[1]


def test_the_rest_is_whoever_is_in_no_other_row_of_its_table():
    aligned = align(
        Dimension("地域", "category", rest="その他"),
        [["本町", "その他"], ["本町", "南町", "その他"]],
    )
    assert _members(aligned, 0, "その他") == _members(aligned, 1, "南町") | _members(
        aligned, 1, "その他"
    )
    assert _members(aligned, 1, "その他")  # towns nobody has named yet


def test_a_dimension_that_is_not_exhaustive_leaves_room():
    closed = align(Dimension("国籍", "category"), [["A", "B"]])
    ajar = align(Dimension("国籍", "category", exhaustive=False), [["A", "B"]])
    assert (closed.count, ajar.count) == (2, 3)


def _years(label):
    found = read_age(label)
    assert found is not None
    return found


@settings(max_examples=30)
@given(st.lists(st.sets(st.integers(0, 100), min_size=1, max_size=4), min_size=1, max_size=4))
def test_atoms_of_different_labels_meet_where_the_ages_do(cuts):
    tables = []
    for cut in cuts:
        ends = sorted({0, *cut, 101})
        tables.append([f"{a}-{b - 1}歳" for a, b in itertools.pairwise(ends)])
    aligned = align(Dimension("年齢", "age"), tables)
    for one, names in enumerate(tables):
        for other, others in enumerate(tables):
            for label in names:
                for second in others:
                    (a, b), (c, d) = _years(label), _years(second)
                    meet = bool(_members(aligned, one, label) & _members(aligned, other, second))
                    assert meet == (max(a, c) <= min(b, d))
