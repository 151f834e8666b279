"""What follows a town: 丁目, 番, 号, and where the building begins.

Belongs here: the numbers of an address and their marks, on folded text. Must not hold: which towns
or 丁目 exist.
"""

import re
from typing import NamedTuple

from transforms.addresses.letters import Folded
from transforms.addresses.numerals import read_kanji

KANJI = "〇一二三四五六七八九十百千"
_DIGITS_SHORT = 5
_DIGITS = re.compile("[0-9]+")
_NUMERALS = re.compile(f"[{KANJI}]+")
# 番館, 番街, 号棟, 号室 … belong to a building.
_MARK = re.compile(
    "-*(?:(?P<chome>丁目?(?!場)|チヨウメ?)|(?P<block>番地?(?![館街町場所組])|バンチ?)"
    "|(?P<number>号(?![室棟館線車])|ゴウ(?!シツ)))(?:-|ノ(?=[0-9〇一二三四五六七八九十百]))*|(?P<room>号室|室$|ゴウシツ)|(?P<dash>-+|ノ(?![ァ-ヺ]))"
)


class Number(NamedTuple):
    """One number of an address: its digits and the mark behind it.

    The mark is `chome`, `block`, `number`, `room`, `dash`, empty, or `odd` where it is doubtful.
    """

    digits: str
    mark: str


class Tail(NamedTuple):
    """The numbers behind a town and the position of what follows in the folded text."""

    numbers: list[Number]
    end: int


def read_tail(text: Folded, start: int) -> Tail:
    """Return the numbers from `start` on; they end where a number has no mark behind it.

    A dash or の counts only between two numbers; kanji numerals only with a mark or at the end.
    """
    numbers: list[Number] = []
    at = start
    while found := _read_number(text, at):
        digits, mark, end = found
        joined = mark in {"dash", "room"}
        if mark == "dash" and _read_number(text, end) is None:
            numbers.append(Number(digits, ""))
            return Tail(numbers, at + _width(text, at))
        if numbers and text.gap[at] and _is_doubtful(digits, mark, numbers[-1].mark):
            mark = "odd"
        numbers.append(Number(digits, mark))
        at = end
        if mark in {"", "room", "odd"} or (text.gap[at] and not (joined or _marked(text, at))):
            break
    return Tail(numbers, at)


def is_odd(digits: str) -> bool:
    """Return whether digits are no number of an address: 03, 123456."""
    return digits.startswith("0") or len(digits) > _DIGITS_SHORT


def _is_doubtful(digits: str, mark: str, before: str) -> bool:
    """Return whether a number may be 号 or a room: 1番 403."""
    return mark == "" and before == "block" and len(digits) > len("99")


def _marked(text: Folded, at: int) -> bool:
    """Return whether the number after white space is one: with a mark, white space or end behind."""
    found = _read_number(text, at)
    return found is None or bool(found[1]) or found[2] == len(text.text) or text.gap[found[2]]


def _width(text: Folded, at: int) -> int:
    """Return how many letters the numeral at a position has; white space ends it."""
    letter = text.text[at : at + 1]
    pattern = _DIGITS if letter.isascii() else _NUMERALS
    found = pattern.match(text.text, at)
    if found is None:
        return 0
    for end in range(at + 1, found.end()):
        if text.gap[end]:
            return end - at
    return found.end() - at


def _read_number(text: Folded, at: int) -> tuple[str, str, int] | None:
    width = _width(text, at)
    if not width:
        return None
    digits, end = text.text[at : at + width], at + width
    found = _MARK.match(text.text, end)
    kanji = not digits.isascii()
    if found is None:
        # 千里ハイツ is no number; a lone kanji numeral at the end is.
        if kanji and end != len(text.text) and not text.gap[end]:
            return None
        mark = ""
    else:
        mark, end = str(found.lastgroup), found.end()
        if kanji and mark == "dash" and not _width(text, end):
            return None
    if kanji:
        number = read_kanji(digits)
        return None if number is None else (str(number), mark, end)
    return digits, mark, end
