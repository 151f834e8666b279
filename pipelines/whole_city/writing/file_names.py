"""The name under which a department delivers the file of a period: the reverse of a file pattern."""

from __future__ import annotations

import re

# Era, its letter, its first year less one: what `warehouse.inbox` reads.
_ERAS = (("令和", "R", 2018), ("平成", "H", 1988), ("昭和", "S", 1925))
_REIWA_FIRST = "2019-05"
_HEISEI_FIRST = "1989-02"


def name_file(pattern: str, period: str, label: str = "") -> str:
    """Fill a contract's file pattern.

    Args:
        pattern: with `{year}`, `{month}`, `{day}`, `{era_year}`, `{era_month}`, `*` and `?`.
        period: `2024`, `2024-04`, `2024-04-30` or `-`.
        label: stands where the pattern has its last `*`; every other one is left out.
    """
    year, month, day = [*period.split("-"), "", ""][:3]
    before, star, behind = pattern.rpartition("*")
    filled = before.replace("*", "") + (label if star else "") + behind
    values = {
        "{year}": year,
        "{month}": month.zfill(2),
        "{day}": day.zfill(2),
        "{era_month}": month.lstrip("0"),
        "?": "1",
    }
    for mark, value in values.items():
        filled = filled.replace(mark, value)
    return re.sub(r"\{era_year\}(年?)", lambda found: _era_year(period, found.group(1)), filled)


def takes_label(pattern: str) -> bool:
    """Tell whether a second file of a period can be told by its name."""
    return "*" in pattern


def _era_year(period: str, word: str) -> str:
    """Write 令和6年 where the word follows, R6 where none does."""
    place = 0 if period >= _REIWA_FIRST[: len(period)] else 1 if period >= _HEISEI_FIRST else 2
    name, letter, base = _ERAS[place]
    number = int(period[:4]) - base
    return f"{name}{'元' if number == 1 else number}年" if word else f"{letter}{number}"
