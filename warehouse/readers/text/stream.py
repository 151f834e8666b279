"""A delimited text as a stream of batches: records of the right width, and the others set apart.

No batch is larger than a part of the file, so memory does not grow with the file. Records of
another width are never filled up: they come out with their number, line, byte offset and text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from warehouse.readers.text.decoder import LONGEST_FIELD, Decoder, Part, refuse_long_field
from warehouse.readers.text.records import (
    Records,
    count_line_ends,
    delivered_line_ends,
    find_regular_end,
    line_ends,
    split_irregular,
    split_regular,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


class Ragged(NamedTuple):
    """A record set apart: its number, line, byte offset, fields (0: a quote is open), text."""

    row: int
    line: int
    offset: int
    fields: int
    text: str


@dataclass(frozen=True)
class Batch:
    """Some records of a file, in their order.

    Attributes:
        table: one string column `c1`, `c2`, … a field; an empty field is null.
        numbers: the 1-based record number of each row of the table.
        ragged: the records of these that have another width.
    """

    table: pa.Table
    numbers: np.ndarray
    ragged: list[Ragged]


def stream_records(decoder: Decoder, *, delimiter: str, width: int, file: str) -> Iterator[Batch]:
    """Read a file as records of `width` fields.

    Raises:
        Refusal: `encoding.*`, `csv.field_too_long`.
    """
    return _Stream(delimiter.encode(), width, file).batches(decoder)


class _Stream:
    def __init__(self, delimiter: bytes, width: int, file: str) -> None:
        self.delimiter, self.width, self.file = delimiter, width, file
        self.row = 1
        names = [f"c{number + 1}" for number in range(width)]
        self.names = names
        self.convert = arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=True,
            null_values=[""],
            check_utf8=False,
        )

    def batches(self, decoder: Decoder) -> Iterator[Batch]:
        text, raw = b"", b""
        for part in decoder.parts():
            text, raw = text + part.text if text else part.text, raw + part.raw if raw else part.raw
            block = _Block(text, raw, part, decoder)
            batch, end = self._read(block)
            if batch is not None:
                yield batch
            text, raw = text[end:], block.raw_behind(end)

    def _read(self, block: _Block) -> tuple[Batch | None, int]:
        is_last = block.is_last
        end = find_regular_end(block.text, self.delimiter, is_last=is_last)
        if end == 0:
            return None, 0
        if end is not None:
            regular = block.text[:end] if end < len(block.text) else block.text
            table, odd = self._parse(regular)
            if not any("\n" in text or "\r" in text for _, _, text in odd):
                records = split_regular(regular) if odd else None
                return self._batch(block, table, odd, records, regular), end
        records = split_irregular(block.text, self.delimiter, self.width, is_last=is_last)
        if records.end == 0:
            return None, 0
        table, odd = self._parse(records.text)
        return self._batch(block, table, odd, records, block.text[: records.end]), records.end

    def _parse(self, text: bytes) -> tuple[pa.Table, list[tuple[int, int, str]]]:
        odd: list[tuple[int, int, str]] = []

        def set_apart(row: arrow_csv.InvalidRow) -> str:
            odd.append((row.number, row.actual_columns, row.text))
            return "skip"

        if not text:
            return pa.table({name: pa.array([], pa.string()) for name in self.names}), odd
        table = arrow_csv.read_csv(
            pa.BufferReader(text),
            read_options=arrow_csv.ReadOptions(
                use_threads=False, column_names=self.names, block_size=len(text) + 1
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self.delimiter.decode(),
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=set_apart,
            ),
            convert_options=self.convert,
        )
        return table, odd

    def _batch(
        self,
        block: _Block,
        table: pa.Table,
        odd: list[tuple[int, int, str]],
        records: Records | None,
        text: bytes,
    ) -> Batch:
        unclosed = records.unclosed if records else []
        count = table.num_rows + len(odd) + len(unclosed)
        parsed = np.delete(np.arange(count), unclosed)
        widths = dict.fromkeys(unclosed, 0) | {int(parsed[n - 1]): w for n, w, _ in odd}
        ragged = self._describe(block, text, records, widths) if records and widths else []
        numbers = np.delete(np.arange(count), sorted(widths)) + self.row
        self._refuse_long_fields(table, ragged)
        self.row += count
        return Batch(table, numbers, ragged)

    def _describe(
        self, block: _Block, text: bytes, records: Records, widths: dict[int, int]
    ) -> list[Ragged]:
        borders = np.append(records.starts, len(text))
        ends = line_ends(text)
        first_line = block.first_line()
        ragged = []
        for place in sorted(widths):
            start, end = int(borders[place]), int(borders[place + 1])
            lines = int(np.searchsorted(ends, start, "right"))
            words = text[start:end].decode().rstrip("\r\n")
            at = block.delivered_at(lines)
            ragged.append(Ragged(self.row + place, first_line + lines, at, widths[place], words))
        return ragged

    def _refuse_long_fields(self, table: pa.Table, ragged: list[Ragged]) -> None:
        for record in ragged:
            if len(record.text) >= LONGEST_FIELD:
                raise refuse_long_field(self.file, record.line)
        for column in table.columns:
            for chunk in column.chunks:
                if chunk.nbytes >= LONGEST_FIELD and _longest(chunk) >= LONGEST_FIELD:
                    raise refuse_long_field(self.file)


class _Block:
    """A piece of text beside the bytes it was delivered in: line ends say what belongs together."""

    def __init__(self, text: bytes, raw: bytes, part: Part, decoder: Decoder) -> None:
        self.text, self.raw, self.is_last = text, raw, part.is_last
        self._offset = part.offset + len(part.raw) - len(raw)
        self._decoder = decoder
        self._ends: np.ndarray | None = None

    def first_line(self) -> int:
        """Tell the number of the first line."""
        return self._decoder.line_of(self._offset)

    def delivered_at(self, lines: int) -> int:
        """Tell at which byte of the file the line behind so many line ends begins."""
        if self._ends is None:
            self._ends = delivered_line_ends(self.raw, self._decoder.verdict.encoding)
        return self._offset + (int(self._ends[lines - 1]) if lines else 0)

    def raw_behind(self, end: int) -> bytes:
        """Give the delivered bytes of the text that waits."""
        if end == len(self.text):
            return b""
        lines = count_line_ends(self.text[:end])
        return self.raw[self.delivered_at(lines) - self._offset :]


def _longest(values: pa.StringArray) -> int:
    offsets = np.frombuffer(values.buffers()[1], np.int32)[: len(values) + 1]
    long = np.flatnonzero(np.diff(offsets) >= LONGEST_FIELD)
    return max((len(values[int(place)].as_py()) for place in long), default=0)
