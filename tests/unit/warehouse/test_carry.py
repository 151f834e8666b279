"""A blank cell under a value means that value only where the contract says so."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.warehouse.small_city import make_contract
from warehouse.carry import carry_down
from warehouse.readers.grid import ROW

COLUMNS = {
    "era": {"source": "元号", "title": "元号", "type": "text", "carried": True, "classification": "公開"},
    "remark": {"source": "備考", "title": "備考", "type": "text", "classification": "公開"},
}  # fmt: skip
CONTRACT = make_contract(columns=COLUMNS, key=["era"])


def _frame(*rows):
    schema = {ROW: pl.Int64, "era": pl.String, "remark": pl.String}
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def test_a_value_is_carried_down_in_the_order_of_the_file():
    rows = _frame((5, None, "い"), (4, "令和", None), (6, " ", None), (7, "平成", None))
    filled, count = carry_down(rows, CONTRACT)
    assert filled.rows() == [
        (4, "令和", None), (5, "令和", "い"), (6, "令和", None), (7, "平成", None),
    ]  # fmt: skip
    assert count == 2


def test_blanks_above_the_first_value_stay_blank():
    filled, count = carry_down(_frame((2, None, "あ"), (3, "令和", None)), CONTRACT)
    assert (filled["era"].to_list(), count) == ([None, "令和"], 0)


@given(st.lists(st.sampled_from([None, "", "令和", "平成"])))
def test_what_was_written_is_never_changed(values):
    rows = _frame(*((number, value, value) for number, value in enumerate(values)))
    filled, count = carry_down(rows, CONTRACT)
    told = [(n, v) for n, v in enumerate(values) if v]
    assert [(n, v) for n, v in enumerate(filled["era"]) if values[n]] == told
    assert filled["remark"].to_list() == values
    assert count <= sum(not value for value in values)
