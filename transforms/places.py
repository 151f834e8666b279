"""Coordinates and the spelling of town names.

Belongs here: latitude, longitude, 丁目. Must not hold: parsing of whole addresses, geocoding.
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.numbers import RULES as NUMBER_RULES
from transforms.numbers import decimal
from transforms.verdict import (
    BLANK,
    OK,
    REFUSED,
    REPAIRED,
    UNCERTAIN,
    decide,
    judge_fields,
    name_of,
    trim,
)
from transforms.width import replace_table

RULES: Mapping[str, str] = MappingProxyType(
    {
        **NUMBER_RULES,
        "place.swapped": REFUSED,
        "place.outside_japan": REFUSED,
        "town.plain": OK,
        "town.chome": REPAIRED,
        "town.chome_number": UNCERTAIN,
    }
)

LATITUDES = (20.0, 46.0)
LONGITUDES = (122.0, 154.0)
_KANJI = "〇一二三四五六七八九"
_D = "[0-9０-９]"
# 03丁目, 113丁目, 1・2丁目, 1～3丁目: which town is meant is not for a spelling rule to say.
_ODD_CHOME = (
    rf"(?:^|[^0-9０-９])[0０]{_D}*丁目|{_D}{{3,}}丁目|{_D} *[.．,，、・･~〜～‐－−―ー-]+ *{_D}+丁目"
)


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


def town_chome(column: pl.Expr) -> pl.Expr:
    """Return a town name with the number of its 丁目 in kanji: 中桜塚3丁目 is 中桜塚三丁目.

    Args:
        column: Raw text.

    Returns:
        Judged String; nothing else is changed. 03丁目 or 1・2丁目 are uncertain.
    """
    raw, value = pl.field("raw"), pl.field("value")
    cases = [
        (raw == "", BLANK),
        (raw.str.contains(_ODD_CHOME), "town.chome_number"),
        (value != raw, "town.chome"),
    ]
    read = pl.struct(raw=trim(column)).struct.with_fields(value=replace_table(raw, _chome()))
    return judge_fields(read, decide(value, RULES, cases, "town.plain"), name_of(column))


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


def _chome() -> dict[str, str]:
    """Return every width of 1丁目 to 99丁目 to its kanji spelling."""
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    table = {}
    for n in range(1, 100):
        tens, ones = divmod(n, 10)
        kanji = (_KANJI[tens] if tens > 1 else "") + ("十" if tens else "")
        text = str(n)
        for head in {text[0], text[0].translate(wide)}:
            for last in {text[1:], text[1:].translate(wide)}:
                table[f"{head}{last}丁目"] = kanji + (_KANJI[ones] if ones else "") + "丁目"
    return table
