"""The table to be anonymised: a CSV all text or a Parquet of any types, read in batches.

Here stands the reading and nothing of a policy. A small table is read once and kept; a large one is
read again for every pass, so that memory does not grow with rows.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa
from pyarrow import parquet

from warehouse.landing import hash_file
from warehouse.readers.text.delimited import look_at
from warehouse.readers.text.stream import stream_records
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.readers.text.stream import Batch

BATCH_ROWS = 250_000
_KEPT_BYTES = 256 << 20
_HEAD = 1 << 20
_BOM = b"\xef\xbb\xbf"
_MARKED = {"utf-8", "ascii"}


@dataclass(frozen=True)
class Spelling:
    """How a CSV is written, so that the answer is written alike.

    Attributes:
        bom: whether a byte order mark stands (or, for another encoding than UTF-8, shall stand) in
            front: the answer is UTF-8, and Excel knows it by the mark.
        line_end: between two rows.
        encoding: of the input, in the words of `warehouse.readers.text.encoding`.
    """

    bom: bool = False
    line_end: str = "\n"
    encoding: str = "utf-8"


class Source:
    """One input file.

    Attributes:
        blank_rows: after a reading, the lines of a CSV without any value; they are no rows.
    """

    def __init__(self, path: Path, *, keeps_blank: bool = False, suffix: str | None = None) -> None:
        """Look at the file's name.

        Args:
            path: the file.
            keeps_blank: whether a line without any value is a row.
            suffix: what the name would end with, for a file that has not got its name yet.

        Raises:
            Refusal: `file.missing`, `in.format`.
        """
        self.path, self._keeps_blank = path, keeps_blank
        if not path.is_file():
            remedy = "名前と場所を確かめてください。"
            raise Refusal("file.missing", "ファイルがありません。", str(path), remedy)
        self._suffix = (suffix or path.suffix).lower()
        if self._suffix not in {".csv", ".parquet"}:
            raise Refusal(
                "in.format",
                "読める形式は .csv と .parquet です。",
                str(path),
                "Excel などのファイルは、先に machikane read で .parquet か .csv にしてください。",
            )
        self.blank_rows = 0
        self._kept: list[pa.Table] | None = None

    @property
    def is_csv(self) -> bool:
        """Tell whether it is a CSV."""
        return self._suffix == ".csv"

    @cached_property
    def sha256(self) -> str:
        """The file's SHA-256."""
        return hash_file(self.path)

    @property
    def columns(self) -> list[str]:
        """The columns in their order.

        Raises:
            Refusal: `in.columns` when a name is blank or stands twice, and what reading refuses.
        """
        return self._names

    @cached_property
    def _names(self) -> list[str]:
        names = self._header if self.is_csv else self._file.schema_arrow.names
        twice = [name for name, times in Counter(names).items() if times > 1]
        if twice or any(not name.strip() for name in names):
            what = f"同じ見出しが2回あります: {twice[0]}" if twice else "見出しのない列があります"
            remedy = "どの列にも、ほかと違う名前を付けてください。"
            raise Refusal("in.columns", what, f"{self.path.name} の見出し", remedy)
        return list(names)

    @cached_property
    def spelling(self) -> Spelling:
        """How the CSV is written; the usual way for a Parquet."""
        if not self.is_csv:
            return Spelling()
        with self.path.open("rb") as file:
            head = file.read(_HEAD)
        encoding = look_at(self.path, self.path.name, delimiter=",").decoder.verdict.encoding
        crlf = b"\r\n" in head
        marked = head.startswith(_BOM) or encoding not in _MARKED
        return Spelling(marked, "\r\n" if crlf else "\n", encoding)

    def batches(self) -> Iterator[pa.Table]:
        """Read the rows in their order; a blank CSV cell is null.

        Raises:
            Refusal: `in.ragged` for a row with another number of fields, `encoding.*`, `csv.*`,
                `in.parquet`.
        """
        if self._kept is not None:
            yield from self._kept
            return
        kept: list[pa.Table] = []
        size = 0
        for batch in self._read_csv() if self.is_csv else self._read_parquet():
            size += batch.nbytes
            if size <= _KEPT_BYTES:
                kept.append(batch)
            else:
                kept.clear()
            yield batch
        if size <= _KEPT_BYTES:
            self._kept = kept

    @cached_property
    def _file(self) -> parquet.ParquetFile:
        try:
            return parquet.ParquetFile(self.path)
        except (pa.ArrowInvalid, OSError):
            remedy = "元のシステムから出力し直してください。"
            where = str(self.path)
            raise Refusal("in.parquet", "Parquet として読めません。", where, remedy) from None

    @cached_property
    def _header(self) -> list[str]:
        batch = next(self._records(), None)
        if batch is None or (not len(batch.numbers) and not batch.ragged):
            where, remedy = self.path.name, "1行目に列の見出しを書いてください。"
            raise Refusal("csv.no_header", "見出しの行がありません。", where, remedy)
        self._require_even(batch)
        return [column[0].as_py() or "" for column in batch.table.columns]

    def _records(self) -> Iterator[Batch]:
        text = look_at(self.path, self.path.name, delimiter=",")
        width = self._width
        return stream_records(text.decoder, delimiter=",", width=width, file=self.path.name)

    @cached_property
    def _width(self) -> int:
        """The fields of the first record: the header says how many there are."""
        text = look_at(self.path, self.path.name, delimiter=",")
        first = next(stream_records(text.decoder, delimiter=",", width=text.width, file=""))
        shifted = [record for record in first.ragged if record.row == 1]
        return shifted[0].fields if shifted and shifted[0].fields else text.width

    def _read_csv(self) -> Iterator[pa.Table]:
        names, is_first = self.columns, True
        self.blank_rows = 0
        for batch in self._records():
            self._require_even(batch)
            table = batch.table.slice(1) if is_first else batch.table
            is_first = False
            table = self._drop_blank(table)
            for start in range(0, max(table.num_rows, 1), BATCH_ROWS):
                yield table.slice(start, BATCH_ROWS).rename_columns(names)

    def _drop_blank(self, table: pa.Table) -> pa.Table:
        """Leave out empty lines; in a table of one column they cannot be told from a blank value."""
        if (
            self._keeps_blank
            or table.num_columns == 1
            or not all(column.null_count for column in table.columns)
        ):
            return table
        blank = pl.DataFrame(pl.from_arrow(table)).select(pl.all_horizontal(pl.all().is_null()))
        self.blank_rows += int(blank.to_series().sum())
        return table.filter((~blank.to_series()).to_arrow())

    def _require_even(self, batch: Batch) -> None:
        odd = [record for record in batch.ragged if record.text.strip() or record.fields == 0]
        if odd:
            what = f"列の数が見出しと違う行があります({len(odd)} 行以上)"
            if not odd[0].fields:
                what = '引用符「"」が閉じていない行があります'
            where = f"{self.path.name} の {odd[0].line}行目"
            remedy = "カンマや改行を含む値を引用符で囲み、元のシステムから出力し直してください。"
            raise Refusal("in.ragged", what, where, remedy)

    def _read_parquet(self) -> Iterator[pa.Table]:
        names = self.columns
        schema = self._file.schema_arrow
        empty = True
        for batch in self._file.iter_batches(BATCH_ROWS):
            empty = False
            yield pa.Table.from_batches([batch]).select(names)
        if empty:
            yield schema.empty_table()


class Held(Source):
    """A table that is in memory already, such as an answer of the warehouse."""

    def __init__(self, name: str, table: pa.Table) -> None:
        """Take a table over under a name."""
        self.path = Path(name)
        self.blank_rows = 0
        self._suffix = ".parquet"
        self._kept = [pa.Table.from_batches([b]) for b in table.to_batches(BATCH_ROWS)] or [table]

    @cached_property
    def _names(self) -> list[str]:
        return list(self._kept[0].column_names) if self._kept else []
