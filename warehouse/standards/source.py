"""A published table made ready for conversion: known columns under the names of its own layout.

Belongs here: naming, trimming, splitting coordinates that share a column. Must not hold: the layout it
is converted to (`fill`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from transforms.codes.government_codes import local_government_code
from transforms.verdict import trim
from warehouse.readers.grid import ROW
from warehouse.standards.derive import split_point
from warehouse.standards.files import drop_numbered
from warehouse.standards.headings import match_headings
from warehouse.standards.remarks import Remark

if TYPE_CHECKING:
    from warehouse.standards.layouts import Layout
    from warehouse.standards.reading import FoundTable

POINT = ("緯度", "経度")
_CODES = ("都道府県コード又は市区町村コード", "市区町村コード", "全国地方公共団体コード")


@dataclass(frozen=True)
class Source:
    """The table to convert.

    Attributes:
        cells: One trimmed text column a known column, named as its layout names it; blanks null.
        own: The same of columns the layout does not know, by heading.
        headings: Column of the layout to heading of the file.
        remarks: What could not be read while preparing.
        joined: Heading of the column both coordinates came from; None: they have two.
    """

    cells: pl.DataFrame
    own: pl.DataFrame
    headings: dict[str, str]
    remarks: tuple[Remark, ...] = ()
    joined: str | None = None

    @property
    def height(self) -> int:
        """Number of rows."""
        return max(self.cells.height, self.own.height)

    def city(self) -> str | None:
        """Give the publisher's six-digit code, where the whole table has one."""
        name = next((name for name in _CODES if name in self.cells.columns), None)
        if name is None:
            return None
        judged = self.cells.select(local_government_code(pl.col(name)).struct.field("value"))
        codes = judged.to_series().drop_nulls().unique()
        return codes[0] if len(codes) == 1 else None


def prepare(table: FoundTable, layout: Layout) -> Source:
    """Make a table ready; rows that hold nothing but a running number are left out."""
    rows = drop_numbered(table, layout.standard)
    names = [name for name in rows.columns if name not in {ROW, *table.asides}]
    matches = match_headings(names, layout.standard)
    known = {match.heading for match in matches.found}
    source = Source(
        cells=rows.select(_clean(m.heading).alias(m.column.name) for m in matches.found),
        own=rows.select(_clean(name) for name in names if name not in known),
        headings=matches.headings,
    )
    return _split_joined(source, layout)


def _clean(heading: str) -> pl.Expr:
    text = trim(pl.col(heading))
    return pl.when(text != "").then(text).alias(heading)


def _split_joined(source: Source, layout: Layout) -> Source:
    """Split one column of coordinates into two, where the file has no two."""
    joined = next((c.name for c in layout.all_columns if c.type == "point"), None)
    if joined not in source.cells.columns or POINT[0] in source.cells.columns:
        return source
    cells = source.cells[joined]
    north, east = split_point(cells)
    unread = pl.DataFrame({"cell": cells, "north": north}).select(
        pl.when(pl.col("north").is_null() & pl.col("cell").str.contains(r"\d")).then("cell")
    )
    heading = source.headings[joined]
    names = {name: said for name, said in source.headings.items() if name != joined}
    return replace(
        source,
        cells=source.cells.drop(joined).with_columns(north.alias(POINT[0]), east.alias(POINT[1])),
        headings={**names, **dict.fromkeys(POINT, heading)},
        remarks=(Remark(heading, heading, unread.to_series()),),
        joined=heading,
    )
