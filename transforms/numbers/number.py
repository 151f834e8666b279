"""The numeric types of a contract: whole numbers, decimals and percentages.

Belongs here: text to Int64 or Float64, with the limits of these types. Must not hold: how a number
is read (`reading`), identifiers made of digits (`codes`).
"""

import re
from typing import NamedTuple

import polars as pl

from transforms.numbers.cell_units import CellUnits
from transforms.numbers.reading import IDS, read
from transforms.numbers.reading_rules import RULES
from transforms.verdict import judge_by_rule, judge_fields, name_of
from transforms.width import fold_word

INT64_MAX = 2**63 - 1
# Every whole number below is exact in a Float64.
FLOAT_EXACT = 2**53
MULTIPLIER_MAX = 10**9
_FRACTION_DIGITS = 9
_KIND = pl.Enum(IDS)


class _Limits(NamedTuple):
    value: pl.Expr
    faults: list[tuple[pl.Expr, str]]


def integer(
    column: pl.Expr,
    *,
    multiplier: int = 1,
    units: tuple[str, ...] = (),
    source_unit: str | None = None,
) -> pl.Expr:
    """Return a whole number (Int64).

    Args:
        column: Raw text: 1,234 (grouped in threes only), △5, ▲5, −5, (5), １２, 12.0, 三千二百,
            1.5万.
        multiplier: What one in the file stands for (1000 for 千円); the product must be whole.
        units: Words that may follow the number (人, 円). A cell that names the unit in thousands
            (5千円 in a column of 円) is converted and not multiplied again.
        source_unit: Unit of the numbers in the file when it is not one of `units` (千円).

    Returns:
        Judged Int64 in units of one (after multiplication). 12.5 is refused; a cell whose unit
        contradicts the multiplier is uncertain.

    Raises:
        ValueError: If `multiplier` or `units` cannot be used.
    """
    _check_parameters(multiplier, units)
    reading = read(column, CellUnits(units, multiplier, source_unit))
    limits = _whole(multiplier)
    pointed = pl.field("has_point") & pl.field("rule").is_in(
        pl.lit(pl.Series(["number.plain", "number.written_form"], dtype=_KIND)).implode()
    )
    faults = [*limits.faults, (pointed, "number.whole_decimal")]
    return _judge(reading, limits.value, faults, name_of(column))


def decimal(
    column: pl.Expr,
    *,
    multiplier: int = 1,
    units: tuple[str, ...] = (),
    source_unit: str | None = None,
) -> pl.Expr:
    """Return a number (Float64).

    Args:
        column: Raw text, see `integer`; a fraction is allowed.
        multiplier: What one in the file stands for.
        units: Words that may follow the number.
        source_unit: Unit of the numbers in the file when it is not one of `units`.

    Returns:
        Judged Float64 in units of one. Whole parts from 2**53 are refused: they are not exact.

    Raises:
        ValueError: If `multiplier` or `units` cannot be used.
    """
    _check_parameters(multiplier, units)
    reading = read(column, CellUnits(units, multiplier, source_unit))
    return _judge(reading, *_floating(multiplier), name_of(column))


def percent(column: pl.Expr) -> pl.Expr:
    """Return percentage points (Float64): 5.1% is 5.1, never 0.051.

    Args:
        column: Raw text with or without %, ％ or パーセント; 5‰ is 0.5 and 3割5分 is 35. Without
            a sign the number is taken as points too: whether a file holds ratios is for its
            contract to say.

    Returns:
        Judged Float64 in percentage points.
    """
    reading = read(column, CellUnits(("%", "パーセント")))
    return _judge(reading, *_floating(1), name_of(column))


def _check_parameters(multiplier: int, units: tuple[str, ...]) -> None:
    if not 1 <= multiplier <= MULTIPLIER_MAX:
        raise ValueError(
            "倍率が使えない値です。場所: multiplier。"
            f"次にすること: 1 から {MULTIPLIER_MAX} までの整数にしてください。"
        )
    if not all(unit.strip() and not re.match("[0-9.,]", fold_word(unit).strip()) for unit in units):
        raise ValueError(
            "単位の語が空か、数字で始まります。場所: units。"
            "次にすること: 「人」「円」のように、数字で始まらない語にしてください。"
        )


def _whole(multiplier: int) -> _Limits:
    """Return the text as Int64, multiplied, and what can be wrong with it."""
    text = pl.field("text")
    direct = text.cast(pl.Int64, strict=False)
    missing = text.is_not_null() & direct.is_null()
    uneven = missing & text.str.contains(".", literal=True)
    if multiplier == 1:
        return _Limits(direct, [(uneven, "number.not_integer"), (missing, "number.overflow")])
    product, uneven_product, fits = _multiply(multiplier)
    absolute = pl.field("is_absolute").fill_null(value=False)
    return _Limits(
        pl.when(absolute).then(direct).otherwise(product),
        [
            (pl.when(absolute).then(uneven).otherwise(uneven_product), "number.not_integer"),
            (pl.when(absolute).then(missing).otherwise(~fits), "number.overflow"),
        ],
    )


def _multiply(multiplier: int) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Return the exact product, whether it is not whole, and whether it fits an Int64."""
    groups = pl.field("text").str.extract_groups(r"^(-?)([0-9]+)(?:\.([0-9]+))?$").struct.field
    digits = groups("3").fill_null("")
    scale = _power_of_ten(digits.str.len_bytes())
    part = digits.replace("", "0").cast(pl.Int64, strict=False) * multiplier
    whole = groups("2").cast(pl.Int64, strict=False)
    # One less leaves room for the fraction, which is never a whole one.
    fits = (whole <= INT64_MAX // multiplier - 1).fill_null(value=False)
    magnitude = pl.when(fits).then(whole) * multiplier + part // scale
    uneven = (part % scale != 0) | (digits.str.len_bytes() > _FRACTION_DIGITS)
    signed = pl.when(groups("1") == "-").then(-magnitude).otherwise(magnitude)
    known = pl.field("text").is_not_null()
    return signed, known & uneven, ~known | fits


def _power_of_ten(exponent: pl.Expr) -> pl.Expr:
    powers = [10**n for n in range(_FRACTION_DIGITS + 1)]
    return exponent.replace_strict(
        range(_FRACTION_DIGITS + 1), powers, default=1, return_dtype=pl.Int64
    )


def _floating(multiplier: int) -> _Limits:
    """Return the text as Float64, multiplied, and what can be wrong with it."""
    text = pl.field("text")
    value = text.cast(pl.Float64, strict=False)
    if multiplier != 1:
        value = pl.when(pl.field("is_absolute")).then(value).otherwise(_scale(text, multiplier))
    exact = (value.abs() < FLOAT_EXACT).fill_null(value=False)
    return _Limits(value, [(text.is_not_null() & ~exact, "number.overflow")])


def _scale(text: pl.Expr, multiplier: int) -> pl.Expr:
    """Multiply; powers of ten move the point in the text, where 0.29 times 100 is 29 exactly."""
    zeros = len(str(multiplier)) - 1
    if multiplier == 10**zeros:
        return (text + f"e{zeros}").cast(pl.Float64, strict=False)
    return text.cast(pl.Float64, strict=False) * multiplier


def _judge(
    reading: pl.Expr, value: pl.Expr, faults: list[tuple[pl.Expr, str]], name: str
) -> pl.Expr:
    rule = pl.field("rule")
    for condition, fault in reversed(faults):
        rule = pl.when(condition).then(pl.lit(fault, dtype=_KIND)).otherwise(rule)
    return judge_fields(reading, judge_by_rule(value, rule, IDS, RULES), name)
