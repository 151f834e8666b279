# ruff: noqa: INP001 - the register is no package below its models
"""Keep the trader's own name out of the columns that go out.

A clerk who has no shop name writes the trader's name in its place. The two stand side by side in the
delivery and nowhere else: what is classified 個人 never meets what is published. What was
delivered stays in the raw rows.
"""

import polars as pl

WITHHELD = "(氏名のため非公表)"
# A shorter name is part of too many words to tell a person.
_SHORTEST = 3


def tidy(frame: pl.DataFrame) -> pl.DataFrame:
    """Withhold a shop name that holds the whole name of the trader, its reading, and such a style."""
    named = _holds("shop_name", "holder_name")
    read = _holds("shop_name_kana", "holder_name_kana")
    style = _holds("business_style", "holder_name")
    return frame.with_columns(
        business_style=pl.when(~style).then("business_style"),
        shop_name=pl.when(named | read).then(pl.lit(WITHHELD)).otherwise("shop_name"),
        shop_name_kana=pl.when(named | read).then(None).otherwise("shop_name_kana"),
    )


def _holds(shop: str, holder: str) -> pl.Expr:
    whole, name = _plain(shop), _plain(holder)
    found = whole.str.contains(name, literal=True) & (name.str.len_chars() >= _SHORTEST)
    return found.fill_null(value=False)


def _plain(column: str) -> pl.Expr:
    """Drop blanks and marks between the letters, and what only the width of letters changes."""
    return (
        pl.col(column)
        .str.normalize("NFKC")
        .str.replace_all(r"[\s\p{P}\p{S}\p{C}]", "")
        .replace("", None)
    )
