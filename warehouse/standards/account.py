"""What a conversion did: for every target column where it came from, for every source column where it went.

Belongs here: the account as plain data. Must not hold: converting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import polars as pl

    from warehouse.standards.detect import Detection
    from warehouse.standards.difference import Difference
    from warehouse.standards.layouts import Layout

Made = Literal["写した", "変換した", "作れない", "元の列がない"]


@dataclass(frozen=True)
class TargetColumn:
    """One column of the result.

    Attributes:
        name: Heading of the result.
        made: 写した: the values are those of the source; 変換した: derived, or some values rewritten;
            作れない: no source can give it, for the reason; 元の列がない: the file lacks the source.
        sources: Headings of the file it was made from.
        reason: Why, or how.
        filled: Rows with a value.
        rewritten: Rows whose value was rewritten into the form of the standard.
        moved: Rows whose value could not be brought into that form and went to the remarks.
    """

    name: str
    made: Made
    sources: tuple[str, ...] = ()
    reason: str = ""
    filled: int = 0
    rewritten: int = 0
    moved: int = 0


@dataclass(frozen=True)
class SourceColumn:
    """One column of the file and where its values are now; nothing is thrown away in silence."""

    heading: str
    targets: tuple[str, ...]
    how: str


@dataclass(frozen=True)
class Converted:
    """The result and its account.

    Attributes:
        table: All text; blanks null.
        layout: What it is laid out by.
        left: Differences that remain in the result.
    """

    file: str
    sheet: str
    detection: Detection
    layout: Layout
    table: pl.DataFrame
    targets: tuple[TargetColumn, ...]
    sources: tuple[SourceColumn, ...]
    left: tuple[Difference, ...]
    dropped_rows: int = 0

    @property
    def errors(self) -> int:
        """Count the 誤り that remain."""
        return sum(one.is_error for one in self.left)


def as_json(converted: Converted) -> dict[str, Any]:
    """Tell the account in plain JSON."""
    return {
        "file": converted.file,
        "sheet": converted.sheet,
        "from": converted.detection.nearest.label if converted.detection.nearest else None,
        "to": converted.layout.label,
        "rows": converted.table.height,
        "rows_without_content": converted.dropped_rows,
        "targets": [
            vars(column) | {"sources": list(column.sources)} for column in converted.targets
        ],
        "sources": [
            vars(column) | {"targets": list(column.targets)} for column in converted.sources
        ],
        "errors_left": converted.errors,
    }
