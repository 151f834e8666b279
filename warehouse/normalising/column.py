"""One column of some raw rows, judged: its values, its faults, its verdicts, and how many of each.

Every different text is judged once where that is cheaper, so rules are asked of texts, not of rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np
import polars as pl

from transforms.addresses.columns import NEEDED, split_line
from transforms.codes.my_number_search import contains_my_number
from transforms.verdict import LEVELS, OK, REFUSED, UNCERTAIN
from warehouse.normalising.reading import judge
from warehouse.normalising.texts import Texts
from warehouse.readers.grid import ROW

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from polars._typing import PolarsDataType

    from assets.column import Column
    from assets.contract import Contract

FAULTS: Mapping[str, PolarsDataType] = {
    ROW: pl.Int64,
    "column": pl.String,
    "raw_value": pl.String,
    "rule": pl.String,
}
VERDICTS: Mapping[str, PolarsDataType] = {
    ROW: pl.Int64,
    "column": pl.String,
    "raw_value": pl.String,
    "verdict": pl.String,
    "rule": pl.String,
    "earliest": pl.Date,
    "latest": pl.Date,
}
COUNTS: Mapping[str, PolarsDataType] = {
    "column": pl.String,
    "verdict": pl.String,
    "rule": pl.String,
    "count": pl.Int64,
}
_BOUNDS = ("earliest", "latest")
_FIELDS = {"value", "verdict", "rule", *_BOUNDS}
_SEARCHED_FOR_MY_NUMBERS = {"text", "name", "address", "phone"}


class JudgedColumn(NamedTuple):
    """What was made of one column.

    Attributes:
        values: the columns of the common form, in the order of the rows.
        faults: one line a fault (`FAULTS`).
        verdicts: one line a value that is not simply ok (`VERDICTS`).
        counts: how many values each rule has read, all of them (`COUNTS`).
    """

    values: list[pl.Series]
    faults: pl.DataFrame
    verdicts: pl.DataFrame
    counts: pl.DataFrame


class ColumnJudge:
    """Judges one column of a delivery, part after part."""

    def __init__(self, name: str, contract: Contract) -> None:
        """Take what the contract says of the column."""
        self._name, self._contract = name, contract
        self._column = contract.columns[name]
        self._has_own_era = self._column.era in contract.columns
        self._texts = Texts(self._column.type, lambda texts: self._told(texts.to_frame()))

    def judge(self, rows: pl.DataFrame) -> JudgedColumn:
        """Judge the raw text in `rows`, which also hold `_row` and the column of the era."""
        name, codes = self._name, None
        if self._has_own_era:
            told = self._told(rows)
        else:
            told, codes = self._texts.look_up(rows[name])
        return JudgedColumn(
            values=[_spread(value, codes) for value in _values(told, name, self._column)],
            faults=_place(_faults(told, self._column), rows, name, codes, FAULTS),
            verdicts=_place(_verdicts(told), rows, name, codes, VERDICTS),
            counts=_count(told, name, codes),
        )

    def _told(self, texts: pl.DataFrame) -> pl.DataFrame:
        """Judge texts: `raw, value, verdict, rule, marked, earliest, latest`."""
        expression = judge(self._name, self._column, self._contract)
        judged = texts.select(expression).to_series()
        wanted = _FIELDS.union(NEEDED) if self._column.keep_parts else _FIELDS
        fields = [f for f in cast("pl.Struct", judged.dtype).fields if f.name in wanted]
        told = pl.DataFrame([judged.struct.field(f.name) for f in fields])
        told = told.insert_column(0, texts[self._name].alias("raw"))
        return told.with_columns(marked=_marked(self._column), **_bounds(told))


def may_hold_my_numbers(column: Column) -> bool:
    """Tell whether 個人番号 in the column would be a fault: no contract has said otherwise."""
    return column.classification != "特定個人" and column.not_my_number is None


def _spread(value: pl.Series, codes: pl.Series | None) -> pl.Series:
    return value if codes is None else value.gather(codes)


def _marked(column: Column) -> pl.Expr:
    """Give the mark of the contract that stands in a cell, else null."""
    mark = pl.col("raw").str.strip_chars()
    return pl.when(mark.is_in(list(column.marks))).then(mark)


def _bounds(told: pl.DataFrame) -> dict[str, pl.Expr]:
    """Only dates have bounds; they are told where the value is not one day."""
    is_open = pl.col("verdict").to_physical() == LEVELS.index(UNCERTAIN)
    nothing = pl.lit(None, pl.Date)
    return {
        bound: pl.when(is_open).then(pl.col(bound))
        if told.schema.get(bound) == pl.Date
        else nothing
        for bound in _BOUNDS
    }


def _values(told: pl.DataFrame, name: str, column: Column) -> Iterator[pl.Series]:
    yield told["value"].alias(name)
    if column.keep_uncertain:
        for bound in _BOUNDS:
            yield told[bound].alias(f"{name}_{bound}")
        is_open = pl.col("verdict").to_physical() == LEVELS.index(UNCERTAIN)
        yield told.select(pl.when(is_open).then(pl.col("raw")).alias(f"{name}_text")).to_series()
    if column.keep_parts:
        parts = {f"{name}_{part}": value for part, value in split_line().items()}
        yield from told.select(**parts).get_columns()


def _faults(told: pl.DataFrame, column: Column) -> pl.DataFrame:
    """List the texts that a rule refuses: a text once for every rule."""
    numbered = told.select("raw", "value", "verdict", "rule", "marked").with_row_index("at")
    found = [
        numbered.filter(test.fill_null(value=False)).select(
            "at", pl.col("raw").alias("raw_value"), rule.alias("rule")
        )
        for rule, test in _rules(column)
    ]
    if column.type in _SEARCHED_FOR_MY_NUMBERS and may_hold_my_numbers(column):
        found.append(
            numbered.filter(contains_my_number(pl.col("raw"))).select(
                "at", pl.col("raw").alias("raw_value"), rule=pl.lit("my_number.found")
            )
        )
    return pl.concat(found)


def _rules(column: Column) -> Iterator[tuple[pl.Expr, pl.Expr]]:
    verdict, value = pl.col("verdict").to_physical(), pl.col("value")
    # A required value that stays unclear is missing: the row waits for the clerk.
    waits = column.required and not column.keep_uncertain
    yield pl.col("rule"), verdict >= LEVELS.index(UNCERTAIN if waits else REFUSED)
    if column.required:
        blank = value.is_null() & (verdict == LEVELS.index(OK)) & pl.col("marked").is_null()
        yield pl.lit("required.blank"), blank
    if column.pattern is not None:
        matches = value.cast(pl.String).str.contains(f"^(?:{column.pattern})$")
        yield pl.lit("pattern.mismatch"), ~matches
    if column.minimum is not None:
        yield pl.lit("range.outside"), value < column.minimum
    if column.maximum is not None:
        yield pl.lit("range.outside"), value > column.maximum


def _verdicts(told: pl.DataFrame) -> pl.DataFrame:
    numbered = told.select("raw", "verdict", "rule", "marked", *_BOUNDS).with_row_index("at")
    is_told = (pl.col("verdict").to_physical() > LEVELS.index(OK)) | pl.col("marked").is_not_null()
    return numbered.filter(is_told).select(
        "at",
        pl.col("raw").alias("raw_value"),
        pl.col("verdict").cast(pl.String),
        _rule_told(),
        *_BOUNDS,
    )


def _rule_told() -> pl.Expr:
    mark = pl.col("marked")
    told = pl.when(mark.is_not_null()).then(pl.format("mark:{}", mark)).otherwise("rule")
    return told.alias("rule")


def _place(
    told: pl.DataFrame,
    rows: pl.DataFrame,
    name: str,
    codes: pl.Series | None,
    schema: Mapping[str, PolarsDataType],
) -> pl.DataFrame:
    """Give what was found of texts its rows."""
    if told.is_empty():
        return pl.DataFrame(schema=schema)
    if codes is None:
        placed = told.with_columns(rows[ROW].gather(told["at"]))
    else:
        of_rows = pl.DataFrame([rows[ROW], codes.alias("at")])
        placed = of_rows.join(told, on="at", how="inner")
    return placed.select(ROW, pl.lit(name).alias("column"), *list(schema)[2:])


def _count(told: pl.DataFrame, name: str, codes: pl.Series | None) -> pl.DataFrame:
    if codes is None:
        counted = pl.lit(1, pl.Int64).alias("count")
    else:
        counted = pl.Series("count", np.bincount(codes.to_numpy(), minlength=told.height))
    by_rule = told.select("verdict", _rule_told(), counted).group_by("verdict", "rule").agg(
        pl.sum("count").cast(pl.Int64)
    )  # fmt: skip
    # What only earlier parts held is known too, but does not stand here.
    return by_rule.filter(pl.col("count") > 0).select(
        pl.lit(name).alias("column"), pl.col("verdict").cast(pl.String), "rule", "count"
    )
