"""A published file checked from its bytes: what it is, and where it differs.

Belongs here: file to verdict. Must not hold: rules, finding headings (`reading`), printing.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from transforms.verdict import trim
from warehouse.readers.grid import ROW
from warehouse.refusal import Refusal
from warehouse.standards.check import check_table
from warehouse.standards.columns import tell
from warehouse.standards.detect import Detection, detect
from warehouse.standards.difference import ERROR, Difference
from warehouse.standards.headings import match_headings
from warehouse.standards.reading import FoundTable, read_tables
from warehouse.standards.rules import rule_of
from warehouse.standards.verdict import FileVerdict, TableVerdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from assets.standard import Standard
    from warehouse.readers.child import ParsingChild
    from warehouse.standards.layouts import Layout, Layouts
    from warehouse.standards.reading import ReadFile

_SAMPLE = re.compile("入力例|記入例|見本|サンプル|説明|注意事項|凡例")
_ENCODINGS = {
    "utf-8": "UTF-8(BOM なし)",
    "utf-8-sig": "UTF-8(BOM あり)",
    "ascii": "UTF-8(半角英数字だけ)",
    "cp932": "Shift_JIS(cp932)",
    "utf-16-le": "UTF-16(LE)",
    "utf-16-be": "UTF-16(BE)",
    "euc_jp": "EUC-JP",
    "iso2022_jp": "ISO-2022-JP",
}
_UTF8 = {"utf-8", "utf-8-sig", "ascii"}


def check_file(
    path: Path, layouts: Layouts, child: ParsingChild, wanted: Layout | None = None
) -> FileVerdict:
    """Read a file in the parsing child, find out what it is, and check it.

    A file that cannot be read is an answer too: the refusal becomes its one difference.

    Args:
        path: The file.
        layouts: Those to choose among.
        child: Parses; a hostile file dies there.
        wanted: Check against this layout, whatever the file looks like.
    """
    try:
        read = child.run(read_tables, path, path.name, layouts.headings, file=path.name)
    except Refusal as refusal:
        said = Difference(refusal.rule, ERROR, refusal.what, refusal.remedy, file=path.name)
        return FileVerdict(path.name, "", None, (), (said,))
    return judge_file(read, layouts, wanted)


def judge_file(read: ReadFile, layouts: Layouts, wanted: Layout | None = None) -> FileVerdict:
    """Check what was read."""
    tables = tuple(_judge(table, read, layouts, wanted) for table in read.tables)
    tables = _set_samples_aside(tables)
    said = f"文字コード: {_ENCODINGS.get(read.encoding, read.encoding)}" if read.encoding else ""
    return FileVerdict(
        file=read.file,
        kind=read.kind,
        encoding=read.encoding,
        tables=tables,
        differences=tuple(_of_file(read)) if any(t.detection.layout for t in tables) else (),
        notes=tuple(note for note in (said, *read.warnings) if note),
    )


def _of_file(read: ReadFile) -> Iterator[Difference]:
    if read.encoding and read.encoding not in _UTF8:
        words = rule_of("file.encoding")
        yield Difference(
            "file.encoding", words.severity, words.title, words.remedy,
            value=_ENCODINGS.get(read.encoding, read.encoding), file=read.file,
        )  # fmt: skip


def _judge(
    table: FoundTable, read: ReadFile, layouts: Layouts, wanted: Layout | None
) -> TableVerdict:
    found = detect(table.headings, layouts, read.file)
    if wanted is not None:
        found = Detection(wanted, wanted, "指定", found.known, found.own, "使う人が指定した様式")
    if found.layout is None:
        return TableVerdict(table.sheet, table.header_row, table.rows.height, found)
    rows = drop_numbered(table, found.layout.standard)
    differences = [
        *_remarks(table, rows),
        *check_table(rows.drop(list(table.asides)), found.layout.standard),
    ]
    placed = tuple(replace(one, sheet=table.sheet, file=read.file) for one in differences)
    return TableVerdict(table.sheet, table.header_row, rows.height, found, placed)


def drop_numbered(table: FoundTable, standard: Standard) -> pl.DataFrame:
    """Leave out rows of a template that hold nothing but their running number."""
    matches = match_headings(table.headings, standard)
    ids = [match.heading for match in matches.found if match.column.unique]
    ids += [name for name in table.headings if name == "#property"]
    content = [c for c in table.rows.columns if c not in {ROW, *ids, *table.asides}]
    if not content:
        return table.rows
    return table.rows.filter(pl.any_horizontal(trim(pl.col(name)) != "" for name in content))


def _remarks(table: FoundTable, rows: pl.DataFrame) -> Iterator[Difference]:
    """Tell what of a template is left, and rows that lost their shape."""
    for name in table.asides:
        yield tell("column.template", name)
    if empty := table.rows.height - rows.height:
        yield tell("row.numbered", "", rows=empty)
    for row in table.ragged:
        yield replace(tell("row.ragged", ""), row=row)


def _set_samples_aside(tables: tuple[TableVerdict, ...]) -> tuple[TableVerdict, ...]:
    """A sheet of examples beside the data is not data."""
    if len(tables) < 2:  # noqa: PLR2004 - the only sheet is the data
        return tables
    return tuple(
        replace(table, aside="見本のシートなので調べていません", differences=())
        if _SAMPLE.search(table.sheet)
        else table
        for table in tables
    )
