"""What a contract promises of its table, asked of all rows at once: yes or no for every promise.

Belongs here: the meaning of each expectation (`assets.expectations`) in polars, as Great
Expectations defines it: blanks break no promise but the one not to be blank. Must not hold: which
promises there are, or a page about them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from assets.expectations import PERIOD, ROWS_IN_PERIOD

if TYPE_CHECKING:
    from assets.expectations import Expectation


def ask_promises(rows: pl.LazyFrame, wanted: list[Expectation]) -> dict[str, bool]:
    """Ask all rows; memory grows with the columns that must be unique, not with the table.

    Args:
        rows: typed rows with `_period`.
        wanted: from `expectations`.

    Returns:
        Name of the expectation → whether it holds.

    Raises:
        ValueError: for a kind of expectation that is not known here (a programming error).
    """
    unique = {e.name: e.arguments["column_list"] for e in wanted if "column_list" in e.arguments}
    simple = {e.name: _test(e) for e in wanted if e.name not in unique and not _is_row_count(e)}
    told = rows.select(pl.lit(value=True).alias(""), **simple).select(pl.all().all())
    answers = told.collect(engine="streaming").row(0, named=True) if simple else {}
    answers |= {name: _is_unique(rows, columns) for name, columns in unique.items()}
    answers |= {e.name: _count_fits(rows, e) for e in wanted if _is_row_count(e)}
    return {e.name: bool(answers[e.name]) for e in wanted}


def _is_row_count(expectation: Expectation) -> bool:
    return expectation.arguments.get("column") == ROWS_IN_PERIOD


def _test(expectation: Expectation) -> pl.Expr:
    arguments = expectation.arguments
    column = pl.col(str(arguments.get("column", arguments.get("column_A"))))
    match expectation.kind:
        case "ExpectColumnValuesToNotBeNull":
            share = arguments.get("mostly", 1.0)
            return (pl.len() == 0) | (column.is_not_null().sum() >= share * pl.len())
        case "ExpectColumnValuesToBeBetween":
            return _between(column, arguments["min_value"], arguments["max_value"]).all()
        case "ExpectColumnValuesToBeInSet":
            return column.is_in(arguments["value_set"]).all()
        case "ExpectColumnValuesToMatchRegex":
            return column.cast(pl.String).str.contains(arguments["regex"]).all()
        case "ExpectColumnPairValuesToBeEqual" if expectation.derived_sum:
            parts = expectation.derived_sum[1]
            return (column == pl.sum_horizontal(parts, ignore_nulls=False)).all()
    raise ValueError(expectation.kind)


def _between(value: pl.Expr, least: float | None, most: float | None) -> pl.Expr:
    fits = pl.lit(value=True)
    fits = fits & (value >= least) if least is not None else fits
    return fits & (value <= most) if most is not None else fits


def _is_unique(rows: pl.LazyFrame, columns: list[str]) -> bool:
    """Compare hashes; only rows whose hash is there twice are compared themselves."""
    hashed = rows.select(pl.struct(columns).hash()).collect(engine="streaming").to_series()
    twice = hashed.filter(hashed.is_duplicated()).unique()
    if twice.is_empty():
        return True
    doubted = rows.select(columns).filter(pl.struct(columns).hash().is_in(twice.implode()))
    return not doubted.collect(engine="streaming").is_duplicated().any()


def _count_fits(rows: pl.LazyFrame, expectation: Expectation) -> bool:
    bounds = expectation.arguments
    counted = rows.group_by(PERIOD).len(ROWS_IN_PERIOD).cast({ROWS_IN_PERIOD: pl.Int64})
    fits = _between(pl.col(ROWS_IN_PERIOD), bounds["min_value"], bounds["max_value"])
    return counted.select(fits.all()).collect(engine="streaming").item()
