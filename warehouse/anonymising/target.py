"""The anonymised table, written batch by batch and put in place when all of it is there.

Here stands the writing; a half-written file is never seen under the target's name.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO, Self

import polars as pl
from pyarrow import parquet

from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    import pyarrow as pa

    from warehouse.anonymising.source import Spelling

FORMATS = (".csv", ".parquet")


class Target:
    """Writes beside the target; `commit` puts the file in place, leaving without it removes it."""

    def __init__(self, path: Path, spelling: Spelling) -> None:
        """Write nothing yet; `spelling` is that of a CSV."""
        self.path = path
        self.part = path.with_name(f".{path.name}.part")
        self._spelling = spelling
        self._csv: BinaryIO | None = None
        self._parquet: parquet.ParquetWriter | None = None

    def __enter__(self) -> Self:
        """Enter."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Leave nothing behind but what was committed."""
        self._close()
        self.part.unlink(missing_ok=True)

    def write(self, batch: pa.Table) -> None:
        """Take some rows; all batches have the same columns."""
        if self.path.suffix.lower() == ".parquet":
            if self._parquet is None:
                # No statistics: a footer would name the least and greatest value of a column.
                options = {"compression": "zstd", "write_statistics": False}
                self._parquet = parquet.ParquetWriter(self.part, batch.schema, **options)
            self._parquet.write_table(batch)
            return
        is_first = self._csv is None
        if self._csv is None:
            self._csv = self.part.open("wb")
            self._csv.write(b"\xef\xbb\xbf" if self._spelling.bom else b"")
        frame = pl.DataFrame(pl.from_arrow(batch))
        frame.write_csv(self._csv, include_header=is_first, line_terminator=self._spelling.line_end)

    def finish(self) -> Path:
        """Close the file and flush it to disk; it still stands beside the target, to be measured."""
        self._close()
        with self.part.open("rb+") as file:
            os.fsync(file.fileno())
        return self.part

    def commit(self) -> None:
        """Put the file in place."""
        os.replace(self.part, self.path)  # noqa: PTH105 - the one call that swaps on Windows too

    def _close(self) -> None:
        if self._csv is not None:
            self._csv.close()
        if self._parquet is not None:
            self._parquet.close()


def require_target(out: Path, *others: Path) -> None:
    """Refuse a name that says no format, or is one of the files the run reads.

    Raises:
        Refusal: `out.format`, `out.input`.
    """
    if out.suffix.lower() not in FORMATS:
        raise Refusal(
            "out.format",
            "書き出せる形式は .csv と .parquet です。",
            str(out),
            "--out の名前の末尾を .csv か .parquet にしてください。",
        )
    if any(_is_same(out, other) for other in others):
        raise Refusal(
            "out.input",
            "読むファイルと同じ名前には書き出せません。",
            str(out),
            "--out に別の名前を書いてください(元のファイルは上書きしません)。",
        )


def _is_same(out: Path, other: Path) -> bool:
    return out.resolve() == other.resolve() or (
        out.exists() and other.exists() and out.samefile(other)
    )
