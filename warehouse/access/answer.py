"""The answer to an analyst's question: rows and frames, and nothing that could ask again.

DuckDB's own relation also has `query`, `create`, `to_parquet` and expressions in SQL, which pass by
the guard of `warehouse.reading`; this one has only ways to look at the rows.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb

from warehouse.access.wording import reword

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    import pandas as pd
    import pyarrow as pa
    from polars import DataFrame

    from warehouse.access.rights import Sight


@contextmanager
def in_japanese(used: Iterable[Sight], role: str) -> Generator[None]:
    """Reword what the engine says against a question."""
    try:
        yield
    except duckdb.Error as error:
        # Not chained: the engine's text names what stands behind the views.
        raise reword(error, used, role) from None


class Answer:
    """The rows of one question, computed when they are asked for."""

    def __init__(self, rows: duckdb.DuckDBPyRelation, used: Iterable[Sight], role: str) -> None:
        """Take over a relation of a question that was judged."""
        self._rows, self._used, self._role = rows, tuple(used), role

    def pl(self) -> DataFrame:
        """Give a polars frame."""
        return self._ask("pl")

    def df(self) -> pd.DataFrame:
        """Give a pandas frame."""
        return self._ask("df")

    def to_arrow_table(self) -> pa.Table:
        """Give an Arrow table."""
        return self._ask("to_arrow_table")

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Give all rows as tuples."""
        return self._ask("fetchall")

    def fetchone(self) -> tuple[Any, ...] | None:
        """Give the next row, or None after the last."""
        return self._ask("fetchone")

    @property
    def columns(self) -> list[str]:
        """Name the columns."""
        return list(self._rows.columns)

    @property
    def types(self) -> list[str]:
        """Give DuckDB's types of the columns."""
        return [str(kind) for kind in self._rows.types]

    def __repr__(self) -> str:
        """Show the first rows as a box of text."""
        with in_japanese(self._used, self._role):
            return repr(self._rows)

    def _ask(self, form: str) -> Any:  # noqa: ANN401 - a frame of whichever library
        with in_japanese(self._used, self._role):
            return getattr(self._rows, form)()
