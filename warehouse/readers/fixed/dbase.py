"""dBase and FoxPro tables (.dbf) as text without loss, by the fixed-width layout in their header.

GDAL, which comes with DuckDB's spatial extension, reads these files too, but it types them: the
zeros in front of a numeric field go, and deleted records are passed over in silence. Here every
field is the text that stands in it, and deleted records are set aside as what they are. A memo
stands in a file of its own (.dbt, .fpt): its number is kept, and a note says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from assets.record_layout import Records
from warehouse.readers.fixed.dbase_header import DbaseField, DbaseHeader, read_header
from warehouse.readers.fixed.fixed_width import BAD_SCHEMA, list_records, records_at
from warehouse.readers.fixed.record_cuts import Cut, cut_records
from warehouse.readers.fixed.record_text import PADDING, decode_column
from warehouse.readers.grid import ROW, SET_ASIDE_SCHEMA, Grid
from warehouse.readers.text.encoding import judge
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

_HEADER_BYTES = 1 << 16
_SAMPLE_RECORDS = 20_000
_CP932_MARKS = {0x13, 0x7B}
_TEXTS, _NUMBERS, _INTEGERS, _MEMOS = set("CNFDLM"), set("NF"), set("I+"), set("MGP")
_POINTER_BYTES = 4
_DELETED = ord("*")
_AGAIN = "元のシステムから出力し直すか、Excel で開いて CSV で保存し、提出してください。"


def read_dbase(path: Path, file: str, *, encoding: str = "auto") -> Grid:
    """Read a file: row 1 holds the field names, record n stands in row n + 1, as Excel shows it.

    Raises:
        Refusal: `dbf.broken`, `dbf.truncated`, `dbf.binary_field`, `encoding.*`.
    """
    with path.open("rb") as handle:
        header = read_header(handle.read(_HEADER_BYTES))
        if header is None:
            raise Refusal("dbf.broken", "dBase の見出しが壊れています。", file, _AGAIN)
        _check(header, path.stat().st_size, file)
        handle.seek(header.first)
        shape = Records(length=header.width, separator="none")
        cuts = _within(cut_records(handle, shape), header.records)
    codec = _find_codec(header, cuts, encoding, file)
    parts = [_read_part(cut, header, codec) for cut in cuts]
    names = tuple(_name(field, codec) for field in header.fields)
    cells = pl.concat([_header_row(names), *(part.cells for part in parts)])
    return Grid(
        cells,
        ragged=pl.concat([pl.DataFrame(schema=BAD_SCHEMA), *(part.ragged for part in parts)]),
        set_aside=pl.concat(
            [pl.DataFrame(schema=SET_ASIDE_SCHEMA), *(part.set_aside for part in parts)]
        ),
        encoding=codec,
        names=tuple(name.replace("/", "∕") for name in names),
        notes=_notes(header, cells, names),
    )


def _check(header: DbaseHeader, size: int, file: str) -> None:
    there = (size - header.first) // header.width
    if there < header.records:
        raise Refusal(
            "dbf.truncated",
            f"見出しには {header.records} 件とありますが、{there} 件しかありません。"
            "ファイルが途中で切れています。",
            file,
            _AGAIN,
        )
    allowed = _TEXTS | _INTEGERS | _MEMOS
    if other := sorted({f.kind for f in header.fields if f.kind not in allowed}):
        raise Refusal(
            "dbf.binary_field",
            f"文字でない型({'、'.join(other)})の項目があり、読めません。",
            file,
            _AGAIN,
        )


def _within(cuts: Iterable[Cut], count: int) -> list[Cut]:
    """Keep the records the header counts; what follows is the end mark."""
    kept = []
    for cut in cuts:
        is_in = cut.numbers <= count
        kept.append(Cut(cut.rows[is_in], cut.numbers[is_in], cut.offsets[is_in], []))
    return kept


def _find_codec(header: DbaseHeader, cuts: list[Cut], declared: str, file: str) -> str:
    """Trust the mark of cp932; other marks are often wrong, so that the texts are tried."""
    if declared != "auto":
        return declared
    if header.language in _CP932_MARKS:
        return "cp932"
    places = [i for f in header.fields if f.kind == "C" for i in range(f.start, f.start + f.width)]
    rows = np.concatenate([cut.rows for cut in cuts])[:_SAMPLE_RECORDS] if cuts else None
    if rows is None or not places:
        return "cp932"
    lines = (row.tobytes().replace(b"\n", b" ").replace(b"\x00", b" ") for row in rows[:, places])
    verdict = judge(b"\n".join(lines), "auto", file)
    return "cp932" if verdict.codec == "ascii" else verdict.codec


def _read_part(cut: Cut, header: DbaseHeader, codec: str) -> Grid:
    flags = cut.rows[:, 0]
    kept = np.flatnonzero(flags != _DELETED)
    rows = cut.rows[kept]
    is_broken = np.zeros(len(rows), bool)
    columns = [pl.Series(ROW, cut.numbers[kept] + 1)]
    for number, field in enumerate(header.fields, start=1):
        block = rows[:, field.start : field.start + field.width]
        values, faults = _read_field(block, field, codec)
        is_broken[faults] = True
        columns.append(values.alias(f"c{number}"))
    width = len(header.fields)
    deleted = records_at(cut, np.flatnonzero(flags == _DELETED))
    broken = records_at(cut, kept[is_broken])
    return Grid(
        pl.DataFrame(columns).filter(pl.Series(~is_broken)),
        ragged=_below_header(list_records(broken, codec, fields=width, rule="row.broken")),
        set_aside=_below_header(list_records(deleted, codec, fields=width, reason="削除済")),
    )


def _below_header(records: pl.DataFrame) -> pl.DataFrame:
    return records.with_columns(pl.col(ROW) + 1)


def _read_field(
    block: NDArray[np.uint8], field: DbaseField, codec: str
) -> tuple[pl.Series, list[int]]:
    is_pointer = field.kind in _MEMOS and field.width == _POINTER_BYTES
    if field.kind in _INTEGERS or is_pointer:
        numbers = np.ascontiguousarray(block).view("<i4")[:, 0]
        values = pl.Series(numbers).cast(pl.String)
        return (values.replace("0", None) if is_pointer else values), []
    text = decode_column(block, codec)
    if field.kind in _NUMBERS or field.kind in _MEMOS:
        return text.values.str.strip_chars(PADDING), text.broken
    return text.values, text.broken


def _header_row(names: tuple[str, ...]) -> pl.DataFrame:
    columns = {f"c{i + 1}": [name] for i, name in enumerate(names)}
    return pl.DataFrame({ROW: [1], **columns})


def _name(field: DbaseField, codec: str) -> str:
    """Names of eleven bytes are sometimes cut in the middle of a kanji: that half goes."""
    return field.name.decode(codec, "ignore").strip(PADDING)


def _notes(header: DbaseHeader, cells: pl.DataFrame, names: tuple[str, ...]) -> tuple[str, ...]:
    held = {
        names[i]: cells.height - 1 - cells[f"c{i + 1}"].null_count()
        for i, field in enumerate(header.fields)
        if field.kind in _MEMOS
    }
    return tuple(
        f"「{name}」の文章 {count} 件は別のファイル(.dbt・.fpt)にあり、ここには番号だけがあります。"
        for name, count in held.items()
        if count
    )
