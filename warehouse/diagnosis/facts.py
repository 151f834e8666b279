"""The facts of a table that every judgement shares: its data rows, and each column's distinct values.

Big tables are looked at through evenly spread rows; nothing is judged here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from transforms.texts.headers import header_key
from transforms.verdict import CONTROLS, WHITESPACE
from warehouse.readers.grid import ROW, column_letter

if TYPE_CHECKING:
    from warehouse.readers.grid import Grid
    from warehouse.tables.table import Table, TableColumn

ROWS_SEEN = 200_000
VALUES_SEEN = 5_000
_LEVEL = "/"


@dataclass(frozen=True)
class ColumnFacts:
    """One column of a table.

    Attributes:
        values: `value` (trimmed, distinct, in order of appearance) and `count`, at most `VALUES_SEEN`.
        distinct: number of different values.
        blanks: data rows without a value.
        rows: data rows seen.
    """

    column: TableColumn
    values: pl.DataFrame
    distinct: int
    blanks: int
    rows: int

    @property
    def number(self) -> int:
        """1-based column of the sheet."""
        return self.column.number

    @property
    def letter(self) -> str:
        """The column as a spreadsheet names it."""
        return column_letter(self.column.number)

    @property
    def is_nameless(self) -> bool:
        """Whether the file gives the column no name of its own."""
        return not self.column.name or self.column.name == self.letter

    @property
    def path(self) -> str:
        """The header path as a key, in lower case; empty when the column has no name."""
        if self.is_nameless:
            return ""
        return _LEVEL.join(header_key(level) for level in self.column.name.split(_LEVEL)).lower()

    @property
    def header(self) -> str:
        """The last level of the path."""
        return self.path.rpartition(_LEVEL)[2]


def data_rows(grid: Grid, table: Table) -> pl.DataFrame:
    """Take a table's data rows as text: `_row` and `c<number>` of its columns, blanks as null."""
    rows = table.roles.filter(pl.col("role") == "data").select(ROW)
    names = [f"c{column.number}" for column in table.columns]
    taken = grid.cells.select(ROW, *names).join(rows, on=ROW, how="semi", maintain_order="left")
    trimmed = pl.col(names).str.strip_chars(WHITESPACE + CONTROLS)
    return taken.with_columns(pl.when(trimmed != "").then(trimmed).name.keep())


def carry_down(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Repeat the value above in the columns that leave it out."""
    carried = [f"c{column.number}" for column in table.columns if column.is_carried]
    return frame.with_columns(pl.col(carried).forward_fill()) if carried else frame


def gather_facts(frame: pl.DataFrame, table: Table) -> tuple[ColumnFacts, ...]:
    """Count the distinct values of every column of the rows `data_rows` took."""
    step = -(-frame.height // ROWS_SEEN) or 1
    seen = frame.gather_every(step) if step > 1 else frame
    return tuple(_facts(seen[f"c{column.number}"], column) for column in table.columns)


def share_of(values: pl.DataFrame, test: pl.Expr) -> float:
    """Share of the distinct values (`value`) for which a test holds; 0 of none."""
    held = values.filter(test.fill_null(value=False)).height
    return held / values.height if values.height else 0.0


def _facts(series: pl.Series, column: TableColumn) -> ColumnFacts:
    counted = (
        series.drop_nulls()
        .alias("value")
        .to_frame()
        .group_by("value", maintain_order=True)
        .agg(pl.len().cast(pl.Int64).alias("count"))
    )
    step = -(-counted.height // VALUES_SEEN) or 1
    values = counted.gather_every(step) if step > 1 else counted
    return ColumnFacts(column, values, counted.height, series.null_count(), len(series))
