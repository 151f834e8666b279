"""What a column has become is told from what a clerk mistyped."""

import polars as pl
import pytest

from tests.unit.warehouse.small_city import make_contract
from warehouse.drift.values import find_value_changes, habit_of
from warehouse.readers.grid import ROW

LABELS = {"1": "男", "2": "女"}
COLUMNS = {
    "id": {"source": "番号", "title": "番号", "type": "digits", "classification": "庁内"},
    "sex": {
        "source": "性別", "title": "性別", "type": "code", "labels": LABELS,
        "classification": "個人", "role": "attribute",
    },
    "kind": {
        "source": "種別", "title": "種別", "type": "code", "labels": {"A1": "甲"},
        "classification": "公開",
    },
    "count": {"source": "数", "title": "数", "type": "integer", "classification": "公開"},
}  # fmt: skip
ROWS = 60


def _contract():
    return make_contract(columns=COLUMNS, key=["id"])


def _rows(**columns):
    good = {
        "id": [f"{i:03}" for i in range(ROWS)],
        "sex": ["1", "2"] * (ROWS // 2),
        "kind": ["A1"] * ROWS,
        "count": [str(i + 1) for i in range(ROWS)],
    }
    cells = {**good, **columns}
    return pl.DataFrame(
        {ROW: range(2, ROWS + 2), **cells}, schema_overrides=dict.fromkeys(cells, pl.String)
    )


def _changes(new, old=None):
    before = _rows() if old is None else old
    contract = _contract()
    return find_value_changes(
        new, contract, [*COLUMNS], lambda name: habit_of(before, name, contract)
    )


def test_nothing_odd_is_nothing_to_say():
    asked = []
    text_only = [name for name in COLUMNS if name != "count"]
    assert find_value_changes(_rows(), _contract(), text_only, asked.append) == []
    assert asked == []
    assert _changes(_rows()) == []


@pytest.mark.parametrize(("mistyped", "is_new"), [(60, False), (120, True)])
def test_in_a_large_file_a_few_mistyped_codes_are_no_new_one(mistyped, is_new):
    many = 20_000
    columns = {"id": "001", "kind": "A1", "count": "1"}
    sexes = ["3"] * mistyped + ["1"] * (many - mistyped)
    new = pl.DataFrame({ROW: range(many), **columns, "sex": sexes})
    assert bool(_changes(new.select(ROW, *COLUMNS))) is is_new


@pytest.mark.parametrize(("slipped", "is_new"), [(10, False), (120, True)])
def test_rows_that_slipped_are_not_what_a_seldom_filled_column_has_become(slipped, is_new):
    many = 20_000
    columns = {"id": "001", "kind": "A1", "count": "1"}
    sexes = ["2025"] * slipped + ["1"] * 5 + [None] * (many - slipped - 5)
    new = pl.DataFrame({ROW: range(many), **columns, "sex": sexes})
    assert bool(_changes(new.select(ROW, *COLUMNS))) is is_new


def test_a_code_that_stands_often_has_come_to_stay():
    [change] = _changes(_rows(sex=["3"] * 5 + ["1"] * (ROWS - 5)))
    assert (change.kind, change.column, change.details["codes"]) == ("codes_grown", "sex", ["3"])
    assert change.is_settled
    assert "5 行" in change.evidence[0]


@pytest.mark.parametrize("codes", [["3", "4", "5"], ["3", "3", "4", "4"]])
def test_single_typos_are_left_to_the_quarantine(codes):
    assert _changes(_rows(sex=codes + ["1"] * (ROWS - len(codes)))) == []


def test_a_code_that_was_refused_last_time_too_is_nothing_new():
    bad = _rows(sex=["3"] * 5 + ["1"] * (ROWS - 5))
    assert _changes(bad, bad) == []


def test_what_does_not_look_like_a_code_of_persons_is_not_repeated():
    [change] = _changes(_rows(sex=["山田太郎"] * 5 + ["1"] * (ROWS - 5)))
    assert not change.is_settled
    assert "山田" not in repr(change)
    [shown] = _changes(_rows(kind=["その他"] * 5 + ["A1"] * (ROWS - 5)))
    assert shown.details["codes"] == ["その他"]


def test_a_column_that_mostly_fails_now_was_retyped():
    bad = [f"{i}件" for i in range(40)] + ["1"] * 20
    [change] = _changes(_rows(count=bad))
    assert (change.kind, change.details) == ("retyped", {})
    assert "67%" in change.evidence[0]
    assert _changes(_rows(count=bad), _rows(count=bad)) == []
    few = [f"{i}件" for i in range(10)] + ["1"] * 50
    assert _changes(_rows(count=few)) == []


def test_decimals_where_whole_numbers_were_widen_the_type():
    [change] = _changes(_rows(count=[f"{i}.5" for i in range(ROWS)]))
    assert change.details == {"type": "decimal"}


def test_a_column_that_is_suddenly_blank_is_not_taken_for_an_empty_one():
    [change] = _changes(_rows(count=[None] * ROWS))
    assert (change.kind, change.new) == ("retyped", "空欄")
    assert _changes(_rows(count=[None] * ROWS), _rows(count=[None] * ROWS)) == []


def test_values_a_thousand_times_larger_are_a_question():
    [change] = _changes(_rows(count=[str((i + 1) * 1000) for i in range(ROWS)]))
    assert (change.kind, change.is_settled) == ("scale_changed", False)
    assert _changes(_rows(count=[str((i + 1) * 10) for i in range(ROWS)])) == []
