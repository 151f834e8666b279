"""The Japanese numbering plan: where an area code ends.

Belongs here: what the digits of a domestic number say. Must not hold: how people write numbers
(`phone_spellings`), verdicts. The areas come from `phonenumbers` (Apache-2.0), whose tables depend
on the first six digits only, so that each of these is asked once.
"""

from functools import cache

import phonenumbers
import polars as pl
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

JAPAN = 81
PREFIX = 6
# 電気通信番号計画 (令和元年総務省告示第6号): the grouping of these does not depend on a place.
MOBILE = "^(0[25-9]0)([0-9]{4})([0-9]{4})$"
FREE = "^(0800)([0-9]{3})([0-9]{4})$"
SERVICE = "^(0(?:120|570|990))([0-9]{3})([0-9]{3})$"
GEOGRAPHIC = "^0[1-9]{2}[0-9]{7}$"
SHORT = r"^(?:10[468]|11[0-9]|17[17]|18[89]|#[0-9]{4})$"
_AREA = {PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


def standard_form(digits: pl.Expr) -> pl.Expr:
    """Return a domestic number in the standard's form; null where the plan has no such number.

    Args:
        digits: Half-width digits from the leading 0, or null.

    Returns:
        String: (06)6858-2525 for places; 090-1234-5678, 0120-123-456 and the like for the rest.
    """
    x, area = pl.field("x"), pl.field("area")
    places = pl.when(x.str.contains(GEOGRAPHIC)).then(x.str.head(PREFIX))
    # Kept as a field, so that the areas are looked up once.
    read = pl.struct(x=digits).struct.with_fields(
        area=places.map_batches(_area_lengths, return_dtype=pl.Int64, is_elementwise=True)
    )
    middle = x.str.slice(area, PREFIX - area)
    geographic = pl.concat_str(
        pl.lit("("), x.str.head(area), pl.lit(")"), middle, pl.lit("-"), x.str.tail(4)
    )
    other = x
    for pattern in (FREE, MOBILE, SERVICE):
        other = other.str.replace(pattern, "$1-$2-$3")
    stages = read.struct.with_fields(place=geographic, other=other)
    form = pl.coalesce(pl.field("place"), pl.when(pl.field("other") != x).then(pl.field("other")))
    return stages.struct.with_fields(form=form).struct.field("form")


def _area_lengths(prefixes: pl.Series) -> pl.Series:
    lengths = {p: area_length(p) for p in prefixes.unique().drop_nulls()}
    return prefixes.replace_strict(
        list(lengths), list(lengths.values()), default=None, return_dtype=pl.Int64
    )


@cache
def area_length(prefix: str) -> int | None:
    """Return how many digits the area code has, from the first six digits; None where it has none."""
    number = PhoneNumber(country_code=JAPAN, national_number=int(prefix[1:] + "0000"))
    if phonenumbers.number_type(number) not in _AREA:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL).index("-")
