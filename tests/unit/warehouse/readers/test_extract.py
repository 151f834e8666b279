"""Every record of a file is a raw row, set aside with its reason, or quarantined."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.warehouse.small_city import make_contract
from warehouse.readers.extract import extract
from warehouse.readers.grid import ROW, Grid
from warehouse.refusal import Refusal

COLUMNS = {
    "name": {"source": "名", "title": "名", "type": "text", "classification": "公開"},
    "count": {
        "source": [{"name": "数", "until": "2025"}, {"name": "人数", "from": "2026"}],
        "title": "人数", "type": "integer", "source_unit": "人", "classification": "公開",
    },
}  # fmt: skip
RULES = [
    {"reason": "小計", "source": "名", "pattern": "小計$"},
    {"reason": "合計", "source": "名", "values": ["合計", "総計"]},
    {"reason": "注記", "source": "名", "pattern": "^※"},
]


def _contract(**source):
    return make_contract(
        columns=COLUMNS,
        key=["name"],
        source={
            "file": "f_{year}.csv",
            "format": "csv",
            "encoding": "utf-8",
            "set_aside_rows": RULES,
            **source,
        },
    )


def _refused(grid, contract, period="2026"):
    with pytest.raises(Refusal) as caught:
        extract(grid, contract, period, "f.csv")
    return caught.value


def test_rows_that_are_not_data_are_set_aside_with_their_reason(grid_of):
    contract = _contract(layouts=[{"header_rows": [3, 3], "unit_row": 4}])
    grid = grid_of(
        ["令和8年4月1日現在", None],
        [None, None],
        ["名", "人数"],
        [None, "（人）"],
        ["本町", "3"],
        ["北部　小計 ", "3"],
        [None, None],
        ["南町", None],
        ["合計", "3"],
        ["合計額", "9"],
        ["※ 管外を含む", None],
    )
    found = extract(grid, contract, "2026", "f.csv")
    assert found.rows.rows() == [(5, "本町", "3"), (8, "南町", None), (10, "合計額", "9")]
    assert found.set_aside == {
        "表題": 2, "見出し": 1, "単位": 1, "小計": 1, "合計": 1, "空行": 1, "注記": 1,
    }  # fmt: skip
    assert found.rows_in == 11 == found.rows.height + sum(found.set_aside.values())
    assert found.cells.set_aside == {
        "表題": 1, "見出し": 2, "単位": 1, "小計": 2, "合計": 2, "注記": 1, "空欄": 7,
    }  # fmt: skip
    assert (found.cells.cells_in, found.cells.mapped, found.cells.closes) == (22, 6, True)
    assert found.letters == {"name": "A", "count": "B"}
    assert found.headers == {"name": "名", "count": "人数"}


def test_a_row_with_words_only_beside_the_columns_is_a_note(grid_of):
    contract = _contract(set_aside_columns={"備考": "使わない"}, set_aside_rows=[])
    found = extract(grid_of(["名", "人数", "備考"], [None, None, "以上"]), contract, "2026", "f")
    assert (found.rows.height, found.set_aside) == (0, {"注記": 1, "見出し": 1})


def test_the_cells_of_a_column_that_is_not_used_are_counted(grid_of):
    contract = _contract(set_aside_columns={"備考": "使わない"}, set_aside_rows=[])
    grid = grid_of(["名", "人数", "備考"], ["本町", "3", "済"], ["南町", None, None])
    found = extract(grid, contract, "2026", "f")
    assert found.cells.set_aside == {"見出し": 3, "使わない列": 1, "空欄": 1}
    assert (found.cells.mapped, found.cells.closes) == (4, True)


def test_a_value_under_no_header_refuses_the_file_unless_the_contract_says_why(grid_of):
    grid = grid_of(["名", "人数", None], ["本町", "3", None], ["南町", "1", "※要確認"])
    refusal = _refused(grid, _contract())
    assert refusal.rule == "header.nameless"
    assert "C3" in refusal.where
    assert "要確認" not in str(refusal)
    contract = _contract(set_aside_columns={"(見出しなし)": "覚え書き"})
    assert extract(grid, contract, "2026", "f").cells.set_aside["使わない列"] == 1


def test_a_column_without_a_header_can_be_called_by_its_letter(grid_of):
    columns = {**COLUMNS, "town": {
        "source": "列C", "title": "町", "type": "text", "classification": "公開",
    }}  # fmt: skip
    contract = make_contract(columns=columns, key=["name"], source=_contract().source.model_dump())
    found = extract(grid_of(["名", "人数", None], ["甲", "3", "本町"]), contract, "2026", "f")
    assert found.rows["town"].to_list() == ["本町"]
    assert found.headers["town"] == "列C"


def test_a_total_is_told_by_any_header_its_column_has_had(grid_of):
    rules = [{"reason": "合計", "source": "数", "values": ["計"]}]
    found = extract(
        grid_of(["名", "人数"], ["本町", "計"]), _contract(set_aside_rows=rules), "2026", "f"
    )
    assert found.set_aside == {"見出し": 1, "合計": 1}


def test_a_rule_on_a_column_that_is_not_there_is_refused(grid_of):
    rules = [{"reason": "合計", "source": "区分", "values": ["計"]}]
    refusal = _refused(grid_of(["名", "人数"], ["計", "9"]), _contract(set_aside_rows=rules))
    assert refusal.rule == "header.missing"
    assert "区分" in refusal.what


def test_a_period_without_a_layout_is_refused(grid_of):
    contract = _contract(layouts=[{"header_rows": [1, 1], "from": "2027"}])
    refusal = _refused(grid_of(["名", "人数"]), contract)
    assert (refusal.rule, "2026" in refusal.what) == ("layout.none", True)


def test_another_unit_than_the_contract_counts_in_is_refused(grid_of):
    contract = _contract(layouts=[{"header_rows": [1, 1], "unit_row": 2}])
    refusal = _refused(grid_of(["名", "人数"], [None, "(千人)"], ["本町", "3"]), contract)
    assert refusal.rule == "unit.differs"
    assert "B2" in refusal.where
    assert extract(grid_of(["名", "人数"], [None, "単位：人"]), contract, "2026", "f").rows_in == 2


def test_the_sheet_is_named_in_a_refusal():
    grid = Grid(pl.DataFrame({ROW: [1], "c1": ["名"]}), sheet="入所状況")
    assert _refused(grid, _contract()).where.startswith("f.csv(シート「入所状況」)")


def test_ragged_records_are_quarantined_with_their_line_and_blank_ones_counted(grid_of):
    ragged = [(1, 1, "題"), (4, 1, "南町"), (5, 3, ",,"), (6, 1, "\x1a")]
    grid = Grid(
        grid_of([None, None], ["名", "人数"], ["本町", "3"]).cells.filter(pl.col(ROW) > 1),
        ragged=pl.DataFrame(ragged, schema=[ROW, "fields", "text"], orient="row"),
    )
    found = extract(grid, _contract(layouts=[{"header_rows": [2, 2]}]), "2026", "f.csv")
    assert found.set_aside == {"見出し": 1, "表題": 1, "空行": 2}
    assert found.quarantine.select(ROW, "cell", "raw_value", "rule").rows() == [
        (4, "4行", "南町", "row.ragged")
    ]
    assert found.rows_in == 6


cells = st.sampled_from([None, "本町", "合計", "北部小計", "※ 注", "12", " "])


@settings(deadline=None)
@given(
    st.lists(st.tuples(cells, cells, cells), max_size=12),
    st.integers(0, 3),
    st.booleans(),
    st.lists(st.sampled_from(["", "a,b", "\x1a", "※"]), max_size=4),
)
def test_the_account_of_any_file_closes(rows, titles, unit, ragged):
    head = [["題", None, None]] * titles + [["名", "人数", "備考"]] + [[None, "人", None]] * unit
    grid = [*head, *rows]
    layout = {"header_rows": [titles + 1, titles + 1], "unit_row": titles + 2 if unit else None}
    contract = _contract(layouts=[layout], set_aside_columns={"備考": "使わない"})
    frame = pl.DataFrame(grid, schema=dict.fromkeys(["c1", "c2", "c3"], pl.String), orient="row")
    numbered = frame.with_row_index(ROW, offset=1).cast({ROW: pl.Int64})
    odd = pl.DataFrame(
        {ROW: range(len(grid) + 1, len(grid) + 1 + len(ragged)), "fields": 1, "text": ragged},
        schema={ROW: pl.Int64, "fields": pl.Int64, "text": pl.String},
    )
    found = extract(Grid(numbered, ragged=odd), contract, "2026", "f")
    aside = sum(found.set_aside.values())
    assert found.rows_in == len(grid) + len(ragged)
    assert found.rows_in == found.rows.height + aside + found.quarantine.height
    assert found.cells.closes
    assert found.cells.cells_in == 3 * len(grid) + len(ragged)
    assert set(found.rows[ROW]).isdisjoint(found.quarantine[ROW])


def test_a_column_that_is_not_delivered_in_a_period_is_blank(grid_of):
    until = {**COLUMNS, "count": {**COLUMNS["count"], "source": [{"name": "数", "until": "2025"}]}}
    contract = make_contract(
        columns=until, key=["name"], source={"file": "f_{year}.csv", "format": "csv", "encoding": "utf-8"},
    )  # fmt: skip
    found = extract(grid_of(["名"], ["本町"]), contract, "2026", "f.csv")
    assert found.rows.rows() == [(2, "本町", None)]
    assert found.rows.schema["count"] == pl.String
    assert (found.letters, found.cells.mapped, found.cells.closes) == ({"name": "A"}, 1, True)
    assert _refused(grid_of(["名", "数"], ["本町", "1"]), contract).rule == "header.unknown"
