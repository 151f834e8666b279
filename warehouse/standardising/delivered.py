"""The raw rows of one delivery, read from the lake part by part in the order of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import polars as pl

from warehouse.normalising.delivery import PART_ROWS
from warehouse.readers.grid import ROW

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from assets.register import Dataset

_LABELS = "_delivery, _period"


def read_delivered(
    con: duckdb.DuckDBPyConnection, dataset: Dataset, delivery: str
) -> Iterator[pl.DataFrame]:
    """Give `_row` and one String column per contract column; at least one part, maybe empty."""
    query = _query("raw", dataset, delivery)
    # Written in that order and so read in it; sorting a whole delivery would hold all of it.
    numbers = con.sql(f"SELECT {ROW} FROM ({query})").pl()[ROW]
    order = "" if numbers.is_sorted() else f" ORDER BY {ROW}"
    if numbers.is_empty():
        yield con.sql(query).pl()
        return
    # A cursor of its own: another query on the connection would end the reading.
    with con.cursor() as cursor:
        for batch in cursor.sql(query + order).to_arrow_reader(PART_ROWS):
            yield from cast("pl.DataFrame", pl.from_arrow(batch)).iter_slices(PART_ROWS)


def read_ragged(con: duckdb.DuckDBPyConnection, dataset: Dataset, delivery: str) -> pl.DataFrame:
    """Give the records whose fields do not fit the header."""
    return con.sql(f"{_query('ragged', dataset, delivery)} ORDER BY {ROW}").pl()


def _query(schema: str, dataset: Dataset, delivery: str) -> str:
    return (
        f"SELECT * EXCLUDE ({_LABELS}) FROM secure.{schema}.{dataset.name} "
        f"WHERE _delivery = '{delivery}'"
    )
