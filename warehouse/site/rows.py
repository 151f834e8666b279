"""The public rows as pages need them: text as it stands in the CSV, and plain facts about it.

Belongs here: reading a version's CSV, its first rows, how full its columns are, and its rows as a
script that a page loads from a folder or a server alike. Must not hold: any wording or markup.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from pathlib import Path

    from assets.standard import Standard
    from warehouse.catalogue.entries import PublicVersion

PREVIEW_ROWS = 10
# A table that a phone can hold and search without waiting.
MOST_ROWS = 5_000
MOST_BYTES = 3_000_000


@dataclass(frozen=True)
class Column:
    """One column as it is filled. `blank` is the share of blank cells, `distinct` counts values."""

    name: str
    blank: float
    distinct: int


@dataclass(frozen=True)
class Preview:
    """The first rows, of the columns that hold anything; `hidden` names the others."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    hidden: tuple[str, ...]


def read_rows(public: Path, version: PublicVersion) -> pl.DataFrame:
    """Read a version's CSV from the public folder, every cell as text; blank is null."""
    file = version.file("CSV")
    if file is None:
        return pl.DataFrame()
    table = pl.read_csv(public / file.path, infer_schema=False, encoding="utf8")
    table.columns = [name.removeprefix("\ufeff") for name in table.columns]
    return table


def describe_columns(table: pl.DataFrame) -> tuple[Column, ...]:
    """Measure how full each column is."""
    if not table.height:
        return tuple(Column(name, 1.0, 0) for name in table.columns)
    blanks = table.null_count().row(0)
    distinct = table.select(pl.all().drop_nulls().n_unique()).row(0)
    return tuple(
        Column(name, blank / table.height, many)
        for name, blank, many in zip(table.columns, blanks, distinct, strict=True)
    )


def preview_rows(table: pl.DataFrame) -> Preview:
    """Take the first rows; columns without a single value are left out and named."""
    filled = [c for c in table.columns if table[c].null_count() < table.height]
    head = table.select(filled).head(PREVIEW_ROWS).fill_null("") if filled else pl.DataFrame()
    hidden = tuple(c for c in table.columns if c not in filled)
    return Preview(tuple(filled), tuple(head.rows()), hidden)


def is_small(version: PublicVersion) -> bool:
    """Tell whether a browser may hold the whole table."""
    file = version.file("CSV")
    return file is not None and version.rows <= MOST_ROWS and file.size <= MOST_BYTES


def to_script(table: pl.DataFrame, standard: Standard) -> bytes:
    """Write the rows as a script, column by column: pages opened from a folder cannot fetch JSON.

    Values stay text as in the CSV, so that nothing is rounded on its way to the screen.
    """
    columns = [
        {"name": name, "number": _is_number(standard, name), "values": table[name].to_list()}
        for name in table.columns
        if table[name].null_count() < table.height
    ]
    content = json.dumps(columns, ensure_ascii=False, separators=(",", ":"))
    return f'window.machikane.put("rows",{content});\n'.encode()


def _is_number(standard: Standard, name: str) -> bool:
    column = standard.column(name)
    return column is not None and (column.is_number or column.type in {"latitude", "longitude"})
