"""Faults told to a clerk: file, sheet, cell, the Japanese name of the column, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import polars as pl

from warehouse.normalising.row_rules import rule_remedy, rule_title
from warehouse.readers.grid import ROW

if TYPE_CHECKING:
    from assets.register import Dataset


def explain_faults(
    faults: pl.DataFrame, dataset: Dataset, about: dict[str, object]
) -> pl.DataFrame:
    """Give every fault its place and words.

    Args:
        faults: `_row, column, raw_value, rule`.
        dataset: names the columns.
        about: what is known of the delivery: `file`, `sheet`, `letters`.
    """
    letters = cast("dict[str, str]", about["letters"])
    rules = faults["rule"].unique().to_list()
    titles = {name: column.title for name, column in dataset.contract.columns.items()}
    letter = pl.col("column").replace_strict(letters, default="", return_dtype=pl.String)
    return faults.select(
        pl.lit(str(about["file"])).alias("file"),
        pl.lit(str(about["sheet"])).alias("sheet"),
        pl.col(ROW),
        "column",
        pl.col("column").replace(titles).alias("column_title"),
        pl.when(letter != "")
        .then(letter + pl.col(ROW).cast(pl.String))
        .otherwise(pl.format("{}行", ROW))
        .alias("cell"),
        "raw_value",
        "rule",
        pl.col("rule")
        .replace_strict({r: rule_title(r) for r in rules}, return_dtype=pl.String)
        .alias("rule_title"),
        pl.col("rule")
        .replace_strict({r: rule_remedy(r) for r in rules}, return_dtype=pl.String)
        .alias("remedy"),
    )
