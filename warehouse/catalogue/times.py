"""Days and periods as catalogues write them.

Belongs here: turning what a version says of time into dates. Must not hold: guesses. A year may be
a calendar year or a 年度, so it is passed on as a year and never stretched to days.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re

JST = dt.timezone(dt.timedelta(hours=9))
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"\d{4}-\d{2}")
_YEAR = re.compile(r"\d{4}")


def day_in_japan(moment: str) -> str:
    """Give the Japanese date of an ISO 8601 moment; blank stays blank."""
    return dt.datetime.fromisoformat(moment).astimezone(JST).date().isoformat() if moment else ""


def first_and_last_day(period: str) -> tuple[str, str] | None:
    """Give the days a period begins and ends with; None where it does not say days or a month."""
    try:
        if _DAY.fullmatch(period):
            day = dt.date.fromisoformat(period).isoformat()
            return day, day
        if _MONTH.fullmatch(period):
            year, month = map(int, period.split("-"))
            return f"{period}-01", f"{period}-{calendar.monthrange(year, month)[1]:02}"
    except ValueError:
        return None
    return None


def is_year(period: str) -> bool:
    """Tell whether a period is a year and says no more."""
    return _YEAR.fullmatch(period) is not None
