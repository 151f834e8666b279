"""Parquet into a grid of text, every value in a spelling that loses nothing.

Numbers keep their digits (decimals their zeros), dates and times are written as ISO 8601, nested
values as JSON. Bytes are no text: a file with a column of them is refused by name.
"""

from __future__ import annotations

import datetime as dt
import decimal
import json
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa
from pyarrow import compute, parquet

from warehouse.readers.grid import ROW, Grid
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path


def read_parquet(path: Path, file: str) -> Grid:
    """Read a file: row 1 holds the column names, the records follow.

    Raises:
        Refusal: `parquet.broken`, `parquet.binary`, `parquet.duplicate_column`.
    """
    try:
        with parquet.ParquetFile(path) as opened:
            names = opened.schema_arrow.names
            _check(opened.schema_arrow, file)
            parts = [_part(batch) for batch in opened.iter_batches()]
    except (pa.ArrowException, OSError) as error:
        raise Refusal(
            "parquet.broken",
            "Parquet のファイルが途中で切れているか、壊れています。",
            file,
            "出力し直して、もう一度提出してください。",
        ) from error
    header = pl.DataFrame({f"c{i + 1}": [name] for i, name in enumerate(names)})
    cells = pl.concat([header, *parts]) if names else header
    cells = cells.insert_column(0, pl.int_range(1, cells.height + 1, eager=True).alias(ROW))
    return Grid(cells, names=tuple(name.replace("/", "∕") for name in names))


def _check(schema: pa.Schema, file: str) -> None:
    names = schema.names
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise Refusal(
            "parquet.duplicate_column",
            f"同じ名前の列が2つあります: {'、'.join(twice)}",
            file,
            "列の名前を変えて出力し直してください。",
        )
    if binary := [field.name for field in schema if _is_binary(field.type)]:
        raise Refusal(
            "parquet.binary",
            f"文字でないデータ(バイナリ)の列があります: {'、'.join(binary)}",
            file,
            "その列を除くか、文字にして出力し直してください。",
        )


def _is_binary(kind: pa.DataType) -> bool:
    if isinstance(kind, pa.BaseExtensionType):
        return _is_binary(kind.storage_type)
    if isinstance(kind, pa.DictionaryType):
        return _is_binary(kind.value_type)
    children = [kind.field(i).type for i in range(kind.num_fields)]
    fixed = pa.types.is_fixed_size_binary(kind)
    plain = pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or fixed
    return plain or any(map(_is_binary, children))


def _part(batch: pa.RecordBatch) -> pl.DataFrame:
    columns = {f"c{i + 1}": _text(column) for i, column in enumerate(batch.columns)}
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def _text(column: pa.Array) -> pl.Series:
    """Cast one column; what no cast can spell is spelled value by value."""
    if isinstance(column, pa.DictionaryArray):
        column = column.dictionary_decode()
    kind = column.type
    if kind.num_fields or pa.types.is_duration(kind) or isinstance(column, pa.ExtensionArray):
        values = [None if value is None else _spell(value) for value in column.to_pylist()]
        return pl.Series(values, dtype=pl.String)
    text = pl.Series(compute.cast(column, pa.large_string()), dtype=pl.String)
    is_clock = pa.types.is_timestamp(kind) or pa.types.is_time(kind)
    return text.str.replace(r"\.0+(Z?)$", "$1") if is_clock else text


def _spell(value: Any) -> str:  # noqa: ANN401 - any value of a nested column
    return value if isinstance(value, str) else _as_json(value)


def _as_json(value: Any) -> str:  # noqa: ANN401 - any value of a nested column
    if isinstance(value, dict):
        items = (f"{_as_json(key)}:{_as_json(item)}" for key, item in value.items())
        return "{" + ",".join(items) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_as_json, value)) + "]"
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, dt.date | dt.time):
        return json.dumps(value.isoformat())
    return json.dumps(value, ensure_ascii=False, default=str)
