"""Whole texts with a date in them: from … to, a year in both countings, serials of a spreadsheet.

Belongs here: what joins several points in time, and what a bare number is. Must not hold: the
grammar of one point (`parts`), the calendar (`readings`).
"""

# ruff: noqa: PLR0911 (decisions read best from top to bottom)

import datetime as dt
import re
from dataclasses import replace

from transforms.dates.completion import Context
from transforms.dates.date_rules import RULES
from transforms.dates.eras import LAST_PLAUSIBLE_YEAR
from transforms.dates.parts import Parts, parse
from transforms.dates.readings import Reading, bounded, mismatch, resolve
from transforms.dates.spans import DAY, FISCAL_YEAR, Span, day_span
from transforms.dates.wording import fold_wording, has_control
from transforms.verdict import BLANK, CONTROLS, REPAIRED, WHITESPACE

_NOT_A_DATE = Reading("date.not_a_date")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_UNLABELLED = re.compile(r"[1-9][0-9]{4}\.[0-9]+")
_YEAR_LIKE = range(1868, LAST_PLAUSIBLE_YEAR + 1)
_ISO = r"(FY[0-9]{4}|[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)"
_JOINTS = (
    re.compile(rf"{_ISO}/{_ISO}"),
    re.compile(r"自?([^~至]+)(?:至|から)([^~至]+)"),
    re.compile(r"([^~]+)(?:~|から)([^~]+)"),
)
_UNIT = re.compile(r"[^年月日]*?[0-9元](年度?|月|日)")
_UNITLESS = re.compile(r"(?:[年月度]|^(?:明治|大正|昭和|平成|令和|[MTSHR])?)(?:[0-9]+|元)$")
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}|(?:午前|午後)?[0-9]{1,2}時(?:[0-9]{1,2}分)?")
_ERA_YEAR = r"(?:明治|大正|昭和|平成|令和|[MTSHR])(?:元|[0-9]{1,2})"
_BOTH_NAMES = re.compile(rf"({_ERA_YEAR})(年度?)?[./,]({_ERA_YEAR})(年度?)(.*)")
_BRACKET = re.compile(r"\(([^()]*)\)")
_ASIDE = re.compile(
    r"[月火水木金土日]曜?日?(?:[.,]?(?:祝日?|休日?|振休|振替休日))?|推定|予定|見込み?|頃|暦年"
)


def read(text: str | None, context: Context) -> Reading:
    """Return what a raw text means beside its context; never raises."""
    plain = (text or "").strip(WHITESPACE + CONTROLS)
    if not plain:
        return Reading(BLANK)
    folded = fold_wording(plain)
    found = _serial(folded, context) or _phrase(folded, context)
    if not found.kept:
        return found
    if has_control(plain) and RULES[found.rule].verdict != REPAIRED:
        return replace(found, rule="date.control_removed")
    if plain == found.value and RULES[found.rule].verdict != REPAIRED:
        return replace(found, rule="date.iso")
    return found


def look_above(text: str | None, context: Context) -> Context:
    """Return the context with what the row above says, where it says something."""
    above = read(text, replace(context, unit=None, excel=None))
    if above.parts is None or above.span is None or not above.kept:
        return context
    return replace(context, previous=above.parts, above=above.span)


def _serial(text: str, context: Context) -> Reading | None:
    """Return the day a serial number means, `None` when the text is not one.

    Excel counts 1900-01-01 as 1 and has a 1900-02-29, which never was, as 60; its other calendar
    counts 1904-01-01 as 0.
    """
    if context.excel not in {"1900", "1904"} or not _NUMBER.fullmatch(text):
        return None
    whole, _, fraction = text.partition(".")
    if len(whole) > len("999999") or (whole[0] == "0" and len(whole) > 1):
        return None
    number = int(whole)
    if number < 0 or (context.excel == "1900" and number in {0, 60}):
        return Reading("date.serial_impossible")
    if number in _YEAR_LIKE and not fraction.strip("0"):
        return Reading("date.serial_or_year")
    start = dt.date(1904, 1, 1)
    if context.excel == "1900":
        start = dt.date(1899, 12, 30 + (number < 60))  # noqa: PLR2004 (the false leap day)
    day = start + dt.timedelta(number)
    if day.year > LAST_PLAUSIBLE_YEAR:
        return None
    if context.unit not in {None, DAY}:
        return bounded("date.unit_mismatch", day, day)
    rule = "date.time_dropped" if fraction.strip("0") else "date.serial"
    return _of_day(rule, day)


def _of_day(rule: str, day: dt.date) -> Reading:
    parts = Parts(year=day.year, digits=4, month=day.month, day=day.day)
    return Reading(rule, day_span(day), day, day, parts)


def _phrase(text: str, context: Context) -> Reading:
    while text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1]
    parts = parse(text)
    if parts:
        return resolve(parts, context)
    for read_joined in (_both_names, _bracketed, _range):
        found = read_joined(text, context)
        if found:
            return found
    return Reading("date.serial_unlabelled") if _UNLABELLED.fullmatch(text) else _NOT_A_DATE


def _both_names(text: str, context: Context) -> Reading | None:
    """平成31年・令和元年, 平成31・令和元年度: one year under its two names."""
    found = _BOTH_NAMES.fullmatch(text)
    if not found:
        return None
    first, unit, second, last_unit, rest = found.groups()
    return _agree(
        _phrase(first + (unit or last_unit) + rest, context),
        _phrase(second + last_unit + rest, context),
    )


def _bracketed(text: str, context: Context) -> Reading | None:
    """2023(令和5)年2月1日: what stands in brackets must say the same."""
    brackets = [b for b in _BRACKET.finditer(text) if not _ASIDE.fullmatch(b[1])]
    if len(brackets) != 1 or not brackets[0][1]:
        return None
    before, inner, after = text[: brackets[0].start()], brackets[0][1], text[brackets[0].end() :]
    if not before:
        return _phrase(inner + after, context)
    outer = _phrase(before + after, context)
    again = _phrase(inner + after, context)
    if not again.kept and again.span is None:
        again = _phrase(inner, context)
    return _agree(outer, again)


def _agree(one: Reading, other: Reading) -> Reading:
    """Return the reading both support; a name outside its era may be the other name of the day."""
    if one.span is None or other.span is None:
        refused = _NOT_A_DATE.rule in {one.rule, other.rule}
        return _NOT_A_DATE if refused else one if one.span is None and not one.kept else other
    inside = other.span.first <= one.span.first and one.span.last <= other.span.last
    if not inside:
        return Reading("date.readings_differ")
    return other if not one.kept and one.span == other.span else one


def _range(text: str, context: Context) -> Reading | None:
    text = re.sub("月期(?:平均|計|分)?$", "月", text)
    for joint in _JOINTS:
        found = joint.fullmatch(text)
        if found:
            return _join(found[1], found[2], context)
    marked = bool(re.search("[年月日]", text))
    found = [
        joined
        for dash in re.finditer("-", text)
        if (joined := _join(text[: dash.start()], text[dash.end() :], context))
        and (joined.kept or marked)
    ]
    return found[0] if len(found) == 1 else None


def _join(left: str, right: str, context: Context) -> Reading | None:
    """Return the reading from the left to the right part, `None` when one is not a date."""
    parts = parse(_lend_unit(left, right))
    if parts and parts.time == "day" and _CLOCK.fullmatch(right):
        return resolve(parts, context)
    until = parse(right)
    if parts is None or until is None:
        return None
    first = resolve(replace(parts, open=""), replace(context, unit=_bare_unit(parts, context)))
    above = first.parts or _own(parts, context)
    below = Context(
        lenient=context.lenient,
        era_digits=context.era_digits,
        previous=above,
        above=first.span,
    )
    last = resolve(replace(until, open=""), below)
    return _from_to(first, last, context)


def _bare_unit(parts: Parts, context: Context) -> str | None:
    return context.unit if parts.bare is not None else None


def _own(parts: Parts, context: Context) -> Parts:
    return replace(parts, era=parts.era or context.era)


def _lend_unit(left: str, right: str) -> str:
    """Return the left text with the unit it leaves to the right one: 令和5～7年度."""
    if not _UNITLESS.search(left):
        return left
    unit = _UNIT.match(right)
    if "月" in left:
        return left + "日"
    if "年" in left:
        return left + "月"
    return left + unit[1] if unit and not re.search("[./-]", left) else left


def _from_to(first: Reading, last: Reading, context: Context) -> Reading:
    for one in (first, last):
        if RULES[one.rule].verdict == "refused":
            return Reading(one.rule)
    if last.rule == "date.not_carried":
        return Reading("date.reversed_range")
    for one in (first, last):
        if one.rule == "date.approximate":
            return bounded(one.rule, first.earliest, last.latest)
    if first.span is None or last.span is None:
        return Reading(first.rule if first.span is None else last.rule)
    if last.span.first < first.span.first or last.span.last < first.span.last:
        return Reading("date.reversed_range")
    span = _span(first.span, last.span)
    if FISCAL_YEAR in {first.span.unit, last.span.unit} and first.span.unit != last.span.unit:
        return bounded("date.unit_mismatch", span.first, span.last)
    if context.unit and "/" in span.text:
        return bounded(mismatch(span, context.unit), span.first, span.last)
    repaired = [one.rule for one in (first, last) if RULES[one.rule].verdict == REPAIRED]
    return Reading((*repaired, "date.range")[0], span, span.first, span.last, last.parts)


def _span(first: Span, last: Span) -> Span:
    texts = first.text.split("/")[0], last.text.split("/")[-1]
    text = texts[0] if texts[0] == texts[1] else "/".join(texts)
    return Span(text, first.first, last.last, last.unit)
