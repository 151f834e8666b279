"""Amounts and counts as files hold them: in the unit of the file, grouped, with the sign of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.writing.widths import widen_digits

if TYPE_CHECKING:
    from assets.column import Column
    from pipelines.whole_city.writing.choices import Choices

_GROUPED_FROM = 1000
_SIGNS = ("-", "△", "▲")


def spell_integers(values: pl.Series, column: Column, choices: Choices) -> pl.Series:
    """Write whole numbers, divided by the multiplier of the file."""
    if column.multiplier != 1:
        return _spell_divided(values, column.multiplier)
    sign = _SIGNS[choices.habit("sign", 3)]
    usual = pl.col("text").str.replace("-", sign, literal=True)
    if choices.habit("grouped", 4) == 0 and not choices.is_plain:
        usual = group_digits(usual)
    return choices.write(values, usual, (widen_digits, 0.02), (group_digits, 0.02))


def spell_decimals(values: pl.Series, column: Column, choices: Choices) -> pl.Series:
    """Write numbers with a fraction; percentages with or without their sign."""
    if column.multiplier != 1:
        return _spell_divided(values, column.multiplier)
    usual = pl.col("text").str.strip_suffix(".0")
    if column.type == "percent" and choices.habit("percent", 2):
        usual = usual + "%"
    return choices.write(values, usual, (widen_digits, 0.02))


def group_digits(text: pl.Expr) -> pl.Expr:
    """Part plain digits in threes; anything else stays."""
    head = text.str.extract(r"^(\D?)(\d{1,3})(?:\d{3})+$", 2)
    sign = text.str.extract(r"^(\D?)\d+$", 1)
    rest = text.str.strip_prefix(sign + head).str.replace_all(r"(\d{3})", ",$1")
    return pl.when(head.is_not_null()).then(sign + head + rest).otherwise(text)


def _spell_divided(values: pl.Series, multiplier: int) -> pl.Series:
    """Write 12,345,000 円 as 12345 千円; what does not come out even keeps its fraction."""
    number = values.alias("number").to_frame()
    whole = (pl.col("number") // multiplier).cast(pl.Int64).cast(pl.String)
    exact = (pl.col("number") / multiplier).cast(pl.String).str.strip_suffix(".0")
    is_even = pl.col("number") % multiplier == 0
    return number.select(pl.when(is_even).then(whole).otherwise(exact)).to_series()
