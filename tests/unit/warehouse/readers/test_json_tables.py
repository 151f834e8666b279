"""JSON as text: every number in its own spelling, every list of records found, nothing left out."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.readers.grid import ROW
from warehouse.readers.structured import json_tables
from warehouse.readers.structured.json_lines import read_json_lines
from warehouse.readers.structured.json_tables import BESIDE, pick_table, read_json
from warehouse.readers.structured.json_text import flatten, load_json, to_text
from warehouse.refusal import Refusal


@pytest.fixture
def read(tmp_path):
    def ask(text, encoding="utf-8"):
        path = tmp_path / "f"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return read_json(path, "施設.json")

    return ask


@pytest.fixture
def lines(tmp_path):
    def ask(text, encoding="utf-8"):
        path = tmp_path / "f"
        path.write_bytes(text.encode(encoding))
        return read_json_lines(path, "施設.jsonl")

    return ask


def tables(document):
    return {table.name: [row[1:] for row in table.grid.cells.iter_rows()] for table in document.tables}  # fmt: skip


def rule(call, *arguments):
    with pytest.raises(Refusal) as caught:
        call(*arguments)
    assert "施設.json" in caught.value.where
    return caught.value


def test_values_keep_their_spelling():
    text = '[1.10, 0.0, -0, 1E5, 123456789012345678901234567890, "007", true, null, NaN]'
    assert to_text(load_json(text)) == text.replace(" ", "").replace("1E5", "1E5")


def test_a_list_of_objects_is_a_table_below_its_names(read):
    document = read('[{"番号":"007","数":1.10},{"番号":"","数":null,"可":true},{"他":12345678901234567890}]')  # fmt: skip
    assert tables(document) == {
        "": [
            ("番号", "数", "可", "他"),
            ("007", "1.10", None, None),
            ("", None, "true", None),
            (None, None, None, "12345678901234567890"),
        ]
    }
    grid = document.tables[0].grid
    assert grid.names == ("番号", "数", "可", "他")
    assert grid.cells[ROW].to_list() == [1, 2, 3, 4]


def test_nested_objects_are_paths_and_lists_stay_json(read):
    document = read('[{"a":{"b":{"c":1.0},"d":[1.50,"x",{"e":null}]},"f/g":{},"h":[]}]')
    assert tables(document)[""] == [
        ("a/b/c", "a/d", "f∕g", "h"),
        ("1.0", '[1.50,"x",{"e":null}]', "{}", "[]"),
    ]


def test_lists_inside_an_object_are_found_and_the_rest_is_kept(read):
    document = read(
        '{"success":true,"result":{"total":2,"records":[{"a":1},{"a":2}],"fields":[{"id":"a"}]},'
        '"tags":["x","y"]}'
    )
    assert tables(document) == {
        "result/records": [("a",), ("1",), ("2",)],
        "result/fields": [("id",), ("a",)],
        BESIDE: [
            ("キー", "値"), ("success", "true"), ("result/total", "2"), ("tags", '["x","y"]'),
        ],
    }  # fmt: skip
    picked = pick_table(document, 2, "施設.json")
    assert picked.names == ("id",)
    assert "result/records" in picked.notes[0]
    assert pick_table(document, "result/records", "施設.json").names == ("a",)
    assert rule(pick_table, document, 9, "施設.json").rule == "json.no_list"


def test_other_shapes_are_tables_too(read):
    assert tables(read('{"番号":"1","名":"甲"}')) == {"": [("番号", "名"), ("1", "甲")]}
    assert tables(read('[["番号","名"],["001","甲"],["002"]]')) == {
        "": [("番号", "名"), ("001", "甲"), ("002", None)]
    }
    assert tables(read('{"001":{"名":"甲"},"002":{"名":"乙"}}')) == {
        "": [("キー", "名"), ("001", "甲"), ("002", "乙")]
    }
    assert tables(read('["甲",1.0]')) == {"": [("値",), ("甲",), ("1.0",)]}


def test_features_are_their_properties_and_their_geometry(read):
    feature = '{"type":"Feature","id":7,"properties":{"名":"甲"},"geometry":{"type":"Point","coordinates":[135.470,34.0]}}'  # fmt: skip
    document = read('{"type":"FeatureCollection","name":"x","features":[%s]}' % feature)  # noqa: UP031
    assert tables(document) == {
        "features": [
            ("名", "id", "geometry"),
            ("甲", "7", '{"type":"Point","coordinates":[135.470,34.0]}'),
        ],
        BESIDE: [("キー", "値"), ("name", "x")],
    }
    clash = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":1},"id":2,"geometry":null}]}'  # fmt: skip
    assert tables(read(clash)) == {
        "features": [("properties/id", "id", "geometry"), ("1", "2", None)]
    }


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932", "utf-16"])
def test_other_encodings_are_read_and_told(read, encoding):
    document = read('[{"氏名":"髙橋一郎","住所":"豊中市本町"}]', encoding)
    assert tables(document)[""][1] == ("髙橋一郎", "豊中市本町")
    assert document.decoded.encoding.startswith(encoding)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[{"a":1},\n{"a":', "json.broken"),
        ('[{"a":1,"b":2,"a":3}]', "json.duplicate_key"),
        ("[" * 200_000 + "]" * 200_000, "json.too_deep"),
        ('{"a":' * 5000 + "1" + "}" * 5000, "json.too_deep"),
        ("[]", "json.no_table"),
        ("{}", "json.no_table"),
    ],
)
def test_what_cannot_be_a_table_is_refused(read, text, expected):
    assert rule(read, text).rule == expected


def test_a_broken_document_names_its_line(read):
    assert "2行目" in rule(read, '[{"a":1},\n{"a":').where


def test_a_document_too_big_for_the_memory_is_refused(read, monkeypatch):
    monkeypatch.setattr(json_tables, "MOST_BYTES", 5)
    assert rule(read, '[{"a":1}]').rule == "json.too_big"


def test_every_line_is_a_record_under_its_own_number(lines):
    grid = lines('{"a":1.10}\n\n{"b":"x","a":null}\nだめ\n{"a":""}\n')
    assert grid.cells.rows() == [
        (1, "a", "b"), (2, "1.10", None), (4, None, "x"), (6, "", None),
    ]  # fmt: skip
    assert grid.names == ("a", "b")
    assert grid.set_aside.select(ROW, "line", "offset", "reason").rows() == [(3, 2, 11, "空行")]
    assert grid.ragged.select(ROW, "line", "offset", "text", "rule").rows() == [
        (5, 4, 31, "だめ", "row.broken")
    ]


def test_lines_of_lists_are_rows(lines):
    grid = lines('["番号","名"]\n["001",1.0]\n{"a":1}\n')
    assert grid.cells.rows() == [(1, "番号", "名"), (2, "001", "1.0")]
    assert grid.ragged[ROW].to_list() == [3]
    assert grid.names == ()


def test_a_key_that_stands_twice_in_a_line_names_the_line(lines):
    refusal = rule(lines, '{"a":1}\n{"a":1,"a":2}\n')
    assert refusal.rule == "json.duplicate_key"
    assert "2行目" in refusal.where


def test_lines_of_nothing_are_refused(lines):
    assert rule(lines, "x\ny\n").rule == "json.broken"


def test_lines_are_read_over_many_parts(lines, monkeypatch):
    monkeypatch.setattr("warehouse.readers.text.decoder.PART_BYTES", 50)
    grid = lines("".join('{"番号":"%03d"}\n' % n for n in range(200)))  # noqa: UP031
    assert grid.cells["c1"].to_list() == ["番号", *(f"{n:03}" for n in range(200))]
    assert grid.cells[ROW].to_list() == list(range(1, 202))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(values)
def test_text_of_any_value_is_the_value(value):
    text = json.dumps(value, ensure_ascii=False)
    assert json.dumps(json.loads(to_text(load_json(text))), ensure_ascii=False) == text


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=3), values, min_size=1, max_size=4))
def test_no_leaf_of_an_object_is_lost(record):
    def leaves(value):
        if isinstance(value, dict) and value:
            return sum(map(leaves, value.values()))
        return 1

    flat = flatten(load_json(json.dumps(record)))
    distinct = len({"/".join(path) for path in _paths(record)}) == sum(1 for _ in _paths(record))
    assert len(flat) == leaves(record) or not distinct


def _paths(value, path=()):
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _paths(item, (*path, key.replace("/", "∕")))
    else:
        yield path
