"""What a single value of a column must look like, by the type of the column.

Belongs here: one expression a type; each gives the rule that is broken (null: none) and the value
the standard asks for (null: not certain). Values are judged once each, however often they come. Must
not hold: words (`rules`), relations between rows or columns (`rows`).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from transforms.codes.corporate_numbers import corporate_number
from transforms.codes.government_codes import local_government_code
from transforms.codes.phones import phone
from transforms.codes.postal_codes import postal_code
from transforms.dates.day import date
from transforms.texts.kana import kana
from transforms.width import fold_ascii
from warehouse.standards.choices import is_chosen, judge_chosen, judge_flags
from warehouse.standards.moments import judge_times, judge_weekdays
from warehouse.standards.verdicts import broken, fine, of_transform

if TYPE_CHECKING:
    from collections.abc import Callable

    from assets.standard import StandardColumn

# Three decimals are about 100 m; spreadsheets drop zeros at the end, so that six may arrive as three.
_PLAIN_POINT = r"^[0-9]{2,3}\.[0-9]{3,}$"
# Readings may be parted by spaces and hold brackets; the standard says nothing against it.
_KANA = r"^[ァ-ヺー・ヽヾ（） \u3000]+$"
_MARK = r"^[-－―‐−–—ー*＊…]+$"
# Japan's bounds in degrees, as `transforms.places.coordinates` has them.
_NORTH, _EAST = (20.0, 46.0), (122.0, 154.0)
_OTHER_LIST = "^[^;]*[、，,；][^;]*$"
_EXPONENT = r"^[0-9](?:\.[0-9]+)?[Ee]\+[0-9]+$"
_URL = r"^https?://[^\s　;、]+$"
_EMAIL = r"^[A-Za-z0-9._%+/=?!#$&'*^`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$"


def judge_values(texts: pl.Series, column: StandardColumn, *, older: bool = False) -> pl.DataFrame:
    """Judge distinct, trimmed, non-blank texts of a column.

    Args:
        texts: The values.
        column: What the layout says of them.
        older: Whether the layout is one of 推奨データセット, where five-digit codes were usual.

    Returns:
        `value`, `rule`, `repaired` of those that break a rule; `repaired` empty where the cell
        should be blank, null where nothing is certain.
    """
    text = pl.col("value")
    frame = pl.DataFrame({"value": texts}, schema={"value": pl.String})
    if column.type in _PLAIN and not is_chosen(column):
        frame = frame.filter(~_PLAIN[column.type](text).fill_null(value=False))
    if frame.is_empty():
        return frame.with_columns(rule=pl.lit(None, pl.String), repaired=pl.lit(None, pl.String))
    # A column function is computed once, before the cases that look at it.
    if column.type in _READERS:
        frame = frame.with_columns(read=_READERS[column.type](text))
    judged = frame.select("value", found=_expression(text, column, older=older))
    return judged.unnest("found").filter(pl.col("rule").is_not_null())


def is_judged(column: StandardColumn) -> bool:
    """Tell whether single values of the column can break a rule at all."""
    return is_chosen(column) or column.separated or column.is_number or column.type in _TYPES


def _expression(text: pl.Expr, column: StandardColumn, *, older: bool) -> pl.Expr:
    """Judge a mark in place of a blank first, then the value by what the column asks.

    In a column of numbers a mark may mean nought or a secret: it is no blank there.
    """
    judged = _judged(text, column, older=older)
    if column.is_number:
        return judged
    is_mark = text.str.contains(_MARK) & judged.struct.field("rule").is_not_null()
    return (
        pl.when(is_mark)
        .then(pl.struct(rule=pl.lit("blank.mark"), repaired=pl.lit("")))
        .otherwise(judged)
    )


def _judged(text: pl.Expr, column: StandardColumn, *, older: bool) -> pl.Expr:
    if is_chosen(column):
        return judge_chosen(text, column)
    if column.is_number:
        return _number(text, column)
    if column.separated:
        return broken(text, (text.str.contains(_OTHER_LIST), "list.maybe"), otherwise=None)
    judged = _TYPES[column.type](text) if column.type in _TYPES else fine(text)
    if older and column.type == "municipality_code":
        return _mild_five(judged)
    return judged


def _mild_five(judged: pl.Expr) -> pl.Expr:
    rule = judged.struct.field("rule")
    mild = pl.when(rule == "government_code.check_added").then(pl.lit("government_code.older_five"))
    return pl.struct(rule=mild.otherwise(rule), repaired=judged.struct.field("repaired"))


def _kana(text: pl.Expr) -> pl.Expr:
    judged = _read(text)
    rule = pl.when(~text.str.contains(_KANA)).then(judged.struct.field("rule"))
    return pl.struct(rule=rule, repaired=judged.struct.field("repaired"))


def _is_iso(text: pl.Expr) -> pl.Expr:
    """Tell real days in the standard's form cheaply: most files hold nothing else."""
    day = text.str.to_date("%Y-%m-%d", strict=False)
    return (text.str.len_bytes() == 10) & day.is_not_null()  # noqa: PLR2004 - YYYY-MM-DD


def _date(text: pl.Expr) -> pl.Expr:
    written = pl.col("read").struct.field("value").dt.strftime("%Y-%m-%d")
    return broken(
        text,
        (written == text, None),
        (written.is_not_null(), "date.form"),
        otherwise="date.unreadable",
        repaired=written,
    )


def _number(text: pl.Expr, column: StandardColumn) -> pl.Expr:
    whole = column.type == "integer"
    shape = r"^-?(?:0|[1-9][0-9]*)$" if whole else r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$"
    units = "|".join({*"人名円台件基床席世帯ｍm㎜", "mm", "世帯", column.unit or "人"})
    body = (
        fold_ascii(text)
        .str.replace_all(r"[, ]", "")
        .str.replace(r"^[+¥￥]", "")
        .str.replace(f"(?:{units})$", "")
        .str.replace(r"^(-?)0+([0-9])", "${1}${2}")
    )
    body = body.str.replace(r"\.0+$", "") if whole else body
    mended = pl.when(body.str.contains(shape)).then(body)
    return broken(
        text,
        (text.str.contains(shape), None),
        (mended.is_not_null(), "number.form"),
        otherwise="number.unreadable",
        repaired=mended,
    )


def _read(text: pl.Expr) -> pl.Expr:
    return of_transform(text, pl.col("read"))


def _latitude(text: pl.Expr) -> pl.Expr:
    return _degrees(text, _NORTH, _EAST)


def _longitude(text: pl.Expr) -> pl.Expr:
    return _degrees(text, _EAST, _NORTH)


def _degrees(text: pl.Expr, own: tuple[float, float], other: tuple[float, float]) -> pl.Expr:
    """Judge decimal degrees inside Japan's bounds; other spellings are not mended but named."""
    folded = fold_ascii(text)
    degrees = folded.cast(pl.Float64, strict=False)
    return broken(
        text,
        (text.str.contains(_PLAIN_POINT) & degrees.is_between(*own), None),
        (degrees.is_null() & text.str.contains("[°度′分]"), "point.sexagesimal"),
        (degrees.is_null(), "number.unreadable"),
        (degrees == 0, "place.zero"),
        (degrees.is_between(*other), "place.swapped"),
        (~degrees.is_between(*own), "place.outside_japan"),
        (folded != text, "number.form"),
        otherwise="point.decimals",
        repaired=pl.when(degrees == 0)
        .then(pl.lit(""))
        .when(degrees.is_between(*own) & (folded != text))
        .then(folded),
    )


def _code(text: pl.Expr) -> pl.Expr:
    folded = fold_ascii(text)
    return broken(
        text,
        (text.str.contains(_EXPONENT), "code.exponent"),
        (text.str.contains(r"^[!-~ ]*$"), None),
        (folded.str.contains(r"^[!-~ ]*$"), "code.form"),
        otherwise="code.other_letters",
        repaired=pl.when(_is_plain_code(folded)).then(folded),
    )


def _url(text: pl.Expr) -> pl.Expr:
    return broken(text, (text.str.contains(_URL), None), otherwise="url.form")


def _email(text: pl.Expr) -> pl.Expr:
    return broken(text, (text.str.contains(_EMAIL), None), otherwise="email.form")


def _is_plain_code(text: pl.Expr) -> pl.Expr:
    return text.str.contains(r"^[!-~ ]*$") & ~text.str.contains(_EXPONENT)


def _is_inside(text: pl.Expr, bounds: tuple[float, float]) -> pl.Expr:
    plain = text.str.contains(_PLAIN_POINT)
    return plain & text.cast(pl.Float64, strict=False).is_between(*bounds)


# What most values are is told cheaply; only the rest is judged.
_PLAIN: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "date": _is_iso,
    "code": _is_plain_code,
    "latitude": partial(_is_inside, bounds=_NORTH),
    "longitude": partial(_is_inside, bounds=_EAST),
    "kana": lambda text: text.str.contains(_KANA),
    "url": lambda text: text.str.contains(_URL),
}
_READERS: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "date": partial(date, excel_serials=True),
    "kana": kana,
    "phone": phone,
    "postal_code": postal_code,
    "municipality_code": local_government_code,
    "corporate_number": corporate_number,
}
_TYPES: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    **dict.fromkeys(_READERS, _read),
    "date": _date,
    "kana": _kana,
    "code": _code,
    "time": judge_times,
    "weekdays": judge_weekdays,
    "latitude": _latitude,
    "longitude": _longitude,
    "flag": judge_flags,
    "url": _url,
    "email": _email,
}
