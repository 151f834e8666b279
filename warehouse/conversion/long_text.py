"""A large text file read out as a stream: its structure judged by its head and its last records.

The head says where the table begins and what its columns are. Behind it every record of the
table's width is a row, blank ones are counted, others go to quarantine; only at the end of the file
a short record may be a note.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from warehouse.conversion.converted import Converted, Quarantine, headers_of, name_columns
from warehouse.conversion.table_writer import SOURCE_ROW, TableWriter
from warehouse.readers.grid import ROW, Grid
from warehouse.readers.text.delimited import look_at
from warehouse.readers.text.outliers import is_note, keep_outliers
from warehouse.readers.text.stream import Batch, Ragged, stream_records
from warehouse.tables.find import find_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

    from warehouse.tables.table import Table

_LONG_BYTES = 20 << 20
_HEAD_RECORDS = 2_000
# What a line without content may still hold: quotes, and the end mark of old systems.
_NOTHING = ' \t\u3000"\r\n\x1a,;|'
_REASONS = {"title": "表題", "metadata": "メタデータ", "header": "見出し", "unit": "単位"}


def is_long(path: Path) -> bool:
    """Tell whether a text file is read as a stream rather than as a grid."""
    return path.stat().st_size > _LONG_BYTES


def convert_long_text(path: Path, file: str, out: Path, writer: TableWriter) -> Converted:
    """Write the table of a large text file.

    Raises:
        Refusal: `encoding.*`, `csv.*`.
    """
    text = look_at(path, file)
    batches = stream_records(text.decoder, delimiter=text.delimiter, width=text.width, file=file)
    first = next(batches)
    head = _Head(first, text.delimiter, text.width)
    run = _Run(head, Quarantine(out), text.width)
    with writer:
        for batch, is_last in _mark_last(chain([first], batches)):
            writer.write(run.take(batch, is_last=is_last))
    remarks = [*head.remarks]
    if text.decoder.gaiji:
        remarks.append(f"外字が {text.decoder.gaiji:,} 字あります(そのまま書き出しました)。")
    if text.decoder.nuls:
        remarks.append(f"NUL 文字 {text.decoder.nuls:,} 個を除きました。")
    return Converted(
        rows_in=run.rows_in,
        written=writer.rows,
        set_aside=dict(sorted(run.set_aside.items())),
        quarantined=run.quarantine.count,
        columns=tuple(head.names),
        remarks=tuple(remarks),
        quarantine=run.quarantine.path,
    )


def _mark_last(batches: Iterator[Batch]) -> Iterator[tuple[Batch, bool]]:
    held = next(batches)
    for batch in batches:
        yield held, False
        held = batch
    yield held, True


class _Head:
    """What the first records of a file say about the rest."""

    def __init__(self, first: Batch, delimiter: str, width: int) -> None:
        numbers = pl.Series(ROW, first.numbers[:_HEAD_RECORDS], dtype=pl.Int64)
        cells = pl.DataFrame(first.table.slice(0, _HEAD_RECORDS)).insert_column(0, numbers)
        end = int(numbers[-1]) if len(numbers) else 0
        ragged = [record for record in first.ragged if record.row <= end]
        cells, _, padded = keep_outliers(cells, ragged, delimiter)
        grid = Grid(cells)
        tables = find_tables(grid)
        table = max(tables, key=lambda found: found.roles.height, default=None)
        self.roles = _roles_above(table, cells, padded)
        self.remarks: list[str] = []
        headers = dict(headers_of(grid, table)) if table else {}
        found = [(number, headers.get(number, "")) for number in range(1, width + 1)]
        self.names, self.remarks = name_columns(found)


def _roles_above(
    table: Table | None, cells: pl.DataFrame, padded: tuple[int, ...]
) -> dict[int, str]:
    """Say what the records above the first data row are."""
    first = table.data_rows[0] if table and table.data_rows else 1
    roles = dict(table.roles.iter_rows()) if table else {}
    notes = {note.row: note.kind for note in table.notes} if table else {}
    above = {}
    for row in {*cells.filter(pl.col(ROW) < first)[ROW], *(r for r in padded if r < first)}:
        role = roles.get(row) or notes.get(row) or "title"
        above[row] = _REASONS.get(role, "表題")
    return above


class _Run:
    """Sorts the records of one file into rows, records set aside and quarantine."""

    def __init__(self, head: _Head, quarantine: Quarantine, width: int) -> None:
        self.head, self.quarantine, self.width = head, quarantine, width
        self.set_aside: Counter[str] = Counter()
        self.rows_in = 0

    def take(self, batch: Batch, *, is_last: bool) -> pa.Table:
        """Give the rows of a batch, under their names and with their numbers."""
        self.rows_in += batch.table.num_rows + len(batch.ragged)
        self.quarantine.take([r for r in batch.ragged if not self._explain(r, batch, is_last)])
        numbers = pl.Series(batch.numbers, dtype=pl.Int64).to_arrow()
        rows = batch.table.rename_columns(self.head.names).add_column(0, SOURCE_ROW, numbers)
        if self.head.roles and len(batch.numbers) and int(batch.numbers[0]) <= max(self.head.roles):
            rows = self._leave_head(rows)
        return self._leave_blank(rows)

    def _explain(self, record: Ragged, batch: Batch, is_last: bool) -> bool:  # noqa: FBT001
        """Count a record that stands beside the table; all others are faults."""
        reason = self.head.roles.get(record.row)
        if reason is None and not record.text.strip(_NOTHING):
            reason = "空行"
        last_row = int(batch.numbers[-1]) if len(batch.numbers) else 0
        if reason is None and is_last and record.row > last_row and is_note(record, self.width):
            reason = "注記"
        if reason is not None:
            self.set_aside[reason] += 1
        return reason is not None

    def _leave_head(self, rows: pa.Table) -> pa.Table:
        """The head's own records are no rows; blank ones among them are counted as such later."""
        numbers = pl.Series(rows[SOURCE_ROW]).to_numpy()
        is_head = np.isin(numbers, list(self.head.roles)) & ~_are_blank(rows)
        self.set_aside.update(self.head.roles[row] for row in numbers[is_head].tolist())
        return rows.filter(pl.Series(~is_head).to_arrow())

    def _leave_blank(self, rows: pa.Table) -> pa.Table:
        if not rows.num_rows or any(not column.null_count for column in rows.columns[1:]):
            return rows
        is_blank = _are_blank(rows)
        if not is_blank.any():
            return rows
        self.set_aside["空行"] += int(is_blank.sum())
        return rows.filter(pl.Series(~is_blank).to_arrow())


def _are_blank(rows: pa.Table) -> np.ndarray:
    is_blank = np.ones(rows.num_rows, bool)
    for column in rows.columns[1:]:
        is_blank &= pl.Series(column.is_null()).to_numpy()
    return is_blank
