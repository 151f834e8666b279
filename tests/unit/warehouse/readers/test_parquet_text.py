"""Parquet as text: what is written there can be read back from every cell."""

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from warehouse.readers.grid import ROW
from warehouse.readers.structured.parquet_text import read_parquet
from warehouse.refusal import Refusal


@pytest.fixture
def read(tmp_path):
    def ask(table, **options):
        parquet.write_table(table, tmp_path / "f", **options)
        return read_parquet(tmp_path / "f", "人口.parquet")

    return ask


@pytest.fixture
def cell(read):
    def ask(value, kind):
        grid = read(pa.table({"a": pa.array([value, None], kind)}))
        header, first, missing = grid.cells["c1"].to_list()
        assert (header, missing) == ("a", None)
        return first

    return ask


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("007", pa.string(), "007"),
        ("", pa.string(), ""),
        ("***", pa.dictionary(pa.int8(), pa.string()), "***"),
        (1234567890123456789, pa.int64(), "1234567890123456789"),
        (2**64 - 1, pa.uint64(), "18446744073709551615"),
        (0.1, pa.float64(), "0.1"),
        (0.1, pa.float32(), "0.1"),
        (Decimal("1.10"), pa.decimal128(10, 2), "1.10"),
        (Decimal("-0.050"), pa.decimal256(60, 3), "-0.050"),
        (True, pa.bool_(), "true"),
        (dt.date(2026, 4, 1), pa.date32(), "2026-04-01"),
        (1774949400250, pa.timestamp("ms"), "2026-03-31 09:30:00.250"),
        (dt.datetime(2026, 4, 1, tzinfo=dt.UTC), pa.timestamp("us", "UTC"), "2026-04-01 00:00:00Z"),
        (dt.time(9, 30), pa.time32("s"), "09:30:00"),
        ([1, None], pa.list_(pa.int32()), "[1,null]"),
        ({"x": Decimal("1.10"), "y": "あ"}, pa.struct([("x", pa.decimal128(5, 2)), ("y", pa.string())]), '{"x":1.10,"y":"あ"}'),
        ({"d": dt.date(2026, 4, 1)}, pa.struct([("d", pa.date32())]), '{"d":"2026-04-01"}'),
    ],
)  # fmt: skip
def test_values_of_every_type_keep_all_they_say(cell, value, kind, text):
    assert cell(value, kind) == text


def test_names_stand_in_row_1_and_records_follow(read):
    table = pa.table({"番号": ["001", "002", "003"], "区/町": ["甲", "乙", None]})
    grid = read(table, row_group_size=1)
    assert grid.cells.rows() == [
        (1, "番号", "区/町"), (2, "001", "甲"), (3, "002", "乙"), (4, "003", None),
    ]  # fmt: skip
    assert grid.names == ("番号", "区∕町")


def test_an_empty_table_has_its_header(read):
    assert read(pa.table({"a": pa.array([], pa.int64())})).cells.rows() == [(1, "a")]


@pytest.mark.parametrize(
    ("column", "rule"),
    [
        (pa.array([b"x"]), "parquet.binary"),
        (pa.array([[b"x"]], pa.list_(pa.binary())), "parquet.binary"),
        (pa.array([b"xx"], pa.binary(2)), "parquet.binary"),
    ],
)
def test_bytes_are_refused_by_the_name_of_their_column(read, column, rule):
    with pytest.raises(Refusal) as caught:
        read(pa.table({"写真": column}))
    assert (caught.value.rule, "写真" in caught.value.what) == (rule, True)


def test_two_columns_of_one_name_are_refused(read):
    with pytest.raises(Refusal) as caught:
        read(pa.table([pa.array(["1"]), pa.array(["2"])], names=["a", "a"]))
    assert caught.value.rule == "parquet.duplicate_column"


def test_a_cut_file_is_refused(tmp_path):
    parquet.write_table(pa.table({"a": ["1"]}), tmp_path / "f")
    data = (tmp_path / "f").read_bytes()
    (tmp_path / "f").write_bytes(data[:-9])
    with pytest.raises(Refusal) as caught:
        read_parquet(tmp_path / "f", "人口.parquet")
    assert caught.value.rule == "parquet.broken"


@settings(deadline=None)
@given(st.lists(st.floats() | st.none(), max_size=5), st.lists(st.text() | st.none(), max_size=5))
def test_numbers_and_texts_come_back(tmp_path_factory, numbers, texts):
    length = min(len(numbers), len(texts))
    table = pa.table({"n": pa.array(numbers[:length], pa.float64()), "t": pa.array(texts[:length], pa.string())})  # fmt: skip
    path = tmp_path_factory.mktemp("parquet") / "f"
    parquet.write_table(table, path)
    cells = read_parquet(path, "f").cells
    assert cells[ROW].to_list() == list(range(1, length + 2))
    assert cells["c2"].to_list()[1:] == texts[:length]
    for number, text in zip(numbers[:length], cells["c1"].to_list()[1:], strict=True):
        assert text is None if number is None else repr(float(text)) == repr(number)
