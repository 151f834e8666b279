"""Runs the stages of one dataset in a test, and looks at what they left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.protect import protect
from warehouse.raw import load_raw
from warehouse.standardise import commit, stage

if TYPE_CHECKING:
    import duckdb
    import polars as pl

    from assets.register import Dataset
    from tests.unit.warehouse.small_city import ParsingHere
    from warehouse.account import Outcome
    from warehouse.home import Home


def bring_up(
    con: duckdb.DuckDBPyConnection, home: Home, dataset: Dataset, parser: ParsingHere
) -> list[Outcome]:
    """Raw, common and internal, one after the other."""
    return [
        load_raw(con, home, dataset, parser),
        commit(con, stage(con, home, dataset)),
        protect(con, home, dataset),
    ]


def table(con: duckdb.DuckDBPyConnection, name: str) -> pl.DataFrame:
    return con.sql(f"FROM {name} ORDER BY ALL").pl()
