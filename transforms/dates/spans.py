"""Spans of the calendar: a day, month, year, fiscal year, or from one to another.

Belongs here: first and last day of a span and its common form. Must not hold: texts, eras, verdicts.
"""

import calendar
import datetime as dt
from typing import NamedTuple

DAY, MONTH, YEAR, FISCAL_YEAR = "day", "month", "year", "fiscal_year"


class Span(NamedTuple):
    """Days from `first` to `last`, both inclusive, and how the common form writes them.

    Attributes:
        text: `2023-02-01`, `2023-02`, `2023`, `FY2023`, or two of them joined by `/`.
        first: First day.
        last: Last day.
        unit: `day`, `month`, `year` or `fiscal_year`; of a range, that of its first part.
    """

    text: str
    first: dt.date
    last: dt.date
    unit: str


def month_end(year: int, month: int) -> dt.date:
    """Return the last day of a month."""
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def day_span(day: dt.date) -> Span:
    """Return the span of one day."""
    return Span(day.isoformat(), day, day, DAY)


def month_span(year: int, month: int) -> Span:
    """Return the span of one month."""
    return Span(f"{year:04}-{month:02}", dt.date(year, month, 1), month_end(year, month), MONTH)


def year_span(year: int) -> Span:
    """Return the span of one calendar year."""
    return Span(f"{year:04}", dt.date(year, 1, 1), dt.date(year, 12, 31), YEAR)


def fiscal_year_span(year: int) -> Span:
    """Return the fiscal year that starts on 1 April (財政法第11条, 地方自治法第208条)."""
    return Span(f"FY{year:04}", dt.date(year, 4, 1), dt.date(year + 1, 3, 31), FISCAL_YEAR)


def months_span(year: int, month: int, count: int) -> Span:
    """Return `count` whole months from a month on, as quarters and halves of a year are."""
    last = year * 12 + month - 1 + count - 1
    return join(month_span(year, month), month_span(last // 12, last % 12 + 1))


def join(left: Span, right: Span) -> Span:
    """Return the span from the first day of `left` to the last of `right`."""
    if left.text == right.text:
        return left
    return Span(f"{left.text}/{right.text}", left.first, right.last, left.unit)
