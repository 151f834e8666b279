"""The cell styles of an xlsx, as far as they tell a header from a body and a date from a number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from defusedxml.ElementTree import fromstring

from warehouse.readers.workbooks.package import is_true, local_name, read_links

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element
    from zipfile import ZipFile

DATE = "date"
_Value = TypeVar("_Value")
# Formats that are not written out in a file; the Japanese program adds 27–36 and 50–58.
_BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy/m/d h:mm", 37: "#,##0 ;(#,##0)", 38: "#,##0 ;[Red](#,##0)", 39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;[Red](#,##0.00)", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0", 48: "##0.0E+0",
    49: "@", 27: "[$-411]ge.m.d", 28: '[$-411]ggge"年"m"月"d"日"', 29: '[$-411]ggge"年"m"月"d"日"',
    30: "m/d/yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"時"mm"分"', 33: 'h"時"mm"分"ss"秒"',
    34: 'yyyy"年"m"月"', 35: 'm"月"d"日"', 36: "[$-411]ge.m.d", 50: "[$-411]ge.m.d",
    51: '[$-411]ggge"年"m"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"',
    54: '[$-411]ggge"年"m"月"d"日"', 55: 'yyyy"年"m"月"', 56: 'm"月"d"日"', 57: "[$-411]ge.m.d",
    58: '[$-411]ggge"年"m"月"d"日"',
}  # fmt: skip
# Quoted words, escaped letters, and brackets that name a colour, a condition or a language.
_SILENT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_MOMENT = re.compile(r"[ymdhsgea]", re.IGNORECASE)
_CALENDAR = re.compile(r"[ymdhs]", re.IGNORECASE)
_GENERAL = re.compile(r"general|G/", re.IGNORECASE)
_DURATION = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_JAPANESE_IDS = {*range(27, 37), *range(50, 59)}


@dataclass(frozen=True)
class Style:
    """How one kind of cell looks."""

    is_bold: bool = False
    is_filled: bool = False
    has_top_border: bool = False
    has_bottom_border: bool = False
    number_format: str = "General"
    format_id: int = 0

    @property
    def is_date(self) -> bool:
        """Tell whether numbers in such a cell are shown as a date or a time."""
        return bool(_MOMENT.search(self._shown))

    @property
    def is_plain(self) -> bool:
        """Tell whether the quick library knows a date or a number in such a cell for what it is."""
        is_japanese = self.format_id in _JAPANESE_IDS
        return not is_japanese and not _DURATION.search(self.number_format)

    @property
    def is_era(self) -> bool:
        """Tell whether a date is shown by its era's year or its weekday alone: no library knows."""
        return self.is_date and not _CALENDAR.search(self._shown)

    @property
    def _shown(self) -> str:
        """The letters of the format that stand for something."""
        first = self.number_format.split(";")[0]
        if first == "@" or _GENERAL.search(first):
            return ""
        return _SILENT.sub("", first).replace("E+", "").replace("E-", "")


def read_styles(archive: ZipFile, workbook: str) -> tuple[list[Style], str | None]:
    """Read the styles a cell's `s` counts, and name the part of the shared strings."""
    links = {link.kind: link.target for link in read_links(archive, workbook)}
    names = archive.namelist()
    strings = links.get("sharedStrings")
    part = links.get("styles")
    if part not in names:
        return [], strings if strings in names else None
    root = fromstring(archive.read(str(part)), forbid_dtd=True)
    groups = {local_name(group.tag): list(group) for group in root}
    bold = [_has(font, "b") for font in groups.get("fonts", [])]
    filled = [_is_filled(fill) for fill in groups.get("fills", [])]
    borders = [(_is_drawn(b, "top"), _is_drawn(b, "bottom")) for b in groups.get("borders", [])]
    formats = dict(_BUILT_IN)
    for item in groups.get("numFmts", []):
        formats[int(item.get("numFmtId", "0"))] = item.get("formatCode", "General")
    styles = []
    for item in groups.get("cellXfs", []):
        format_id = int(item.get("numFmtId", "0"))
        look = (
            _pick(bold, item, "fontId", default=False),
            _pick(filled, item, "fillId", default=False),
            *_pick(borders, item, "borderId", default=(False, False)),
        )
        styles.append(Style(*look, formats.get(format_id, "General"), format_id))
    return styles, strings if strings in names else None


def _pick(values: list[_Value], item: Element, key: str, *, default: _Value) -> _Value:
    index = int(item.get(key, "0"))
    return values[index] if index < len(values) else default


def _has(element: Element, name: str) -> bool:
    found = next((child for child in element if local_name(child.tag) == name), None)
    return found is not None and (found.get("val") is None or is_true(found.get("val")))


def _is_filled(fill: Element) -> bool:
    pattern = next((child for child in fill if local_name(child.tag) == "patternFill"), None)
    if pattern is None:
        return len(fill) > 0
    return pattern.get("patternType", "none") not in {"none", "gray125"}


def _is_drawn(border: Element, side: str) -> bool:
    found = next((child for child in border if local_name(child.tag) == side), None)
    return found is not None and found.get("style", "none") != "none"
