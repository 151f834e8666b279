"""Release tables with positions as GeoJSON (RFC 7946): one point a row, all columns as properties.

Coordinates are longitude, latitude in degrees. The RFC demands WGS 84; positions in the files of
Japanese cities are JGD2011 (EPSG:6668), which is taken for the same in practice and not converted.
A row without a position stays, with `geometry: null`. Must not hold: spelling rows (`json_file`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

if TYPE_CHECKING:
    from assets.standard import Standard

HEAD = b'{"type":"FeatureCollection","features":[\n'
TAIL = b"\n]}\n"
# A decimal number as JSON writes it, so that it can stand there digit for digit.
_DEGREES = r"^-?(?:0|[1-9][0-9]{0,2})(?:\.[0-9]+)?$"


class Places(NamedTuple):
    """The columns of latitude and longitude."""

    latitude: str
    longitude: str


def places_of(table: pl.DataFrame, standard: Standard) -> Places | None:
    """Name the columns of positions when the layout and the table have them; None without."""
    latitude = [c.name for c in standard.columns if c.type == "latitude"]
    longitude = [c.name for c in standard.columns if c.type == "longitude"]
    if not latitude or not longitude or not {latitude[0], longitude[0]} <= {*table.columns}:
        return None
    return Places(latitude[0], longitude[0])


def is_placed(places: Places) -> pl.Expr:
    """Give whether a row has both degrees, in decimal and on the globe."""
    north, east = _degrees(places.latitude), _degrees(places.longitude)
    return (north.is_between(-90, 90) & east.is_between(-180, 180)).fill_null(value=False)


def to_features(part: pl.DataFrame, objects: pl.Series, places: Places) -> pl.Series:
    """Put rows that are spelled as JSON objects into features.

    Args:
        part: The rows, typed.
        objects: The same rows as JSON texts.
        places: Where they are.
    """
    point = pl.concat_str(
        pl.lit('{"type":"Point","coordinates":['),
        pl.col(places.longitude),
        pl.lit(","),
        pl.col(places.latitude),
        pl.lit("]}"),
    )
    geometry = pl.when(is_placed(places)).then(point).otherwise(pl.lit("null"))
    return part.select(
        pl.concat_str(
            pl.lit('{"type":"Feature","geometry":'),
            geometry,
            pl.lit(',"properties":'),
            pl.lit(objects),
            pl.lit("}"),
        ).alias("feature")
    ).to_series()


def _degrees(name: str) -> pl.Expr:
    """Read degrees; text that is no decimal number is none."""
    text = pl.col(name).cast(pl.String)
    return pl.when(text.str.contains(_DEGREES)).then(text).cast(pl.Float64)
