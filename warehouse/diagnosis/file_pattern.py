"""From the name of one delivered file to the pattern its next deliveries will fit."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from warehouse.inbox import NO_PERIOD, period_of

_YEAR, _MONTH, _DAY = r"(?:19|20)[0-9]{2}", r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12][0-9]|3[01])"
_ERA = r"(?:令和|平成|昭和|[RHS])(?:元|0?[1-9]|[1-9][0-9])"
_EDGE, _END = r"(?<![0-9A-Za-z])", r"(?![0-9])"
# Tried in order; the groups name the placeholders, what stands between them is kept.
_SPELLINGS = (
    rf"(?<![0-9])(?P<year>{_YEAR})(?P<s1>[-_.年]?)(?P<month>{_MONTH})(?P<s2>[-_.月]?)(?P<day>{_DAY})(?P<clock>[-_T ]?[0-2][0-9][0-5][0-9])?{_END}",
    rf"(?<![0-9])(?P<year>{_YEAR})(?P<s1>[-_.年]?)(?P<month>{_MONTH}){_END}",
    rf"(?<![0-9])(?P<year>{_YEAR})(?P<s1>年)(?P<era_month>0?[1-9]|1[0-2])(?=月)",
    rf"{_EDGE}(?P<era_year>{_ERA})(?P<s1>[-_.年]?)(?P<era_month>0[1-9]|1[0-2]){_END}",
    rf"{_EDGE}(?P<era_year>{_ERA})(?P<s1>[-_.年])(?P<era_month>0?[1-9]|1[0-2])(?=[月._-]|$)",
    rf"{_EDGE}(?P<era_year>{_ERA})(?=年|[-_.]|$)",
    rf"(?<![0-9])(?P<year>{_YEAR}){_END}",
)
_TIME_WORDS = r"^(?:年度|年|月)?(?:[0-9]{1,2}日)?(?:分|末|現在|時点)?"
_PLACES = ("year", "era_year", "month", "era_month", "day")


@dataclass(frozen=True)
class FilePattern:
    """A pattern of file names.

    Attributes:
        pattern: with placeholders such as `{year}`, as the contract writes it.
        stem: the name without extension and without the period.
        period: the period of this delivery, `-` when the name tells none.
    """

    pattern: str
    stem: str
    period: str

    @property
    def frequency(self) -> str:
        """How often it seems to come: `monthly`, `yearly` or `irregular`."""
        if self.period == NO_PERIOD:
            return "irregular"
        return {0: "yearly", 1: "monthly"}.get(self.period.count("-"), "irregular")


def recognise_pattern(name: str) -> FilePattern:
    """Find year and month in a file name; a name without them is its own pattern."""
    name = unicodedata.normalize("NFC", name)
    stem, dot, suffix = name.rpartition(".") if "." in name else (name, "", "")
    for spelling in _SPELLINGS:
        found = re.search(spelling, stem)
        if found is None:
            continue
        replaced = "".join(_piece(found, group) for group in found.re.groupindex)
        pattern = _escape(stem[: found.start()]) + replaced + _escape(stem[found.end() :])
        pattern += f"{dot}{suffix}"
        period = period_of(pattern, name)
        if period not in {None, NO_PERIOD}:
            after = re.sub(_TIME_WORDS, "", stem[found.end() :])
            return FilePattern(
                pattern, f"{stem[: found.start()]} {after}".strip(" _-."), str(period)
            )
    return FilePattern(_escape(stem) + dot + suffix, stem, NO_PERIOD)


def _piece(found: re.Match[str], group: str) -> str:
    if group in _PLACES:
        return f"{{{group}}}"
    return "*" if group == "clock" and found[group] else found[group] or ""


def _escape(text: str) -> str:
    """A brace would be read as a placeholder; `?` stands for any one character."""
    return re.sub(r"[{}]", "?", text)
