"""Numerals in kanji, and digits mixed with them: 三千二百, 三二〇〇, 壱拾弐万, 3億2,000万.

Belongs here: the grammar of these numerals, one text at a time. Must not hold: signs, units, marks.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from transforms.numbers.decimal_text import move_point
from transforms.numbers.units import SCALES

_KANJI = "〇一二三四五六七八九"
# 大字, which deeds and registers write so that nothing can be added (戸籍法施行規則第31条第2項).
_ORDINARY = str.maketrans(
    "零壱壹弐貳貮参參肆伍陸漆柒捌玖拾佰陌仟阡萬", "〇一一二二二三三四五六七七八九十百百千千万"
)
_ARABIC = str.maketrans(_KANJI, "0123456789")
_MYRIADS: Mapping[str, int] = MappingProxyType({"京": 16, "兆": 12, "億": 8, "万": 4})
_SECTIONS = re.compile(r"(?:(.+)京)?(?:(.+)兆)?(?:(.+)億)?(?:(.+)万)?(.*)")
_SCALE_WORDS = "|".join(sorted(filter(None, SCALES), key=len, reverse=True))
_GROUPED = r"[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+"
_SCALED = re.compile(rf"({_GROUPED})(?:\.([0-9]+))?({_SCALE_WORDS})")
_MULTIPLIED = re.compile(r"(?:([1-9])?千)?(?:([1-9])?百)?(?:([1-9])?十)?([1-9])?")
_POSITIONAL = re.compile(r"[0-9]{1,4}|[1-9],[0-9]{3}")
# 二三人 may be twenty-three or "two or three", 十五六 fifteen or sixteen, 二三百 too.
_PAIR = re.compile(rf"(?<![{_KANJI}])(?:一二|二三|三四|四五|五六|六七|七八|八九)(?![{_KANJI}])")
LETTERS = "0-9一-九〇零壱壹弐貳貮参參肆伍陸漆柒捌玖拾佰陌仟阡萬十百千万億兆京".replace(
    "一-九", _KANJI[1:]
)


class Numeral(NamedTuple):
    """A numeral: plain decimal digits, and whether it names 千, 万, 百万 … as a scale."""

    digits: str
    is_scaled: bool


def ordinary(text: str) -> str:
    """Return the text with 大字 as ordinary numerals: 壱拾弐万 is 一十二万."""
    return text.translate(_ORDINARY)


def names_two_numbers(text: str) -> bool:
    """Tell whether two neighbouring numerals stand together as in 二三人, 十五六 or 四五百."""
    return _PAIR.search(ordinary(text)) is not None


def read_numeral(text: str) -> Numeral | None:
    """Read a numeral written with at least one kanji.

    Args:
        text: Half-width digits, commas, kanji numerals; nothing else.

    Returns:
        The numeral, or None where the grammar does not hold: kanji and Arabic digits may not be
        mixed, a section below 万 is under 10,000, only one number with one scale has a fraction.
    """
    plain = ordinary(text)
    scaled = _SCALED.fullmatch(plain)
    if scaled:
        digits = f"{scaled[1].replace(',', '')}.{scaled[2] or ''}"
        return Numeral(move_point(digits, SCALES[scaled[3]]), is_scaled=True)
    if re.search("[0-9]", plain) and re.search(f"[{_KANJI}]", plain):
        return None
    if re.fullmatch(f"[{_KANJI}]+", plain):
        leads = plain[0] != "〇" or len(plain) == 1
        return Numeral(plain.translate(_ARABIC), is_scaled=False) if leads else None
    total = _add_sections(plain.translate(_ARABIC))
    is_scaled = bool(re.search("[0-9京兆億万千]", plain))
    return None if total is None else Numeral(str(total), is_scaled=is_scaled)


def _add_sections(text: str) -> int | None:
    sections = _SECTIONS.fullmatch(text)
    parts = sections.groups() if sections else ()
    exponents = (*_MYRIADS.values(), 0)
    counts = [_read_section(part) for part in parts if part]
    if not counts or None in counts:
        return None
    named = (exponent for exponent, part in zip(exponents, parts, strict=True) if part)
    return sum(count * 10**e for count, e in zip(counts, named, strict=True) if count is not None)


def _read_section(text: str) -> int | None:
    if _POSITIONAL.fullmatch(text):
        return int(text.replace(",", ""))
    found = _MULTIPLIED.fullmatch(text)
    if not found:
        return None
    *places, ones = found.groups()
    named = (int(digit or 1) * 10**e for e, p in ((3, "千"), (2, "百"), (1, "十")) if p in text
             for digit in [places[3 - e]])  # fmt: skip
    return sum(named) + int(ones or 0)
