"""From a grid to the raw rows of one delivery: columns chosen by the contract, the rest explained.

Everything stays text. Every record of the file is in the account: raw rows, rows set aside with
the reason, or rows quarantined.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from warehouse.readers.grid import ROW, Grid, column_letter
from warehouse.readers.headers import find_column, header_paths, match_columns
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from assets.contract import Contract, Layout, SetAsideRows

QUARANTINE_SCHEMA = {
    ROW: pl.Int64,
    "column": pl.String,
    "cell": pl.String,
    "raw_value": pl.String,
    "rule": pl.String,
}

# What a line without content may still hold: separators, quotes, and the end mark of old systems.
_NOTHING = ',\t \u3000"\r\n\x1a'


@dataclass(frozen=True)
class Extracted:
    """The raw rows of one delivery and the account of its file.

    Attributes:
        rows: `_row` and one String column per contract column.
        quarantine: ragged records (`QUARANTINE_SCHEMA`).
        set_aside: reason → number of records.
        rows_in: records of the file.
        letters: contract column → spreadsheet column letter.
        headers: contract column → header path as delivered.
        ignored: header path → reason why the column is not taken.
    """

    rows: pl.DataFrame
    quarantine: pl.DataFrame
    set_aside: dict[str, int]
    rows_in: int
    letters: dict[str, str]
    headers: dict[str, str]
    sheet: str
    encoding: str | None


def extract(grid: Grid, contract: Contract, period: str, file: str) -> Extracted:
    """Choose the contract's columns and explain every record of the grid.

    Raises:
        Refusal: when the layout, a header or a unit is not what the contract says.
    """
    where = f"{file}(シート「{grid.sheet}」)" if grid.sheet else file
    layout = _layout(contract, period, where)
    paths = header_paths(grid, layout)
    columns = match_columns(contract, period, paths, where)
    _check_units(grid, contract, layout, columns, where)
    reasons = _explain_rows(grid, contract, layout, paths, columns, where=where)
    is_data = pl.col("_reason").is_null()
    chosen = {name: f"c{number}" for name, number in columns.items()}
    rows = reasons.filter(is_data).select(ROW, **{n: pl.col(c) for n, c in chosen.items()})
    set_aside = Counter(reasons.filter(~is_data)["_reason"].to_list())
    ragged, others = _ragged(grid, layout)
    set_aside.update(others)
    return Extracted(
        rows=rows,
        quarantine=ragged,
        set_aside={reason: count for reason, count in sorted(set_aside.items()) if count},
        rows_in=grid.cells.height + grid.ragged.height,
        letters={name: column_letter(number) for name, number in columns.items()},
        headers={name: paths[number] for name, number in columns.items()},
        sheet=grid.sheet,
        encoding=grid.encoding,
    )


def _layout(contract: Contract, period: str, where: str) -> Layout:
    layout = contract.source.layout(period)
    if layout is None:
        raise Refusal(
            "layout.none",
            f"期間 {period} の配置(layouts)が契約にありません。",
            where,
            "契約の source.layouts に、この期間の header_rows を書き足してください。",
        )
    return layout


def _check_units(
    grid: Grid, contract: Contract, layout: Layout, columns: dict[str, int], where: str
) -> None:
    """The unit written in the file must be the unit the contract counts in."""
    if layout.unit_row is None:
        return
    unit_cells = grid.cells.filter(pl.col(ROW) == layout.unit_row)
    for name, column in contract.columns.items():
        if column.source_unit is None or unit_cells.is_empty():
            continue
        cell = unit_cells[f"c{columns[name]}"][0]
        if (cell or "").strip("()（）[] 　単位:：") != column.source_unit:
            raise Refusal(
                "unit.differs",
                f"「{column.title}」の単位が契約({column.source_unit})と違います。",
                f"{where} の {column_letter(columns[name])}{layout.unit_row}",
                "単位が変わったのなら、契約の source_unit と multiplier を直してください。",
            )


def _explain_rows(
    grid: Grid,
    contract: Contract,
    layout: Layout,
    paths: dict[int, str],
    columns: dict[str, int],
    *,
    where: str,
) -> pl.DataFrame:
    """Add `_reason`: null for a data row, else why the record is not one."""
    first, last = layout.header_rows
    row = pl.col(ROW)
    mapped_blank = pl.all_horizontal(pl.col(f"c{n}").is_null() for n in columns.values())
    all_blank = pl.all_horizontal(pl.exclude(ROW).is_null())
    reason = (
        pl.when(row.is_between(first, last)).then(pl.lit("見出し"))
        .when(row == (layout.unit_row or -1)).then(pl.lit("単位"))
        .when(row < first).then(pl.lit("表題"))
        .when(all_blank).then(pl.lit("空行"))
    )  # fmt: skip
    for rule in contract.source.set_aside_rows:
        cell = pl.col(f"c{_rule_column(rule, contract, paths, columns, where)}")
        reason = reason.when(_row_test(rule, cell)).then(pl.lit(rule.reason))
    reason = reason.when(mapped_blank).then(pl.lit("注記"))
    return grid.cells.with_columns(reason.otherwise(None).alias("_reason"))


def _rule_column(
    rule: SetAsideRows,
    contract: Contract,
    paths: dict[int, str],
    columns: dict[str, int],
    where: str,
) -> int:
    """Find the column a rule reads, also where this period calls it by another of its headers."""
    number = find_column(paths, rule.source)
    if number is not None:
        return number
    for name, column in contract.columns.items():
        if rule.source in {header.name for header in column.source}:
            return columns[name]
    raise Refusal(
        "header.missing",
        f"除く行({rule.reason})を見分ける列「{rule.source}」がありません。",
        where,
        "契約の set_aside_rows の source を、ファイルにある見出しに直してください。",
    )


def _row_test(rule: SetAsideRows, cell: pl.Expr) -> pl.Expr:
    cell = cell.fill_null("").str.strip_chars()
    if rule.values is not None:
        return cell.is_in(rule.values)
    return cell.str.contains(rule.pattern or "")


def _ragged(grid: Grid, layout: Layout) -> tuple[pl.DataFrame, dict[str, int]]:
    """Split ragged records into titles above the header and blank lines (counted), and the rest."""
    is_title = pl.col(ROW) < layout.header_rows[0]
    is_blank = ~is_title & (pl.col("text").str.strip_chars(_NOTHING) == "")
    titles, blanks = grid.ragged.filter(is_title), grid.ragged.filter(is_blank)
    quarantine = grid.ragged.filter(~is_title & ~is_blank).select(
        ROW,
        pl.lit(None, pl.String).alias("column"),
        pl.format("{}行", ROW).alias("cell"),
        pl.col("text").alias("raw_value"),
        pl.lit("row.ragged").alias("rule"),
    )
    return quarantine, {"表題": titles.height, "空行": blanks.height}
