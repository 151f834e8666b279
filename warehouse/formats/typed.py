"""The columns of a release as its layout types them: numbers are numbers, everything else is text.

Belongs here: casting that changes no value, and refusing what cannot be cast. Must not hold: any
file format, nor whether a value fits its column's rules (`warehouse/standards`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from assets.standard import Standard

# Doubles hold 15 decimal digits for sure; a longer number would come back as another one.
_DIGITS = 15
_WHOLE = r"^(?:0|-?[1-9][0-9]*)$"
_DECIMAL = r"^-?[0-9]+(?:\.[0-9]+)?$"
_MOMENTS: dict[type[pl.DataType], str] = {
    pl.Datetime: "%Y-%m-%dT%H:%M:%S",
    pl.Date: "%Y-%m-%d",
    pl.Time: "%H:%M",
}
_ROWS_NAMED = 3


def type_columns(table: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """Cast every column to what the layout says: Int64, Float64 or String; empty text is blank.

    A column of kind `number` that holds whole numbers stays whole. Days and times become ISO 8601
    text, `true` in a flag becomes 1.

    Raises:
        Refusal: `format.number`, `format.not_finite` or `format.kind`, with columns and rows.
    """
    return table.select(_typed(table[name], standard) for name in table.columns)


def numbers_of(table: pl.DataFrame) -> dict[str, str]:
    """Say of a typed table which columns are numbers: `integer` or `number`."""
    return {
        name: "integer" if kind.is_integer() else "number"
        for name, kind in table.schema.items()
        if kind.is_numeric()
    }


def _typed(series: pl.Series, standard: Standard) -> pl.Series:
    column = standard.column(series.name)
    if column is None or not column.is_number:
        return _to_text(series, is_flag=column is not None and column.type == "flag")
    return _to_whole(series) if column.type == "integer" else _to_number(series)


def _to_whole(series: pl.Series) -> pl.Series:
    if series.dtype.is_integer():
        return _cast(series, pl.Int64)
    if series.dtype == pl.String:
        text = _without_empty(series)
        return _cast(_require(text, text.str.contains(_WHOLE)), pl.Int64)
    if series.dtype.is_float() or series.dtype.is_decimal():
        numbers = _require_finite(series.cast(pl.Float64))
        return _cast(_require(numbers, numbers == numbers.round()), pl.Int64)
    return _blank_or_refuse(series, pl.Int64)


def _to_number(series: pl.Series) -> pl.Series:
    if series.dtype.is_integer():
        return _cast(series, pl.Int64)
    if series.dtype == pl.String:
        text = _without_empty(series)
        digits = text.str.replace_all(r"[-.]", "").str.strip_chars_start("0").str.len_chars()
        fits = text.str.contains(_DECIMAL) & (digits <= _DIGITS)
        return _cast(_require(text, fits), pl.Float64)
    if series.dtype.is_float() or series.dtype.is_decimal():
        return _require_finite(series.cast(pl.Float64))
    return _blank_or_refuse(series, pl.Float64)


def _to_text(series: pl.Series, *, is_flag: bool) -> pl.Series:
    kind = series.dtype
    if kind == pl.String:
        return _without_empty(series)
    if kind == pl.Boolean and is_flag:
        return series.replace_strict({True: "1", False: None}, return_dtype=pl.String)
    if pattern := _MOMENTS.get(kind.base_type()):
        return series.dt.strftime(pattern)
    if kind.is_numeric():
        return (_require_finite(series) if kind.is_float() else series).cast(pl.String)
    return _blank_or_refuse(series, pl.String)


def _without_empty(series: pl.Series) -> pl.Series:
    return series.replace("", None) if (series == "").any() else series


def _cast(series: pl.Series, kind: pl.DataType | type[pl.DataType]) -> pl.Series:
    """Cast what was tested; a number too large for the kind is refused as one that is none."""
    return _require(cast := series.cast(kind, strict=False), cast.is_not_null() | series.is_null())


def _require(series: pl.Series, is_fit: pl.Series) -> pl.Series:
    bad = (~is_fit).fill_null(value=False).arg_true()
    if bad.len():
        raise Refusal(
            "format.number",
            f"数値の列に、数として書けない値が {bad.len()} 件あります。",
            _where(series.name, bad),
            "SQL で、数でない値を空欄にするか、半角の数字だけの数値(15桁まで)にしてください。",
        )
    return series


def _require_finite(series: pl.Series) -> pl.Series:
    bad = (~series.is_finite()).fill_null(value=False).arg_true()
    if bad.len():
        raise Refusal(
            "format.not_finite",
            f"数値の列に、数でない計算結果(NaN・無限大)が {bad.len()} 件あります。",
            _where(series.name, bad),
            "SQL で、0での割り算などの結果を空欄にしてください。",
        )
    return series


def _blank_or_refuse(series: pl.Series, kind: type[pl.DataType]) -> pl.Series:
    """Take a column without any value as a blank one; any other kind has no agreed spelling."""
    if series.null_count() == series.len():
        return pl.Series(series.name, [None] * series.len(), dtype=kind)
    raise Refusal(
        "format.kind",
        f"公開ファイルに書けない種類の値の列です({series.dtype})。",
        f"「{series.name}」列",
        "SQL で文字か数値に直してください(真偽は「有」「無」などの言葉に)。",
    )


def _where(name: str, rows: pl.Series) -> str:
    """Name a column and its first rows, counted as in a spreadsheet with the header in row 1."""
    said = "、".join(f"{row + 2}行目" for row in rows.head(_ROWS_NAMED))
    more = f" ほか {rows.len() - _ROWS_NAMED}" if rows.len() > _ROWS_NAMED else ""
    return f"「{name}」列 {said}{more}"
