"""Reading the text of a number: sign, digits, unit, and the rule that says how it was written.

Belongs here: raw text to plain decimal text. Must not hold: data types and their limits (`number`,
`figure`), the words of the rules (`reading_rules`), identifiers made of digits (`codes`).

Three stages, each for what the one before left: canonical numbers are told by one regular
expression; the usual spellings are read in columns; the rest, once for every distinct text.
"""

import re

import polars as pl

from transforms.numbers.cell_units import CellUnits
from transforms.numbers.rare import read_rare
from transforms.numbers.reading_rules import RULES
from transforms.verdict import BLANK, order_rules, trim
from transforms.width import ASCII, DASHES, replace_table

IDS = order_rules(RULES, RULES)
_KIND = pl.Enum(IDS)
_FIELDS: dict[str, pl.DataType] = {
    "text": pl.String(),
    "rule": _KIND,
    "unit": pl.String(),
    "is_absolute": pl.Boolean(),
    "has_point": pl.Boolean(),
}
READING = pl.Struct(_FIELDS)
_CANONICAL = r"^(?:0|-?0\.[0-9]*[1-9]|-?[1-9][0-9]*(?:\.[0-9]*[1-9])?)$"
_GROUPED = r"^-?[1-9][0-9]{0,2}(?:,[0-9]{3})+$"
_FOLDED = {**ASCII, **dict.fromkeys(DASHES, "-"), "△": "-", "▲": "-", "▼": "-", "\u00a0": " "}
_DIGITS = r"([0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:(\.)([0-9]*))?"


def read(column: pl.Expr, units: CellUnits) -> pl.Expr:
    """Return the struct of what each text says.

    Args:
        column: Raw text.
        units: Which units may follow, and what they mean.

    Returns:
        Struct of `text` (canonical decimal text, null where the rule keeps no number), `rule`
        (Enum of `IDS`), `unit`, `is_absolute` (the cell alone fixes the value, whatever the
        multiplier of the column) and `has_point` (written with a decimal point). Unit and the two
        marks are null in canonical numbers.
    """
    rest = pl.when(pl.field("plain")).then(None).otherwise(pl.field("raw"))
    read_rest = rest.map_batches(
        lambda texts: _read_rest(texts, units), return_dtype=READING, is_elementwise=True
    )
    of_rest = pl.field("rest").struct.field
    text = pl.when(pl.field("plain")).then(pl.field("raw")).otherwise(of_rest("text"))
    otherwise = of_rest("rule").fill_null(pl.lit(BLANK, dtype=_KIND))
    plain = pl.lit("number.plain", dtype=_KIND)
    return (
        pl.struct(raw=column, plain=column.str.contains(_CANONICAL))
        .struct.with_fields(rest=read_rest)
        .struct.with_fields(
            text=text,
            rule=pl.when(pl.field("plain")).then(plain).otherwise(otherwise),
            unit=of_rest("unit"),
            is_absolute=of_rest("is_absolute"),
            has_point=of_rest("has_point"),
        )
    )


def _read_rest(texts: pl.Series, units: CellUnits) -> pl.Series:
    """Read what is not null, and give every row its reading."""
    left = texts.is_not_null()
    if not left.any():
        return pl.Series(texts.name, [None], dtype=READING).new_from_index(0, texts.len())
    grouped = texts.str.contains(_GROUPED).fill_null(value=False)
    others = left & ~grouped
    easy = _read_grouped(texts.filter(grouped))
    found = pl.concat([easy, _read_others(texts.filter(others).to_frame("raw"), units)])
    position = pl.select(
        pl.when(grouped)
        .then(grouped.cum_sum() - 1)
        .when(others)
        .then(others.cum_sum() - 1 + easy.height)
    ).to_series()
    return found.select(pl.all().gather(position)).to_struct(texts.name)


def _read_grouped(texts: pl.Series) -> pl.DataFrame:
    """Read 1,234,567, the one spelling that fills whole columns, without the general pattern."""
    digits = texts.str.replace_all(",", "", literal=True)
    return digits.to_frame("text").select(
        "text",
        rule=pl.lit("number.grouped", dtype=_KIND),
        unit=pl.lit(None, dtype=pl.String),
        is_absolute=pl.lit(value=False),
        has_point=pl.lit(value=False),
    )


def _read_others(given: pl.DataFrame, units: CellUnits) -> pl.DataFrame:
    usual = given.select(_read_usual(units)).unnest("read").select(given["raw"], *_FIELDS)
    rare = usual.filter(pl.col("rule").is_null()).select("raw").unique()
    return (_fill_in(usual, rare, units) if rare.height else usual).select(*_FIELDS)


def _fill_in(usual: pl.DataFrame, rare: pl.DataFrame, units: CellUnits) -> pl.DataFrame:
    """Put the readings of the rare texts where the usual spellings have none."""
    readings = [read_rare(text, units) for text in rare["raw"]]
    read = pl.DataFrame(readings, schema=_FIELDS, orient="row").rename(lambda name: f"rare_{name}")
    joined = usual.join(
        pl.concat([rare, read], how="horizontal"), "raw", "left", maintain_order="left"
    )
    is_rare = pl.col("rule").is_null()
    return joined.select(
        pl.when(is_rare).then(f"rare_{name}").otherwise(name).alias(name) for name in _FIELDS
    )


def _read_usual(units: CellUnits) -> pl.Expr:
    """Return the readings of the usual spellings as `read`; `rule` is null for the others."""
    words = "|".join(map(re.escape, units.usual_words()))
    pattern = rf"^(?:([-+]) *)?(\()?{_DIGITS}(\))?(?: *({words}))?$"
    group = pl.field("groups").struct.field
    whole = group("3").str.replace_all(",", "", literal=True).str.strip_chars_start("0")
    fraction = group("5").str.strip_chars_end("0").fill_null("")
    dotted = pl.when(fraction == "").then(pl.lit("")).otherwise("." + fraction)
    digits = pl.when(whole == "").then(pl.lit("0")).otherwise(whole) + dotted
    minus = pl.when(pl.field("is_negative") & (pl.field("digits") != "0")).then(pl.lit("-"))
    return (
        pl.struct(raw=trim(pl.col("raw")))
        .struct.with_fields(x=replace_table(pl.field("raw"), _FOLDED))
        .struct.with_fields(groups=pl.field("x").str.extract_groups(pattern))
        .struct.with_fields(
            digits=digits,
            is_negative=group("1").eq_missing(pl.lit("-")) | group("2").is_not_null(),
        )
        .struct.with_fields(
            text=minus.otherwise(pl.lit("")) + pl.field("digits"),
            rule=_name_usual(),
            unit=group("7").replace("", None),
            is_absolute=pl.lit(value=False),
            has_point=group("4").is_not_null(),
        )
        .alias("read")
    )


def _name_usual() -> pl.Expr:
    """Return the rule of a usual spelling: what a clerk should hear first, null if it is none."""
    group = pl.field("groups").struct.field
    raw, negative = pl.field("raw"), pl.field("is_negative")
    lone = group("2").is_null() != group("6").is_null()
    doubled = group("1").is_not_null() & group("2").is_not_null()
    chain = pl.lit("number.plain", dtype=_KIND)
    cases = [
        (raw == "", BLANK),
        (group("3").is_null() | lone | doubled, None),
        (negative & (pl.field("digits") == "0"), "number.negative_zero"),
        (group("2").is_not_null(), "number.parentheses"),
        (negative & ~raw.str.starts_with("-"), "number.negative_mark"),
        (group("7").is_in(["%", "パ-セント"]), "number.percent_sign"),
        (group("7") != "", "number.unit"),
        (raw != pl.field("x"), "number.fullwidth"),
        (group("3").str.contains(",", literal=True), "number.grouped"),
        (raw.str.contains(r"^\+|^-?0[0-9]|\.$| "), "number.written_form"),
    ]
    for condition, rule in reversed(cases):
        chain = pl.when(condition).then(pl.lit(rule, dtype=_KIND)).otherwise(chain)
    return chain
