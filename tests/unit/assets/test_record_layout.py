"""Every byte of a fixed-width record has one meaning in every period, or the contract is refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from assets.contract import Contract
from tests.unit.assets.declaring import CONTRACT, changed, load_contract_with

SOURCE: dict[str, Any] = {
    "file": "利用者_{year}{month}.dat",
    "format": "fixed_width",
    "encoding": "cp932",
    "records": {"length": 30, "separator": "crlf"},
    "fields": [
        {"name": "番号", "start": 1, "bytes": 10},
        {"name": "町名", "start": 11, "bytes": 12},
        {"name": "回数", "start": 23, "bytes": 3},
        {"name": "予備", "start": 26, "bytes": 5, "filler": True},
    ],
}


def _made(**changes):
    return Contract.model_validate(changed(CONTRACT, source=changed(SOURCE, **changes)))


def _said(**changes):
    with pytest.raises(ValidationError) as caught:
        _made(**changes)
    return "".join(str(e.get("ctx", {}).get("error", "")) for e in caught.value.errors())


def _fields(*changes):
    made = [dict(field) for field in SOURCE["fields"]]
    for number, change in changes:
        made[number] |= change
    return made


def test_a_layout_that_covers_every_byte_is_taken():
    layout = _made().source.record_layout("2026-04")
    assert [(f.name, f.start, f.end) for f in layout.fields] == [
        ("番号", 1, 10), ("町名", 11, 22), ("回数", 23, 25), ("予備", 26, 30),
    ]  # fmt: skip
    assert _made().source.layout("2026-04").header_rows == (0, 0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"fields": _fields((1, {"start": 9}))}, ("「町名」", "9〜10", "start は 11")),
        ({"fields": _fields((1, {"bytes": 10}))}, ("21〜22", "filler: true")),
        ({"fields": _fields((3, {"bytes": 6}))}, ("「予備」", "30", "bytes は 5")),
        ({"fields": _fields()[:3]}, ("26〜30", "start: 26, bytes: 5")),
        ({"records__length": 31}, ("31〜31",)),
        ({"fields": _fields((1, {"name": "番号"}))}, ("同じ名前", "番号")),
        ({"fields": _fields((3, {"filler": False}))}, ("予備", "set_aside_columns")),
        ({"fields": _fields((1, {"name": "町"}))}, ("町名", "「町」の書き間違い")),
        ({"fields": _fields((1, {"from": "2026-04"}))}, ("11〜22",)),
        ({"fields": _fields((1, {"until": "2026"}))}, ("11〜22", "2027-01")),
        ({"encoding": "auto"}, ("encoding",)),
        ({"encoding": "utf-16"}, ("encoding",)),
        ({"records": ...}, ("records",)),
        ({"fields": []}, ("fields",)),
        ({"layouts": [{"header_rows": [1, 1]}]}, ("layouts",)),
        ({"format": "csv"}, ("fixed_width",)),
        ({"records__kinds": {"data": {"at": 31, "value": "2"}}}, ("kinds.data",)),
        (
            {
                "records__kinds": {
                    "data": {"at": 1, "value": "2"},
                    "trailer": {"at": 1, "value": "9", "count": {"start": 25, "bytes": 8}},
                }
            },
            ("count",),
        ),
    ],
)
def test_a_layout_with_a_hole_or_an_overlap_says_where_and_what_to_write(changes, words):
    said = _said(**changes)
    assert all(word in said for word in words), said


def test_the_code_that_tells_a_data_record_needs_no_field():
    fields = [{**f, "start": f["start"] + 1} for f in SOURCE["fields"]]
    kinds = {"data": {"at": 1, "value": "2"}}
    assert _made(records={"length": 31, "separator": "none", "kinds": kinds}, fields=fields)
    assert "1〜1" in _said(records={"length": 31, "separator": "none"}, fields=fields)


def test_a_field_cut_out_of_the_filler_is_valid_from_its_month():
    fields = [
        *_fields((3, {"until": "2026-03"})),
        {"name": "方書", "start": 26, "bytes": 2, "from": "2026-04"},
        {"name": "予備", "start": 28, "bytes": 3, "filler": True, "from": "2026-04"},
    ]
    source = _made(fields=fields, set_aside_columns={"方書": "使わない"}).source
    assert [f.name for f in source.record_layout("2026-03").fields][3:] == ["予備"]
    assert [f.name for f in source.record_layout("2026-04").fields][3:] == ["方書", "予備"]


def test_the_length_of_a_record_may_change_with_the_period():
    records = [
        {"length": 30, "separator": "crlf", "until": "2025"},
        {"length": 32, "separator": "lf", "from": "2026"},
    ]
    fields = [
        *_fields((3, {"until": "2025"})),
        {"name": "予備", "start": 26, "bytes": 7, "filler": True, "from": "2026"},
    ]
    source = _made(records=records, fields=fields).source
    assert source.record_layout("2025-12").records.length == 30
    assert source.record_layout("2026-01").records.length == 32
    assert "31〜32" in _said(records=records)
    only_new = _made(records=records[1:], fields=fields).source
    assert only_new.record_layout("2025-12") is None
    assert only_new.layout("2025-12") is None


def test_a_fault_is_told_in_the_register_with_its_place(tmp_path):
    source = changed(SOURCE, fields=_fields()[:3])
    with pytest.raises(Exception, match="26〜30 バイト目") as caught:
        load_contract_with(tmp_path, source=source)
    assert "source" in str(caught.value)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.data())
def test_any_partition_is_taken_and_any_hole_is_seen(widths, data):
    starts = [1 + sum(widths[:i]) for i in range(len(widths))]
    fields = [
        {"name": f"予備{i}", "start": start, "bytes": width, "filler": True}
        for i, (start, width) in enumerate(zip(starts, widths, strict=True))
    ]
    columns = [{"name": name, "start": sum(widths) + 1 + i, "bytes": 1} for i, name in enumerate(("番号", "町名", "回数"))]  # fmt: skip
    length = sum(widths) + 3
    records = {"length": length, "separator": "none"}
    assert _made(records=records, fields=[*columns, *fields])
    lost = data.draw(st.integers(0, len(fields) - 1))
    assert "どの項目にもありません" in _said(
        records=records, fields=[*columns, *fields[:lost], *fields[lost + 1 :]]
    )
