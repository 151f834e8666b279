"""What a table on a sheet is: where its header stands, what its rows are, what was set aside."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import polars as pl

RowRole = Literal["title", "header", "unit", "data", "group", "total", "note", "metadata", "blank"]
ROLE_SCHEMA = {"_row": pl.Int64, "role": pl.String}


@dataclass(frozen=True)
class TableColumn:
    """One column of a table.

    Attributes:
        number: 1-based column of the sheet.
        name: header path, levels joined by `/`, as the contract's `source` names it.
        unit: `人`, `千円`, … from the unit row, the header's brackets or 「単位：」 above the table.
        is_carried: whether blank cells below a value mean that value (era or group columns).
        marks: symbols that stand for a missing or secret value → meaning in Japanese.
    """

    number: int
    name: str
    unit: str | None = None
    is_carried: bool = False
    marks: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Note:
    """A text beside the table: title, footnote, source, unit line."""

    row: int
    cell: str
    text: str
    kind: Literal["title", "note", "unit", "metadata"]


@dataclass(frozen=True)
class Total:
    """A row that looks like a total.

    Attributes:
        row: 1-based.
        label: the word that says so (合計, 小計, 総数 …).
        is_proved: `True` when the numbers add up, so that it may be set aside; `False` when they do
            not (a finding); `None` when nothing can be added (no numbers).
        detail: for `False`, which cell differs and by how much, in Japanese.
    """

    row: int
    label: str
    is_proved: bool | None
    detail: str = ""


@dataclass(frozen=True)
class Table:
    """One table on a sheet; rows and columns are 1-based and inclusive, as the sheet shows them.

    Attributes:
        first_row: of the range from the first header row to the last row of the body.
        header_rows: first and last header row; `None` when the table has no header.
        unit_row: the row of units, when it stands apart from the header.
        data_rows: first and last row of the body (totals inside it are listed in `totals`).
        roles: one row per record of the sheet inside the table's rows (`ROLE_SCHEMA`).
        row_groups: row → label of the group row it stands under, when rows are grouped so.
    """

    first_row: int
    last_row: int
    first_column: int
    last_column: int
    header_rows: tuple[int, int] | None
    data_rows: tuple[int, int] | None
    columns: tuple[TableColumn, ...]
    roles: pl.DataFrame
    unit_row: int | None = None
    notes: tuple[Note, ...] = ()
    totals: tuple[Total, ...] = ()
    row_groups: dict[int, str] = field(default_factory=dict)
