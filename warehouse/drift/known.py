"""The last loaded delivery of a dataset, as far as a new one is compared with it.

Rows are read column by column, and leave this module only as profiles, hashes and counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import polars as pl

from warehouse.drift.profile import KEY, Profile, choose_keys, hash_rows, profile_column
from warehouse.drift.values import Habit, habits_of, needed_columns
from warehouse.readers.grid import ROW

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from assets.contract import Contract

SEEN_ROWS = 500_000
_AT_ONCE = 16


class Rows(Protocol):
    """Gives raw text columns of one delivery, all its rows or those of the given numbers."""

    def __call__(self, columns: list[str], numbers: pl.Series | None = None) -> pl.DataFrame:
        """Read them."""
        ...


@dataclass(frozen=True)
class Known:
    """What crosses to the parsing child.

    Attributes:
        headers: contract column → header as delivered.
        aligned: `_key` and a hash of every value, for some rows.
    """

    period: str
    headers: dict[str, str]
    profiles: dict[str, Profile]
    habits: dict[str, Habit]
    aligned: pl.DataFrame


@dataclass(frozen=True)
class LastDelivery:
    """The delivery a new one is compared with."""

    period: str
    headers: dict[str, str]
    letters: dict[str, str]
    rows: Rows
    contract: Contract
    _habits: dict[str, Habit] = field(default_factory=dict)

    def habit(self, name: str) -> Habit | None:
        """Judge one of its columns, once; None when it did not hold it."""
        if name not in self.headers:
            return None
        if name not in self._habits:
            self._judge(name)
        return self._habits[name]

    def _judge(self, name: str) -> None:
        """Judge a column and those behind it, a few at a time: they will be asked for as well."""
        known = [n for n in self._then.columns if n in self.headers]
        place = known.index(name) if name in known else 0
        some = [n for n in known[place : place + _AT_ONCE] if n not in self._habits]
        needed = dict.fromkeys(n for own in some for n in needed_columns(own, self._then))
        rows = self.rows([n for n in needed if n in self._then.columns])
        self._habits.update(habits_of(rows, some, self._then))

    def know(self) -> Known:
        """Profile all of it, for a file whose columns have to be found again."""
        names = [name for name in self._then.columns if name in self.headers]
        return Known(
            period=self.period,
            headers=self.headers,
            profiles={name: profile_column(self.rows([name])[name]) for name in names},
            habits={name: found for name in names if (found := self.habit(name))},
            aligned=self._align(names),
        )

    @cached_property
    def _then(self) -> Contract:
        return self.contract.in_period(self.period)

    def _align(self, names: list[str]) -> pl.DataFrame:
        key = self.contract.key
        if not set(key) <= set(names):
            return pl.DataFrame(schema={KEY: pl.UInt64})
        keys = self.rows([ROW, *key])
        hashed = hash_rows(keys, key).select(KEY, keys[ROW])
        chosen = hashed.filter(pl.col(KEY).is_in(choose_keys(hashed[KEY]).implode()))
        rows = self.rows([ROW, *names], chosen[ROW])
        return hash_rows(rows, key).unique(KEY, keep="none")


def rows_in_file(path: Path) -> Rows:
    """Give the rows of a delivery that was parsed just now."""

    def read(columns: list[str], numbers: pl.Series | None = None) -> pl.DataFrame:
        rows = pl.scan_parquet(path)
        chosen = rows if numbers is None else rows.filter(pl.col(ROW).is_in(numbers.implode()))
        return chosen.select(columns).head(SEEN_ROWS).collect()

    return read


def rows_in_lake(con: duckdb.DuckDBPyConnection, table: str, delivery: str) -> Rows:
    """Give the rows of a delivery that stands in the lake, a few columns at a time."""

    def read(columns: list[str], numbers: pl.Series | None = None) -> pl.DataFrame:
        query = f"SELECT {', '.join(columns)} FROM {table} WHERE _delivery = '{delivery}'"
        if numbers is not None:
            query += f" AND {ROW} IN ({', '.join(map(str, numbers)) or 'NULL'})"
        return con.sql(f"{query} ORDER BY {ROW} LIMIT {SEEN_ROWS}").pl()

    return read
