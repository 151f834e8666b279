"""The letters that are one letter in a matching key, step by step.

Belongs here: the letter tables of the steps and their joining into one. Must not hold: steps that
look at the letters beside (`matching_keys`, `dashes`), the table of kanji (`itaiji`).
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from transforms.texts.dashes import HYPHENS
from transforms.texts.itaiji import REPRESENTATIVES
from transforms.verdict import CONTROLS
from transforms.width import HIRAGANA, KANA

SMALL: Mapping[str, str] = MappingProxyType(
    dict(zip("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ", strict=True))
    | dict(zip("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ", strict=True))
    | dict(zip("ㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ", "クシストヌハヒフヘホムラリルレロ", strict=True))
)
SOUNDS: Mapping[str, str] = MappingProxyType(
    dict(zip("ヴヂヅヲヰヱゔぢづをゐゑ", "ブジズオイエぶじずおいえ", strict=True))
    | {f"{v}{small}": b for v, kana in zip("ヴゔ", ("ァィェォバビベボ", "ぁぃぇぉばびべぼ"), strict=True)
       for small, b in zip(kana[:4], kana[4:], strict=True)}
    | {f"{v}{large}": b for v, kana in zip("ヴゔ", ("アイエオバビベボ", "あいえおばびべぼ"), strict=True)
       for large, b in zip(kana[:4], kana[4:], strict=True)}
)  # fmt: skip
_SELECTORS = [chr(c) for c in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), 0x200C, 0x200D)]
# Latin-1 to the squared words, width forms, and enclosed letters; kanji are a matter of itaiji.
_COMPATIBLE = (*range(0xA0, 0x2E80), *range(0x3000, 0x3400), *range(0xFB00, 0xFB07),
               *range(0xFE30, 0xFE70), *range(0xFF01, 0xFFF0), *range(0x1F100, 0x1F300))  # fmt: skip
_SIGNS: Mapping[str, str] = MappingProxyType(dict.fromkeys("~～∼", "〜") | {"￥": "¥"})


def _compatibility() -> dict[str, str]:
    """Return NFKC of everything but kanji, kana joined; sound marks that join nothing are gone."""
    forms = {chr(c): unicodedata.normalize("NFKC", chr(c)) for c in _COMPATIBLE}
    # A spacing accent (´) decomposes to a space and a combining one: it stays what it is.
    table = {c: form for c, form in forms.items() if form != c and not re.match(" .", form)}
    return {**table, **KANA, **dict.fromkeys("ﾞﾟ゛゜\u3099\u309a", ""), **_SIGNS}


def _tables(steps: frozenset[str]) -> list[Mapping[str, str]]:
    """Return the letter tables of the steps, in the order in which they apply."""
    tables = {
        "width": _compatibility(),
        "small_kana": {} if "sounds" in steps else SMALL,
        "kana": HIRAGANA,
        "itaiji": {**REPRESENTATIVES, **dict.fromkeys(_SELECTORS, "")},
        "dashes": dict.fromkeys(HYPHENS, "-"),
    }
    return [table for step, table in tables.items() if step in steps]


@cache
def join_letters(steps: frozenset[str]) -> Mapping[str, str]:
    """Return one table that does what the tables of the steps do one after the other."""
    joined = dict.fromkeys(CONTROLS, "")
    for table in _tables(steps):
        single = str.maketrans({key: form for key, form in table.items() if len(key) == 1})
        joined = {key: form.translate(single) for key, form in joined.items()}
        joined = {**table, **joined}
    return MappingProxyType({key: form for key, form in joined.items() if key != form})
