"""A file as a grid of text cells with their addresses, before anyone says what they mean."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

ROW = "_row"
RAGGED_SCHEMA = {
    ROW: pl.Int64,
    "line": pl.Int64,
    "offset": pl.Int64,
    "fields": pl.Int64,
    "text": pl.String,
}
SET_ASIDE_SCHEMA = {
    ROW: pl.Int64,
    "line": pl.Int64,
    "offset": pl.Int64,
    "fields": pl.Int64,
    "reason": pl.String,
    "text": pl.String,
}
STYLE_SCHEMA = {
    ROW: pl.Int64,
    "column": pl.Int64,
    "stored": pl.String,
    "is_bold": pl.Boolean,
    "is_filled": pl.Boolean,
    "has_top_border": pl.Boolean,
    "has_bottom_border": pl.Boolean,
    "number_format": pl.String,
}


@dataclass(frozen=True)
class Span:
    """A merged range, 1-based and inclusive."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True)
class Look:
    """What a sheet shows beyond its text; empty for text files and formats that do not say.

    Attributes:
        styles: one row per cell that stands in the sheet, up to the reader's limit
            (`STYLE_SCHEMA`); `stored` is `number`, `text`, `date`, `boolean` or `error`.
        hidden_rows: 1-based rows that are not shown.
        hidden_columns: 1-based columns that are not shown.
        formulas: cells that hold a formula with a kept result, such as `B3`.
        formulas_without_value: cells that hold a formula whose result was never kept.
        readings: cell → furigana the author's input method left behind.
        objects: number of charts, pictures and drawn shapes.
        comments: number of cell comments.
        is_1904: whether day 0 of the dates is 1904-01-01.
    """

    styles: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=STYLE_SCHEMA))
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    formulas: tuple[str, ...] = ()
    formulas_without_value: tuple[str, ...] = ()
    readings: dict[str, str] = field(default_factory=dict)
    objects: int = 0
    comments: int = 0
    is_1904: bool = False


@dataclass(frozen=True)
class Grid:
    """All cells of one sheet or text file.

    Attributes:
        cells: `_row` (1-based record number, as a spreadsheet shows it) and one String column
            `c1`, `c2`, … a file column; empty cells are null.
        sheet: the sheet's name, empty for text files.
        is_hidden: whether the sheet is hidden.
        ragged: records whose number of fields differs (`RAGGED_SCHEMA`): record number, 1-based
            line and 0-based byte offset where it starts, number of fields, text; a column `rule`
            beside them names another fault than the number of fields.
        set_aside: records the format itself says are not data (header and trailer records, deleted
            ones), with the reason (`SET_ASIDE_SCHEMA`).
        padded: records narrower than the grid that stand beside the table (titles, notes, blocks
            of another width); their missing fields are null.
        encoding: what the text was in; `None` for workbooks.
        proof: why that encoding, in Japanese.
        merges: the merged ranges of a sheet.
        names: path of every column, where the format names its columns itself (JSON, Parquet,
            dBase, a declared layout): then nobody has to look for a header.
        notes: Japanese sentences about what was met on reading.
        look: what the sheet shows beyond its text.
    """

    cells: pl.DataFrame
    sheet: str = ""
    is_hidden: bool = False
    ragged: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=RAGGED_SCHEMA))
    set_aside: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SET_ASIDE_SCHEMA))
    encoding: str | None = None
    proof: str = ""
    names: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    merges: tuple[Span, ...] = ()
    look: Look = field(default_factory=Look)
    padded: tuple[int, ...] = ()

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
