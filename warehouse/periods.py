"""Which delivery periods should be there and are not."""

from __future__ import annotations


def missing_periods(frequency: str, present: list[str]) -> list[str]:
    """List the gaps between the first and the last period of a monthly or yearly dataset.

    Args:
        frequency: `monthly` (`2026-04`), `yearly` (`2026`) or anything else (never a gap).
        present: the periods that can be read.
    """
    if frequency == "monthly":
        months = sorted(_month_number(p) for p in present if _is(p, 2))
        return [_month_name(n) for n in _gaps(months)]
    if frequency == "yearly":
        return [str(n) for n in _gaps(sorted(int(p) for p in present if _is(p, 1)))]
    return []


def _is(period: str, parts: int) -> bool:
    pieces = period.split("-")
    return len(pieces) == parts and all(piece.isdigit() for piece in pieces)


def _gaps(numbers: list[int]) -> list[int]:
    return sorted(set(range(numbers[0], numbers[-1] + 1)) - set(numbers)) if numbers else []


def _month_number(period: str) -> int:
    year, month = period.split("-")
    return int(year) * 12 + int(month) - 1


def _month_name(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02}"
