"""Fold a header step by step until only what a reader hears in it is left.

A fold is for comparing, never for storing: it takes letters for one another that are not.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from transforms.texts.headers import header_key
from transforms.width import HIRAGANA
from warehouse.drift.spellings import BIG_KANA, LOOK_ALIKE, SAME_MEANING, VARIANTS

if TYPE_CHECKING:
    from collections.abc import Callable

_VARIANTS = str.maketrans(dict(VARIANTS))
_KANA = str.maketrans({**HIRAGANA, **BIG_KANA})
_LOOK_ALIKE = str.maketrans(dict(LOOK_ALIKE))


def fold_width(name: str) -> str:
    """Fold widths, blanks, line breaks and dashes."""
    return header_key(name)


def fold_variants(name: str) -> str:
    """Fold old and new forms of letters, and large and small latin ones."""
    return _settle(fold_width(name).translate(_VARIANTS).casefold())


def fold_sound(name: str) -> str:
    """Fold hiragana, small kana, long vowels, brackets and every other sign."""
    kana = fold_variants(name).translate(_KANA).translate(_KANA).translate(_VARIANTS)
    return "".join(letter for letter in kana if _is_letter(letter))


def fold_shape(name: str) -> str:
    """Fold letters of different scripts that look the same."""
    return fold_sound(name).translate(_LOOK_ALIKE)


def fold_meaning(name: str) -> str:
    """Fold words that mean the same in a list's header."""
    text, before = fold_sound(name), ""
    while text != before:
        before, text = text, _words().sub(lambda found: _meanings()[found[0]], text)
    return text


# In the order in which they are tried; the words say what differs between two names folded alike.
STEPS: tuple[tuple[Callable[[str], str], float, str], ...] = (
    (fold_width, 0.99, "名前が同じ(全角・半角、空白、線の違い)"),
    (fold_variants, 0.97, "名前が同じ(字体、大文字・小文字の違い)"),
    (fold_sound, 0.95, "名前が同じ(かな・カナ、長音、かっこなどの記号の違い)"),
    (fold_shape, 0.93, "名前が同じ(形の似た字の違い)"),
    (fold_meaning, 0.8, "名前の意味が同じ(番号・No、氏名・名前 など)"),
)


def _settle(text: str) -> str:
    """Folding the case may bring letters that fold again."""
    return unicodedata.normalize("NFKC", text).casefold()


def _is_letter(letter: str) -> bool:
    return letter != "ー" and unicodedata.category(letter)[0] in "LN"


@lru_cache
def _meanings() -> dict[str, str]:
    """Spell the words of one meaning as they stand in a folded name."""
    return {fold_sound(word): fold_sound(kept) for word, kept in SAME_MEANING.items()}


@lru_cache
def _words() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, _meanings()), key=len, reverse=True)))
