"""CSV and TSV into a grid. Every record's fields are counted before it is trusted."""

from __future__ import annotations

import csv
import io
import itertools

import polars as pl
import pyarrow as pa
from pyarrow import csv as arrow_csv

from warehouse.readers.encoding import decode
from warehouse.readers.grid import RAGGED_SCHEMA, ROW, Grid
from warehouse.refusal import Refusal

# A record of our own behind the last one: it comes back as itself unless a quote is still open.
_END = "\x1e"
_QUOTE_UNCLOSED = '引用符(")が閉じていないか、区切りが壊れています。'


def read_delimited(
    data: bytes, *, delimiter: str, declared_encoding: str, header_row: int, file: str
) -> Grid:
    """Read a delimited text; the last header row says how many fields a record has.

    Raises:
        Refusal: `encoding.*`, `csv.no_header`, `csv.broken`.
    """
    decoded = decode(data, declared_encoding, file)
    text = decoded.text.replace("\x00", "")
    width = _width(text, delimiter, header_row, file)
    ragged: list[dict[str, object]] = []

    def set_aside(row: arrow_csv.InvalidRow) -> str:
        ragged.append({ROW: row.number, "fields": row.actual_columns, "text": row.text})
        return "skip"

    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(_end_with_mark(text, delimiter, width).encode("utf-8")),
            read_options=arrow_csv.ReadOptions(
                use_threads=False, column_names=[f"c{i + 1}" for i in range(width)]
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=set_aside,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={f"c{i + 1}": pa.string() for i in range(width)},
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        raise _broken(file) from error
    cells, last = pl.DataFrame(table.slice(0, table.num_rows - 1)), table.slice(table.num_rows - 1)
    if last.column(0).to_pylist() != [_END]:
        raise _broken(file)
    odd = pl.DataFrame(ragged, schema=RAGGED_SCHEMA)
    return Grid(_number(cells, odd), ragged=odd, encoding=decoded.encoding)


def _broken(file: str) -> Refusal:
    remedy = "元のシステムから出力し直してください。"
    return Refusal("csv.broken", _QUOTE_UNCLOSED, file, remedy)


def _end_with_mark(text: str, delimiter: str, width: int) -> str:
    end = "" if text.endswith(("\n", "\r")) else "\n"
    return f"{text}{end}{delimiter.join([_END] * width)}\n"


def _width(text: str, delimiter: str, header_row: int, file: str) -> int:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = next(itertools.islice(rows, header_row - 1, header_row), None)
    except csv.Error as error:
        raise _broken(file) from error
    if not header:
        raise Refusal(
            "csv.no_header",
            "見出しの行がありません。",
            f"{file} の {header_row}行目",
            "空のファイルでないか、契約の header_rows が正しいかを確かめてください。",
        )
    return len(header)


def _number(cells: pl.DataFrame, ragged: pl.DataFrame) -> pl.DataFrame:
    """Give every good record its number: all numbers less those of the ragged ones."""
    every = pl.DataFrame({ROW: pl.int_range(1, cells.height + ragged.height + 1, eager=True)})
    numbers = every.join(ragged.select(ROW), on=ROW, how="anti").sort(ROW)
    blank_as_null = cells.with_columns(pl.all().replace("", None))
    return pl.concat([numbers, blank_as_null], how="horizontal")
