"""Every raw row is in the common form or in quarantine with the reason, cell by cell."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.warehouse.small_city import make_contract
from warehouse.normalise import normalise
from warehouse.normalising.delivery import normalise_delivery
from warehouse.normalising.row_rules import ROW_RULES, rule_remedy, rule_title
from warehouse.readers.grid import ROW

NAMES = ["person_id", "full_name", "town", "visit_count"]
MY_NUMBER = "123456789018"


def _raw(*rows, names=NAMES):
    frame = pl.DataFrame(list(rows), schema=dict.fromkeys(names, pl.String), orient="row")
    return frame.insert_column(0, pl.Series(ROW, range(2, len(rows) + 2), dtype=pl.Int64))


def _faults(result):
    return sorted(result.quarantine.select(ROW, "column", "raw_value", "rule").rows())


def _one_column(text, **column):
    plain = {"source": "値", "title": "値", "classification": "公開", "type": "text"}
    contract = make_contract(columns={"id": plain, "value": {**plain, **column}}, key=["id"])
    return normalise(_raw(("a", text), names=["id", "value"]), contract)


def test_a_right_row_goes_through_with_its_types():
    result = normalise(_raw(("００１", "髙橋", "本町", "1,200")), make_contract())
    assert result.rows.rows() == [(2, "001", "髙橋", "本町", 1200)]
    assert result.rows.schema["visit_count"] == pl.Int64
    assert result.quarantined_rows == 0
    assert _faults(result) == []


def test_every_fault_of_a_row_is_told_and_the_row_counted_once():
    result = normalise(
        _raw(("0011", "甲", "本町", "少数"), ("002", "乙", "本町", "-1")), make_contract()
    )
    assert _faults(result) == [
        (2, "person_id", "0011", "digits.length"),
        (2, "visit_count", "少数", "number.not_a_number"),
        (3, "visit_count", "-1", "range.outside"),
    ]
    assert (result.quarantined_rows, result.rows.height) == (2, 0)


@pytest.mark.parametrize(
    ("column", "text", "rule"),
    [
        ({"type": "text", "required": True}, None, "required.blank"),
        ({"type": "text", "required": True}, " 　", "required.blank"),
        ({"type": "integer", "required": True}, "***", "number.symbol"),
        ({"type": "date", "required": True}, "45.3.9", "date.era_missing"),
        ({"type": "text", "pattern": "^F"}, "G1", "pattern.mismatch"),
        ({"type": "text", "pattern": "F"}, "xFx", "pattern.mismatch"),
        ({"type": "integer", "minimum": 1}, "0", "range.outside"),
        ({"type": "integer", "maximum": 9}, "10", "range.outside"),
        ({"type": "latitude", "minimum": 34.7}, "34.654321", "range.outside"),
        ({"type": "text"}, MY_NUMBER, "my_number.found"),
        ({"type": "name"}, "1234-5678-9018", "my_number.found"),
        ({"type": "date"}, "令和8年2月30日", "date.impossible"),
        ({"type": "code", "labels": {"1": "男"}}, "3", "code.unknown"),
        ({"type": "boolean", "true": ["○"], "false": ["×"]}, "△", "boolean.unknown"),
    ],
)
def test_each_rule_sets_the_row_aside(column, text, rule):
    result = _one_column(text, **column)
    assert [(name, found) for _, name, _, found in _faults(result)] == [("value", rule)]
    assert result.rows.height == 0
    assert rule_title(rule) != rule
    assert rule_remedy(rule)


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ({"type": "text"}, None, None),
        ({"type": "integer", "minimum": 1, "maximum": 9}, "9", 9),
        ({"type": "text", "pattern": "^F"}, None, None),
        ({"type": "text", "pattern": "F"}, "F", "F"),
        ({"type": "integer"}, "***", None),
        ({"type": "text"}, "123456789012", "123456789012"),
        ({"type": "integer", "multiplier": 1000}, "12", 12000),
        ({"type": "integer", "unit": "人"}, "12人", 12),
        ({"type": "code", "labels": {"1": "男"}}, "男", "1"),
    ],
)
def test_what_may_be_so_goes_through(column, text, value):
    result = _one_column(text, **column)
    assert result.rows["value"].to_list() == [value]


def test_a_personal_number_is_not_scanned_where_it_belongs():
    specific = {"classification": "特定個人", "role": "direct_identifier", "type": "text"}
    assert _one_column(MY_NUMBER, **specific).rows.height == 1


def test_a_mark_is_a_blank_that_is_remembered_and_satisfies_a_required_column():
    result = _one_column(
        " － ", type="integer", required=True, marks={"－": "集計の対象外"}
    )  # fmt: skip
    assert result.rows["value"].to_list() == [None]
    assert result.verdicts.select("column", "raw_value", "verdict", "rule").rows() == [
        ("value", " － ", "ok", "mark:－")
    ]


def test_a_mark_nobody_declared_is_no_number():
    assert _one_column("－", type="integer", required=True).rows.height == 0


def test_only_what_is_not_simply_right_has_a_verdict():
    result = normalise(
        _raw(
            ("001", "甲", "本町", "12"),
            ("００２", "乙", "本町", "***"),
            ("003", "丙", None, "多数"),
        ),
        make_contract(),
    )
    assert result.verdicts.drop("earliest", "latest").rows() == [
        (3, "visit_count", "***", "uncertain", "number.symbol"),
        (4, "visit_count", "多数", "refused", "number.not_a_number"),
    ]


def test_of_identical_rows_one_stays_and_of_differing_ones_none():
    result = normalise(
        _raw(
            ("001", "甲", "本町", "1"),
            ("001", "甲", "本町", "１"),
            ("002", "乙", "本町", "1"),
            ("002", "乙", "南町", "1"),
            ("002", "乙", "南町", "1"),
            ("003", "丙", "本町", "1"),
        ),
        make_contract(),
    )
    assert result.rows[ROW].to_list() == [2, 7]
    assert [(row, rule) for row, _, _, rule in _faults(result)] == [
        (3, "key.identical"),
        (4, "key.duplicate"),
        (5, "key.duplicate"),
        (6, "key.identical"),
    ]


def test_an_uncertain_date_may_be_kept_with_what_it_says():
    result = _one_column("令和5年2月頃", type="date", required=True, keep_uncertain=True)
    assert result.rows.columns == [
        ROW, "id", "value", "value_earliest", "value_latest", "value_text",
    ]  # fmt: skip
    assert [str(v) for v in result.rows.row(0)[2:5]] == ["None", "2023-02-01", "2023-02-28"]
    assert str(result.verdicts["latest"][0]) == "2023-02-28"
    assert result.rows["value_text"].to_list() == ["令和5年2月頃"]
    assert result.verdicts["verdict"].to_list() == ["uncertain"]
    sure = _one_column("令和5年2月1日", type="date", required=True, keep_uncertain=True)
    assert [str(v) for v in sure.rows.row(0)[2:]] == ["2023-02-01", "None", "None", "None"]
    for text in ("", "令和5年2月30日"):
        none = _one_column(text, type="date", required=True, keep_uncertain=True)
        assert (none.rows.height, none.quarantined_rows) == (0, 1)


def test_the_parts_of_an_address_stand_beside_it():
    spec = {"type": "address", "city": "272035", "keep_parts": True}
    result = _one_column("中桜塚3-1-1 第二庁舎", **spec)
    assert result.rows.columns == [
        ROW, "id", "value", "value_town", "value_number", "value_building",
    ]  # fmt: skip
    assert result.rows.row(0)[2:] == (
        "大阪府豊中市中桜塚三丁目1-1 第二庁舎", "中桜塚三丁目", "1-1", "第二庁舎",
    )  # fmt: skip
    assert _one_column("吹田市泉町1-3-40", **spec).rows.row(0)[2:] == (None,) * 4
    with pytest.raises(ValueError, match="keep_parts は type が address"):
        _one_column("本町", type="text", keep_parts=True)


@pytest.mark.parametrize("size", [1, 7, 20])
def test_parts_make_up_the_whole_also_in_what_was_counted(tmp_path, size):
    towns, counts = ["本町", "南町", None, "", "本 町"], ["1", "１", "***", "多数", None, "1,200"]
    raw = _raw(*((f"{n % 55:03}", "甲", towns[n % 5], counts[n % 6]) for n in range(60)))
    whole = normalise(raw, make_contract())
    done = normalise_delivery(raw.iter_slices(size), make_contract(), tmp_path)
    assert done.rows.scan().collect().equals(whole.rows)
    assert done.counts.equals(whole.counts.sort(pl.all()))
    assert (done.rows_in, done.bad.len()) == (60, whole.quarantined_rows)
    for ours, theirs in ((done.verdicts, whole.verdicts), (done.quarantine, whole.quarantine)):
        assert ours.scan().collect().sort(pl.all()).equals(theirs.sort(pl.all()))


def test_columns_may_be_called_what_the_rules_are_called_inside():
    column = {"source": "値", "title": "値", "type": "text", "classification": "公開"}
    names = ["first", "no_key", "rule", "value", "hit"]
    contract = make_contract(columns=dict.fromkeys(names, column), key=["first"])
    result = normalise(
        _raw(("a", "1", "x", "y", "z"), ("a", "2", "x", "y", "z"), ("b", "1", "x", "y", "z"), names=names),
        contract,
    )  # fmt: skip
    assert result.rows["first"].to_list() == ["b"]


def test_a_row_without_an_optional_key_is_no_duplicate():
    contract = make_contract(columns__person_id__required=False)
    result = normalise(_raw((None, "甲", "本町", "1"), (None, "乙", "本町", "1")), contract)
    assert result.rows.height == 2


def test_an_era_is_read_from_its_column():
    column = {"source": "値", "title": "値", "classification": "公開"}
    contract = make_contract(
        columns={
            "era_name": {**column, "type": "text"},
            "start_date": {**column, "type": "date", "era": "era_name"},
            "end_date": {**column, "type": "date", "era": "昭和"},
        },
        key=["start_date"],
    )
    result = normalise(
        _raw(("平成", "2.3.4", "60.1.2"), names=["era_name", "start_date", "end_date"]), contract
    )
    assert [str(v) for v in result.rows.row(0)[2:]] == ["1990-03-04", "1985-01-02"]


def test_no_rows_are_no_rows():
    result = normalise(_raw(), make_contract())
    assert (result.rows.height, result.quarantined_rows) == (0, 0)
    assert result.rows.columns == [ROW, *NAMES]
    assert result.quarantine.columns == [ROW, "column", "raw_value", "rule"]


def test_rules_of_rows_are_worded_for_a_clerk():
    for rule in ROW_RULES:
        assert not rule_title(rule).isascii()
        assert rule_remedy(rule).endswith("。")


cells = st.sampled_from(
    [None, "", " ", "001", "002", "００１", "12", "***", "x", "本町", "−3", MY_NUMBER]
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(cells, cells, cells, cells), max_size=10))
def test_every_row_is_loaded_or_quarantined_with_a_worded_reason(rows):
    raw = _raw(*rows)
    result = normalise(raw, make_contract())
    assert raw.height == result.rows.height + result.quarantined_rows
    loaded, aside = set(result.rows[ROW]), set(result.quarantine[ROW])
    assert loaded | aside == set(raw[ROW])
    assert not loaded & aside
    assert (result.verdicts["verdict"] != "ok").all()
    assert result.rows["person_id"].null_count() == 0
    assert result.rows["person_id"].is_unique().all()
    assert all(rule_title(rule) != rule for rule in result.quarantine["rule"])
