"""How many rows of a staged table break a promise, counted where the rows lie: in its Parquet files.

Belongs here: what each count means, in SQL for DuckDB. Only numbers come back, whatever the size of
the table. Must not hold: which promises there are, how many broken rows are too many, or a page.

Blanks break no promise but the one not to be blank; in a key that must be unique a blank equals a
blank. Patterns are matched by polars, by which the rows were set aside: DuckDB's regular
expressions know no full-width digit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from assets.expectations import PERIOD, ROWS_IN_PERIOD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

    from assets.expectations import Expectation

ROWS = "rows"
BLANK = "blank"
OUT_OF_RANGE = "out_of_range"
NOT_IN_SET = "not_in_set"
NO_MATCH = "no_match"
REPEATED = "repeated"
COMPARABLE = "comparable"
UNEQUAL = "unequal"


@dataclass(frozen=True)
class Count:
    """One number wanted of a table: of which rows, told by which columns and arguments.

    Attributes:
        kind: one of the words above.
        columns: the columns it reads; two for `COMPARABLE` and `UNEQUAL`.
        arguments: `min_value`, `max_value`, `value_set` or `regex`.
    """

    kind: str
    columns: tuple[str, ...]
    arguments: Mapping[str, object]


class StagedTable:
    """The rows of a query with the columns of sums beside them; nothing of them is kept."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, query: str, wanted: Sequence[Expectation] = ()
    ) -> None:
        """Look at `query` through `con`; it gives typed rows with `_period`."""
        sums = [f"{' + '.join(parts)} AS {name}" for name, parts in _sums(wanted)]
        self._con = con
        self._rows = f"(SELECT {', '.join(['*', *sums])} FROM ({query}))"

    def count(self, asked: Sequence[Count]) -> list[int]:
        """Count, in one pass over the columns that are read, and one for each key.

        Raises:
            ValueError: for a kind that is not known here (a programming error).
        """
        simple = {n: expression for n, c in enumerate(asked) if (expression := _expression(c))}
        found = self._select(list(simple.values())) if simple else []
        answers = dict(zip(simple, found, strict=True))
        return [answers[n] if n in answers else self._count_alone(c) for n, c in enumerate(asked)]

    def _select(self, expressions: Sequence[str]) -> list[int]:
        row = self._con.sql(f"SELECT {', '.join(expressions)} FROM {self._rows}").fetchone()
        return [int(number) for number in row or ()]

    def _count_alone(self, count: Count) -> int:
        if count.kind == REPEATED:
            return self._number(
                f"SELECT coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM {self._rows} "
                f"GROUP BY {', '.join(count.columns)}) WHERE n > 1"
            )
        if count.kind == OUT_OF_RANGE:
            return self._number(
                f"SELECT coalesce(sum(n) FILTER ({_outside('n', count.arguments)}), 0) "
                f"FROM (SELECT count(*) AS n FROM {self._rows} GROUP BY {PERIOD})"
            )
        if count.kind == NO_MATCH:
            return self._count_mismatches(count)
        raise ValueError(count.kind)

    def _count_mismatches(self, count: Count) -> int:
        column = count.columns[0]
        values = self._con.sql(
            f"SELECT {column}::VARCHAR AS value, count(*) AS n FROM {self._rows} "
            f"WHERE {column} IS NOT NULL GROUP BY ALL"
        ).pl()
        fits = pl.col("value").str.contains(str(count.arguments["regex"]))
        return int(values.select(pl.col("n").filter(~fits).sum()).item())

    def _number(self, query: str) -> int:
        row = self._con.sql(query).fetchone()
        return int(row[0]) if row else 0


def _sums(wanted: Sequence[Expectation]) -> list[tuple[str, tuple[str, ...]]]:
    return [e.derived_sum for e in wanted if e.derived_sum]


def _expression(count: Count) -> str | None:
    """Give the aggregate that is this count; none when it needs a pass of its own."""
    column = count.columns[0] if count.columns else ""
    test = None
    match count.kind:
        case "rows":
            test = "true"
        case "blank":
            test = "false" if column == ROWS_IN_PERIOD else f"{column} IS NULL"
        case "out_of_range" if column != ROWS_IN_PERIOD:
            test = _outside(column, count.arguments)
        case "not_in_set":
            test = _not_in(column, count.arguments["value_set"])
        case "comparable":
            test = " AND ".join(f"{name} IS NOT NULL" for name in count.columns)
        case "unequal":
            test = f"{count.columns[0]} <> {count.columns[1]}"
    return f"count(*) FILTER ({test})" if test else None


def _outside(column: str, bounds: Mapping[str, object]) -> str:
    least, most = bounds.get("min_value"), bounds.get("max_value")
    tests = [f"{column} < {least}"] if least is not None else []
    tests += [f"{column} > {most}"] if most is not None else []
    return " OR ".join(tests) or "false"


def _not_in(column: str, values: object) -> str:
    if not isinstance(values, list):
        raise TypeError("a list of values is needed")
    quoted = ", ".join("'" + str(value).replace("'", "''") + "'" for value in values)
    return f"{column} NOT IN ({quoted})"
