"""CSV and TSV into a grid. Every record's fields are counted before it is trusted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from warehouse.readers.grid import RAGGED_SCHEMA, ROW, Grid
from warehouse.readers.text.decoder import Decoder, judge_file
from warehouse.readers.text.dialect import find_dialect
from warehouse.readers.text.outliers import keep_outliers
from warehouse.readers.text.records import split_fields, split_irregular
from warehouse.readers.text.stream import Batch, Ragged, stream_records
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HEAD_BYTES = 1 << 20


@dataclass(frozen=True)
class Text:
    """A text file that has been looked at.

    Attributes:
        decoder: reads it once; its verdict tells the encoding.
        delimiter: between two fields.
        width: fields of the widest common record.
    """

    decoder: Decoder
    delimiter: str
    width: int


def read_delimited(
    source: Path | bytes, *, delimiter: str, declared_encoding: str, header_row: int, file: str
) -> Grid:
    """Read a delimited text by its contract: the last header row says how many fields there are.

    Raises:
        Refusal: `encoding.*`, `csv.no_header`, `csv.field_too_long`.
    """
    parts = list(
        stream_delimited(
            source,
            delimiter=delimiter,
            declared_encoding=declared_encoding,
            header_row=header_row,
            file=file,
        )
    )
    return replace(
        parts[-1],
        cells=pl.concat([part.cells for part in parts]),
        ragged=pl.concat([part.ragged for part in parts]),
    )


def stream_delimited(
    source: Path | bytes, *, delimiter: str, declared_encoding: str, header_row: int, file: str
) -> Iterator[Grid]:
    """Read a delimited text by its contract, part by part in bounded memory.

    The last part holds no records, but what was learnt of the whole file.

    Raises:
        Refusal: as `read_delimited`.
    """
    verdict = judge_file(source, declared_encoding, file)
    head = next(iter(Decoder(source, verdict, declared_encoding, file).parts()), None)
    width = _width_of_header(head.text if head else b"", delimiter, header_row, file)
    decoder = Decoder(source, verdict, declared_encoding, file)
    for batch in stream_records(decoder, delimiter=delimiter, width=width, file=file):
        cells, ragged = _collect(iter([batch]))
        yield Grid(cells, ragged=_frame(ragged))
    verdict = decoder.verdict
    nothing = pl.DataFrame(schema={ROW: pl.Int64} | {f"c{n + 1}": pl.String for n in range(width)})
    yield Grid(nothing, encoding=verdict.encoding, proof=verdict.proof, notes=_remarks(decoder))


def _remarks(decoder: Decoder) -> tuple[str, ...]:
    remarks = []
    if decoder.gaiji:
        remarks.append(f"外字が {decoder.gaiji:,} 字あります。そのまま残しました。")
    if decoder.nuls:
        remarks.append(f"文字でない NUL が {decoder.nuls:,} 個あり、読み飛ばしました。")
    return tuple(remarks)


def read_text_grid(
    source: Path | bytes,
    file: str,
    *,
    encoding: str = "auto",
    delimiter: str | None = None,
    most: int | None = None,
) -> Grid:
    """Read a delimited text nobody has described yet.

    With `most`, a longer text gives its head of about so many records and its tail; all records
    are read and numbered, those between are not kept.

    The grid is as wide as the widest common record. Titles above the table, notes below it, blocks
    of another width are in the grid too, filled up with nulls and named in `padded`; records of
    another width in the midst of the table are in `ragged` and not among the cells.

    Raises:
        Refusal: `encoding.*`, `csv.empty`, `csv.field_too_long`.
    """
    text = look_at(source, file, encoding=encoding, delimiter=delimiter)
    batches = stream_records(text.decoder, delimiter=text.delimiter, width=text.width, file=file)
    cells, ragged = _collect(batches if most is None else _leave_middle(batches, most))
    cells, ragged, padded = keep_outliers(cells, ragged, text.delimiter)
    if cells.is_empty() and not ragged:
        raise _empty(file)
    return Grid(cells, ragged=_frame(ragged), encoding=text.decoder.verdict.encoding, padded=padded)


def look_at(
    source: Path | bytes, file: str, *, encoding: str = "auto", delimiter: str | None = None
) -> Text:
    """Tell the encoding, the delimiter and the width of a text file from its beginning.

    Raises:
        Refusal: `encoding.*`, `csv.empty`.
    """
    verdict = judge_file(source, encoding, file)
    decoder = Decoder(source, verdict, encoding, file)
    head = next(iter(Decoder(source, verdict, encoding, file).parts(_HEAD_BYTES)), None)
    if head is None or not head.text.strip(b"\r\n \t\x1a"):
        raise _empty(file)
    dialect = find_dialect(head.text, delimiter)
    return Text(decoder, dialect.delimiter, dialect.width)


def _collect(batches: Iterator[Batch]) -> tuple[pl.DataFrame, list[Ragged]]:
    frames, ragged = [], []
    for batch in batches:
        numbers = pl.Series(ROW, batch.numbers, dtype=pl.Int64)
        frames.append(pl.DataFrame(batch.table).insert_column(0, numbers))
        ragged += batch.ragged
    cells = pl.concat(frames) if frames else pl.DataFrame(schema={ROW: pl.Int64})
    return cells, ragged


def _leave_middle(batches: Iterator[Batch], most: int) -> Iterator[Batch]:
    """Pass on the first batches and the last one."""
    seen, last = 0, None
    for batch in batches:
        if seen < most:
            seen += len(batch.numbers)
            yield batch
        else:
            last = batch
    if last is not None:
        yield last


def _frame(ragged: list[Ragged]) -> pl.DataFrame:
    return pl.DataFrame(ragged, schema=RAGGED_SCHEMA, orient="row")


def _width_of_header(text: bytes, delimiter: str, header_row: int, file: str) -> int:
    split = delimiter.encode()
    records = split_irregular(text, split, 0, is_last=True)
    borders = [*records.starts.tolist(), len(text)]
    place = header_row - 1
    if place + 1 < len(borders) and place not in records.unclosed:
        fields = split_fields(text[borders[place] : borders[place + 1]], split)
        if fields != [""]:
            return len(fields)
    raise Refusal(
        "csv.no_header",
        "見出しの行がありません。",
        f"{file} の {header_row}行目",
        "空のファイルでないか、契約の header_rows が正しいかを確かめてください。",
    )


def _empty(file: str) -> Refusal:
    return Refusal(
        "csv.empty", "ファイルに文字がありません。", file, "元のシステムから出力し直してください。"
    )
