"""Coordinates: latitude and longitude in degrees.

Belongs here: the place of a point. Must not hold: geocoding, names of towns (`towns`).
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.numbers.number import decimal
from transforms.numbers.reading_rules import RULES as NUMBER_RULES
from transforms.rules import Rule
from transforms.verdict import REFUSED, decide, judge_fields, name_of

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        **NUMBER_RULES,
        "place.swapped": Rule(
            REFUSED,
            "緯度と経度の取り違え",
            "緯度と経度が入れ替わっています。列の順を確認して直してください。",
        ),
        "place.outside_japan": Rule(
            REFUSED,
            "日本の範囲外の座標",
            "日本の範囲にない座標です。十進の度で書かれているか確認して直してください。",
        ),
    }
)

LATITUDES = (20.0, 46.0)
LONGITUDES = (122.0, 154.0)


def latitude(column: pl.Expr) -> pl.Expr:
    """Return a latitude in Japan in degrees (Float64, 20 to 46).

    Args:
        column: Raw text in decimal degrees.

    Returns:
        Judged Float64; a longitude in its place is refused (`place.swapped`).
    """
    return _bounded(column, LATITUDES, LONGITUDES)


def longitude(column: pl.Expr) -> pl.Expr:
    """Return a longitude in Japan in degrees (Float64, 122 to 154).

    Args:
        column: Raw text in decimal degrees.

    Returns:
        Judged Float64; a latitude in its place is refused (`place.swapped`).
    """
    return _bounded(column, LONGITUDES, LATITUDES)


def _bounded(column: pl.Expr, own: tuple[float, float], other: tuple[float, float]) -> pl.Expr:
    value, rule = pl.field("value"), pl.field("rule")
    known = value.is_not_null()
    inside = value.is_between(*own)
    kept = [(rule == r, r) for r in NUMBER_RULES if r != "number.plain"]
    cases = [
        (known & value.is_between(*other), "place.swapped"),
        (known & ~inside, "place.outside_japan"),
        *kept,
    ]
    judged = decide(value, RULES, cases, "number.plain")
    return judge_fields(decimal(column), judged, name_of(column))
