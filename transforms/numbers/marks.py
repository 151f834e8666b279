"""What stands in a column of numbers and is no number: marks of statistics, bounds, ratios, errors.

Belongs here: text to the rule that names it. Must not hold: the reading of numbers. What a mark
stands for is for the legend of its table to say (`marks` of a contract), never for this module.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from transforms.numbers.kanji_numerals import LETTERS
from transforms.width import DASHES

_DASH = f"[-{DASHES}]"
_NUMERAL = f"[{LETTERS}.,]"
_MARKS: Mapping[str, str] = MappingProxyType(
    {
        "nil_mark": rf"{_DASH}+|皆無|該当(?:数[値字])?(?:な|無)し|なし|無し?",
        "unknown_mark": r"[.・･]{2,}|[…‥⋯]+|不[詳明]|未[詳定]|未(?:集計|調査|回答)|(?:調査|集計)中",
        "secret_mark": r"[xXχ]{1,3}|秘匿?|非公[表開]",
        "lost_digits": r"#{2,}",
        "cell_error": r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)",
        "ditto": r'〃+|々+|同上|"+|”',
        "enumerator": r"[Ⅰ-ⅿ]+|[⑴-⒛]",
        "lone_kanji": r"[〇一]",
        "symbol": r"[*×✕+±?~〜#=.・･△▲▼▽○◯●◎□■]+|n/a|N/A|NA|n\.a\.|null|NULL",
    }
)
_WORDS_BEFORE = "約|およそ|おおよそ|凡そ|おおむね|概ね|ほぼ|推定|推計|概算|見込|≒|±"
_WORDS_BEHIND = "程度|くらい|ぐらい|位|前後|余り?|あまり|強|弱|ほど|見込み?|概数"
_BOUNDS = "以上|以下|未満|以内|以降|以前|超過?|まで|から"
_SHAPES: Mapping[str, str] = MappingProxyType(
    {
        "scientific": r"[-+]?[0-9]+(?:\.[0-9]*)?[eE][-+]?[0-9]+",
        "approximate": rf"(?:{_WORDS_BEFORE}).*{_NUMERAL}.*|.*{_NUMERAL}.*(?:{_WORDS_BEHIND})"
        r"|[数何幾][十百千万億].*|.*[十百千万]数[十百千万億]?[^0-9]*|.*[十百千万億][余数].*",
        "bound": rf"[<>≦≧≤≥≶~〜].*{_NUMERAL}.*|(?:最[大小高低]|上限|下限).*{_NUMERAL}.*"
        rf"|.*{_NUMERAL}.*(?:{_BOUNDS})|.*{_NUMERAL}[^0-9]{{0,4}}[~〜～].*"
        rf"|.*{_NUMERAL}.*(?:以上|から|超).*{_NUMERAL}.*",
        "ratio": r".*[0-9] *(?:[/:÷]|対) *[0-9].*|.*分の.*|.*[½⅓⅔¼¾⅕⅙⅛].*",
        "hyphenated": rf"\(?[0-9]+\)?(?:{_DASH}[0-9]+)+",
        "spaced": r"[-+]?[0-9]{1,3}(?:(?:[ '’][0-9]{3})+|(?:[、､][0-9]{3})+)(?:\.[0-9]+)?[^0-9]*",
        "list": rf".*{_NUMERAL} *[、､・･;] *{_NUMERAL}.*",
        "trailing_sign": rf"[0-9][0-9.,]*(?:{_DASH}|[△▲])",
        "bad_grouping": r"[-+(]? *[0-9.,]*,[0-9.,]*[^0-9]*",
    }
)


def _join(rules: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{rule}>(?:{text}))" for rule, text in rules.items()))


_MARK, _SHAPE = _join(_MARKS), _join(_SHAPES)


def name_mark(text: str) -> str | None:
    """Return the rule of a text that stands in place of a number, or None.

    Args:
        text: Trimmed text with half-width ASCII.
    """
    return _name(_MARK, text)


def name_shape(text: str) -> str:
    """Return the rule of a text that is not one number, `number.not_a_number` if of no known shape.

    Args:
        text: Trimmed text with half-width ASCII that could not be read as a number.
    """
    return _name(_SHAPE, text) or "number.not_a_number"


def _name(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.fullmatch(text)
    return f"number.{found.lastgroup}" if found else None
