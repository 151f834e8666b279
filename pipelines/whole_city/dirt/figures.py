"""Dirt in numbers that count something: letters, signs, fractions, limits, spreadsheet errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.dirt.kind import Field, Kind, apply, digits, numbers, pick

if TYPE_CHECKING:
    import numpy as np

_FIGURES = {"integer", "decimal", "percent"}
_NUMBER = pl.col("number")
_ERRORS = ("#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NAME?")
_BREAKS_ON_ERRORS = {
    *_FIGURES,
    *("date", "month", "digits", "resident_id", "code", "kana", "postal_code", "phone", "boolean"),
}


def _is_figure(field: Field) -> bool:
    return field.column.type in _FIGURES


def _letters(values: pl.Series, _field: Field, rng: np.random.Generator) -> pl.Series:
    """Write O for 0, l for 1, or a number and a doubt."""
    count = len(values)
    letter = pick(rng, ("O", "l", "Z", "?", "B"), count)
    return apply(pl.format("{}{}", "number", "letter"), number=digits(rng, 2, count), letter=letter)


def _above(values: pl.Series, field: Field, rng: np.random.Generator) -> pl.Series:
    most = int((field.column.maximum or 0) / field.column.multiplier)
    return (numbers(rng, 1, max(10, most), len(values)) + most).cast(pl.String)


def _below(values: pl.Series, field: Field, rng: np.random.Generator) -> pl.Series:
    least = int((field.column.minimum or 0) / field.column.multiplier)
    return numbers(rng, 0, max(0, least - 1), len(values)).cast(pl.String)


def _negative(values: pl.Series, _field: Field, rng: np.random.Generator) -> pl.Series:
    count = len(values)
    sign = pick(rng, ("-", "△", "▲"), count)
    return apply(pl.format("{}{}", "sign", "number"), sign=sign, number=numbers(rng, 1, 99, count))


def _fraction(values: pl.Series, _field: Field, rng: np.random.Generator) -> pl.Series:
    count = len(values)
    whole, part = numbers(rng, 0, 99, count), numbers(rng, 1, 9, count)
    return apply(pl.format("{}.{}", "whole", "part"), whole=whole, part=part)


def _error(values: pl.Series, _field: Field, rng: np.random.Generator) -> pl.Series:
    return pick(rng, _ERRORS, len(values))


def _least(field: Field) -> float:
    least = field.column.minimum
    return -1.0 if least is None or not _is_figure(field) else least


KINDS = (
    Kind("letters_in_figure", "数値に文字", _is_figure, _letters),
    Kind(
        "above_maximum",
        "上限を超える数値",
        lambda field: _is_figure(field) and field.column.maximum is not None,
        _above,
    ),
    Kind(
        "below_minimum",
        "下限に届かない数値",
        lambda field: _least(field) >= field.column.multiplier,
        _below,
    ),
    Kind("negative", "負になるはずのない数値", lambda field: _least(field) >= 0, _negative),
    Kind(
        "fraction_in_integer",
        "整数の欄に小数",
        lambda field: field.column.type == "integer" and field.column.multiplier == 1,
        _fraction,
    ),
    Kind(
        "formula_error",
        "数式のエラー",
        lambda field: field.column.type in _BREAKS_ON_ERRORS,
        _error,
    ),
)
