"""Full and half width: digits, letters and kana as systems of different ages write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_NARROW = [chr(code) for code in range(0x21, 0x7F)]
_WIDE = [chr(code + 0xFEE0) for code in range(0x21, 0x7F)]
_DIGITS = list("0123456789")
_WIDE_DIGITS = list("０１２３４５６７８９")
# Kana without a half width (ヮヰヱヵヶ) stay as they are, as systems leave them.
_FULL_KANA = [
    *"アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン",
    *"ァィゥェォャュョッー・",
    *"ガギグゲゴザジズゼゾダヂヅデドバビブベボヴ",
    *"パピプペポ",
    "\u3000",
]
_HALF_KANA = [
    *"ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝ",
    *"ｧｨｩｪｫｬｭｮｯｰ･",
    *(f"{letter}ﾞ" for letter in "ｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎｳ"),
    *(f"{letter}ﾟ" for letter in "ﾊﾋﾌﾍﾎ"),
    " ",
]


def widen(text: pl.Expr) -> pl.Expr:
    """Write ASCII signs, letters and digits in full width."""
    return text.str.replace_many(_NARROW, _WIDE)


def widen_digits(text: pl.Expr) -> pl.Expr:
    """Write digits in full width, nothing else."""
    return text.str.replace_many(_DIGITS, _WIDE_DIGITS)


def halve_kana(text: pl.Expr) -> pl.Expr:
    """Write katakana in half width, and the space between two words too."""
    return text.str.replace_many(_FULL_KANA, _HALF_KANA)
