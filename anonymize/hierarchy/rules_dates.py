"""Ladders of dates: day → month → year → decade or era → `*`.

Belongs here: what a day becomes at each level. Must not hold: the reading of spellings and the
table of eras; both are given.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from anonymize.hierarchy.hierarchy import Hierarchy
from anonymize.hierarchy.rules import Climb, hierarchy_by_rule, refuse_options

_DECADE = 10


def dates(
    column: str,
    values: Iterable[str],
    days: Mapping[str, dt.date | None],
    *,
    calendar: Literal["western", "wareki"] = "western",
    eras: Sequence[tuple[str, dt.date]] = (),
    unknown: Sequence[str] = (),
) -> Hierarchy:
    """Make the ladder of dates.

    Western: day → 1965年3月 → 1965年 → 1960年代 → `*`. Wareki: day → 昭和40年3月 → 昭和40年 → 昭和 →
    `*`; a month or year in which the era changed has two labels, so that each lies in one era.

    Args:
        column: The column's name.
        values: Dates as they are written in the data.
        days: What each of them means; None or absent where it is no date.
        calendar: Which labels.
        eras: For wareki, each era's name and first day in the order of time.
        unknown: See `hierarchy_by_rule`.

    Raises:
        HierarchyError: A value without a day, or before the first era.
    """
    if calendar == "wareki" and not eras:
        raise refuse_options(
            "date", "calendar", "元号の表がありません", "元号の表を渡してください。"
        )

    def climb(value: str) -> Climb | None:
        day = days.get(value)
        if day is None:
            return None
        labels = _western(day) if calendar == "western" else _wareki(day, eras)
        return Climb((day,), labels) if labels else None

    expected = "日付(例 1965-03-01、昭和40年3月1日、S40.3.1)"
    return hierarchy_by_rule(column, values, climb, rule="date", expected=expected, unknown=unknown)


def _western(day: dt.date) -> tuple[str, ...]:
    decade = day.year - day.year % _DECADE
    return f"{day.year}年{day.month}月", f"{day.year}年", f"{decade}年代"


def _wareki(day: dt.date, eras: Sequence[tuple[str, dt.date]]) -> tuple[str, ...]:
    begun = [(name, first) for name, first in eras if first <= day]
    if not begun:
        return ()
    name, first = begun[-1]
    number = day.year - first.year + 1
    year = f"{name}{'元' if number == 1 else number}年"
    return f"{year}{day.month}月", year, name
