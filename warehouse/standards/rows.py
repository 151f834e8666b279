"""What rows and several columns together must hold: unique ids, both coordinates, whole addresses.

Belongs here: relations between cells. Must not hold: single values (`values`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from warehouse.standards.verdicts import FOUND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assets.standard import Standard

_PREFECTURE = "^(?:北海道|東京都|京都府|大阪府|[^都道府県]{2,3}県)"
_WHOLE_ADDRESS = "所在地_連結表記"
_PUBLISHER = "全国地方公共団体コード"
_NORTH, _EAST = "緯度", "経度"


def judge_rows(
    cells: pl.DataFrame, standard: Standard, headings: dict[str, str]
) -> Iterator[pl.DataFrame]:
    """Find what is wrong between cells.

    Args:
        cells: `row` and one trimmed text column a column of the layout that the file has; blanks
            are null.
        standard: The layout.
        headings: Column of the layout to heading of the file.
    """
    yield from _repeated_ids(cells, standard, headings)
    yield from _half_points(cells, standard, headings)
    if _WHOLE_ADDRESS in headings and not standard.is_older:
        bare = pl.col(_WHOLE_ADDRESS)
        found = cells.filter(~bare.str.contains(_PREFECTURE))
        yield tell_cells(found, _WHOLE_ADDRESS, headings, "address.prefecture")


def tell_cells(
    cells: pl.DataFrame, column: str, headings: dict[str, str], rule: str
) -> pl.DataFrame:
    """Make one difference of every row."""
    return cells.select(
        "row",
        pl.lit(headings[column]).alias("column"),
        pl.col(column).alias("value"),
        pl.lit(rule).alias("rule"),
        pl.lit(None, pl.String).alias("repaired"),
    ).cast(pl.Schema(FOUND))


def _repeated_ids(
    cells: pl.DataFrame, standard: Standard, headings: dict[str, str]
) -> Iterator[pl.DataFrame]:
    """An id is unique within the body that gives it out."""
    for column in standard.columns:
        if not column.unique or column.name not in headings:
            continue
        key = [name for name in (_PUBLISHER, column.name) if name in headings]
        filled = cells.filter(pl.col(column.name).is_not_null())
        yield tell_cells(
            filled.filter(pl.struct(key).is_duplicated()), column.name, headings, "id.twice"
        )


def _half_points(
    cells: pl.DataFrame, standard: Standard, headings: dict[str, str]
) -> Iterator[pl.DataFrame]:
    norths = (c.name for c in standard.columns if c.type == "latitude" and c.name in headings)
    for north in norths:
        east = north.replace(_NORTH, _EAST)
        if east not in headings:
            continue
        only_north = pl.col(north).is_not_null() & pl.col(east).is_null()
        only_east = pl.col(east).is_not_null() & pl.col(north).is_null()
        yield tell_cells(cells.filter(only_north), north, headings, "point.half")
        yield tell_cells(cells.filter(only_east), east, headings, "point.half")
