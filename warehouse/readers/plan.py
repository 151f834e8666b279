"""How one delivery is taken apart: which file column is which, and which records are not data.

The plan is read off the head of a file once; it then fits every part of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from warehouse.readers.grid import ROW, column_letter
from warehouse.readers.headers import find_column, match_columns, named_paths
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from assets.contract import Contract, Layout, SetAsideRows
    from warehouse.readers.grid import Grid

NAMELESS = "(見出しなし)"


@dataclass(frozen=True)
class Plan:
    """What the contract says of a file whose header has been read.

    Attributes:
        columns: contract column → 1-based file column.
        paths: 1-based file column → header path as delivered.
        nameless: file columns without a header that may hold nothing.
        rules: reason → test of the records it sets aside, in the order they are asked.
        where: file and sheet, for refusals.
    """

    layout: Layout
    columns: dict[str, int]
    paths: dict[int, str]
    nameless: tuple[int, ...]
    rules: tuple[tuple[str, pl.Expr], ...]
    where: str


def make_plan(grid: Grid, contract: Contract, period: str, file: str) -> Plan:
    """Match a grid's header with the contract.

    Raises:
        Refusal: when the layout, a header or a unit is not what the contract says.
    """
    where = f"{file}(シート「{grid.sheet}」)" if grid.sheet else file
    layout = _layout(contract, period, where)
    paths = named_paths(grid, layout, contract, period)
    columns = match_columns(contract, period, paths, where)
    _check_units(grid, contract.in_period(period), layout, columns, where)
    is_open = NAMELESS not in contract.source.set_aside_columns
    nameless = tuple(n for n in range(1, grid.width + 1) if n not in paths) if is_open else ()
    rules = _rules(contract, layout, paths, columns, where)
    return Plan(layout, columns, paths, nameless, rules, where)


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
        if column.source_unit is None or unit_cells.is_empty() or name not in columns:
            continue
        cell = unit_cells[f"c{columns[name]}"][0]
        if (cell or "").strip("()（）[] 　単位:：") != column.source_unit:
            raise Refusal(
                "unit.differs",
                f"「{column.title}」の単位が契約({column.source_unit})と違います。",
                f"{where} の {column_letter(columns[name])}{layout.unit_row}",
                "単位が変わったのなら、契約の source_unit と multiplier を直してください。",
            )


def _rules(
    contract: Contract, layout: Layout, paths: dict[int, str], columns: dict[str, int], where: str
) -> tuple[tuple[str, pl.Expr], ...]:
    """List the reasons for which a record is not data, the first that holds wins."""
    first, last = layout.header_rows
    row = pl.col(ROW)
    mapped_blank = pl.all_horizontal(pl.col(f"c{n}").is_null() for n in columns.values())
    return (
        ("見出し", row.is_between(first, last)),
        ("単位", row == (layout.unit_row or -1)),
        ("表題", row < first),
        ("空行", pl.all_horizontal(pl.exclude(ROW).is_null())),
        *(
            (rule.reason, _row_test(rule, _rule_column(rule, contract, paths, columns, where)))
            for rule in contract.source.set_aside_rows
        ),
        ("注記", mapped_blank),
    )


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
        if rule.source in {header.name for header in column.source} and name in columns:
            return columns[name]
    raise Refusal(
        "header.missing",
        f"除く行({rule.reason})を見分ける列「{rule.source}」がありません。",
        where,
        "契約の set_aside_rows の source を、ファイルにある見出しに直してください。",
    )


def _row_test(rule: SetAsideRows, column: int) -> pl.Expr:
    cell = pl.col(f"c{column}").fill_null("").str.strip_chars()
    if rule.values is not None:
        return cell.is_in(rule.values)
    return cell.str.contains(rule.pattern or "")
