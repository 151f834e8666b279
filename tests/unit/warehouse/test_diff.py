"""Two versions compared: what is counted is what was planted, by key or as whole rows."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.release.diff import SHOWN, Cell, ChangedRow, compare_columns, compare_rows


def _table(**columns):
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


BEFORE = _table(ID=["1", "2", "3"], 名称=["図書館", "公民館", None], 備考=["a", None, "c"])


def test_rows_are_told_apart_by_the_first_key_that_is_one():
    after = _table(ID=["2", "3", "4"], 名称=["公民館", "博物館", "美術館"], 備考=[None, "c", "d"])
    found = compare_rows(BEFORE, after, [["ない列"], ["備考"], ["ID"]])
    assert found.key == ("ID",)
    assert (found.before, found.after) == (3, 3)
    assert (found.added, found.removed, found.changed) == (1, 1, 1)
    assert found.first_added["ID"].to_list() == ["4"]
    assert found.first_removed["ID"].to_list() == ["1"]
    assert found.first_changed == (ChangedRow("3", (Cell("名称", None, "博物館"),)),)


def test_nothing_changed_is_nothing():
    found = compare_rows(BEFORE, BEFORE.reverse(), [["ID"]])
    assert (found.added, found.removed, found.changed, found.is_jump) == (0, 0, 0, False)
    assert compare_columns(BEFORE, BEFORE).added == ()


def test_a_blank_that_became_a_value_and_back_is_a_change():
    after = BEFORE.with_columns(備考=pl.Series([None, "b", "c"]))
    cells = [
        cell for row in compare_rows(BEFORE, after, [["ID"]]).first_changed for cell in row.cells
    ]
    assert cells == [Cell("備考", "a", None), Cell("備考", None, "b")]


@pytest.mark.parametrize("ids", [["1", "1", "2"], ["1", None, "2"]])
def test_without_a_key_whole_rows_are_counted_with_their_number(ids):
    before = _table(ID=ids, 名称=["a", "a", "b"])
    after = pl.concat([before, before[:1], before[:1]]).filter(pl.col("名称") != "b")
    found = compare_rows(before, after, [["ID"]])
    assert found.key == ()
    assert (found.added, found.removed, found.changed) == (2, 1, 0)
    assert found.first_removed.rows() == [("2", "b")]


def test_two_columns_may_be_a_key_together():
    before = _table(町=["a", "a"], 年=["1", "2"], 人=["3", "4"])
    after = _table(町=["a", "a"], 年=["1", "2"], 人=["3", "5"])
    found = compare_rows(before, after, [["町"], ["町", "年"]])
    assert [row.key for row in found.first_changed] == ["a・2"]


def test_columns_that_came_went_or_hold_other_kinds_are_named():
    before = _table(
        番号=["01", "02"],
        面積=["1.5", "2"],
        日=["2026-04-01", None],
        旧=["x", "y"],
        備考=["a", "b"],
    )
    after = _table(
        番号=["1", "2"], 面積=["2.5", "2"], 日=["4月1日", None], 新=["x", "y"], 備考=[None, "b"]
    )
    found = compare_columns(before, after)
    assert (found.added, found.removed) == (("新",), ("旧",))
    assert found.retyped == (("番号", "数字の並び", "整数"), ("日", "日付", "文字"))
    assert found.blanks == (("備考", 0.0, 0.5),)


def test_a_column_that_is_new_changes_no_row():
    after = BEFORE.with_columns(新=pl.lit("x"))
    assert compare_rows(BEFORE, after, [["ID"]]).changed == 0


def test_only_the_first_are_shown_and_all_are_counted():
    many = _table(ID=[str(n) for n in range(500)], 名称=["a"] * 500)
    after = many.with_columns(名称=pl.lit("b"))
    found = compare_rows(many, after, [["ID"]])
    assert (found.changed, len(found.first_changed)) == (500, SHOWN)
    gone = compare_rows(many, many[:10], [["ID"]])
    assert (gone.removed, gone.first_removed.height, gone.is_jump) == (490, SHOWN, True)


_ROWS = st.dictionaries(st.integers(0, 9).map(str), st.sampled_from([None, "a", "b"]), max_size=8)


@given(_ROWS, _ROWS)
def test_counts_are_those_of_a_plain_count(before, after):
    old = _table(ID=list(before), 値=list(before.values()))
    new = _table(ID=list(after), 値=list(after.values()))
    found = compare_rows(old, new, [["ID"]])
    assert found.added == len(after.keys() - before.keys())
    assert found.removed == len(before.keys() - after.keys())
    assert found.changed == sum(before[n] != after[n] for n in before.keys() & after.keys())
    whole = compare_rows(old, new, [])
    assert whole.added == len(after.items() - before.items())
    assert whole.removed == len(before.items() - after.items())
