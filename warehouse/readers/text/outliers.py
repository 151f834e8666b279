"""Which records of another width stand beside a table, and which are faults inside it.

Beside it stand: what comes before the first record of the table's width; notes behind its last one
or next to a blank line; and blocks of at least three records of one width (a table of their own).
Everything else is ragged.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

import polars as pl

from warehouse.readers.grid import ROW
from warehouse.readers.text.records import split_fields

if TYPE_CHECKING:
    from warehouse.readers.text.stream import Ragged

_BLOCK = 3
_MOST_NOTE_FIELDS = 2
_NUMBER = re.compile(r"[\s\d.,%()+\-△▲:/]*")


def keep_outliers(
    cells: pl.DataFrame, ragged: list[Ragged], delimiter: str
) -> tuple[pl.DataFrame, list[Ragged], tuple[int, ...]]:
    """Put the records beside the table among its cells.

    Args:
        cells: the records of the table's width, blank ones too.
        ragged: the records of another width.
        delimiter: what separates fields.

    Returns:
        All cells; the records that stay ragged; the numbers of the records filled up with nulls.
    """
    if not ragged:
        return cells, ragged, ()
    table = _Table(cells)
    kept = [
        r
        for block in _blocks(ragged)
        for r in block
        if _is_beside(r, block, table, cells.width - 1)
    ]
    if not kept:
        return cells, ragged, ()
    taken = {record.row for record in kept}
    fields = {record.row: split_fields(record.text.encode(), delimiter.encode()) for record in kept}
    width = max(cells.width - 1, *(len(values) for values in fields.values()))
    added = _as_cells(fields, width)
    wider = cells.with_columns(
        pl.lit(None, pl.String).alias(f"c{n}") for n in range(cells.width, width + 1)
    )
    padded = tuple(row for row, values in fields.items() if len(values) < width)
    every = pl.concat([wider, added]).sort(ROW)
    return every, [record for record in ragged if record.row not in taken], padded


def _as_cells(fields: dict[int, list[str]], width: int) -> pl.DataFrame:
    filled = {row: [*values, *[""] * (width - len(values))] for row, values in fields.items()}
    names = [f"c{number + 1}" for number in range(width)]
    columns = dict(zip(names, zip(*filled.values(), strict=True), strict=True))
    numbers = pl.Series(ROW, list(filled), dtype=pl.Int64)
    cells = pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String)).insert_column(0, numbers)
    return cells.with_columns(pl.exclude(ROW).replace("", None))


def _blocks(ragged: list[Ragged]) -> list[list[Ragged]]:
    """Group neighbours of one width."""
    keyed = [(record.row - place, record.fields, record) for place, record in enumerate(ragged)]
    return [[r for _, _, r in group] for _, group in groupby(keyed, key=lambda item: item[:2])]


def _is_beside(record: Ragged, block: list[Ragged], table: _Table, width: int) -> bool:
    if not record.fields:
        return False
    if record.row < table.first or len(block) >= _BLOCK:
        return True
    is_outside = record.row > table.last or table.is_beside_blank(block)
    return is_outside and is_note(record, width)


def is_note(record: Ragged, width: int) -> bool:
    """Tell whether a short record is words beside a table of that width, and no cut row."""
    is_short = record.fields <= min(_MOST_NOTE_FIELDS, max(1, width // 2))
    return is_short and not _NUMBER.fullmatch(record.text)


class _Table:
    """The records of the table's width: where they begin and end, and which lines are blank."""

    def __init__(self, cells: pl.DataFrame) -> None:
        is_blank = pl.all_horizontal(pl.exclude(ROW).is_null())
        rows = cells.filter(~is_blank)[ROW]
        self.first = int(rows[0]) if len(rows) else 0
        self.last = int(rows[-1]) if len(rows) else 0
        self._blank = set(cells.filter(is_blank)[ROW].to_list())

    def is_beside_blank(self, block: list[Ragged]) -> bool:
        return block[0].row - 1 in self._blank or block[-1].row + 1 in self._blank
