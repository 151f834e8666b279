"""Points: a latitude and a longitude judged together, and the distance of two points.

Belongs here: pairs of coordinates. Must not hold: one axis (`coordinates`), geocoding.
"""

import math
from typing import Literal

import polars as pl

from transforms.places.coordinates import latitude as judge_latitude
from transforms.places.coordinates import longitude as judge_longitude
from transforms.places.datums import convert_tokyo
from transforms.places.point_rules import RULES
from transforms.verdict import REFUSED, UNCERTAIN, decide, judge_fields, name_of, trim

Bounds = tuple[float, float, float, float]
# Mean radius of the Earth (IUGG), and metres of one degree of latitude on it.
_RADIUS = 6371008.8
_DEGREE = math.pi * _RADIUS / 180
_DECIMALS = 8


def point(
    latitude: pl.Expr,
    longitude: pl.Expr,
    *,
    bounds: Bounds | None = None,
    margin_m: float = 0,
    datum: Literal["jgd2011", "tokyo"] = "jgd2011",
    policy: Literal["strict", "lenient"] = "strict",
) -> pl.Expr:
    """Return a pair of coordinates, judged together.

    Args:
        latitude: Raw text, see `coordinates.latitude`.
        longitude: Raw text.
        bounds: South, west, north and east of the city in degrees; None does not ask.
        margin_m: Metres by which a point may lie outside.
        datum: Datum the file's contract declares; `tokyo` is converted (`place.datum_converted`,
            about 9 m). An undeclared Tokyo datum cannot be told: 450 m are no contradiction.
        policy: `lenient` turns a swapped pair round where `bounds` hold it only that way
            (`place.swap_mended`); `strict` refuses it.

    Returns:
        `Struct{value, verdict, rule, latitude, longitude}`; `value` is the text `lat,lon`
        with six decimals, the last two are Float64 and null where `value` is. A point outside the city is uncertain.
    """
    read = pl.struct(
        north=judge_latitude(latitude),
        east=judge_longitude(longitude),
        turned_north=judge_latitude(longitude),
        turned_east=judge_longitude(latitude),
    )
    placed = _place(datum)
    inside = _contains(bounds, margin_m) if bounds else pl.lit(value=True)
    is_tokyo = pl.lit(value=datum == "tokyo")
    mended = pl.field("is_swapped") & inside & pl.lit(value=bool(bounds) and policy == "lenient")
    cases = [
        *_list_faults(mended),
        (~inside, "place.outside_city"),
        (mended, "place.swap_mended"),
        (is_tokyo, "place.datum_converted"),
    ]
    text = pl.concat_str(_write(pl.field("lat")), pl.lit(","), _write(pl.field("lon")))
    judged = decide(text, RULES, cases, "place.point")
    stages = _choose(read).struct.with_fields(**placed).struct.with_fields(judged=judged)
    of = pl.field("judged").struct.field
    kept = of("value").is_not_null()
    parts = pl.struct(
        of("value", "verdict", "rule"),
        latitude=pl.when(kept).then(pl.field("lat")),
        longitude=pl.when(kept).then(pl.field("lon")),
    )
    return judge_fields(stages, parts, name_of(latitude))


def point_text(
    column: pl.Expr,
    *,
    bounds: Bounds | None = None,
    datum: Literal["jgd2011", "tokyo"] = "jgd2011",
    policy: Literal["strict", "lenient"] = "strict",
) -> pl.Expr:
    """Return the pair of coordinates that stands in one cell: 34.781389, 135.469722.

    Args:
        column: Raw text, latitude first, parted by a comma, a semicolon, a slash or a space.
        bounds: See `point`.
        datum: See `point`.
        policy: See `point`.

    Returns:
        Judged struct as `point` returns it.
    """
    parts = trim(column).str.extract_groups(
        r"^[(（]?(.*?)(?: *[,，、;；/／ 　] *([^,，、;；/／ 　]*?))?[)）]?$"
    )
    north, east = (parts.struct.field(n) for n in ("1", "2"))
    judged = point(north, east, bounds=bounds, datum=datum, policy=policy)
    return judged.alias(name_of(column))


def distance_m(lat1: pl.Expr, lon1: pl.Expr, lat2: pl.Expr, lon2: pl.Expr) -> pl.Expr:
    """Return the distance of two points in metres, null where a coordinate is.

    Args:
        lat1: Degrees.
        lon1: Degrees.
        lat2: Degrees.
        lon2: Degrees.

    Returns:
        Great-circle distance on the sphere of mean radius 6,371,008.8 m (haversine; R. W. Sinnott,
        Virtues of the Haversine, 1984). It differs from the ellipsoid by up to 0.5 %.
    """
    radian = math.pi / 180
    half_lat, half_lon = (lat2 - lat1) * (radian / 2), (lon2 - lon1) * (radian / 2)
    across = (lat1 * radian).cos() * (lat2 * radian).cos() * half_lon.sin() ** 2
    return 2 * _RADIUS * (half_lat.sin() ** 2 + across).sqrt().clip(0, 1).arcsin()


def _choose(read: pl.Expr) -> pl.Expr:
    """Say whether the pair is swapped, and which values it then has."""
    value = {n: pl.field(n).struct.field("value") for n in ("north", "east", "turned_north", "turned_east")}  # fmt: skip
    swapped = value["turned_north"].is_not_null() & value["turned_east"].is_not_null()
    return read.struct.with_fields(
        is_swapped=swapped,
        given_lat=pl.when(swapped).then(value["turned_north"]).otherwise(value["north"]),
        given_lon=pl.when(swapped).then(value["turned_east"]).otherwise(value["east"]),
    )


def _write(degrees: pl.Expr) -> pl.Expr:
    """Write degrees with six decimals, as the standard datasets do."""
    millionths = (degrees * 10**6).round().cast(pl.Int64)
    return (
        (millionths // 10**6).cast(pl.String)
        + "."
        + ((millionths % 10**6).cast(pl.String).str.zfill(6))
    )


def _place(datum: str) -> dict[str, pl.Expr]:
    lat, lon = pl.field("given_lat"), pl.field("given_lon")
    if datum == "tokyo":
        lat, lon = convert_tokyo(lat, lon)
    return {"lat": lat.round(_DECIMALS), "lon": lon.round(_DECIMALS)}


def _contains(bounds: Bounds, margin_m: float) -> pl.Expr:
    south, west, north, east = bounds
    up = margin_m / _DEGREE
    across = up / math.cos(math.radians(north))
    inside_lat = pl.field("lat").is_between(south - up, north + up)
    return inside_lat & pl.field("lon").is_between(west - across, east + across)


def _list_faults(mended: pl.Expr) -> list[tuple[pl.Expr, str]]:
    """List what is wrong with one of the two, in the order of a reader."""
    rules = [pl.field(axis).struct.field("rule") for axis in ("north", "east")]
    blank = [rule == "blank" for rule in rules]
    lost = [r for r, words in RULES.items() if words.verdict in {UNCERTAIN, REFUSED}]
    # A swapped pair is refused by one axis or the other; mended, it is neither.
    return [
        (blank[0] & blank[1], "blank"),
        (blank[0] | blank[1], "place.half"),
        *((~mended.fill_null(value=False) & (rule == r), r) for rule in rules for r in lost),
    ]
