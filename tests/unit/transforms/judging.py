"""How the tests of this room run a column function on a few texts."""

from collections.abc import Callable, Sequence
from typing import Any

import polars as pl
from hypothesis import settings

# A polars query takes longer on its first call: no deadline per example.
column_property = settings(deadline=None, max_examples=40)

Row = tuple[Any, str, str]


def run(function: Callable[..., pl.Expr], texts: Sequence[str | None], **params: Any) -> list[Row]:
    frame = pl.DataFrame({"raw": texts}, schema={"raw": pl.String})
    judged = frame.lazy().select(function(pl.col("raw"), **params)).collect(engine="streaming")
    return [(r["value"], r["verdict"], r["rule"]) for r in judged["raw"].to_list()]


def one(function: Callable[..., pl.Expr], text: str | None, **params: Any) -> Row:
    return run(function, [text], **params)[0]
