"""All files of a release's table, from one typed table: whoever opens any of them sees the same.

Belongs here: which formats a table has, and their names. Must not hold: how one of them is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.formats.csv_file import write_csv
from warehouse.formats.geojson_file import is_placed, places_of
from warehouse.formats.json_file import write_json, write_json_and_geojson
from warehouse.formats.parquet_file import write_parquet
from warehouse.formats.typed import type_columns
from warehouse.formats.workbook import write_xlsx

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from assets.standard import Standard


def write_formats(
    table: pl.DataFrame, standard: Standard, folder: Path, stem: str, *, bom: bool, xlsx: bool
) -> list[Path]:
    """Write a table as CSV, JSON, GeoJSON (when rows have positions), Parquet and XLSX (on demand).

    The same table gives the same bytes. The CSV is the first of the list.

    Args:
        table: In the layout's columns; typed by it here if it is not yet.
        standard: The layout.
        folder: Exists already.
        stem: The files' name without suffix.
        bom: The CSV begins with a byte order mark.
        xlsx: A workbook is wanted.

    Returns:
        The files written.

    Raises:
        Refusal: a value cannot be written as the layout says (`format.…`).
    """
    typed = type_columns(table, standard)
    csv, json = folder / f"{stem}.csv", folder / f"{stem}.json"
    geojson, parquet = folder / f"{stem}.geojson", folder / f"{stem}.parquet"
    workbook = folder / f"{stem}.xlsx"
    write_csv(typed, csv, bom=bom)
    written = [csv, json]
    places = places_of(typed, standard)
    if places is not None and typed.select(is_placed(places).any()).item():
        write_json_and_geojson(typed, json, geojson, places)
        written.append(geojson)
    else:
        write_json(typed, json)
    write_parquet(typed, standard, parquet)
    written.append(parquet)
    if xlsx:
        write_xlsx(typed, standard, workbook)
        written.append(workbook)
    return written
