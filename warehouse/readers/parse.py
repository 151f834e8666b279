"""Read one delivery by its contract: the one entrance to all file formats."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from warehouse.inbox import NO_PERIOD
from warehouse.readers.archive import open_member
from warehouse.readers.book import TEXTS
from warehouse.readers.extract import Extracted, extract
from warehouse.readers.fixed.dbase import read_dbase
from warehouse.readers.fixed.fixed_width import read_fixed_width, stream_fixed_width
from warehouse.readers.grid import ROW, Grid
from warehouse.readers.kind import detect_kind
from warehouse.readers.structured.json_lines import read_json_lines
from warehouse.readers.structured.json_tables import pick_table, read_json
from warehouse.readers.structured.parquet_text import read_parquet
from warehouse.readers.text.delimited import read_delimited, stream_delimited
from warehouse.readers.text.encoding import decode
from warehouse.readers.workbooks.workbook import read_workbook
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from assets.contract import Contract, Source
    from assets.record_layout import RecordLayout
    from warehouse.readers.book import Kind

DELIMITERS = {"csv": ",", "tsv": "\t"}
_STREAMED = {*DELIMITERS, "fixed_width"}
_KINDS = {
    "csv": TEXTS,
    "tsv": TEXTS,
    "fixed_width": TEXTS,
    "workbook": {"xlsx", "xlsm", "xlsb", "xls", "ods"},
    "json": {"json", "jsonl"},
    "parquet": {"parquet"},
    "dbf": {"dbf"},
}
_TITLES = {
    "csv": "CSV などの文字のファイル",
    "tsv": "TSV などの文字のファイル",
    "fixed_width": "固定長の文字のファイル",
    "workbook": "Excel などのブック",
    "json": "JSON",
    "parquet": "Parquet",
    "dbf": "dBase(.dbf)",
}


def parse(path: Path, contract: Contract, period: str, file: str) -> Extracted:
    """Read the bytes at `path`, delivered as `file` for `period`.

    Raises:
        Refusal: with the reason, when the file is not what the contract says.
    """
    return extract(read_grid(path, contract, period, file), contract, period, file)


def read_grid(path: Path, contract: Contract, period: str, file: str) -> Grid:
    """Read the cells of a delivery where the contract says they are, before they are matched.

    What the file really is is told from its bytes. Of a zip the one file the contract means is
    read.

    Raises:
        Refusal: `format.differs`, or why the bytes cannot be read as the contract's format.
    """
    source = contract.source
    kind = _find_kind(path, source, file)
    if kind != "zip":
        return _read(path, kind, source, period, file)
    with open_member(path, source.member, period, file) as (inner, name, notes):
        inside = f"{file} の中の「{name}」"
        grid = _read(inner, _find_kind(inner, source, inside), source, period, inside)
        return replace(grid, notes=(*grid.notes, *notes))


def read_parts(path: Path, contract: Contract, period: str, file: str) -> Iterator[Grid]:
    """Read a delivery part by part, where its format allows it; else it is one part.

    Raises:
        Refusal: as `read_grid`.
    """
    source = contract.source
    kind = _find_kind(path, source, file)
    if kind not in TEXTS or source.format not in _STREAMED:
        yield read_grid(path, contract, period, file)
    elif source.format == "fixed_width":
        layout = _record_layout(source, period, file)
        yield from stream_fixed_width(path, layout, source.encoding or "cp932", file)
    else:
        layout = source.layout(period)
        yield from stream_delimited(
            path,
            delimiter=DELIMITERS[source.format],
            declared_encoding=source.encoding or "auto",
            header_row=layout.header_rows[1] if layout else 1,
            file=file,
        )


def _find_kind(path: Path, source: Source, file: str) -> Kind:
    """Host systems pad with zeros what no text would hold: the layout says that it is one."""
    try:
        return detect_kind(path, file)
    except Refusal as refusal:
        if source.format == "fixed_width" and refusal.rule == "kind.unknown":
            return "text"
        raise


def _read(path: Path, kind: Kind, source: Source, period: str, file: str) -> Grid:
    if kind not in _KINDS[source.format]:
        raise _refuse_kind(kind, source, file)
    encoding = source.encoding or "auto"
    match source.format:
        case "workbook":
            return read_workbook(path, sheet=source.sheet, file=file)
        case "json":
            return _read_json(path, kind, source, file)
        case "parquet":
            return read_parquet(path, file)
        case "dbf":
            return read_dbase(path, file, encoding=encoding)
        case "fixed_width":
            return _read_fixed_width(path, source, period, file)
        case "csv" | "tsv":
            layout = source.layout(period)
            return read_delimited(
                path,
                delimiter=DELIMITERS[source.format],
                declared_encoding=encoding,
                header_row=layout.header_rows[1] if layout else 1,
                file=file,
            )


def _read_json(path: Path, kind: Kind, source: Source, file: str) -> Grid:
    encoding = source.encoding or "auto"
    if kind == "jsonl":
        return read_json_lines(path, file, encoding=encoding)
    return pick_table(read_json(path, file, encoding=encoding), source.sheet, file)


def _read_fixed_width(path: Path, source: Source, period: str, file: str) -> Grid:
    layout = _record_layout(source, period, file)
    return read_fixed_width(path, layout, source.encoding or "cp932", file)


def _record_layout(source: Source, period: str, file: str) -> RecordLayout:
    layout = source.record_layout(period)
    if layout is None:
        raise Refusal(
            "layout.none",
            f"期間 {period} の記録の形(records)が契約にありません。",
            file,
            "契約の source.records に、この期間の長さと区切りを書き足してください。",
        )
    return layout


def _refuse_kind(kind: Kind, source: Source, file: str) -> Refusal:
    fitting = next((f for f, kinds in _KINDS.items() if kind in kinds), source.format)
    return Refusal(
        "format.differs",
        f"契約の形式は {_TITLES[source.format]} ですが、"
        f"届いたファイルの中身は {_TITLES[fitting]} です。",
        file,
        f"{_TITLES[source.format]} で出力し直して提出してください。"
        f"これからもこの形式で届くなら、契約の format を {fitting} に直してください。",
    )


def parse_sample(path: Path, contract: Contract) -> Extracted:
    """Read a contract's sample: UTF-8 CSV in the shape of the real sheet, ragged rows allowed.

    Raises:
        Refusal: when it is not in UTF-8 or not what the contract says.
    """
    text = decode(path.read_bytes(), "utf-8", path.name).text
    rows = list(csv.reader(io.StringIO(text, newline="")))
    width = max((len(row) for row in rows), default=0)
    columns = {
        f"c{i + 1}": [row[i] if i < len(row) and row[i] else None for row in rows]
        for i in range(width)
    }
    numbers = pl.Series(ROW, range(1, len(rows) + 1), dtype=pl.Int64)
    cells = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    grid = Grid(cells.insert_column(0, numbers))
    if contract.source.format == "fixed_width":
        # The fields' names stand in the layout; a sample shows them in its first row.
        grid = Grid(grid.cells[1:], names=tuple(name or "" for name in grid.cells[:1].row(0)[1:]))
    elif contract.source.format in {"json", "parquet", "dbf"} and rows:
        grid = Grid(grid.cells, names=tuple(name or "" for name in grid.cells.row(0)[1:]))
    return extract(grid, contract, _newest_period(contract), path.name)


def _newest_period(contract: Contract) -> str:
    """Samples show today's layout."""
    starts = [layout.from_ for layout in contract.source.layouts if layout.from_]
    starts += [
        item.from_ for item in (*contract.source.records, *contract.source.fields) if item.from_
    ]
    starts += [n.from_ for c in contract.columns.values() for n in c.source if n.from_]
    return max(starts, default=NO_PERIOD)
