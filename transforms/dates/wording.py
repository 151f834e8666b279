"""The text of one date made uniform: widths, numerals, signs and the words for year, month, day.

Belongs here: what the grammar reads, without knowing what it means. Must not hold: eras, calendars,
verdicts.
"""

import re

from transforms.verdict import CONTROLS, WHITESPACE
from transforms.width import ASCII, DASHES

_SIGNS = (
    {ord(key): value for key, value in ASCII.items()}
    | dict.fromkeys(map(ord, DASHES), "-")
    | dict.fromkeys(map(ord, "～〜∼"), "~")
    | dict.fromkeys(map(ord, "・･．。"), ".")
    | dict.fromkeys(map(ord, "、，"), ",")
    | dict.fromkeys(map(ord, "〔【「『［[<〈《"), "(")
    | dict.fromkeys(map(ord, "〕】」』］]>〉》"), ")")
    | dict.fromkeys(map(ord, "’‘`´′"), "'")
    | dict.fromkeys(map(ord, WHITESPACE), " ")
    | dict(zip(map(ord, "㍾㍽㍼㍻㋿\uf9a8"), ("明治", "大正", "昭和", "平成", "令和", "令"), strict=True))
    | {0x32C0 + n: f"{n + 1}月" for n in range(12)}
    | {0x33E0 + n: f"{n + 1}日" for n in range(31)}
    | dict(zip(map(ord, "壱壹弌弐貳弍参參弎肆伍陸漆捌玖零拾佰仟"), "一一一二二二三三三四五六七八九〇十百千", strict=True))
    | {ord("廿"): "二十", ord("卅"): "三十"}
)  # fmt: skip
_CONTROLS = re.compile(f"[{re.escape(CONTROLS)}]")
_WORDS = (
    (re.compile("ねん"), "年"),
    (re.compile("がつ"), "月"),
    (re.compile("にち"), "日"),
    (re.compile("会計年度"), "年度"),
    *((re.compile(f"{roman}(?=四半期)"), str(n)) for n, roman in enumerate("ⅠⅡⅢⅣ", start=1)),
    (re.compile("四半期"), "Q"),
    (re.compile("迄"), "まで"),
)
_DIGITS = "〇一二三四五六七八九"
_NUMERAL = re.compile(f"(?<![0-9{_DIGITS}十百千])[{_DIGITS}十百千]++(?![0-9])")
_D = "[一二三四五六七八九]"
_PLACES = re.compile(rf"(?:({_D}?)(千))?(?:({_D}?)(百))?(?:({_D}?)(十))?({_D}?)")
_SPACE = re.compile(r"(?<![0-9]) +| +(?![0-9])")


def fold_wording(text: str) -> str:
    """Return the text in half width and capitals, kanji numerals as digits, spaces only in between.

    A space survives between two digits only: everywhere else it says nothing.
    """
    text = _CONTROLS.sub("", text).translate(_SIGNS).upper().strip()
    for word, plain in _WORDS:
        text = word.sub(plain, text)
    text = _NUMERAL.sub(_to_digits, text)
    if text.count(" - ") == 1:
        text = text.replace(" - ", "~")
    return _SPACE.sub("", text)


def has_control(text: str) -> bool:
    """Tell whether a control or zero-width character stands inside the text."""
    return bool(_CONTROLS.search(text.strip(CONTROLS + WHITESPACE)))


def _to_digits(found: re.Match[str]) -> str:
    """Read 二〇二三 digit by digit and 二千二十三 by places; anything else stays as it is."""
    text = found[0]
    if not set(text) & set("十百千"):
        return "".join(str(_DIGITS.index(digit)) for digit in text)
    places = _PLACES.fullmatch(text)
    if places is None:
        return text
    number = 0
    for digit, sign, weight in ((1, 2, 1000), (3, 4, 100), (5, 6, 10)):
        if places[sign]:
            number += weight * (_DIGITS.index(places[digit]) if places[digit] else 1)
    return str(number + (_DIGITS.index(places[7]) if places[7] else 0))
