"""Parquet with checksums and with words beside its columns."""

import polars as pl
import pyarrow.parquet as pq
import pytest

from tests.unit.warehouse.formats.layouts import LIBRARY, PLACES, table
from warehouse.formats.parquet_file import read_parquet, write_parquet


def test_columns_carry_titles_and_units(tmp_path):
    write_parquet(table(LIBRARY), PLACES, tmp_path / "t.parquet")
    schema = pq.read_schema(tmp_path / "t.parquet")
    assert schema.field("定員").metadata == {b"title": "定員".encode(), b"unit": "人".encode()}
    assert schema.field("ID").metadata[b"title_en"] == b"id"
    assert schema.metadata[b"title"] == "施設[一覧]".encode()


def test_a_damaged_page_is_noticed(tmp_path):
    path = tmp_path / "t.parquet"
    frame = pl.DataFrame({"ID": [f"{n * 7919:08}" for n in range(5000)]})
    write_parquet(frame, PLACES, path)
    assert read_parquet(path).equals(frame)
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(OSError, match="CRC"):
        read_parquet(path)
