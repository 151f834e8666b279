"""Fixed-width text of a host system: every field padded to its bytes, with header and trailer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from pathlib import Path

    from assets.contract import Contract
    from assets.record_layout import RecordKind, RecordLayout
    from pipelines.whole_city.writing.sheet import Sheet
    from pipelines.whole_city.writing.style import Style

_SEPARATORS = {"crlf": "\r\n", "lf": "\n", "none": ""}
_NUMBERS = {"integer", "decimal"}
# What takes one byte in cp932: ASCII and half-width kana.
_TWO_BYTES = "[^\\x00-\\x7f\uff61-\uff9f]"


def room_of(layout: RecordLayout, headers: dict[str, str]) -> dict[str, int]:
    """Tell how many bytes each file column has."""
    sizes = {field.name: field.bytes for field in layout.fields}
    return {name: sizes[header] for name, header in headers.items()}


def write_fixed_width(
    path: Path, sheet: Sheet, contract: Contract, layout: RecordLayout, style: Style
) -> None:
    """Write records of one length.

    Raises:
        ValueError: a value is longer than its field.
        UnicodeEncodeError: a value has a letter that the encoding does not know.
    """
    names = {header: name for name, header in sheet.headers.items()}
    parts, at = [], 1
    for field in layout.fields:
        parts.append(pl.lit(_mark(layout, at, field.start - at)))
        name = names.get(field.name)
        is_number = name in contract.columns and contract.columns[name].type in _NUMBERS
        text = pl.lit("") if name is None else pl.col(name).fill_null("")
        parts.append(_pad(text, field.bytes, style.codec, zeros=is_number))
        at = field.end + 1
    end = _SEPARATORS[layout.records.separator]
    parts.append(pl.lit(_mark(layout, at, layout.records.length + 1 - at) + end))
    body = sheet.rows.select(pl.concat_str(parts).alias("record")).to_series().str.join("")[0]
    before, behind = _frame(layout, sheet.rows.height)
    whole = "".join(r + end for r in before) + (body or "") + "".join(r + end for r in behind)
    data = whole.encode(style.codec)
    records = sheet.rows.height + len(before) + len(behind)
    if len(data) != records * (layout.records.length + len(end)):
        raise ValueError(f"欄に入りきらない値があります: {contract.title}")
    path.write_bytes(data)


def _mark(layout: RecordLayout, at: int, size: int) -> str:
    """Write what stands between two fields: the sign of a data record."""
    kind = layout.records.kinds.data if layout.records.kinds else None
    if kind is None or not at <= kind.at < at + size:
        return " " * size
    return (" " * (kind.at - at) + kind.value).ljust(size)


def _pad(text: pl.Expr, size: int, codec: str, *, zeros: bool) -> pl.Expr:
    wide = text.str.count_matches(_TWO_BYTES) if codec != "utf-8" else pl.lit(0, pl.UInt32)
    used = text.str.len_chars() + wide if codec != "utf-8" else text.str.len_bytes()
    missing = (pl.lit(size, pl.Int64) - used.cast(pl.Int64)).clip(0)
    blanks = pl.lit(" " * size).str.slice(0, missing)
    if not zeros:
        return pl.concat_str(text, blanks)
    padded = pl.concat_str(pl.lit("0" * size).str.slice(0, missing), text)
    # Only digits are padded in front; a blank stays blank.
    return (
        pl.when(text.str.contains("^[0-9]+$")).then(padded).otherwise(pl.concat_str(text, blanks))
    )


def _frame(layout: RecordLayout, rows: int) -> tuple[list[str], list[str]]:
    """Write the header, and the trailer with the number of data records."""
    kinds = layout.records.kinds
    if kinds is None:
        return [], []
    length = layout.records.length
    before = [_record(kinds.header, length)] if kinds.header else []
    behind = []
    if kinds.trailer:
        record = _record(kinds.trailer, length)
        if count := kinds.trailer.count:
            start = count.start - 1
            number = str(rows).zfill(count.bytes)
            record = record[:start] + number + record[start + count.bytes :]
        behind.append(record)
    if kinds.end:
        behind.append(_record(kinds.end, length))
    return before, behind


def _record(kind: RecordKind, length: int) -> str:
    return (" " * (kind.at - 1) + kind.value).ljust(length)
