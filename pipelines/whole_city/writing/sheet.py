"""A file before it has a format: lines above the data, the data, lines below, and where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from assets.contract import Contract, SetAsideRows

_NAMELESS = "(見出しなし)"
_LEVEL = "/"


@dataclass(frozen=True)
class Sheet:
    """What is written, from top to bottom.

    Attributes:
        head: lines above the data: titles, header, units.
        rows: file column → written values.
        tail: lines below the data that the contract sets aside.
        headers: file column → header path.
    """

    head: list[list[str]]
    rows: pl.DataFrame
    tail: list[list[str]]
    headers: dict[str, str]

    @property
    def first_row(self) -> int:
        """The row of the first record, 1-based, as a spreadsheet shows it."""
        return len(self.head) + 1


def headers_of(contract: Contract, period: str) -> dict[str, str]:
    """Name the columns of the file: those of the contract, then those it sets aside."""
    named = {
        name: _plain(column.headers(period)[0])
        for name, column in contract.columns.items()
        if column.headers(period)
    }
    aside = [h for h in contract.source.set_aside_columns if h != _NAMELESS and "*" not in h]
    return named | {f"={header}": header for header in aside if header not in named.values()}


def make_head(contract: Contract, period: str, headers: dict[str, str]) -> list[list[str]]:
    """Lay out what stands above the data, where the contract says it does.

    Raises:
        ValueError: the contract has no layout for the period.
    """
    layout = contract.source.layout(period)
    if layout is None:
        raise ValueError(f"期間 {period} の配置が契約にありません: {contract.title}")
    first, last = layout.header_rows
    lines = [[""] * len(headers) for _ in range(max(last, layout.unit_row or 0))]
    for line in lines[: first - 1][:1]:
        line[0] = f"{contract.title} {period}"
    for column, path in enumerate(headers.values()):
        for level, word in enumerate(path.split(_LEVEL)[: last - first + 1]):
            lines[first - 1 + level][column] = word
    if layout.unit_row is not None:
        units = [contract.columns[n].source_unit if n in contract.columns else "" for n in headers]
        lines[layout.unit_row - 1] = [f"({unit})" if unit else "" for unit in units]
    return lines


def make_tail(contract: Contract, headers: dict[str, str]) -> list[list[str]]:
    """Write one line for every kind of line the contract sets aside, where its words can be told."""
    lines = [
        (_find(rule, contract, headers), _word(rule)) for rule in contract.source.set_aside_rows
    ]
    return [
        [word if column == at else "" for column in range(len(headers))]
        for at, word in lines
        if at is not None and word
    ]


def fill_aside(rows: pl.DataFrame, headers: dict[str, str]) -> pl.DataFrame:
    """Put something into the columns that nobody uses, in the order of the file."""
    return rows.select(
        pl.col(name) if name in rows.columns else pl.lit("1").alias(name) for name in headers
    )


def _find(rule: SetAsideRows, contract: Contract, headers: dict[str, str]) -> int | None:
    """Find the file column a rule reads, also where this period calls it otherwise."""
    for at, (name, header) in enumerate(headers.items()):
        column = contract.columns.get(name)
        if rule.source == header or (column and rule.source in {n.name for n in column.source}):
            return at
    return None


def _word(rule: SetAsideRows) -> str:
    if rule.values:
        return rule.values[0]
    word = re.sub(r"[\^$\\.*+?()\[\]|]", "", (rule.pattern or "").split("|")[0])
    return word if rule.pattern and re.search(rule.pattern, word) else ""


def _plain(header: str) -> str:
    """A `*` of the contract stands for any text; none is the simplest."""
    return header.replace("*", "")
