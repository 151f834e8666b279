"""Names of persons and bodies, as they are stored.

Nothing here normalises a letter: 髙 and 高 are different people.
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.rules import BLANK_RULE, Rule
from transforms.verdict import BLANK, OK, judged, name_of, trim

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "name.plain": Rule(OK, "名称（そのまま）"),
    }
)


def name(column: pl.Expr) -> pl.Expr:
    """Return a person's or a body's name as it is stored: only outer whitespace removed.

    Args:
        column: Raw text.

    Returns:
        Judged String. No normalisation of any kind, so 髙, 﨑, ㈱ and user-defined letters stay.
    """
    trimmed = trim(column)
    rule = pl.when(trimmed == "").then(pl.lit(BLANK)).otherwise(pl.lit("name.plain"))
    value = pl.when(trimmed != "").then(trimmed)
    return judged(value, OK, rule, name=name_of(column))
