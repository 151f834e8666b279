"""A table of text written batch by batch to a Parquet or CSV file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pyarrow as pa
from pyarrow import csv as arrow_csv
from pyarrow import parquet

from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

SOURCE_ROW = "_source_row"
_GROUP_ROWS = 120_000
_SAMPLE_ROWS = 20_000
# A dictionary pays when at most this share of the values is new.
_MOST_DISTINCT = 0.3


class TableWriter:
    """Writes beside the target and puts the file in place when all went well."""

    def __init__(self, target: Path) -> None:
        """Write nothing yet.

        Raises:
            Refusal: `out.format` when the name says neither Parquet nor CSV.
        """
        if target.suffix.lower() not in {".parquet", ".csv"}:
            raise Refusal(
                "out.format",
                "書き出せる形式は .parquet と .csv です。",
                str(target),
                "--out の名前の末尾を .parquet か .csv にしてください。",
            )
        self.rows = 0
        self._target = target
        self._part = target.with_name(f".{target.name}.part")
        self._writer: parquet.ParquetWriter | arrow_csv.CSVWriter | None = None
        self._waiting: list[pa.Table] = []

    def __enter__(self) -> Self:
        """Enter."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Put the file in place, or leave nothing behind."""
        if error is None:
            self._flush()
        if self._writer is not None:
            self._writer.close()
        if error is None and self._part.exists():
            self._part.replace(self._target)
        self._part.unlink(missing_ok=True)

    def write(self, batch: pa.Table) -> None:
        """Take some rows; all batches have the same columns."""
        self._waiting.append(batch)
        self.rows += batch.num_rows
        if sum(table.num_rows for table in self._waiting) >= _GROUP_ROWS:
            self._flush()

    def _flush(self) -> None:
        if not self._waiting:
            return
        rows = pa.concat_tables(self._waiting)
        self._waiting = []
        if self._writer is None:
            self._writer = self._open(rows)
        if isinstance(self._writer, parquet.ParquetWriter):
            self._writer.write_table(rows, row_group_size=max(rows.num_rows, 1))
        else:
            self._writer.write_table(rows)

    def _open(self, first: pa.Table) -> parquet.ParquetWriter | arrow_csv.CSVWriter:
        if self._target.suffix.lower() == ".csv":
            options = arrow_csv.WriteOptions(quoting_style="needed")
            return arrow_csv.CSVWriter(self._part, first.schema, write_options=options)
        sample = first.slice(0, _SAMPLE_ROWS)
        return parquet.ParquetWriter(
            self._part,
            first.schema,
            compression="zstd",
            compression_level=1,
            # The least and greatest name of a column would stand in the footer.
            write_statistics=[SOURCE_ROW],
            use_dictionary=[name for name in sample.column_names if _repeats(sample[name])],
        )


def _repeats(values: pa.ChunkedArray) -> bool:
    return len(values.unique()) <= _MOST_DISTINCT * max(len(values), 1)
