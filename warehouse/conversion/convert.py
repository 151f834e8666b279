"""One table of one file, read out as text with the address of every row, and its account.

Nothing is dropped in silence: records of the file = rows written + records set aside, each with a
reason, + records in quarantine. A large text file is streamed (`long_text`), all else is a grid.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import polars as pl

from warehouse.conversion.converted import Converted, Quarantine, headers_of, name_columns
from warehouse.conversion.long_text import convert_long_text, is_long
from warehouse.conversion.table_writer import SOURCE_ROW, TableWriter
from warehouse.readers.book import TEXTS
from warehouse.readers.grid import RAGGED_SCHEMA, ROW, Grid
from warehouse.readers.kind import detect_kind
from warehouse.readers.text.delimited import read_text_grid
from warehouse.readers.workbooks.workbook import require_values
from warehouse.refusal import Refusal
from warehouse.tables.find import find_tables
from warehouse.tables.table import ROLE_SCHEMA
from warehouse.tables.take import take_table

if TYPE_CHECKING:
    from pathlib import Path

    from warehouse.readers.book import Sheet
    from warehouse.tables.table import Table

_REASONS = {
    "title": "表題",
    "header": "見出し",
    "unit": "単位",
    "group": "グループの見出し",
    "total": "合計",
    "note": "注記",
    "metadata": "メタデータ",
    "blank": "空行",
}
_OTHER_TABLE, _OUTSIDE = "ほかの表", "表の外"


def convert(path: Path, file: str, out: Path, sheet: str | None, number: int | None) -> Converted:
    """Write one table of a file to Parquet or CSV, every value as text, with `_source_row`.

    Args:
        path: where the bytes are.
        file: the name the sender knows.
        out: `.parquet` or `.csv`; ragged records go to `….quarantine.csv` beside it.
        sheet: name or 1-based number of the sheet; the first one with a table when not given.
        number: 1-based number of the table on the sheet; the largest when not given.

    Raises:
        Refusal: what the readers refuse, `sheet.missing`, `table.missing`, `out.format`.
    """
    writer = TableWriter(out)
    kind = detect_kind(path, file)
    if kind in TEXTS and number in {None, 1} and is_long(path):
        return convert_long_text(path, file, out, writer)
    if kind in TEXTS:
        grid = read_text_grid(path, file)
        tables = find_tables(grid)
    else:
        grid, tables = _read_sheet(path, file, sheet)
    require_values(grid, file)
    table = _choose(tables, number, file)
    return _write(grid, tables, table, writer, out)


def _read_sheet(path: Path, file: str, wanted: str | None) -> tuple[Grid, tuple[Table, ...]]:
    """Read the wanted sheet, or the first one shown that holds a table."""
    from warehouse.readers.opening import open_book  # noqa: PLC0415 - only files with sheets need it

    sheets = open_book(path, file).sheets
    if wanted is not None:
        grid = _find_sheet(sheets, wanted, file).read()
        return grid, find_tables(grid)
    shown = [sheet for sheet in sheets if not sheet.is_hidden] or list(sheets)
    for sheet in shown:
        grid = sheet.read()
        if tables := find_tables(grid):
            return grid, tables
    raise _no_table(file)


def _find_sheet(sheets: tuple[Sheet, ...], wanted: str, file: str) -> Sheet:
    for sheet in sheets:
        if sheet.name == wanted:
            return sheet
    if wanted.isdecimal() and 1 <= int(wanted) <= len(sheets):
        return sheets[int(wanted) - 1]
    names = "、".join(f"「{sheet.name}」" for sheet in sheets)
    raise Refusal(
        "sheet.missing",
        f"シート「{wanted}」がありません。",
        file,
        f"--sheet に次のどれかを書いてください: {names}",
    )


def _choose(tables: tuple[Table, ...], number: int | None, file: str) -> Table:
    if not tables:
        raise _no_table(file)
    if number is None:
        return max(tables, key=lambda table: table.roles.height * len(table.columns))
    if 1 <= number <= len(tables):
        return tables[number - 1]
    raise Refusal(
        "table.missing",
        f"{number} 番目の表がありません(見つかった表は {len(tables)} 個です)。",
        file,
        "machikane inspect で表の番号を確かめてください。",
    )


def _no_table(file: str) -> Refusal:
    return Refusal(
        "table.missing",
        "表が見つかりません。",
        file,
        "見出しと中身のある表かどうかを確かめてください。",
    )


def _write(
    grid: Grid, tables: tuple[Table, ...], table: Table, writer: TableWriter, out: Path
) -> Converted:
    names, remarks = name_columns(headers_of(grid, table))
    frame = take_table(grid, table)
    frame.columns = [SOURCE_ROW, *names]
    with writer:
        writer.write(frame.to_arrow())
    quarantine = Quarantine(out)
    quarantine.take(list(grid.ragged.select(*RAGGED_SCHEMA).iter_rows()))
    return Converted(
        rows_in=grid.cells.height + grid.ragged.height + grid.set_aside.height,
        written=frame.height,
        set_aside=_explain(grid, tables, table, frame),
        quarantined=grid.ragged.height,
        columns=tuple(names),
        remarks=(*remarks, *_remarks(grid, tables, table)),
        quarantine=quarantine.path,
    )


def _explain(
    grid: Grid, tables: tuple[Table, ...], table: Table, frame: pl.DataFrame
) -> dict[str, int]:
    """Count by reason the records of the grid that were not written."""
    is_blank = pl.all_horizontal(pl.exclude(ROW).is_null())
    left = grid.cells.select(ROW, is_blank.alias("blank")).join(
        frame.select(pl.col(SOURCE_ROW).alias(ROW)), on=ROW, how="anti"
    )
    notes = [(note.row, note.kind) for note in table.notes]
    told = pl.concat(
        [
            pl.DataFrame(notes, schema=ROLE_SCHEMA, orient="row"),
            table.roles.select(*ROLE_SCHEMA).drop_nulls("role"),
        ]
    ).unique(ROW, keep="last", maintain_order=True)
    row, role = pl.col(ROW), pl.col("role")
    is_other = pl.any_horizontal(
        pl.lit(value=False),
        *(row.is_between(t.first_row, t.last_row) for t in tables if t is not table),
    )
    reason = (
        pl.when("blank").then(pl.lit("空行"))
        .when(role.is_in(list(_REASONS))).then(role.replace(_REASONS))
        .when(is_other).then(pl.lit(_OTHER_TABLE))
        .otherwise(pl.lit(_OUTSIDE))
    )  # fmt: skip
    counted = left.join(told, on=ROW, how="left").group_by(reason.alias("reason")).len()
    reasons = Counter(grid.set_aside["reason"].to_list())
    reasons.update(dict(counted.select("reason", "len").iter_rows()))
    return dict(sorted(reasons.items()))


def _remarks(grid: Grid, tables: tuple[Table, ...], table: Table) -> list[str]:
    remarks = [*grid.notes]
    if len(tables) > 1:
        place = tables.index(table) + 1
        remarks.append(
            f"表は {len(tables)} 個あり、{place} 番目を書き出しました(--table で選べます)。"
        )
    outside = grid.width - len(table.columns)
    if outside > 0:
        remarks.append(f"この表の外にある {outside} 列は書き出していません。")
    if grid.padded:
        remarks.append(f"項目の少ない行が表の外に {len(grid.padded)} 行あります(表題や注記)。")
    return remarks
