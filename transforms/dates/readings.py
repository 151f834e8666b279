"""What one date means in the calendar, by the law of the eras.

Belongs here: from parts to days, with the rule that decides. Must not hold: the grammar (`parts`),
brackets and from … to (`phrases`).
"""

# ruff: noqa: PLR2004, PLR0911 (digits are the format; decisions read best from top to bottom)

import datetime as dt
from dataclasses import dataclass

from transforms.dates.completion import Context, complete
from transforms.dates.date_rules import RULES
from transforms.dates.eras import (
    ERAS,
    FIRST_APRIL_FISCAL_YEAR,
    FIRST_PLAUSIBLE_YEAR,
    LAST_LUNAR_DAY,
    LAST_PLAUSIBLE_YEAR,
    LUNAR_NEW_YEARS,
    OLD_ERAS,
    SOLAR_FROM,
)
from transforms.dates.parts import Parts
from transforms.dates.spans import (
    DAY,
    FISCAL_YEAR,
    MONTH,
    YEAR,
    Span,
    day_span,
    fiscal_year_span,
    month_end,
    month_span,
    months_span,
    year_span,
)
from transforms.verdict import OK, REPAIRED

_ERAS = {era.letter: era for era in ERAS}
_OPEN_YEAR = 9999


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text means.

    Attributes:
        rule: Id of the rule that decided.
        span: The span the text names, also where a rule does not keep it.
        earliest: First day it can be, `None` when nothing is sure.
        latest: Last day it can be.
        parts: The parts, completed, for the row below and the second half of a range.
    """

    rule: str
    span: Span | None = None
    earliest: dt.date | None = None
    latest: dt.date | None = None
    parts: Parts | None = None

    @property
    def kept(self) -> bool:
        """Whether the text says one value."""
        return RULES[self.rule].verdict in {OK, REPAIRED}

    @property
    def value(self) -> str | None:
        """The value in the common form."""
        return self.span.text if self.span and self.kept else None


def bounded(rule: str, first: dt.date | None, last: dt.date | None) -> Reading:
    """Return the reading of a text that says no more than two bounds."""
    return Reading(rule, None, first, last)


def resolve(parts: Parts, context: Context) -> Reading:
    """Return what the parts mean beside their context."""
    if parts.doubt:
        return _doubtful(parts)
    if parts.same == "all":
        return _repeat(context)
    without_year = parts.year is None
    parts, source = complete(parts, context)
    if source == "date.unit_missing":
        return _year_or_fiscal_year(parts, context)
    if source and RULES[source].verdict != OK:
        return Reading(source)
    if parts.year is None:
        return _era_only(parts)
    year, rule = _western(parts, context)
    if rule:
        return Reading(rule)
    found = _in_calendar(parts, year)
    if found.span is None:
        return found
    if source == "date.carried" and without_year and _is_outside(found.span, parts):
        return bounded("date.not_carried", found.span.first, found.span.last)
    return _judge(found.span, parts, context, source)


def _repeat(context: Context) -> Reading:
    span = context.above
    if span is None:
        return Reading("date.year_missing")
    if context.unit and (context.unit != span.unit or "/" in span.text):
        return bounded(mismatch(span, context.unit), span.first, span.last)
    return Reading("date.carried", span, span.first, span.last, context.previous)


def _doubtful(parts: Parts) -> Reading:
    if parts.doubt == "date.day_month_order":
        return _either_order(parts)
    if parts.doubt == "date.january_or_october" and parts.year:
        last = month_span(parts.year, 10).last
        return bounded(parts.doubt, dt.date(parts.year, 1, 1), last)
    return Reading(parts.doubt)


def _either_order(parts: Parts) -> Reading:
    first, second = parts.pair or (0, 0)
    year = parts.year or 0
    if (first, second) == (99, 99) or year == _OPEN_YEAR:
        return Reading("date.sentinel")
    found = [_day(year, m, d) for m, d in ((first, second), (second, first))]
    days = sorted(day for day in found if day)
    if not days:
        return Reading("date.impossible")
    return bounded("date.day_month_order", days[0], days[-1])


def _year_or_fiscal_year(parts: Parts, context: Context) -> Reading:
    year = _ERAS[context.era or "R"].base + (parts.bare or 0)
    if not parts.bare:
        return Reading("date.impossible")
    return bounded("date.unit_missing", year_span(year).first, fiscal_year_span(year).last)


def _era_only(parts: Parts) -> Reading:
    era = _ERAS.get(parts.era or "")
    if era is None:
        return Reading("date.unknown")
    last = None if era.last.year == _OPEN_YEAR else era.last
    return bounded("date.unknown", era.first, last)


def _western(parts: Parts, context: Context) -> tuple[int, str]:
    """Return the western year, or the rule that forbids one."""
    count, era = parts.year or 0, parts.era
    nines = parts.month == 99 and parts.day == 99
    if nines or (era and count == 99) or (not era and count == _OPEN_YEAR):
        return 0, "date.sentinel"
    if count == 0 and not parts.month and not parts.day and (parts.month == 0 or not era):
        return 0, "date.sentinel"
    miscounted = (
        parts.digits > 2 and (count < 100 or parts.digits == 4) if era else parts.digits == 3
    )
    if miscounted:
        return 0, "date.not_a_date"
    if era and era in OLD_ERAS:
        return OLD_ERAS[era] + count, ""
    if era and count == 0:
        return 0, "date.impossible" if context.lenient else "date.outside_era"
    year = count + (_ERAS[era].base if era else 0)
    if not FIRST_PLAUSIBLE_YEAR <= year <= LAST_PLAUSIBLE_YEAR or (era == "R" and count > 99):
        return 0, "date.implausible_year"
    return year, ""


def _in_calendar(parts: Parts, year: int) -> Reading:
    """Return the span the parts name, or the rule why the calendar has none."""
    month, day = parts.month, parts.day
    if (month is not None and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):
        return Reading("date.impossible")
    if parts.fiscal and month is not None and month < 4:
        year += 1
    if parts.fiscal and month is None and year < FIRST_APRIL_FISCAL_YEAR:
        return bounded("date.early_fiscal_year", dt.date(year, 1, 1), dt.date(year + 1, 12, 31))
    if year < SOLAR_FROM.year:
        return _lunar(parts, year)
    if month is None:
        return _whole_year(parts, year)
    return _in_month(parts, year, month)


def _in_month(parts: Parts, year: int, month: int) -> Reading:
    day = parts.day
    if parts.third:
        first, last = ((1, 10), (11, 20), (21, month_end(year, month).day))[parts.third - 1]
        days = dt.date(year, month, first), dt.date(year, month, last)
        return Reading("", Span("", *days, MONTH))
    if parts.end:
        return Reading("", day_span(month_end(year, month)))
    if day is None:
        return Reading("", month_span(year, month))
    found = _day(year, month, day)
    if found:
        return Reading("", day_span(found))
    if (month, day) == (2, 29):
        return Reading("", Span("29", dt.date(year, 2, 28), dt.date(year, 3, 1), "leap"))
    return Reading("date.impossible")


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _whole_year(parts: Parts, year: int) -> Reading:
    whole = fiscal_year_span(year) if parts.fiscal else year_span(year)
    if parts.end:
        return Reading("", day_span(whole.last))
    if not parts.quarter and not parts.half:
        return Reading("", whole)
    count = 3 if parts.quarter else 6
    months = (parts.quarter or parts.half) * count - count
    calendar = months_span(year, 1 + months, count)
    later = months + 3
    fiscal = months_span(year + later // 12, later % 12 + 1, count)
    if parts.fiscal and not parts.calendar:
        return Reading("", fiscal)
    if parts.calendar and not parts.fiscal:
        return Reading("", calendar)
    return bounded("date.part_of_which_year", calendar.first, fiscal.last)


def _lunar(parts: Parts, year: int) -> Reading:
    """Return bounds that hold the day whether it was counted by moon or reckoned back by sun."""
    month, day = parts.month, parts.day
    skipped = (year, month or 0, day or 0) > LAST_LUNAR_DAY
    if parts.era and ((day or 0) > 30 or skipped):
        return Reading("date.impossible")
    starts = LUNAR_NEW_YEARS.get(year), LUNAR_NEW_YEARS.get(year + 1)
    end = starts[1] - dt.timedelta(1) if starts[1] else dt.date(year + 1, 2, 28)
    if month is None or starts[0] is None or starts[1] is None:
        first = dt.date(year, month or 1, 1)
        return bounded("date.lunar_calendar", first, end)
    first = _day(year, month, day or 1) or month_end(year, month)
    # Months have at most 30 days, and one leap month may come before.
    latest = starts[0] + dt.timedelta(30 * month + (day or 30) - 1)
    return bounded("date.lunar_calendar", first, max(first, min(latest, end)))


def _judge(span: Span, parts: Parts, context: Context, source: str) -> Reading:
    outside = _is_outside(span, parts)
    if outside and not context.lenient:
        return Reading("date.outside_era", span, parts=parts)
    if span.unit == "leap":
        return bounded("date.leap_day", span.first, span.last)
    if parts.weekday and (span.first != span.last or span.first.isoweekday() != parts.weekday):
        return Reading("date.weekday_mismatch")
    doubt = _doubt(span, parts, context)
    if doubt:
        return doubt
    rule = "date.outside_era_repaired" if outside else ""
    rule = rule or ("date.time_dropped" if parts.time else source) or _kind(parts)
    return Reading(rule, span, span.first, span.last, parts)


def _is_outside(span: Span, parts: Parts) -> bool:
    era = _ERAS.get(parts.era or "")
    named = _fiscal_whole(parts) or span
    return era is not None and (named.last < era.first or named.first > era.last)


def _fiscal_whole(parts: Parts) -> Span | None:
    """Return the fiscal year whose name must fall into the era, where a part of one is meant."""
    era = _ERAS.get(parts.era or "")
    if not parts.fiscal or era is None or parts.year is None:
        return None
    return fiscal_year_span(era.base + parts.year)


def _doubt(span: Span, parts: Parts, context: Context) -> Reading | None:
    """Return the reading of a text that keeps the span open in one way or another."""
    first, last = span.first, span.last
    if parts.unknown or (parts.third and not parts.open):
        era = _ERAS.get(parts.era or "")
        if era and parts.unknown and not (first > era.last or last < era.first):
            first, last = max(first, era.first), min(last, era.last)
        return bounded("date.unknown" if parts.unknown else "date.approximate", first, last)
    if parts.open:
        ends = (first, None) if parts.open == "from" else (None, last)
        return bounded("date.one_end", *ends)
    if parts.approximate:
        return bounded("date.approximate", first, last)
    if parts.time == "night":
        return bounded("date.after_midnight", first, last + dt.timedelta(1))
    if parts.time in {"west", "east"}:
        first -= dt.timedelta(parts.time == "east")
        return bounded("date.time_zone", first, last + dt.timedelta(parts.time == "west"))
    if context.unit and (context.unit != span.unit or "/" in span.text):
        return bounded(mismatch(span, context.unit), first, last)
    return None


def mismatch(span: Span, unit: str) -> str:
    """Return the rule for a span that is not of the unit asked for."""
    if "/" in span.text:
        return "date.is_range"
    wider = span.unit in {YEAR, FISCAL_YEAR} or unit == DAY
    return "date.incomplete" if wider and unit in {DAY, MONTH} else "date.unit_mismatch"


def _kind(parts: Parts) -> str:
    if parts.quarter or parts.half:
        return "date.part_of_year"
    if parts.end:
        return "date.last_day"
    return "date.wareki" if parts.era else "date.western"
