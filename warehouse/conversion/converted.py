"""What a conversion hands back: its account, the names of its columns, its quarantine."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from warehouse.readers.grid import ROW, column_letter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from warehouse.readers.grid import Grid
    from warehouse.tables.table import Table

_UNCLOSED, _OTHER_WIDTH = '引用符(")が閉じていない', "項目の数が違う"
_HEADINGS = ("行", "物理行", "バイト位置", "項目数", "理由", "元の行")


@dataclass(frozen=True)
class Converted:
    """The account of a conversion, in records of the file.

    Attributes:
        rows_in: records of the file or rows of the sheet.
        written: rows of the table that were written.
        set_aside: reason → records.
        quarantined: records that are no whole rows.
        columns: the names they were written under.
        remarks: Japanese sentences the user must know.
        quarantine: where the quarantined records are, when there are any.
    """

    rows_in: int
    written: int
    set_aside: dict[str, int]
    quarantined: int
    columns: tuple[str, ...]
    remarks: tuple[str, ...]
    quarantine: Path | None

    @property
    def closes(self) -> bool:
        """Whether every record is accounted for."""
        return self.rows_in == self.written + sum(self.set_aside.values()) + self.quarantined


class Quarantine:
    """The records that are no whole rows, written beside the table as they come."""

    def __init__(self, out: Path) -> None:
        """Write nothing yet; an old file of the same name goes, for it is another run's."""
        self.count = 0
        self._target = out.with_name(f"{out.stem}.quarantine.csv")
        self._target.unlink(missing_ok=True)

    @property
    def path(self) -> Path | None:
        """Where the records are; `None` when there are none."""
        return self._target if self.count else None

    def take(self, ragged: Iterable[tuple[int, int, int, int, str]]) -> None:
        """Write records: number, line, offset, fields (0 for an open quote), text."""
        rows = [(*record[:4], _reason(record[3]), record[4]) for record in ragged]
        if not rows:
            return
        with self._target.open(
            "a", encoding="utf-8-sig" if not self.count else "utf-8", newline=""
        ) as file:
            writer = csv.writer(file)
            if not self.count:
                writer.writerow(_HEADINGS)
            writer.writerows(rows)
        self.count += len(rows)


def _reason(fields: int) -> str:
    return _OTHER_WIDTH if fields else _UNCLOSED


def headers_of(grid: Grid, table: Table) -> list[tuple[int, str]]:
    """List a table's columns with their header paths; empty where no header stands."""
    if table.header_rows is None:
        return [(column.number, "") for column in table.columns]
    first, last = table.header_rows
    band = grid.cells.filter(pl.col(ROW).is_between(first, last))
    bare = {n for n in range(1, grid.width + 1) if band[f"c{n}"].null_count() == band.height}
    return [
        (c.number, "" if c.number in bare and c.name == column_letter(c.number) else c.name)
        for c in table.columns
    ]


def name_columns(headers: list[tuple[int, str]]) -> tuple[list[str], list[str]]:
    """Give every column a name of its own.

    Args:
        headers: 1-based column of the file, and its header path.

    Returns:
        The names in the same order, and a remark for each that is not its header.
    """
    counts = Counter(name for _, name in headers)
    names, remarks = [], []
    for number, header in headers:
        letter = column_letter(number)
        name = header
        if not header:
            name = f"列{letter}"
            remarks.append(f"{letter} 列には見出しがないので「{name}」としました。")
        elif counts[header] > 1:
            name = f"{header}(列{letter})"
            remarks.append(f"見出し「{header}」が重なるので、{letter} 列を「{name}」としました。")
        while name in names:
            name += "_"
        names.append(name)
    return names, remarks
