"""Coordinates: latitude and longitude in degrees.

Belongs here: one axis of the place of a point. Must not hold: pairs and distances (`points`),
geocoding, names of towns (`towns`).
"""

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from transforms.numbers.number import decimal
from transforms.numbers.reading_rules import RULES as NUMBER_RULES
from transforms.places.point_rules import RULES
from transforms.verdict import LEVELS, OK, REPAIRED, decide, judge_fields, name_of, trim
from transforms.width import ASCII, replace_table

# Three decimals are about 100 m. The standard datasets ask for six (about 10 cm), but a spreadsheet
# drops zeros at the end: of a thousand points written with six, one arrives with three.
DECIMALS_MIN = 3
_SIXTY = 60
_MARKS = dict.fromkeys("度º˚", "°") | dict.fromkeys("分′’´ʹ", "'") | dict.fromkeys("秒″”ʺ", '"')
_FOLDED: Mapping[str, str] = {**ASCII, **_MARKS, "′′": '"', "''": '"', "’’": '"'}
_SIDE = r"^(北緯|東経|南緯|西経|[NESW]) *|([NESW])$"
_PARTS = r"""^([0-9]{1,3})° *([0-9]{1,2}(?:\.[0-9]+)?)'? *(?:([0-9]{1,2}(?:\.[0-9]+)?)"?)?$"""


class _Axis(NamedTuple):
    own: tuple[float, float]
    other: tuple[float, float]
    sides: tuple[str, ...]
    wrong_sides: tuple[str, ...]
    compact: str


_LATITUDES, _LONGITUDES = (20.0, 46.0), (122.0, 154.0)
_NORTH, _EAST = ("N", "北緯"), ("E", "東経")
_LATITUDE = _Axis(
    _LATITUDES, _LONGITUDES, _NORTH, _EAST, r"^[2-4][0-9][0-5][0-9][0-5][0-9](?:\.|$)"
)
_LONGITUDE = _Axis(
    _LONGITUDES, _LATITUDES, _EAST, _NORTH, r"^1[2-5][0-9][0-5][0-9][0-5][0-9](?:\.|$)"
)


def latitude(column: pl.Expr) -> pl.Expr:
    """Return a latitude in Japan in degrees (Float64, 20 to 46).

    Args:
        column: Raw text in decimal degrees, or in degrees, minutes and seconds (34°46′53.1″,
            34度46分53.1秒), with or without 北緯 or N.

    Returns:
        Judged Float64; a longitude in its place is refused (`place.swapped`), fewer than three
        decimals are uncertain (`place.coarse`), and so is 344653.1 (`place.compact`). The datum
        stands in no text: it is for the contract of the file to declare.
    """
    return _judge(column, _LATITUDE)


def longitude(column: pl.Expr) -> pl.Expr:
    """Return a longitude in Japan in degrees (Float64, 122 to 154).

    Args:
        column: Raw text, see `latitude`.

    Returns:
        Judged Float64; a latitude in its place is refused (`place.swapped`).
    """
    return _judge(column, _LONGITUDE)


def _judge(column: pl.Expr, axis: _Axis) -> pl.Expr:
    part = pl.field("parts").struct.field
    degrees, minutes = (part(n).cast(pl.Float64, strict=False) for n in ("1", "2"))
    seconds = part("3").cast(pl.Float64, strict=False)
    angle = degrees + minutes / _SIXTY + seconds.fill_null(0) / _SIXTY**2
    number, sexagesimal = pl.field("number").struct.field, pl.field("angle").is_not_null()
    side = pl.coalesce(pl.field("x").str.extract(_SIDE, 1), pl.field("x").str.extract(_SIDE, 2))
    stages = (
        pl.struct(raw=trim(column))
        .struct.with_fields(x=replace_table(pl.field("raw"), dict(_FOLDED)))
        .struct.with_fields(side=side, body=pl.field("x").str.replace_all(_SIDE, "").str.strip_chars(" "))
        .struct.with_fields(parts=pl.field("body").str.extract_groups(_PARTS))
        .struct.with_fields(
            angle=angle.round(8),
            number=decimal(pl.field("body").str.strip_chars_end("°")),
            wrong_parts=(minutes >= _SIXTY) | (seconds >= _SIXTY),
            is_coarse=_find_coarse(),
        )
        .struct.with_fields(value=pl.when(sexagesimal).then(pl.field("angle")).otherwise(number("value")))
    )  # fmt: skip
    judged = decide(pl.field("value"), RULES, _list_cases(axis), "number.plain")
    return judge_fields(stages, judged, name_of(column))


def _find_coarse() -> pl.Expr:
    """Tell degrees with few decimals, and degrees and minutes without seconds."""
    groups = pl.field("parts").struct.field
    decimals = pl.field("body").str.strip_chars_end("°").str.extract(r"\.([0-9]*)$").fill_null("")
    whole_minutes = groups("3").is_null() & ~groups("2").str.contains(r"\.[0-9]{2}")
    few = decimals.str.len_bytes() < DECIMALS_MIN
    return pl.when(groups("1").is_not_null()).then(whole_minutes).otherwise(few)


def _list_cases(axis: _Axis) -> list[tuple[pl.Expr, str]]:
    value, side = pl.field("value"), pl.field("side")
    sexagesimal = pl.field("angle").is_not_null()
    rule = pl.field("number").struct.field("rule")
    by_level = {level: [r for r, words in NUMBER_RULES.items() if words.verdict == level] for level in LEVELS}  # fmt: skip
    kept = [
        r for level in (OK, REPAIRED) for r in by_level[level] if r not in {"number.plain", "blank"}
    ]
    lost = [r for level in LEVELS[2:] for r in by_level[level]]
    return [
        (pl.field("raw") == "", "blank"),
        (sexagesimal & pl.field("wrong_parts"), "place.impossible_minutes"),
        (side.is_in(list(axis.wrong_sides)), "place.swapped"),
        (side.is_not_null() & ~side.is_in(list(axis.sides)), "place.outside_japan"),
        (pl.field("body").str.contains(axis.compact), "place.compact"),
        (value == 0, "place.zero"),
        (value.is_between(*axis.other), "place.swapped"),
        (~value.is_between(*axis.own), "place.outside_japan"),
        *((~sexagesimal & (rule == r), r) for r in lost),
        (pl.field("is_coarse"), "place.coarse"),
        (sexagesimal, "place.sexagesimal"),
        (side.is_not_null() | pl.field("body").str.ends_with("°"), "place.side"),
        (pl.field("raw").str.contains("[０-９．]"), "number.fullwidth"),
        *((rule == r, r) for r in kept),
    ]
