"""Columns of texts into columns of JSON, without a loop over rows.

What is null is left out of the object around it. Belongs here: the writing of JSON in polars
expressions. Must not hold: the reading of cells (`warehouse/exchange/cells.py`), nor how the two NGSI
dialects differ (`warehouse/exchange/dialect.py`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable

_WRAPPED = len('{"v":')


def constant(value: object) -> pl.Expr:
    """Write the same JSON value into every row."""
    return pl.lit(json.dumps(value, ensure_ascii=False))


def quoted(texts: pl.Expr) -> pl.Expr:
    """Write texts (or lists of texts) as JSON; null stays null.

    A text is written in quotes, so that a bare `null` stands for nothing else.
    """
    whole = pl.struct(v=texts).struct.json_encode()
    return whole.str.slice(_WRAPPED).str.strip_suffix("}").replace("null", None)


def item(name: str, value: pl.Expr) -> pl.Expr:
    """Write `"name":value`; null where the value is null."""
    return pl.concat_str([pl.lit(json.dumps(name) + ":"), value])


def combined(items: Iterable[pl.Expr]) -> pl.Expr:
    """Write the items that are there as an object, `{}` where there is none."""
    inner = pl.concat_str(list(items), separator=",", ignore_nulls=True)
    return pl.concat_str([pl.lit("{"), inner, pl.lit("}")])


def around(head: str, value: pl.Expr, tail: Iterable[pl.Expr] = ()) -> pl.Expr:
    """Write an object: members, a value that ends the last of them, more members; null with the value.

    Args:
        head: JSON members and a last name, such as `"type":"Property","value":`.
        value: JSON.
        tail: Members, each null where it has no value.
    """
    more = [pl.concat_str([pl.lit(","), member]).fill_null("") for member in tail]
    return pl.concat_str([pl.lit("{" + head), value, *more, pl.lit("}")])
