"""The cells an attribute is made of, read as what the mapping says they are.

Belongs here: blank and unreadable cells become null, and nothing is filled in. Must not hold: JSON
(`warehouse/exchange/entity_json.py`), nor which NGSI is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable

    from assets.exchange import Attribute, Kind, Position

# A number as JSON writes it: no plus sign, no zero in front.
_NUMBER = r"^-?(0|[1-9]\d*)(\.\d+)?$"
# RFC 3986: the characters of a URI, for the schemes that open data points to.
_LINK = r"^https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+$"
_EMAIL = r"^[^@\s]+@[^@\s]+$"
_IN_URI = "-._~:/?#[]@!$&'()*+,;=%"
_BEYOND_ASCII = r"[^\x21-\x7E]"
_SEGMENT = r"^[A-Za-z0-9\-._~]*$"
_CLOCK = r"^([01]?\d|2[0-4]):([0-5]\d)"
_JAPAN_BEFORE_UTC = pl.duration(hours=9)
_POLE, _DATE_LINE = 90, 180


def cell(name: str) -> pl.Expr:
    """Take a column as text, blank cells as null."""
    text = pl.col(name).cast(pl.String)
    return pl.when(text.str.strip_chars() != "").then(text)


def nothing() -> pl.Expr:
    """Give null texts."""
    return pl.lit(None, dtype=pl.String)


def first_of(names: list[str], have: set[str]) -> pl.Expr:
    """Take the first of the columns that is not blank; null where the table has none of them."""
    found = [cell(name) for name in names if name in have]
    return pl.coalesce(found) if found else nothing()


def given(attribute: Attribute, have: set[str]) -> pl.Expr:
    """Take the cell of an attribute as it stands; for a moment only where day and time are."""
    text = first_of([attribute.column or "", *attribute.otherwise], have)
    if attribute.time is None:
        return text
    clock = first_of([attribute.time], have)
    return pl.when(clock.is_not_null()).then(text)


def value(attribute: Attribute, have: set[str]) -> pl.Expr:
    """Read the cell of an attribute; null where it is blank or not of its kind.

    Numbers and flags are written as JSON has them, lists are lists, all others are texts.
    """
    text = given(attribute, have)
    if attribute.kind == "flag":
        return _flag(text) if attribute.column in have else nothing()
    if attribute.kind == "moment":
        return _instant(_day(text), first_of([attribute.time or ""], have))
    read = _READERS.get(attribute.kind)
    return read(text) if read else text


def start_of(days: pl.Expr) -> pl.Expr:
    """Write the first instant of days in Japan in UTC, such as `2026-03-31T15:00:00.000Z`."""
    return _utc(_day(days).cast(pl.Datetime("ms")))


def coordinates(position: Position) -> pl.Expr:
    """Write `longitude,latitude`, letter by letter; null unless both are degrees on the globe."""
    longitude = _degrees(position.longitude, _DATE_LINE)
    return pl.concat_str([longitude, _degrees(position.latitude, _POLE)], separator=",")


def as_uris(texts: pl.Series) -> pl.Series:
    """Write what URIs may not hold (Japanese in an address, RFC 3987) as `%` and hex digits."""
    beyond = texts.filter(texts.str.contains(_BEYOND_ASCII)).unique()
    return texts.replace({text: quote(text, safe=_IN_URI) for text in beyond})


def as_segments(texts: pl.Series) -> pl.Series:
    """Write texts so that they can stand between the colons of a URN."""
    beyond = texts.filter(~texts.str.contains(_SEGMENT)).unique()
    return texts.replace({text: quote(text, safe="") for text in beyond})


def _only(texts: pl.Expr, pattern: str) -> pl.Expr:
    return pl.when(texts.str.contains(pattern)).then(texts)


def _parts(texts: pl.Expr) -> pl.Expr:
    """Cut texts at `;` into lists without blank parts."""
    cut = texts.str.split(";").list.eval(pl.element().str.strip_chars())
    kept = cut.list.eval(pl.element().filter(pl.element() != ""))
    return pl.when(kept.list.len() > 0).then(kept)


def _flag(texts: pl.Expr) -> pl.Expr:
    """Read 1 as true and blank as false (非該当); anything else says neither."""
    said = pl.when(texts == "1").then(pl.lit("true"))
    return said.when(texts.is_null()).then(pl.lit("false"))


def _day(texts: pl.Expr) -> pl.Expr:
    return texts.str.to_date("%Y-%m-%d", strict=False)


def _instant(days: pl.Expr, times: pl.Expr) -> pl.Expr:
    """Put day and time of Japan together; `24:00` is the end of the day."""
    hours = times.str.extract(_CLOCK, 1).cast(pl.Int64)
    minutes = times.str.extract(_CLOCK, 2).cast(pl.Int64)
    return _utc(days.cast(pl.Datetime("ms")) + pl.duration(hours=hours, minutes=minutes))


def _utc(moments: pl.Expr) -> pl.Expr:
    return (moments - _JAPAN_BEFORE_UTC).dt.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _degrees(name: str, most: int) -> pl.Expr:
    text = _only(cell(name), _NUMBER)
    return pl.when(text.cast(pl.Float64, strict=False).abs() <= most).then(text)


_READERS: dict[Kind, Callable[[pl.Expr], pl.Expr]] = {
    "number": lambda texts: _only(texts, _NUMBER),
    "url": lambda texts: _only(texts, _LINK),
    "email": lambda texts: _only(texts, _EMAIL),
    "list": _parts,
    "date": lambda texts: _day(texts).dt.strftime("%Y-%m-%d"),
    "day_start": start_of,
}
