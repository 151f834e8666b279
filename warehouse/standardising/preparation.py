"""Raw rows made ready for the common form: what came back, values carried down, tidy, corrections.

Belongs here: the order of these steps and what is counted on the way, part after part. Must not
hold: the steps themselves.
"""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import polars as pl

from warehouse.carry import Carrying
from warehouse.correct import Correcting
from warehouse.readers.grid import ROW
from warehouse.refusal import Refusal
from warehouse.returns.merge import Merged, merge_returned

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assets.contract import Contract
    from assets.register import Dataset


class Preparation:
    """Prepares the rows of one delivery and counts what it did.

    Attributes:
        carrying: the values carried down.
        correcting: the corrections.
        delivered: number of rows as delivered.
        merged: what came back, without the rows.
        sizes: rows after merging and after correcting, each with the cells by which the records
            among them are wider than a row.
    """

    def __init__(
        self, dataset: Dataset, contract: Contract, period: str, ragged: pl.DataFrame
    ) -> None:
        """Take the contract of the period, and the records that lost their shape."""
        self._dataset, self._ragged = dataset, ragged
        self.carrying = Carrying(contract)
        self.correcting = Correcting(dataset, period)
        self.delivered = 0
        self.merged = Merged(pl.DataFrame(), ragged)
        self.before, self.after = RowCount(ragged), RowCount(ragged)

    def prepare(
        self, parts: Iterable[pl.DataFrame], statements: pl.DataFrame
    ) -> Iterator[pl.DataFrame]:
        """Prepare raw rows that come in the order of the file.

        Raises:
            Refusal: when a correction does not hold any more or `tidy` loses rows.
        """
        for part in self._tidy(self._merge(parts, statements)):
            corrected = self.correcting.correct(part)
            self.after.add(corrected[ROW])
            yield corrected
        self.correcting.close()

    def _merge(
        self, parts: Iterable[pl.DataFrame], statements: pl.DataFrame
    ) -> Iterator[pl.DataFrame]:
        """Put in place what came back, each part up to its last row, then what stands behind it."""
        done: list[Merged] = []
        start, nothing = -1, pl.DataFrame()
        for part in parts:
            self.delivered += part.height
            rows, nothing = part, part.clear()
            if statements.height and part.height:
                end = int(part[ROW][-1])
                done.append(self._merge_between(part, statements, start, end))
                rows, start = done[-1].rows, end
            yield self._carry(rows)
        if statements.height:
            done.append(self._merge_between(nothing, statements, start, None))
            self.merged = _add_up(done)
            if done[-1].rows.height:
                yield self._carry(done[-1].rows)

    def _merge_between(
        self, part: pl.DataFrame, statements: pl.DataFrame, start: int, end: int | None
    ) -> Merged:
        def between(column: str) -> pl.Expr:
            number = pl.col(column)
            return (number > start) if end is None else (number > start) & (number <= end)

        ragged = self._ragged.filter(between(ROW))
        return merge_returned(part, ragged, statements.filter(between("of_row")))

    def _carry(self, rows: pl.DataFrame) -> pl.DataFrame:
        self.before.add(rows[ROW])
        return self.carrying.carry(rows)

    def _tidy(self, parts: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        """Run the dataset's own pure `tidy(frame)`, which sees the whole delivery."""
        if self._dataset.tidy is None:
            yield from parts
        else:
            yield _tidy(self._dataset, pl.concat(parts))


class RowCount:
    """Counts rows, and the cells by which records that lost their shape are wider than a row."""

    def __init__(self, ragged: pl.DataFrame) -> None:
        """Take the records with the number of their fields."""
        self._ragged = ragged
        self.rows = self.wide_rows = self.fields = 0

    def add(self, numbers: pl.Series) -> None:
        """Count rows by their numbers."""
        self.rows += numbers.len()
        if self._ragged.height:
            among = self._ragged.filter(pl.col(ROW).is_in(numbers.implode()))
            self.wide_rows += among.height
            self.fields += int(among["fields"].sum())

    def cells(self, width: int) -> int:
        """Count their cells, a row having so many."""
        return (self.rows - self.wide_rows) * width + self.fields


def _add_up(parts: list[Merged]) -> Merged:
    return Merged(
        rows=pl.DataFrame(),
        ragged=pl.concat(part.ragged for part in parts),
        corrected=tuple(row for part in parts for row in part.corrected),
        excluded=tuple(row for part in parts for row in part.excluded),
        unused=tuple(row for part in parts for row in part.unused),
    )


def _tidy(dataset: Dataset, rows: pl.DataFrame) -> pl.DataFrame:
    path = dataset.tidy
    spec = importlib.util.spec_from_file_location(f"tidy_{dataset.name}", path) if path else None
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    tidied = module.tidy(rows)
    if tidied.height != rows.height or tidied.columns != rows.columns:
        raise Refusal(
            "tidy.lost_rows",
            "tidy が行か列を増減させました。",
            str(path),
            "tidy では値だけを直し、行の除外は set_aside_rows に書いてください。",
        )
    return tidied
