"""Texts that have no place in rows of persons, and some that have none anywhere.

Belongs here: columnar recognition of addresses of homes, phones, mail, official numbers, hash
values, exact days and coordinates. Must not hold: what follows from a hit (`gate_personal`), names
(`surnames`). All texts are folded first (`patterns.fold_text`),
which also turns ー into a hyphen.
"""

import polars as pl

_HOUSE = (
    r"(?:[0-9]+丁目 ?[0-9]+(?:番|-)|[0-9]+番地?の?[0-9]*号?|[[\p{Han}ヶケ]&&[^第年月回号]][0-9]+-[0-9]+)"
    r"(?:-?[0-9]+)?号?"
)
# Numbers behind 第 or 年 count something else (第2-3回, 50年4-5月).
_ADDRESS = rf"\p{{Han}} ?{_HOUSE}"
_HOME = r"自宅|の宅|宅(?:[(、。 ]|$)|在住|居住|号室|アパ[-ー]ト|マンション|コ[-ー]ポ|ハイツ|メゾン|荘(?:[0-9 ]|$)"
_PHONE = r"(?:^|[^0-9.-])\(?0[0-9]{1,4}\)?[- ]?\(?[0-9]{1,4}\)?[- ][0-9]{4}(?:[^0-9-]|$)"
_MAIL = r"[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}"
_CODE_NAME = (
    r"(?:基礎年金番号|年金番号|被保険者証?の?(?:記号)?番号|住民票コ[-ー]ド|免許証の?番号|旅券番号|"
    r"在留カ[-ー]ドの?番号)[^0-9A-Za-z]{0,8}[0-9A-Za-z][0-9A-Za-z-]{5,}"
)
# 基礎年金番号 4-6, 在留カード 2+8+2, 旅券 2+7; 0120, 0570, 0800 begin telephone numbers.
_PENSION, _TELEPHONE = r"^[0-9]{4}-[0-9]{6}$", r"^0(?:120|570|800)-"
_CARD = r"^[A-Z]{2}(?:[0-9]{8}[A-Z]{2}|[0-9]{7})$"
_RESIDENT_CODE = r"^[0-9]{11}$"
_HASH = (
    r"^(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{56}|[0-9a-fA-F]{64}|[0-9a-fA-F]{96}|"
    r"[0-9a-fA-F]{128}|[A-Za-z0-9+/_-]{43}=|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$"
)
_DAY = (
    r"^(?:(?:明治|大正|昭和|平成|令和|[MTSHR])[. ]?(?:元|[0-9]{1,2})|(?:1[89]|20)[0-9]{2})"
    r"[-年./][0-9]{1,2}[-月./][0-9]{1,2}日?(?:[ T][0-9:.+Z-]*)?$|^(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])"
    r"(?:0[1-9]|[12][0-9]|3[01])$"
)
_FINE = r"^-?[0-9]{2,3}\.[0-9]{3,}$"
# Japan lies between these degrees.
_SOUTH, _NORTH, _WEST, _EAST = 20.0, 46.0, 122.0, 154.0


def has_house_address(text: pl.Expr) -> pl.Expr:
    """Tell whether a text holds an address down to the house number."""
    return text.str.contains(_ADDRESS)


def has_home(text: pl.Expr) -> pl.Expr:
    """Tell whether a text holds an address and says that somebody lives there."""
    return text.str.contains(_ADDRESS) & text.str.contains(_HOME)


def has_phone(text: pl.Expr) -> pl.Expr:
    """Tell whether a text holds a telephone number, also of a fixed line."""
    return text.str.contains(_PHONE)


def has_mail(text: pl.Expr) -> pl.Expr:
    """Tell whether a text holds a mail address."""
    return text.str.contains(_MAIL)


def names_identity_code(text: pl.Expr) -> pl.Expr:
    """Tell whether a text names an official number and gives it."""
    return text.str.contains(_CODE_NAME)


def is_identity_code(text: pl.Expr) -> pl.Expr:
    """Tell whether the whole text has the form of an official number of a person."""
    pension = text.str.contains(_PENSION) & ~text.str.contains(_TELEPHONE)
    return pension | text.str.contains(_CARD) | text.str.contains(_RESIDENT_CODE)


def is_hash(text: pl.Expr) -> pl.Expr:
    """Tell whether the whole text is a hash value or a UUID: a name for a row all the same."""
    return text.str.contains(_HASH) & text.str.contains("[0-9]")


def is_day(text: pl.Expr) -> pl.Expr:
    """Tell whether the whole text is one day of the calendar, 和暦 or 西暦."""
    return text.str.contains(_DAY)


def is_fine_coordinate(text: pl.Expr) -> pl.Expr:
    """Tell whether the whole text is a latitude or longitude within Japan, finer than 100 m."""
    degrees = text.cast(pl.Float64, strict=False)
    there = degrees.is_between(_SOUTH, _NORTH) | degrees.is_between(_WEST, _EAST)
    return text.str.contains(_FINE) & there.fill_null(value=False)
