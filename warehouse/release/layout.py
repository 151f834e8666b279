"""Whether a candidate keeps to its layout, as findings of the gate: one a rule and column.

Belongs here: summing up what `warehouse/standards` finds, without a value of any row. Must not hold:
the rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from anonymize.gate import Finding
from warehouse.standards.check import check_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

    from assets.standard import Standard
    from warehouse.standards.difference import Difference

_ROWS_NAMED = 3
_BY_ROW = (
    "SQL か元のデータで直してください。machikane standard check で、行ごとの直し方が分かります。"
)


def judge_layout(table: pl.DataFrame, standard: Standard, file: str) -> list[Finding]:
    """Hold a staged table against its layout: 誤り forbids the release, 注意 asks to look.

    Args:
        table: The CSV as it lies, all text.
        standard: Its layout.
        file: Its name, for differences of the whole file.
    """
    groups: dict[tuple[str, str], list[Difference]] = {}
    for difference in check_table(table, standard):
        groups.setdefault((difference.rule, difference.column), []).append(difference)
    return [_sum_up(found, file) for found in groups.values()]


def _sum_up(found: list[Difference], file: str) -> Finding:
    first = found[0]
    column = f"「{first.column}」列" if first.column else file
    rows = [d.row for d in found if d.row is not None]
    count = f"({len(rows)} 件)" if rows else f"({first.rows} 件)" if first.rows > 1 else ""
    return Finding(
        f"standard.{first.rule}",
        "blocker" if any(d.is_error for d in found) else "warning",
        f"{column} {_name(rows)}".strip(),
        f"列の定義と違います: {first.what}{count}",
        _BY_ROW if rows else first.remedy,
    )


def _name(rows: Iterable[int]) -> str:
    listed = list(rows)
    more = f" ほか {len(listed) - _ROWS_NAMED}" if len(listed) > _ROWS_NAMED else ""
    return "、".join(f"{row}行目" for row in listed[:_ROWS_NAMED]) + more
