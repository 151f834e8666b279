"""What stands beside a value and helps to read it: `key=value` pairs joined by `;`.

Belongs here: taking a context apart. Must not hold: what a key means (the column functions say).
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

import polars as pl

PAIRS = ";"
WIDEST_KEY = 20


class Remark(NamedTuple):
    """One thing in a context that no function will see.

    Attributes:
        row: First row it stands in, counted from 0.
        key: The key; empty where the text is no `key=value` or no word, so that a text of a
            person never reaches a message.
    """

    row: int
    key: str


def read_key(context: pl.Expr, key: str) -> pl.Expr:
    """Return the value of one key, null where the context does not give it.

    Args:
        context: Text such as `era=令和;excel=1904`; null for none.
        key: Name of the key.

    Returns:
        String without outer spaces; the first wins where a key stands twice.
    """
    value = context.str.extract(rf"(?s)(?:^|;)\s*{key}\s*=\s*([^;]*)", 1).str.strip_chars()
    return pl.when(value != "").then(value)


def find_unread(contexts: pl.Series, known: Collection[str]) -> Iterator[Remark]:
    """Yield what a column of contexts says and no function reads, once for every key.

    Args:
        contexts: Contexts of the rows.
        known: Keys that are read.
    """
    pair = pl.col("pair").str.strip_chars()
    word = rf"(?s)^([A-Za-z_]{{1,{WIDEST_KEY}}})\s*="
    found = (
        pl.LazyFrame({"pair": contexts.cast(pl.String).str.split(PAIRS)})
        .with_row_index("row")
        .explode("pair")
        .filter(pair != "")
        .select("row", key=pair.str.extract(word, 1).fill_null(""))
        .filter(~pl.col("key").is_in(list(known)))
        .unique("key", keep="first", maintain_order=True)
        .collect()
    )
    yield from (Remark(row, key) for row, key in found.iter_rows())
