"""The words of valid time: its two columns, its open end, and the day of a delivery period.

Belongs here: what every module that reads or writes intervals must agree on. Must not hold: how
intervals come to be (`snapshots`, `changes`) or are asked for (`as_of`).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from assets.history import Changes
from warehouse.inbox import NO_PERIOD

if TYPE_CHECKING:
    from assets.history import History

VALID_FROM, VALID_TO = "_valid_from", "_valid_to"
# A date, not NULL: the statistics of a file then tell that none of its rows has ended.
OPEN_END = dt.date(9999, 12, 31)
DAY_TITLES = {
    VALID_FROM: "この行が有効になった日",
    VALID_TO: "この行が有効でなくなった日(この日は含まない。続いていれば9999-12-31)",
}
_FISCAL_MONTH = 4


def keeps_intervals(history: History) -> bool:
    """Tell whether rows carry from when to when they hold."""
    return history == "snapshots" or isinstance(history, Changes)


def day_of(period: str) -> dt.date:
    """Give the day on which a delivery of a period tells the state.

    `2024-04-30` is that day, `2024-04` the first of the month, `2024` the first day of the fiscal
    year (地方自治法 第208条: 1 April). What comes without a period (`-`) has held ever since.

    Raises:
        ValueError: when the text is no period.
    """
    if period == NO_PERIOD:
        return dt.date.min
    parts = [int(part) for part in period.split("-")]
    return dt.date(*[*parts, *(_FISCAL_MONTH, 1)[len(parts) - 1 :]])


def sql_date(day: dt.date) -> str:
    """Write a day as a literal of SQL."""
    return f"DATE '{day.isoformat()}'"
