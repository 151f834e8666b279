"""The kinds of value `machikane normalize` knows, and the column function behind each.

Belongs here: kind to function, the keys of the context it reads, the names of its parts. Must not
hold: any rule of a format, reading or writing of files.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import polars as pl

from transforms.codes.government_codes import local_government_code
from transforms.codes.phones import phone
from transforms.contexts import read_key
from transforms.dates.day import date
from transforms.numbers.figure import figure
from transforms.places.towns import town_chome
from transforms.texts.free_text import text
from transforms.texts.headers import header_key
from transforms.texts.kana import kana
from transforms.texts.names import name
from transforms.verdict import judged

Context = Mapping[str, pl.Expr]


class Setting(NamedTuple):
    """What holds for all rows of a call.

    Attributes:
        policy: `strict` refuses what has to be mended, `lenient` mends it where there is one way.
        city: Six-digit code of the city whose towns an address without one belongs to.
    """

    policy: str = "strict"
    city: str = "272035"


class Kind(NamedTuple):
    """One kind of value.

    Attributes:
        judge: Column, its context by key (null where a row gives none) and the setting to the
            judged struct.
        parts: Names of the fields behind `value`, `verdict`, `rule`.
        keys: Keys of the context the function reads.
    """

    judge: Callable[[pl.Expr, Context, Setting], pl.Expr]
    parts: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


def judge_kind(
    column: pl.Expr, kind: str, *, context: pl.Expr | None = None, setting: Setting | None = None
) -> pl.Expr:
    """Return the judged struct of one kind.

    Args:
        column: Raw text.
        kind: Name in `KINDS`.
        context: Text of `key=value` pairs joined by `;`, see `contexts`; keys the kind does not
            read are passed over.
        setting: Policy and city.

    Returns:
        `Struct{value, verdict, rule}` and the parts of the kind.

    Raises:
        KeyError: If the kind is unknown.
    """
    known = KINDS[kind]
    missing = pl.lit(None, dtype=pl.String)
    read = {key: missing if context is None else read_key(context, key) for key in known.keys}
    return known.judge(column, read, setting or Setting())


def _plain(
    function: Callable[[pl.Expr], pl.Expr],
) -> Callable[[pl.Expr, Context, Setting], pl.Expr]:
    """Return a function of a column alone as a kind calls it."""
    return lambda column, _context, _setting: function(column)


def _date(column: pl.Expr, context: Context, _setting: Setting) -> pl.Expr:
    null = pl.lit(None, dtype=pl.String)
    return date(column, era=context["era"]).struct.with_fields(earliest=null, latest=null)


def _number(column: pl.Expr, context: Context, _setting: Setting) -> pl.Expr:
    return figure(column, unit=context["unit"])


def _address(column: pl.Expr, _context: Context, _setting: Setting) -> pl.Expr:
    null = pl.lit(None, dtype=pl.String)
    return town_chome(column).struct.with_fields(**dict.fromkeys(ADDRESS_PARTS, null))


def _phone(column: pl.Expr, _context: Context, _setting: Setting) -> pl.Expr:
    return phone(column).struct.with_fields(extension=pl.lit(None, dtype=pl.String))


def _header(column: pl.Expr) -> pl.Expr:
    key = column.fill_null("").map_elements(header_key, return_dtype=pl.String)
    rule = pl.when(key == "").then(pl.lit("blank")).otherwise(pl.lit("text.plain"))
    return judged(pl.when(key != "").then(key), "ok", rule)


ADDRESS_PARTS = (
    *("pref", "city", "town", "block", "number", "building", "level", "reason"),
    *("room", "postal_code", "lat", "lon", "town_id"),
)
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "date": Kind(_date, ("earliest", "latest"), ("era", "previous", "excel", "unit")),
        "address": Kind(_address, ADDRESS_PARTS),
        "phone": Kind(_phone, ("extension",)),
        "number": Kind(_number, ("unit",), ("unit",)),
        "code": Kind(_plain(local_government_code), (), ("kind",)),
        "name": Kind(_plain(name)),
        "name-key": Kind(_plain(name)),
        "kana": Kind(_plain(kana)),
        "text": Kind(_plain(text)),
        "header": Kind(_plain(_header)),
    }
)
