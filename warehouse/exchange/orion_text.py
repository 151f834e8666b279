"""Text that Orion takes: the eight characters it forbids, written so that they can be read back.

Orion refuses `< > " ' = ; ( )` in every value of NGSIv2 (FIWARE Orion manual, Forbidden
characters). Each of them, and the escape character `%` itself, becomes `%` and two upper-case hex
digits, as in URLs; nothing else changes. So reading back is replacing these nine sequences once,
from left to right, and is exact for every text.

Only texts stand here; entities are `warehouse/exchange/ngsi.py`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

FORBIDDEN = "<>\"'=;()"
_CODES = {character: f"%{ord(character):02X}" for character in "%" + FORBIDDEN}
_CHARACTERS = {code: character for character, code in _CODES.items()}
_CODE = re.compile("|".join(_CHARACTERS))


def encode(text: str) -> str:
    """Write a text without the characters Orion forbids."""
    return text.translate(str.maketrans(_CODES))


def decode(text: str) -> str:
    """Read back what `encode` wrote."""
    return _CODE.sub(lambda match: _CHARACTERS[match[0]], text)


def encoded(texts: pl.Expr) -> pl.Expr:
    """Write a column of texts as `encode` does."""
    return texts.str.replace_many(list(_CODES), list(_CODES.values()))
