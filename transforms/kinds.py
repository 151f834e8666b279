"""The kinds of value `machikane normalize` knows, and the column function behind each.

Belongs here: kind to function, the keys of the context it reads, the names of its parts. Must not
hold: any rule of a format, reading or writing of files.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple

import polars as pl

from transforms.addresses.address import city_address
from transforms.codes.kinds import UNKNOWN, code_of_kind
from transforms.codes.my_number_search import contains_my_number
from transforms.codes.my_numbers import RULES as MY_NUMBER_RULES
from transforms.codes.my_numbers import looks_like_my_number
from transforms.codes.phones import phone
from transforms.contexts import read_key
from transforms.dates.moments import moment
from transforms.numbers.figure import figure
from transforms.texts.free_text import text
from transforms.texts.headers import header
from transforms.texts.kana import kana
from transforms.texts.matching_keys import name_key
from transforms.texts.names import name
from transforms.verdict import BLANK, OK, VERDICT, trim

Context = Mapping[str, pl.Expr | None]


class Setting(NamedTuple):
    """What holds for all rows of a call.

    Attributes:
        policy: `strict` refuses what has to be mended, `lenient` mends it where there is one way.
        city: Six-digit code of the city whose towns an address without one belongs to.
    """

    policy: Literal["strict", "lenient"] = "strict"
    city: str = "272035"


Judge = Callable[[pl.Expr, Context, Setting], pl.Expr]


class Kind(NamedTuple):
    """One kind of value.

    Attributes:
        judge: Column, its context by key (null where a row gives none, None where no row does) and
            the setting to the judged struct.
        parts: Names of the fields behind `value`, `verdict`, `rule`.
        keys: Keys of the context the function reads.
    """

    judge: Judge
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
    read = {key: None if context is None else read_key(context, key) for key in known.keys}
    return known.judge(column, read, setting or Setting())


def _plain(function: Callable[[pl.Expr], pl.Expr]) -> Judge:
    """Return a function of a column alone as a kind calls it."""
    return lambda column, _context, _setting: function(column)


def _guarded(function: Callable[[pl.Expr], pl.Expr]) -> Judge:
    """Return a function whose values are letters as they came, without a 個人番号 among them."""
    return lambda column, _context, _setting: _block(function(column), _shows_my_number(column))


def _shows_my_number(column: pl.Expr) -> pl.Expr:
    """Return whether a 個人番号 stands in the raw text or in the field `value`.

    Both are looked at: a value may join what a space had parted, and part what was joined.
    """
    return contains_my_number(column.cast(pl.String)) | contains_my_number(pl.field("value"))


def _block(judged: pl.Expr, found: pl.Expr, parts: Sequence[str] = ()) -> pl.Expr:
    """Return the judged struct with `my_number.blocked` where `found` holds of its fields."""
    rule, hidden = "my_number.blocked", pl.field("found")
    refused = pl.lit(MY_NUMBER_RULES[rule].verdict, dtype=VERDICT)
    kept = [pl.when(~hidden).then(pl.field(name)).alias(name) for name in ("value", *parts)]
    verdict = pl.when(hidden).then(refused).otherwise(pl.field("verdict")).alias("verdict")
    reason = pl.when(hidden).then(pl.lit(rule)).otherwise(pl.field("rule")).alias("rule")
    blocked = pl.struct([kept[0], verdict, reason, *kept[1:]])
    staged = judged.struct.with_fields(found=found)
    return staged.struct.with_fields(blocked=blocked).struct.field("blocked")


def _date(column: pl.Expr, context: Context, setting: Setting) -> pl.Expr:
    return moment(column, **context, policy=setting.policy)


def _number(column: pl.Expr, context: Context, _setting: Setting) -> pl.Expr:
    """Twelve bare digits may be a 個人番号, unless the column has a unit: then they are a sum."""
    bare, unit = looks_like_my_number(column), context["unit"]
    found = bare if unit is None else bare & unit.is_null()
    return _block(figure(column, unit=unit), found, ("unit",))


def _code(column: pl.Expr, context: Context, _setting: Setting) -> pl.Expr:
    """A blank without a kind is a blank: where there is no code nobody needs its kind."""
    rule = pl.field("rule")
    asked = (rule == UNKNOWN) & (trim(column) == "")
    kind = pl.lit(None, dtype=pl.String) if context["kind"] is None else context["kind"]
    judged = code_of_kind(column, kind).struct.with_fields(
        verdict=pl.when(asked).then(pl.lit(OK, dtype=VERDICT)).otherwise(pl.field("verdict")),
        rule=pl.when(asked).then(pl.lit(BLANK)).otherwise(rule),
    )
    return _block(judged, _shows_my_number(column))


def _address(column: pl.Expr, _context: Context, setting: Setting) -> pl.Expr:
    judged = city_address(column, setting.city)
    return _block(judged, _shows_my_number(column), ADDRESS_PARTS)


ADDRESS_PARTS = (
    *("pref", "city", "town", "block", "number", "building", "level", "reason"),
    *("room", "postal_code", "lat", "lon", "town_id"),
)
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "date": Kind(_date, ("earliest", "latest"), ("era", "previous", "excel", "unit")),
        "address": Kind(_address, ADDRESS_PARTS),
        "phone": Kind(_plain(phone), ("extension",)),
        "number": Kind(_number, ("unit",), ("unit",)),
        "code": Kind(_code, (), ("kind",)),
        "name": Kind(_guarded(name)),
        "name-key": Kind(_guarded(name_key)),
        "kana": Kind(_plain(kana)),
        "text": Kind(_guarded(text)),
        "header": Kind(_guarded(header)),
    }
)
# A type of contracts whose name a kind has taken goes by another one in the examples of rules.
TYPES_RENAMED: Mapping[str, str] = MappingProxyType(
    {"code_list": "code", "day": "date", "city_address": "address"}
)
