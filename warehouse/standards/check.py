"""Whether a table keeps to a layout: every difference, with row, column, value and remedy.

Belongs here: the order of the judgements and their sum. Must not hold: rules (`rules`), reading files
(`reading`), finding out which layout it is (`detect`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import polars as pl

from transforms.verdict import trim
from warehouse.readers.grid import ROW
from warehouse.standards.columns import compare_columns, tell
from warehouse.standards.difference import Difference
from warehouse.standards.headings import match_headings
from warehouse.standards.rows import judge_rows
from warehouse.standards.rules import rule_of
from warehouse.standards.values import is_judged, judge_values
from warehouse.standards.verdicts import FOUND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assets.standard import Standard, StandardColumn
    from warehouse.standards.headings import Matches

_OTHER_SEPARATORS = re.compile("[、，,；]")
# Row 1 holds the headings.
_FIRST_ROW = 2


def check_table(table: pl.DataFrame, standard: Standard) -> list[Difference]:
    """Tell every difference between a table and a layout.

    Args:
        table: All columns text, one a heading of the file; blank cells null or empty. `_row`, where
            there is one, is the row as a spreadsheet counts; without it the first row is 2.
        standard: The layout.

    Returns:
        Differences of columns first, then of cells by row. No difference of severity 誤り: the table
        keeps to the layout.
    """
    matches = match_headings([name for name in table.columns if name != ROW], standard)
    cells = _arrange(table, matches)
    found = [*compare_columns(matches, standard), *_blank_columns(cells, matches, standard)]
    return found + _say(find_differences(cells, matches, standard), matches)


def find_differences(cells: pl.DataFrame, matches: Matches, standard: Standard) -> pl.DataFrame:
    """Find the differences of cells, as a frame (`verdicts.FOUND`) ordered by row.

    Args:
        cells: `row` and one trimmed text column a column of the layout; blanks are null.
        matches: The headings.
        standard: The layout.
    """
    headings = matches.headings
    judged = (match for match in matches.found if is_judged(match.column))
    older = standard.is_older
    parts = [
        pl.DataFrame(schema=pl.Schema(FOUND)),
        *(_judge_column(cells, one.column, one.heading, older=older) for one in judged),
        *judge_rows(cells, standard, headings),
    ]
    order = {heading: place for place, heading in enumerate(headings.values())}
    place = pl.col("column").replace_strict(order, default=0, return_dtype=pl.Int32)
    return pl.concat(parts).sort("row", place, maintain_order=True)


def _arrange(table: pl.DataFrame, matches: Matches) -> pl.DataFrame:
    """Name the columns as the layout does, trim, and count rows as a spreadsheet does."""
    rows = (
        pl.col(ROW).cast(pl.Int64)
        if ROW in table.columns
        else pl.int_range(_FIRST_ROW, _FIRST_ROW + pl.len(), dtype=pl.Int64)
    )
    trimmed = (trim(pl.col(m.heading).cast(pl.String)).alias(m.column.name) for m in matches.found)
    named = table.select(rows.alias("row"), *trimmed)
    return named.with_columns(
        pl.when(pl.col(m.column.name) != "").then(pl.col(m.column.name)) for m in matches.found
    )


def _judge_column(
    cells: pl.DataFrame, column: StandardColumn, heading: str, *, older: bool
) -> pl.DataFrame:
    """Judge every distinct value once and give each row its verdict."""
    held = cells.select("row", value=column.name).drop_nulls("value")
    judged = judge_values(held["value"].unique(), column, older=older)
    found = held.join(judged, on="value", how="inner", maintain_order="left")
    return found.select("row", pl.lit(heading).alias("column"), "value", "rule", "repaired").cast(
        pl.Schema(FOUND)
    )


def _blank_columns(
    cells: pl.DataFrame, matches: Matches, standard: Standard
) -> Iterator[Difference]:
    """A blank under 必須 is worth a look, but may be right; a blank flag always is."""
    for column in standard.columns:
        if not column.required or column.name not in matches.headings or column.type == "flag":
            continue
        if blanks := cells[column.name].null_count():
            heading = matches.headings[column.name]
            yield tell("column.blank", heading, rows=blanks)


def _say(found: pl.DataFrame, matches: Matches) -> list[Difference]:
    """Put every difference into words."""
    columns = {match.heading: match.column for match in matches.found}
    return [_word(one, columns[one["column"]]) for one in found.iter_rows(named=True)]


def _word(found: dict[str, Any], column: StandardColumn) -> Difference:
    rule, repaired = found["rule"], found["repaired"]
    words = rule_of(rule)
    said = repaired or ""
    if rule in {"choice.unknown", "choice.unlisted"}:
        said = "、".join([*column.values, *(f"{c}({m})" for c, m in column.codes.items())])
    elif rule == "list.maybe":
        said = f"「{_OTHER_SEPARATORS.sub(';', found['value'])}」"
    elif rule == "flag.form":
        said = f"「{repaired}」と書いてください。" if repaired else "空欄にしてください。"
    remedy = words.remedy.format(said)
    if repaired and "{}" not in words.remedy:
        remedy = f"「{repaired}」と書いてください。"
    return Difference(
        rule=rule,
        severity=words.severity,
        what=words.title,
        remedy=remedy,
        column=found["column"],
        row=found["row"],
        value=found["value"],
        repaired=repaired,
    )
