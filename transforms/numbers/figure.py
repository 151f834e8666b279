"""A number in general, when no contract says its type: plain decimal text and its unit.

Belongs here: the form `machikane normalize number` writes. Must not hold: how a number is read
(`reading`), the types of a contract (`number`).
"""

import polars as pl

from transforms.distinct import judge_distinct
from transforms.numbers.cell_units import CellUnits
from transforms.numbers.decimal_text import move_point
from transforms.numbers.reading import IDS, read
from transforms.numbers.reading_rules import RULES
from transforms.numbers.units import read_unit
from transforms.verdict import judge_by_rule, judge_fields, name_of

# What a DECIMAL of SQL holds; more digits are no quantity.
DIGITS_MAX = 38
_KIND = pl.Enum(IDS)
_UNIT = pl.Struct({"base": pl.String(), "exponent": pl.Int64()})


def figure(column: pl.Expr, *, unit: pl.Expr | None = None) -> pl.Expr:
    """Return a number as plain decimal text.

    Args:
        column: Raw text: 1,234.50, △5, 三千二百, 3億2,000万円, 1.5万人, 5.1%, ①.
        unit: Unit of the column (円, 千円), for numbers that name none themselves; null or empty
            where it is not known. A word that is no known unit counts by ones.

    Returns:
        `Struct{value, verdict, rule, unit}`. `value` is exact: no exponent, no grouping, no zeros
        at the end of a fraction (12.50 is 12.5: one number has one text, and its normalised form
        stays as it is). `unit` is the base unit (円 for 千円, % for ‰ and 割), null where none is
        known. A number whose unit contradicts `unit` is uncertain.
    """
    reading = read(column, CellUnits(None))
    if unit is not None:
        reading = _count_by(reading, unit)
    text = pl.field("text")
    marks = text.str.starts_with("-").cast(pl.UInt8) + text.str.contains(".", literal=True)
    rule = (
        pl.when(text.str.len_bytes() > DIGITS_MAX + marks)
        .then(pl.lit("number.overflow", dtype=_KIND))
        .otherwise(pl.field("rule"))
    )
    judged = judge_by_rule(pl.field("text"), rule, IDS, RULES)
    of_judged = pl.field("judged").struct.field
    with_unit = pl.struct(
        of_judged("value", "verdict", "rule"),
        unit=pl.when(of_judged("value").is_not_null()).then(pl.field("unit")),
    )
    stages = reading.struct.with_fields(judged=judged)
    return judge_fields(stages, with_unit, name_of(column))


def _count_by(reading: pl.Expr, unit: pl.Expr) -> pl.Expr:
    """Apply the unit of the column to the numbers without one, and find contradictions."""
    own, other = pl.field("unit"), pl.field("column_unit").struct.field("base")
    exponent = pl.field("column_unit").struct.field("exponent").fill_null(0)
    absolute = pl.field("is_absolute").fill_null(value=False)
    differs = own.is_not_null() & other.is_not_null() & (own != other)
    # 5円 or 12万 where the column counts in 千円: nobody can tell which of them is meant.
    clashes = (exponent != 0) & (own.is_not_null() != absolute)
    known = pl.field("text").is_not_null()
    scaled = known & own.is_null() & (exponent != 0)
    name = pl.lit("number.unit_conflict", dtype=_KIND)
    moved = judge_distinct([pl.field("text"), exponent], _move_points, pl.String(), "text")
    rule = (
        pl.when(scaled).then(pl.lit("number.unit_scaled", dtype=_KIND)).otherwise(pl.field("rule"))
    )
    return reading.struct.with_fields(
        column_unit=judge_distinct([unit], _read_units, _UNIT, "unit")
    ).struct.with_fields(
        text=pl.when(scaled).then(moved).otherwise(pl.field("text")),
        rule=pl.when(known & (differs | clashes)).then(name).otherwise(rule),
        unit=pl.coalesce(own, other),
    )


def _read_units(rows: pl.DataFrame) -> pl.Series:
    words = [(word or "").strip() for word in rows["0"]]
    units = [read_unit(word) or (word or None, 0) for word in words]
    return pl.Series([{"base": base, "exponent": e} for base, e in units], dtype=_UNIT)


def _move_points(rows: pl.DataFrame) -> pl.Series:
    moved = [
        text and ("-" if text[0] == "-" else "") + move_point(text.lstrip("-"), exponent)
        for text, exponent in rows.iter_rows()
    ]
    return pl.Series(moved, dtype=pl.String)
