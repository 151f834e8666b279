"""What changed between two versions of a table."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from warehouse.site.differences import compare_rows


def table(*rows, columns=("ID", "名称", "電話番号")):
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")


def test_rows_are_matched_by_their_id():
    before = table(("1", "本庁", "a"), ("2", "支所", None), ("3", "公園", "c"))
    after = table(("2", "支所", "b"), ("1", "本庁", "a"), ("4", "学校", "d"))
    found = compare_rows(before, after)
    assert (found.key, found.added, found.removed, found.changed, found.same) == (
        ("ID",),
        1,
        1,
        1,
        1,
    )
    changed = next(e for e in found.examples if e.kind == "changed")
    assert (changed.label, changed.cells) == ("2 支所", (("電話番号", "", "b"),))
    assert {e.label for e in found.examples if e.kind == "added"} == {"4 学校"}


def test_an_id_that_stands_twice_or_is_blank_matches_nothing():
    before = table(("1", "本庁", "a"), ("1", "支所", "a"))
    after = table(("1", "本庁", "a"), (None, "支所", "a"))
    found = compare_rows(before, after)
    assert found.key == ("名称",)
    assert found.changed == 1


def test_two_columns_together_may_name_a_row():
    columns = ("調査年月日", "地域名", "総人口")
    before = table(
        ("2026-04-01", "本町", "3"),
        ("2026-05-01", "本町", "6"),
        ("2026-05-01", "南町", "6"),
        columns=columns,
    )
    after = before.vstack(table(("2026-06-01", "本町", "9"), columns=columns))
    found = compare_rows(before, after)
    assert set(found.key) == {"調査年月日", "地域名"}
    assert (found.added, found.removed, found.changed) == (1, 0, 0)


def test_without_a_key_whole_rows_are_counted():
    before = table(("a",), ("a",), ("b",), columns=("値",))
    after = table(("a",), ("c",), ("b",), ("b",), columns=("値",))
    found = compare_rows(before, after)
    assert (found.key, found.added, found.removed, found.changed, found.same) == ((), 2, 1, 0, 2)


def test_new_and_lost_columns_are_named():
    found = compare_rows(table(("1", "本庁", "a")), table(("1", "本庁"), columns=("ID", "名称")))
    assert (found.columns_added, found.columns_removed) == ((), ("電話番号",))
    assert not found.is_empty


CELL = st.sampled_from(["1", "2", "3", "a", None])
ROWS = st.lists(st.tuples(CELL, CELL, CELL), max_size=6)


@given(ROWS, ROWS)
def test_the_account_closes(before, after):
    old, new = table(*before), table(*after)
    found = compare_rows(old, new)
    assert found.added + found.changed + found.same == new.height
    assert found.removed + found.changed + found.same == old.height
    assert compare_rows(new, new).is_empty
