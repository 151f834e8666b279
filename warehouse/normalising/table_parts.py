"""A table put down as Parquet files, part by part, so that memory does not grow with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from warehouse.readers.grid import ROW

if TYPE_CHECKING:
    from pathlib import Path


class TableParts:
    """The files of one table in a folder, in the order they came."""

    def __init__(self, folder: Path, name: str) -> None:
        """Name the files; none is there yet."""
        self._folder, self._name = folder, name
        self.paths: list[Path] = []

    def add(self, rows: pl.DataFrame) -> None:
        """Write one part; a part without rows only when it is the first, for its columns."""
        if self.paths and rows.is_empty():
            return
        path = self._folder / f"{self._name}-{len(self.paths):05}.parquet"
        rows.write_parquet(path, compression="zstd", compression_level=1)
        self.paths.append(path)

    def scan(self) -> pl.LazyFrame:
        """Give all rows; at least one part must have come."""
        return pl.scan_parquet(self.paths)

    def choose(self, rows: pl.Series) -> pl.DataFrame:
        """Read the rows of these numbers."""
        chosen = pl.col(ROW).is_in(rows.implode())
        return self.scan().filter(chosen).collect(engine="streaming")

    def drop(self, rows: pl.Series) -> None:
        """Write the files that hold rows of these numbers anew, without them."""
        chosen = pl.col(ROW).is_in(rows.implode())
        for path in self.paths if rows.len() else ():
            held = pl.scan_parquet(path).select(chosen.any()).collect().item()
            if held:
                kept = pl.read_parquet(path, memory_map=False).filter(~chosen)
                kept.write_parquet(path, compression="zstd", compression_level=1)

    def count(self) -> int:
        """Count the rows."""
        return int(self.scan().select(pl.len()).collect().item())
