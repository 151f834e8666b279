"""Rules about a sheet as it is laid out: merges, hidden parts, objects, formulas, formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from warehouse.diagnosis.rules import find
from warehouse.diagnosis.scene import list_some, range_of
from warehouse.readers.grid import ROW, column_letter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from warehouse.diagnosis.report import Finding
    from warehouse.readers.grid import Grid
    from warehouse.tables.table import Table

_FEW = 0.4
_WORD_IN_FORMAT = r'"[^"]*\p{L}[^"]*"'
_SILENT_FORMAT = r"[$¥\\]|h:|h\"|[ymd年月日ge]"


def judge_sheet(grid: Grid, tables: Sequence[Table]) -> Iterator[Finding]:
    """Find what a sheet shows that a machine does not see."""
    at = f"シート「{grid.sheet}」" if grid.sheet else "ファイル全体"
    yield from _judge_count(grid, tables, at)
    yield from _judge_hidden(grid, at)
    yield from _judge_look(grid, at)
    if grid.merges:
        cells = [_cell(span.first_row, span.first_column) for span in grid.merges]
        yield find(
            "L1-12", f"{at} {list_some(cells)}", f"結合したセルが {len(cells)} か所あります。"
        )
    for table in tables:
        yield from _judge_formats(grid, table, at)


def _judge_count(grid: Grid, tables: Sequence[Table], at: str) -> Iterator[Finding]:
    if len(tables) > 1:
        ranges = [range_of(table) for table in tables]
        yield find(
            "L1-02", f"{at} {list_some(ranges, 5)}", f"1枚のシートに表が {len(tables)} つあります。"
        )
    if not tables and not grid.is_hidden:
        yield find("sheet.empty", at, "表が見つかりません。")


def _judge_hidden(grid: Grid, at: str) -> Iterator[Finding]:
    if grid.is_hidden:
        yield find("sheet.hidden", at, "シートが非表示になっています。")
    rows, columns = grid.look.hidden_rows, grid.look.hidden_columns
    if rows:
        said = list_some([f"{row}行" for row in rows])
        yield find("L1-13", f"{at} {said}", f"非表示の行が {len(rows)} 行あります。")
    if columns:
        said = list_some([f"{column_letter(column)}列" for column in columns])
        yield find("L1-13", f"{at} {said}", f"非表示の列が {len(columns)} 列あります。")


def _judge_look(grid: Grid, at: str) -> Iterator[Finding]:
    look = grid.look
    if look.objects:
        yield find("L1-10", at, f"図形・画像・グラフなどが {look.objects} 個あります。")
    if look.comments:
        yield find("comment.present", at, f"コメントの付いたセルが {look.comments} あります。")
    if look.formulas:
        cells = list_some([*look.formulas])
        yield find("L2-06", f"{at} {cells}", f"数式のセルが {len(look.formulas)} あります。")
    if look.formulas_without_value:
        cells = list_some([*look.formulas_without_value])
        count = len(look.formulas_without_value)
        yield find(
            "formula.no_value",
            f"{at} {cells}",
            f"計算結果が保存されていない数式が {count} あります。",
        )


def _judge_formats(grid: Grid, table: Table, at: str) -> Iterator[Finding]:
    """Colours or weights on some of the data, and words that only the number format shows."""
    if grid.look.styles.is_empty() or table.data_rows is None:
        return
    data = table.roles.filter(pl.col("role") == "data").select(ROW)
    columns = [column.number for column in table.columns]
    styles = grid.look.styles.filter(pl.col("column").is_in(columns)).join(data, on=ROW, how="semi")
    for field, what in (("is_filled", "色を付けた"), ("is_bold", "太字の")):
        marked = styles.filter(pl.col(field).fill_null(value=False))
        if 0 < marked[ROW].n_unique() <= _FEW * data.height:
            cells = [
                _cell(row, column) for row, column in marked.select(ROW, "column").head(4).rows()
            ]
            yield find(
                "L1-11",
                f"{at} {list_some(cells)}",
                f"{what}セルが、データの一部({marked.height} セル)だけにあります。",
            )
    worded = styles.filter(
        pl.col("number_format").str.contains(_WORD_IN_FORMAT)
        & ~pl.col("number_format").str.replace_all(_WORD_IN_FORMAT, "").str.contains(_SILENT_FORMAT)
    )
    for column in worded["column"].unique(maintain_order=True):
        where, cells = f"{at} {column_letter(column)}列", worded.filter(pl.col("column") == column)
        yield find(
            "L1-11", where, f"表示形式の中だけに文字がある数値が {cells.height} セルあります。"
        )


def _cell(row: int, column: int) -> str:
    return f"{column_letter(column)}{row}"
