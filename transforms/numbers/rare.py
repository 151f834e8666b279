"""The rarer spellings of a number, one text at a time: 壱拾弐万円, ¥1,234, 3割5分, ①, 約100.

Belongs here: what the columnar reading of `reading` leaves over, each distinct text once. Must not
hold: the usual spellings, data types, the words of the rules.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

from transforms.numbers.cell_units import CellUnits, Counted
from transforms.numbers.decimal_text import move_point
from transforms.numbers.kanji_numerals import LETTERS, names_two_numbers, ordinary, read_numeral
from transforms.numbers.marks import name_mark, name_shape
from transforms.numbers.units import SCALES, read_unit
from transforms.verdict import CONTROLS, WHITESPACE
from transforms.width import DASHES, fold_word

_LONGEST = 60
_SIGN = re.compile(rf"(?:(マイナス|[-{DASHES}△▲▼])|\+) *(.*)")
_BRACKETED = re.compile(r"\(([^()]*)\) *([^()0-9]*)")
_FORMAL = re.compile(r"金 *([^金]+円)(?:也|なり|整)?")
_TENTHS = re.compile(
    r"([0-9]{1,2}|[一二三四五六七八九十])割(?:([0-9一二三四五六七八九])分)?(?:([0-9一二三四五六七八九])厘)?"
)
_AMOUNT = re.compile(rf"([{LETTERS}.,]+) *(.*)")
_PLAIN = re.compile(r"(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.[0-9]*)?|\.[0-9]+")
_KANJI_DIGITS = str.maketrans("一二三四五六七八九", "123456789")
_RINGS = str.maketrans("○◯", "〇〇")


def _circled() -> dict[str, str]:
    """Return ⓪ to ㊿ and the dark circles with their numbers (Unicode's numeric value)."""
    codes = (*range(0x2460, 0x2474), 0x24EA, *range(0x3251, 0x3260), *range(0x32B1, 0x32C0))
    dark = (*range(0x24EB, 0x24F5), *range(0x2776, 0x2794))
    return {chr(c): str(int(unicodedata.numeric(chr(c)))) for c in (*codes, *dark)}


_CIRCLED: Mapping[str, str] = MappingProxyType(_circled())


class Reading(NamedTuple):
    """What a text says; the fields of `reading.READING`."""

    text: str | None
    rule: str
    unit: str | None = None
    is_absolute: bool | None = None
    has_point: bool | None = None


class _Amount(NamedTuple):
    digits: str
    rule: str
    word: str = ""
    is_scaled: bool = False


def read_rare(raw: str, units: CellUnits) -> Reading:
    """Read one text that is not a usual spelling of a number.

    Args:
        raw: Text, neither null nor blank.
        units: Which units may follow, and what they mean.

    Returns:
        The number in plain decimal digits, or the rule that says why there is none.
    """
    text = fold_word(raw.strip(WHITESPACE + CONTROLS)).replace("\u00a0", " ")
    named = name_mark(text) if len(text) <= _LONGEST else "number.not_a_number"
    if named:
        return Reading(None, named)
    sign, body = _split_sign(text)
    amount = _read_amount(body)
    if isinstance(amount, str):
        return Reading(None, amount)
    if amount is None:
        return Reading(None, name_shape(text))
    counted = units.resolve(amount.word, is_scaled=amount.is_scaled)
    if counted.fault:
        return Reading(None, _name_unknown_unit(text, amount, counted))
    return _conclude(sign, amount, counted)


def _name_unknown_unit(text: str, amount: _Amount, counted: Counted) -> str:
    """Say what stands behind the digits: 100人以上 is a bound, 三和 no number, 40台 a unit."""
    if counted.fault != "number.other_unit":
        return counted.fault
    shape = name_shape(text)
    is_digits = amount.rule not in {"number.kanji", "number.ring_zero"}
    is_word = re.fullmatch(r"[^\W\d_]+", amount.word) is not None
    return counted.fault if shape == "number.not_a_number" and is_digits and is_word else shape


def _split_sign(text: str) -> tuple[str, str]:
    """Return the rule of the sign (empty for none) and what follows it."""
    signed = _SIGN.fullmatch(text)
    if signed:
        return "number.negative_mark" if signed[1] else "+", signed[2]
    bracketed = _BRACKETED.fullmatch(text)
    return ("number.parentheses", bracketed[1] + bracketed[2]) if bracketed else ("", text)


def _read_amount(body: str) -> _Amount | str | None:
    """Return digits and unit; a rule id where the numeral itself says two things."""
    if body in _CIRCLED:
        return _Amount(_CIRCLED[body], "number.circled")
    tenths = _TENTHS.fullmatch(body)
    if tenths and (tenths[2] or tenths[3]):
        whole, first, second = (
            (part or "0").replace("十", "10").translate(_KANJI_DIGITS) for part in tenths.groups()
        )
        return _Amount(f"{whole}{first}.{second}", "number.tenths", "%")
    formal = _FORMAL.fullmatch(body)
    if formal:
        return _read_numeral_and_word(formal[1])
    if body[:1] in {"¥", "\\"}:
        amount = _read_numeral_and_word(body[1:].lstrip())
        fits = isinstance(amount, _Amount) and not amount.word
        return amount._replace(word="円") if fits else None
    return _read_numeral_and_word(body)


def _read_numeral_and_word(body: str) -> _Amount | str | None:
    has_ring = bool(re.search("[○◯]", body)) and re.search("[一二三四五六七八九]", body) is not None
    found = _AMOUNT.fullmatch(body.translate(_RINGS) if has_ring else body)
    if not found or re.search("[0-9]", found[2]):
        return None
    numeral, word = found.groups()
    build = partial(_Amount, word=word)
    if _PLAIN.fullmatch(numeral):
        digits = numeral.replace(",", "")
        return build(digits, "number.missing_zero" if digits[0] == "." else "number.written_form")
    if names_two_numbers(numeral):
        return "number.kanji_pair"
    if ordinary(numeral) in SCALES and numeral not in {"十", "拾"}:
        # 千円 may head a column or be a price; 千葉 is neither.
        return "number.lone_kanji" if not word or read_unit(word) else None
    read = read_numeral(numeral)
    if read is None:
        return None
    is_mixed = re.search("[0-9]", numeral) is not None
    rule = "number.ring_zero" if has_ring else "number.mixed" if is_mixed else "number.kanji"
    return build(read.digits, rule, is_scaled=read.is_scaled)


def _conclude(sign: str, amount: _Amount, counted: Counted) -> Reading:
    digits = move_point(amount.digits, counted.exponent)
    is_negative = sign.startswith("number.")
    rule = amount.rule
    if rule == "number.written_form":
        unit_rule = "number.percent_sign" if counted.base == "%" else "number.unit"
        said = "number.unit_scaled" if counted.exponent else unit_rule if counted.base else rule
        rule = sign if is_negative else said
    if is_negative and digits == "0":
        rule = "number.negative_zero"
    text = f"-{digits}" if is_negative and digits != "0" else digits
    return Reading(text, rule, counted.base or None, counted.is_absolute, "." in amount.digits)
