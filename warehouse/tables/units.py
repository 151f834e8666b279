"""In what every column is counted: from the unit row, the header, or a line beside the table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from warehouse.tables import vocabulary as words
from warehouse.tables.page import WHITE, is_unit

if TYPE_CHECKING:
    from collections.abc import Iterable

_LINE = re.compile(words.UNIT_LINE)
_BRACKETS = re.compile(r"[(（\[［【]([^()（）\[\]［］【】]{1,12})[)）\]］】]")
_LABELLED = re.compile(r"^(.+?)[(（](.+?)[)）]$")
_RATIO = re.compile(words.RATIO, re.IGNORECASE)
_PERCENT = ("％", "%", "‰", "ポイント", "倍", "指数")
_STRIP = "()（）[]［］【】〔〕:：" + WHITE


def unit_of(cell: str, path: str) -> str | None:
    """Read the unit a column says itself: its cell of the unit row, else its header."""
    own = cell.strip(_STRIP).removeprefix("単位").strip(_STRIP)
    if own and (is_unit(own) or len(own) <= 8):  # noqa: PLR2004 - the row is a unit row
        return own
    levels = path.split("/")
    for level in reversed(levels):
        if len(levels) > 1 and is_unit(level):
            return level.strip(_STRIP)
        for inner in reversed(_BRACKETS.findall(level)):
            bare = inner.removeprefix("単位").strip(_STRIP)
            if is_unit(bare):
                return bare
    return None


def unit_lines(texts: Iterable[str]) -> list[tuple[str, str]]:
    """Read 「単位：千円」 and the like: pairs of what is counted (may be empty) and the unit."""
    found: list[tuple[str, str]] = []
    for text in texts:
        if (line := _LINE.search(text)) is None:
            continue
        for part in _split(line.group(1).strip()):
            labelled = _LABELLED.match(part)
            label, unit = labelled.groups() if labelled else ("", part)
            if 0 < len(unit.strip(_STRIP)) <= 10:  # noqa: PLR2004
                found.append((label.strip(_STRIP), unit.strip(_STRIP)))
    return found


def _split(line: str) -> list[str]:
    opened = len(re.findall(r"[(（]", line)) - len(re.findall(r"[)）]", line))
    whole = line + "）" * opened if opened > 0 else line
    return [part for part in re.split(r"[、,，・;；\s\u3000]+", whole) if part]


def unit_from_lines(lines: list[tuple[str, str]], path: str) -> str | None:
    """Choose the unit of a column of numbers among those named beside the table."""
    for label, unit in lines:
        if label and label in path:
            return unit
    plain = [unit for _, unit in lines if unit not in _PERCENT]
    percent = [unit for _, unit in lines if unit in _PERCENT]
    if _RATIO.search(path):
        return percent[0] if percent else None
    return plain[0] if plain else None


def is_unit_line(text: str) -> bool:
    """Tell whether a text says in what a table counts."""
    return len(text) < 40 and _LINE.search(text) is not None  # noqa: PLR2004
