"""Filling in what a date leaves out: from the era column, the unit, and the row above.

Belongs here: which left-out part may be taken from where, and when it must not be. Must not hold:
the calendar (`readings`), the grammar (`parts`).
"""

# ruff: noqa: PLR2004, PLR0911 (digits are the format; decisions read best from top to bottom)

from dataclasses import dataclass, replace

from transforms.dates.eras import LAST_PLAUSIBLE_YEAR
from transforms.dates.parts import Parts
from transforms.dates.spans import DAY, FISCAL_YEAR, MONTH, YEAR, Span

_FIRST_BARE_YEAR = 1868


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the text.

    Attributes:
        era: Letter of the era in its own column.
        unit: What a bare number stands for: `day`, `month`, `year`, `fiscal_year`.
        excel: `1900` or `1904`: numbers are serials of that system.
        lenient: Days outside their era are repaired.
        era_digits: Seven digits begin with the number of an era.
        previous: Completed parts of the row above.
        above: Span of the row above.
    """

    era: str | None = None
    unit: str | None = None
    excel: str | None = None
    lenient: bool = False
    era_digits: bool = False
    previous: Parts | None = None
    above: Span | None = None

    @property
    def unit_above(self) -> str | None:
        """Precision of the row above."""
        return self.above.unit if self.above else None


def complete(parts: Parts, context: Context) -> tuple[Parts, str]:
    """Return the parts with what could be filled in, and the rule that says from where.

    The rule is empty when the text said everything, and one that does not keep the value when
    something is missing that nothing beside the text says.
    """
    if parts.bare is not None:
        parts, rule = _name_number(parts, context)
        if rule:
            return parts, rule
    if parts.pair is not None and not parts.doubt:
        parts, rule = _name_pair(parts, context)
        if rule:
            return parts, rule
    if parts.era and context.era and parts.era != context.era:
        return parts, "date.era_conflict"
    fiscal = context.unit == FISCAL_YEAR and not parts.marked and parts.month is None
    parts = replace(parts, fiscal=parts.fiscal or fiscal)
    if parts.year is None:
        return (parts, "") if parts.unknown else _carry_year(parts, context)
    if parts.era is None and parts.digits <= 2:
        return _find_era(parts, context)
    return parts, ""


def _find_era(parts: Parts, context: Context) -> tuple[Parts, str]:
    if context.era:
        return replace(parts, era=context.era), "date.era_column"
    previous = context.previous
    if previous is None or previous.year is None:
        return parts, "date.era_missing"
    found = replace(parts, era=previous.era)
    changed = previous.fiscal != parts.fiscal and (parts.marked or previous.month is not None)
    mixed = changed and not parts.fiscal
    if not previous.era or mixed or not _is_later(found, previous):
        return parts, "date.not_carried"
    return found, "date.carried"


def _is_later(parts: Parts, previous: Parts) -> bool:
    """Tell whether a table that runs on in time reaches these parts from the row above."""
    if parts.year != previous.year:
        return (parts.year or 0) > (previous.year or 0)
    for mine, above in (
        (_month(parts), _month(previous)),
        (parts.quarter, previous.quarter),
        (parts.half, previous.half),
        (parts.day, previous.day),
    ):
        if mine != above:
            return (mine or 0) > (above or 0)
    return False


def _month(parts: Parts) -> int:
    """Return the place of the month in its year; April is the first of a fiscal year."""
    if parts.month is None:
        return 0
    return (parts.month - 4) % 12 + 1 if parts.fiscal else parts.month


def _carry_year(parts: Parts, context: Context) -> tuple[Parts, str]:
    previous = context.previous
    if (parts.month or 0) > 12 or (parts.day or 0) > 31:
        return parts, "date.impossible"
    if previous is None or previous.year is None:
        return parts, "date.year_missing"
    found = replace(
        parts,
        era=previous.era,
        year=previous.year + (parts.same == "next"),
        digits=previous.digits,
        marked=True,
        fiscal=previous.fiscal,
        calendar=previous.calendar,
        month=previous.month if parts.month is None and parts.day is not None else parts.month,
    )
    lost = (parts.day is not None and found.month is None) or (
        previous.average and parts.same == ""
    )
    if lost or (not parts.same and not _is_later(found, previous)):
        return parts, "date.not_carried"
    return found, "date.carried"


def _name_number(parts: Parts, context: Context) -> tuple[Parts, str]:
    """Say what a number without any sign stands for."""
    number, size = parts.bare or 0, parts.digits
    if (number == 0 and size != 2) or number in {9999, 999999, 9999999}:
        return parts, "date.sentinel"
    if size == 0:
        return _name_small(parts, number, context)
    if size == 4:
        return _name_four(parts, number, context)
    packed = replace(parts, bare=None, digits=2, month=number // 100 % 100, day=number % 100)
    if size in {5, 6} and context.era:
        return replace(packed, year=number // 10000), ""
    if size == 5:
        return parts, "date.serial_unlabelled"
    if size == 6:
        return _name_six(parts, number, context)
    if size == 7 and 1_000_000 <= number < 6_000_000:
        era = "MTSHR"[number // 1_000_000 - 1]
        if context.era_digits:
            return replace(packed, era=era, year=number // 10000 % 100), ""
        return parts, "date.era_digit"
    return parts, "date.not_a_date"


def _name_small(parts: Parts, number: int, context: Context) -> tuple[Parts, str]:
    unit = context.unit or (context.unit_above if not context.era else None)
    plain = replace(parts, bare=None)
    if unit in {YEAR, FISCAL_YEAR}:
        return replace(plain, year=number, digits=2, fiscal=unit == FISCAL_YEAR), ""
    if unit == MONTH:
        return replace(plain, month=number), ""
    if unit == DAY:
        return replace(plain, day=number), ""
    return parts, "date.unit_missing" if context.era else "date.era_missing"


def _name_four(parts: Parts, number: int, context: Context) -> tuple[Parts, str]:
    plain = replace(parts, bare=None)
    if _FIRST_BARE_YEAR <= number <= LAST_PLAUSIBLE_YEAR:
        return replace(plain, year=number, fiscal=context.unit == FISCAL_YEAR), ""
    if context.unit == MONTH:
        return replace(plain, year=number // 100, digits=2, month=number % 100), ""
    return parts, "date.serial_unlabelled"


def _name_six(parts: Parts, number: int, context: Context) -> tuple[Parts, str]:
    year, month, day = number // 100, number % 100, number % 100
    months = _FIRST_BARE_YEAR <= year <= LAST_PLAUSIBLE_YEAR and 1 <= month <= 12
    days = 1 <= number // 100 % 100 <= 12 and 1 <= day <= 31
    if months and (context.unit == MONTH or not days):
        return replace(parts, bare=None, year=year, digits=4, month=month), ""
    return parts, "date.era_missing"


def _name_pair(parts: Parts, context: Context) -> tuple[Parts, str]:
    """Say whether 5.2 is year and month or month and day."""
    first, second = parts.pair or (0, 0)
    plain = replace(parts, pair=None)
    of_year, of_month = 1 <= second <= 12, 1 <= first <= 12 and 1 <= second <= 31
    if context.era:
        return replace(plain, year=first, digits=2, month=second), ""
    if context.previous and context.unit_above == DAY and of_month:
        return replace(plain, month=first, day=second), ""
    if not of_year and not of_month:
        return parts, "date.impossible"
    return parts, "date.era_missing"
