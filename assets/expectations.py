"""From a contract to the expectations on its table: names, types and arguments, no engine.

The pipeline hands them to Great Expectations; here stand only what to expect and how to say it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assets.contract import Complete, RowCount, SumOf, Unique

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assets.column import Column
    from assets.contract import Check, Contract

PERIOD = "_period"
ROWS_IN_PERIOD = "_rows_in_period"


@dataclass(frozen=True)
class Expectation:
    """One expectation on the staged table.

    Attributes:
        name: ASCII id, `<column>_<rule>`.
        kind: the class name in Great Expectations.
        arguments: its arguments.
        title: what is expected, in Japanese.
        derived_sum: name and parts of a column of sums that the engine must add first.
    """

    name: str
    kind: str
    arguments: dict[str, Any]
    title: str
    derived_sum: tuple[str, tuple[str, ...]] | None = field(default=None)


def expectations(contract: Contract) -> list[Expectation]:
    """List everything the contract promises about its table, each name once."""
    found = [
        *(e for name, column in contract.columns.items() for e in _of_column(name, column)),
        *(_of_check(check, contract) for check in contract.checks),
        _unique(contract.key, contract),
    ]
    return list({e.name: e for e in found}.values())


def _of_column(name: str, column: Column) -> Iterator[Expectation]:
    said = f"「{column.title}」"
    if column.required and not column.marks and not column.keep_uncertain:
        yield Expectation(
            f"{name}_not_null",
            "ExpectColumnValuesToNotBeNull",
            {"column": name},
            f"{said}は空欄でない",
        )
    if column.minimum is not None or column.maximum is not None:
        bounds = {"min_value": column.minimum, "max_value": column.maximum}
        words = f"{'' if column.minimum is None else f'{column.minimum:g} 以上'}{'' if column.maximum is None else f'{column.maximum:g} 以下'}"
        yield Expectation(
            f"{name}_in_range",
            "ExpectColumnValuesToBeBetween",
            {"column": name, **bounds},
            f"{said}は {words}",
        )
    if column.type == "code" and column.labels:
        yield Expectation(
            f"{name}_in_code_list",
            "ExpectColumnValuesToBeInSet",
            {"column": name, "value_set": sorted(column.labels)},
            f"{said}はコード表の値",
        )
    if column.pattern is not None:
        yield Expectation(
            f"{name}_matches_pattern",
            "ExpectColumnValuesToMatchRegex",
            {"column": name, "regex": f"^(?:{column.pattern})$"},
            f"{said}は決まった形",
        )


def _of_check(check: Check, contract: Contract) -> Expectation:
    match check:
        case RowCount():
            upper = f"、{check.maximum:,} 行以下" if check.maximum is not None else ""
            bounds = {"min_value": check.minimum, "max_value": check.maximum}
            return Expectation(
                "row_count_in_range",
                "ExpectColumnValuesToBeBetween",
                {"column": ROWS_IN_PERIOD, **bounds},
                f"1期間の行数は {check.minimum:,} 行以上{upper}",
            )
        case Unique():
            return _unique(check.columns, contract)
        case Complete():
            return Expectation(
                f"{check.column}_complete",
                "ExpectColumnValuesToNotBeNull",
                {"column": check.column, "mostly": check.share},
                f"「{contract.columns[check.column].title}」は {check.share:.0%} 以上の行で埋まっている",
            )
        case SumOf():
            return _sum_of(check, contract)


def _unique(columns: list[str], contract: Contract) -> Expectation:
    titles = "・".join(contract.columns[name].title for name in columns)
    return Expectation(
        f"{'_'.join(columns)}_unique",
        "ExpectCompoundColumnsToBeUnique",
        {"column_list": [PERIOD, *columns]},
        f"同じ期間に「{titles}」が同じ行はない",
    )


def _sum_of(check: SumOf, contract: Contract) -> Expectation:
    derived = f"{check.column}__sum_of_parts"
    parts = "、".join(contract.columns[part].title for part in check.parts)
    return Expectation(
        f"{check.column}_equals_sum",
        "ExpectColumnPairValuesToBeEqual",
        {"column_A": check.column, "column_B": derived, "ignore_row_if": "either_value_is_missing"},
        f"「{contract.columns[check.column].title}」は {parts} の和に等しい",
        derived_sum=(derived, tuple(check.parts)),
    )
