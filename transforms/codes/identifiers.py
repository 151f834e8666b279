"""What identifiers of a fixed number of digits have in common: how they are written.

Belongs here: folding of widths, spaces and hyphens. Must not hold: a check digit, a rule.
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.width import ASCII, DASHES, replace_table

_SEPARATORS = [*DASHES, "-", " ", "\u3000", "\t", "\u00a0"]
_JOINED: Mapping[str, str] = MappingProxyType({**ASCII, **dict.fromkeys(_SEPARATORS, "")})


def join_digits(text: pl.Expr) -> pl.Expr:
    """Return the text half-width, without spaces and hyphens."""
    return replace_table(text, _JOINED)


def digits_or_null(text: pl.Expr, shape: str) -> pl.Expr:
    """Return the text as Int64 where it has the shape (a regular expression), else null."""
    return pl.when(text.str.contains(shape)).then(text).cast(pl.Int64, strict=False)
