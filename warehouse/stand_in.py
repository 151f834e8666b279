"""Tables that a mart's SQL may name though nobody has delivered them.

Belongs here: which of a mart's sources are absent, empty tables in their place for the time of one
transaction, and the tables the register itself declares. Must not hold: how a mart is made (`mart`).
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import polars as pl

from transforms.catalogue import TRANSFORMS
from warehouse.history.names import VALID_FROM, VALID_TO, keeps_intervals
from warehouse.lake import Zone, has_table
from warehouse.protect import internal_columns
from warehouse.readers.grid import ROW

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    import duckdb

    from assets.contract import Contract
    from assets.declared import DeclaredTable
    from assets.register import MartQuery

ZONE: Zone = "internal"


def absent_sources(con: duckdb.DuckDBPyConnection, mart: MartQuery) -> list[str]:
    """List the sources (`common.x`, `mart.y`) that have no table yet."""
    named = [source.split(".", 1) for source in mart.spec.sources]
    return [f"{layer}.{name}" for layer, name in named if not has_table(con, ZONE, layer, name)]


@contextmanager
def standing_in(
    con: duckdb.DuckDBPyConnection, mart: MartQuery, absent: list[str]
) -> Generator[None]:
    """Put empty tables in the place of the absent sources, inside the caller's transaction.

    They are gone again when the block ends, so that no commit ever holds one.
    """
    for source in absent:
        name = source.removeprefix("common.")
        con.register("stand_in", _empty(mart.contracts[name]))
        con.sql(f"CREATE SCHEMA IF NOT EXISTS {ZONE}.common")
        con.sql(f"CREATE TABLE {ZONE}.{source} AS FROM stand_in")
        con.unregister("stand_in")
    yield
    for source in absent:
        con.sql(f"DROP TABLE {ZONE}.{source}")


@contextmanager
def declaring(
    con: duckdb.DuckDBPyConnection, tables: Mapping[str, DeclaredTable]
) -> Generator[None]:
    """Offer declared tables under `declared.<name>`; blank texts are null."""
    if not tables:
        yield
        return
    con.sql("ATTACH ':memory:' AS declared")
    try:
        for name, table in tables.items():
            con.register("declared_rows", _frame(table))
            con.sql(f"CREATE TABLE declared.main.{name} AS FROM declared_rows")
            con.unregister("declared_rows")
        yield
    finally:
        con.sql("DETACH declared")


def _frame(table: DeclaredTable) -> pl.DataFrame:
    schema = dict.fromkeys(table.columns, pl.String)
    frame = pl.DataFrame(list(table.rows), schema, orient="row")
    return frame.with_columns(pl.all().replace({"": None}))


def _empty(contract: Contract) -> pl.DataFrame:
    """Give the table of the analysts' zone as it would be with no rows."""
    schema: dict[str, pl.DataType] = {"_delivery": pl.String(), "_period": pl.String()}
    if not contract.is_personal:
        schema[ROW] = pl.Int64()
    if keeps_intervals(contract.history):
        schema |= {VALID_FROM: pl.Date(), VALID_TO: pl.Date()}
    columns = contract.table_columns
    schema |= {name: TRANSFORMS[columns[name].type].dtype for name in internal_columns(contract)}
    return pl.DataFrame(schema=schema)
