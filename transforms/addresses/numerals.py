"""Numbers of 丁目, 番 and 号 in kanji, and the 丁目 at the end of a town's name.

Belongs here: kanji to number and back, up to 9999. Must not hold: the grammar of an address.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

DIGITS = "〇一二三四五六七八九"
_UNITS = {"十": 10, "百": 100, "千": 1000}
_CHOME = re.compile(f"^(.*?)([{DIGITS[1:]}十]+)丁目$")


def write_kanji(number: int) -> str:
    """Return 1 to 99 in kanji: 23 is 二十三."""
    tens, ones = divmod(number, 10)
    return (DIGITS[tens] if tens > 1 else "") + ("十" if tens else "") + (DIGITS[ones] * bool(ones))


def read_kanji(text: str) -> int | None:
    """Return the number kanji numerals say, by place (二三) or with units (二十三); else null."""
    if all(letter in DIGITS for letter in text):
        return int("".join(str(DIGITS.index(letter)) for letter in text)) if text else None
    total, digit, above = 0, 0, 10_000
    for letter in text:
        if letter in DIGITS:
            if digit or letter == "〇":
                return None
            digit = DIGITS.index(letter)
        elif (unit := _UNITS.get(letter, above)) < above:
            total, digit, above = total + (digit or 1) * unit, 0, unit
        else:
            return None
    return total + digit


CHOME: Mapping[str, int] = MappingProxyType({write_kanji(n): n for n in range(1, 100)})


def chome_of(town: str) -> tuple[str, int | None]:
    """Return a town's name without its 丁目, and the 丁目: 二葉町三丁目 is 二葉町 and 3."""
    found = _CHOME.match(town)
    if found is None or found[2] not in CHOME:
        return town, None
    return found[1], CHOME[found[2]]
