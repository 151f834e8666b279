"""Release tables as Parquet: zstd, a checksum on every page, titles and units with the columns.

Belongs here: the columns' Arrow kinds and what is said beside them. Readers that do not know the
metadata see plain columns under the layout's Japanese names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from pathlib import Path

    from assets.standard import Standard

_ROWS_IN_GROUP = 131_072
_ROWS_SEEN = 10_000


def write_parquet(table: pl.DataFrame, standard: Standard, path: Path) -> None:
    """Write a typed table, a row group at a time."""
    schema = _schema(table, standard)
    oldest = pl.CompatLevel.oldest()
    with pq.ParquetWriter(
        path, schema, compression="zstd", write_page_checksum=True, use_dictionary=_repeating(table)
    ) as writer:
        for start in range(0, table.height, _ROWS_IN_GROUP):
            part = table.slice(start, _ROWS_IN_GROUP).rechunk()
            writer.write_table(part.to_arrow(compat_level=oldest).cast(schema))


def _repeating(table: pl.DataFrame) -> list[str]:
    """List the columns whose values come again and again, which alone gain from a dictionary."""
    head = table.head(_ROWS_SEEN)
    return [name for name in table.columns if 2 * head[name].n_unique() <= head.height]


def read_parquet(path: Path) -> pl.DataFrame:
    """Read a release's Parquet file, every page checked.

    Raises:
        OSError: a page is not what was written.
    """
    found = pq.read_table(path, page_checksum_verification=True)
    return pl.DataFrame(pl.from_arrow(found))


def _schema(table: pl.DataFrame, standard: Standard) -> pa.Schema:
    fields = [_field(name, kind, standard) for name, kind in table.schema.items()]
    return pa.schema(fields, metadata={"title": standard.label, "slug": standard.slug})


def _field(name: str, kind: pl.DataType, standard: Standard) -> pa.Field:
    arrow = pa.int64() if kind.is_integer() else pa.float64() if kind.is_float() else None
    column = standard.column(name)
    if column is None:
        return pa.field(name, arrow or pa.large_string())
    said = {
        "title": column.name,
        "title_en": column.title_en,
        "unit": column.unit or "",
        "description": column.description,
    }
    metadata = {key: value for key, value in said.items() if value}
    return pa.field(name, arrow or pa.large_string(), metadata=metadata)
