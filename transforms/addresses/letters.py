"""The letters of an address as they are compared: width, kana, old and variant forms.

Belongs here: one letter for another where the name of a place stays the same. Must not hold: what
is stored; a building keeps its letters.
"""

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from transforms.verdict import CONTROLS, WHITESPACE
from transforms.width import DASHES, HIRAGANA, KANA

# Old and variant forms in names of places; the first of each word stands for the others.
_FORMS = (
    "螢蛍 曽曾 桜櫻 沢澤 阪坂 国國 広廣 竜龍 浜濱濵 緑綠 豊豐 条條 栄榮 宝寳寶 寿壽 円圓 黒黑"
    " 渕淵渊 辺邊邉 斎齋 斉齊 島嶋嶌 崎﨑 高髙 桧檜 恵惠 徳德 亀龜 滝瀧 万萬 芦蘆 鉄鐵 検檢 県縣 区區"
    " 鴬鶯 塩鹽 駅驛 学學 関關 気氣 旧舊 郷鄕 穂穗 真眞 瀬瀨 静靜 荘莊 蔵藏 属屬 町甼 伝傳 稲稻 藪薮"
    " 冨富 巌巖 弥彌 礼禮 一壱壹弌 二弐貳貮 三参參弎 五伍 十拾 〇零 ノの之 ケヶがガ"
)
VARIANTS: Mapping[str, str] = MappingProxyType(
    {letter: forms[0] for forms in _FORMS.split() for letter in forms[1:]}
)
# Small kana written large by old systems, and the two spellings of one sound.
_SOUNDS = dict(zip("ァィゥェォッャュョヮヵヅヂ", "アイウエオツヤユヨワカズジ", strict=True))
_WAVES = dict.fromkeys("〜～∼˜", "~")
_MARKS = {"ﾞ": "\u3099", "゛": "\u3099", "ﾟ": "\u309a", "゜": "\u309a"}


class Folded(NamedTuple):
    """A text as it is compared, and where each letter came from.

    Attributes:
        text: Folded letters without white space.
        start: Position in the source of each letter, and of the end.
        gap: Whether white space stood before each letter, and before the end.
    """

    text: str
    start: list[int]
    gap: list[bool]


def _fold_letter(letter: str) -> str:
    if letter in DASHES or letter in "－−﹣":
        return "-"
    if letter in _WAVES:
        return "~"
    whole = unicodedata.normalize("NFKC", letter)
    letter = whole if len(whole) == 1 else letter
    return HIRAGANA.get(letter, letter)


def fold(source: str) -> Folded:
    """Return a text folded letter by letter; sound marks are joined to their kana."""
    letters: list[str] = []
    start: list[int] = []
    gap: list[bool] = []
    space = False
    for at, raw in enumerate(source):
        letter = _LETTERS.get(raw) or _LETTERS.setdefault(raw, _fold_letter(raw))
        if letter in _SPACES:
            space = space or letter in WHITESPACE
            continue
        if letter in _JOINED and letters:
            joined = KANA.get(letters[-1] + _MARKS.get(letter, letter))
            if joined is not None:
                letters[-1] = joined
                continue
        letters.append(letter)
        start.append(at)
        gap.append(space)
        space = False
    text = "".join(letters).translate(_LAST)
    return Folded(text, [*start, len(source)], [*gap, space])


def fold_name(name: str) -> str:
    """Return the folded form of a name or a reading of a list."""
    return fold(name).text


_LETTERS: dict[str, str] = {"-": "-", " ": " "}
_SPACES = frozenset(WHITESPACE + CONTROLS)
_JOINED = frozenset([*_MARKS, *_MARKS.values()])
_LAST = str.maketrans({**VARIANTS, **_SOUNDS})
