"""One table as the rules see it: the sheet around it, its rows, its columns with type and suspicion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.readers.grid import column_letter

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from warehouse.diagnosis.column_types import ColumnType
    from warehouse.diagnosis.facts import ColumnFacts
    from warehouse.diagnosis.persons import Suspicion
    from warehouse.readers.grid import Grid
    from warehouse.tables.table import Table


@dataclass(frozen=True)
class Scene:
    """A table with everything that has been found out about it.

    Attributes:
        rows: its data rows, `_row` and `c<number>`.
        kind: real type of the file.
    """

    grid: Grid
    table: Table
    rows: pl.DataFrame
    facts: tuple[ColumnFacts, ...]
    types: Mapping[int, ColumnType]
    suspicion: Suspicion
    kind: str

    @property
    def range(self) -> str:
        """The table's range as a spreadsheet writes it, such as `A3:H52`."""
        return range_of(self.table)

    def at(self, place: str) -> str:
        """Name a place of this sheet in Japanese."""
        return f"シート「{self.grid.sheet}」 {place}" if self.grid.sheet else place

    def column_at(self, column: ColumnFacts) -> str:
        """Name a column of this sheet in Japanese, without repeating what may be a value."""
        name = "" if column.is_nameless else f"「{column.column.name}」"
        return self.at(f"{column.letter}列{name}")


def range_of(table: Table) -> str:
    """Write a table's range as a spreadsheet does."""
    first, last = column_letter(table.first_column), column_letter(table.last_column)
    return f"{first}{table.first_row}:{last}{table.last_row}"


def list_some(items: list[str], limit: int = 3) -> str:
    """List the first few and count the rest."""
    more = f" ほか {len(items) - limit}" if len(items) > limit else ""
    return "、".join(items[:limit]) + more
