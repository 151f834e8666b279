"""A file as a grid of text cells with their addresses, before anyone says what they mean."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

ROW = "_row"


@dataclass(frozen=True)
class Span:
    """A merged range, 1-based and inclusive."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True)
class Grid:
    """All cells of one sheet or text file.

    Attributes:
        cells: `_row` (1-based record number, as a spreadsheet shows it) and one String column
            `c1`, `c2`, … a file column; empty cells are null.
        sheet: the sheet's name, empty for text files.
        ragged: records whose number of fields differs: `_row`, `fields`, `text`.
        encoding: what the text was in, with the proof; `None` for workbooks.
        merges: the merged ranges of a sheet.
    """

    cells: pl.DataFrame
    sheet: str = ""
    ragged: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(
            schema={ROW: pl.Int64, "fields": pl.Int64, "text": pl.String}
        )
    )
    encoding: str | None = None
    merges: tuple[Span, ...] = ()

    @property
    def width(self) -> int:
        """Number of file columns."""
        return self.cells.width - 1


def column_letter(number: int) -> str:
    """Name a 1-based column as a spreadsheet does: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
