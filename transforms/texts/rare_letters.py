"""How many letters of a column other systems may not show, or write in another form.

A name is stored as it came; these counts say what a receiver must be able to handle.

Belongs here: the kinds of rare letters and counting them. Must not hold: changing any of them.
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.texts.itaiji import LISTED

_COMPATIBILITY = "\uf900-\ufa0d\ufa10\ufa12\ufa15-\ufa1e\ufa20\ufa22\ufa25\ufa26\ufa2a-\ufaff\U0002f800-\U0002fa1f"
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "gaiji": "[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]",
        "variation_sequence": "\\p{Han}[\ufe00-\ufe0f\U000e0100-\U000e01ef]",
        "compatibility_ideograph": f"[{_COMPATIBILITY}]",
        "variant": f"[{''.join(LISTED)}]",
        "lost": "\ufffd",
    }
)
"""Kind to regular expression: 外字 (user-defined letters), 異体字シーケンス (IVS), CJK互換漢字, 異体字
that `itaiji` lists, and U+FFFD in the place of a letter. A letter is of one kind, but for a letter
with a selector."""


def rare_letters(column: pl.Expr) -> pl.Expr:
    """Return how many letters of each kind every text has.

    Args:
        column: Raw or stored text; null counts as no letter.

    Returns:
        Struct of UInt32, a field a kind of `KINDS`.
    """
    texts = column.fill_null("")
    return pl.struct(texts.str.count_matches(rare).alias(kind) for kind, rare in KINDS.items())


def sum_rare_letters(column: pl.Expr) -> pl.Expr:
    """Return how many letters of each kind a column has, and in how many of its texts.

    Args:
        column: Raw or stored text.

    Returns:
        One row, a struct: for each kind of `KINDS` a struct of `letters` and `texts` (UInt32).
    """
    counts = [(kind, column.str.count_matches(rare)) for kind, rare in KINDS.items()]
    return pl.struct(
        pl.struct(letters=count.sum(), texts=(count > 0).sum()).alias(kind)
        for kind, count in counts
    )
