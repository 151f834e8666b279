"""Whether the files of a release, read back by programs that did not write them, say the same.

Belongs here: a reader for every format and the comparison. Must not hold: writing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import fastexcel
import polars as pl

from warehouse.formats.csv_file import read_csv
from warehouse.formats.parquet_file import read_parquet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from fastexcel import DType

    from assets.standard import Standard


def find_disagreements(
    table: pl.DataFrame, files: Iterable[Path], standard: Standard
) -> tuple[str, ...]:
    """Name the files that do not hold exactly the typed table; none is as it should be."""
    return tuple(
        file.name for file in files if not read_back(file, table.schema, standard).equals(table)
    )


def read_back(file: Path, schema: pl.Schema, standard: Standard) -> pl.DataFrame:
    """Read one file of a release into the columns of `schema`.

    Raises:
        KeyError: a suffix that no release has.
    """
    if file.suffix == ".csv":
        return read_csv(file, standard).cast(dict(schema))
    readers: dict[str, Callable[[Path, pl.Schema], pl.DataFrame]] = {
        ".json": _read_json,
        ".geojson": _read_geojson,
        ".parquet": lambda path, _: read_parquet(path),
        ".xlsx": _read_xlsx,
    }
    return readers[file.suffix](file, schema)


def _read_json(file: Path, schema: pl.Schema) -> pl.DataFrame:
    return pl.read_json(file, schema=schema)


def _read_geojson(file: Path, schema: pl.Schema) -> pl.DataFrame:
    feature = pl.Struct({"properties": pl.Struct(dict(schema))})
    found = pl.read_json(file, schema={"features": pl.List(feature)})
    rows = found["features"].explode(empty_as_null=False)
    return rows.struct.field("properties").struct.unnest()


def _read_xlsx(file: Path, schema: pl.Schema) -> pl.DataFrame:
    kinds: dict[str | int, DType] = {
        name: "int" if kind.is_integer() else "float" if kind.is_float() else "string"
        for name, kind in schema.items()
    }
    sheet = fastexcel.read_excel(file).load_sheet(0, dtypes=kinds)
    return sheet.to_polars().cast(dict(schema))
