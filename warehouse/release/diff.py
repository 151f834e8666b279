"""What changed between two versions of a table: rows, cells, columns, kinds of values, blanks.

Belongs here: comparing two tables of text, as both lie in their files. Must not hold: which versions
are compared (`review`), wording for the page. Everything is counted with joins; only the rows that
are shown are looped over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from warehouse.release.candidate import Candidate

SHOWN = 50
# From here on a change of the number of rows, or of a column's share of blanks, is pointed out.
ROWS_JUMP = 0.2
BLANK_JUMP = 0.1
_BEFORE = "\x00前"
_COUNT = "\x00数"
# Kinds of values, most special first, with the pattern that every value must match.
_KINDS = (
    ("整数", r"^-?(0|[1-9][0-9]*)$"),
    ("小数", r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"),
    ("日付", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    ("数字の並び", r"^[0-9]+$"),
)


@dataclass(frozen=True)
class Cell:
    """One cell before and after; None is blank."""

    column: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class ChangedRow:
    """One row that is in both, and its cells that differ."""

    key: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class RowDiff:
    """How the rows differ.

    Attributes:
        key: Columns by which rows are told apart; empty: whole rows were compared.
        first_added: The first of them, at most `SHOWN`; so the others.
    """

    key: tuple[str, ...]
    before: int
    after: int
    added: int
    removed: int
    changed: int
    first_added: pl.DataFrame
    first_removed: pl.DataFrame
    first_changed: tuple[ChangedRow, ...]

    @property
    def is_jump(self) -> bool:
        """Tell whether the number of rows changed so much that somebody should know why."""
        return abs(self.after - self.before) >= ROWS_JUMP * max(self.before, 1)


@dataclass(frozen=True)
class ColumnDiff:
    """How the columns differ.

    Attributes:
        retyped: Column, kind of its values before and after.
        blanks: Column, share of blank cells before and after, where it jumped.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    retyped: tuple[tuple[str, str, str], ...]
    blanks: tuple[tuple[str, float, float], ...]


def read_text(folder: Path, candidate: Candidate) -> pl.DataFrame:
    """Read a candidate's or version's CSV as it lies in its folder, all text; blank is null."""
    name = next(file.name for file in candidate.files if file.name.endswith(".csv"))
    table = pl.read_csv(folder / name, infer_schema=False, encoding="utf8")
    return table.rename({column: column.removeprefix("\ufeff") for column in table.columns})


def compare_rows(
    before: pl.DataFrame, after: pl.DataFrame, keys: Iterable[Sequence[str]]
) -> RowDiff:
    """Compare the rows in the columns that both tables have.

    Args:
        before: The last version, all text.
        after: The new one, all text.
        keys: Columns that may tell rows apart, best first; the first that does in both is taken.
    """
    shared = [name for name in after.columns if name in before.columns]
    key = next((tuple(k) for k in keys if _is_key(before, k) and _is_key(after, k)), ())
    if not key:
        return _compare_whole(before, after, shared)
    both = after.join(before.select(shared), on=key, how="inner", suffix=_BEFORE)
    others = [name for name in shared if name not in key]
    differs = pl.any_horizontal(
        pl.lit(value=False), *(pl.col(n).ne_missing(pl.col(n + _BEFORE)) for n in others)
    )
    changed = both.filter(differs)
    added = after.join(before, on=key, how="anti")
    removed = before.join(after, on=key, how="anti")
    return RowDiff(
        key, before.height, after.height, added.height, removed.height, changed.height,
        added.head(SHOWN), removed.head(SHOWN), tuple(_cells(changed.head(SHOWN), key, others)),
    )  # fmt: skip


def compare_columns(before: pl.DataFrame, after: pl.DataFrame) -> ColumnDiff:
    """Compare names, kinds of values and shares of blanks."""
    shared = [name for name in after.columns if name in before.columns]
    kinds = ((name, _kind(before[name]), _kind(after[name])) for name in shared)
    shares = ((name, _blank_share(before[name]), _blank_share(after[name])) for name in shared)
    return ColumnDiff(
        added=tuple(name for name in after.columns if name not in before.columns),
        removed=tuple(name for name in before.columns if name not in after.columns),
        retyped=tuple((n, was, now) for n, was, now in kinds if was and now and was != now),
        blanks=tuple((n, was, now) for n, was, now in shares if abs(now - was) >= BLANK_JUMP),
    )


def _is_key(table: pl.DataFrame, names: Sequence[str]) -> bool:
    if not names or not set(names) <= set(table.columns):
        return False
    told = table.select(names)
    return not told.null_count().sum_horizontal()[0] and not told.is_duplicated().any()


def _compare_whole(before: pl.DataFrame, after: pl.DataFrame, shared: list[str]) -> RowDiff:
    """Compare rows as wholes; a row that stands twice counts twice."""
    counted = after.group_by(shared, maintain_order=True).len(_COUNT)
    old = before.group_by(shared, maintain_order=True).len(_COUNT + _BEFORE)
    both = counted.join(
        old, on=shared, how="full", nulls_equal=True, coalesce=True, maintain_order="left_right"
    ).with_columns(pl.col(_COUNT, _COUNT + _BEFORE).fill_null(0).cast(pl.Int64))
    more = pl.col(_COUNT) - pl.col(_COUNT + _BEFORE)
    added, removed = both.filter(more > 0), both.filter(more < 0)
    return RowDiff(
        (), before.height, after.height,
        int(added.select(more.sum()).item()), -int(removed.select(more.sum()).item()), 0,
        added.select(shared).head(SHOWN), removed.select(shared).head(SHOWN), (),
    )  # fmt: skip


def _cells(rows: pl.DataFrame, key: tuple[str, ...], others: list[str]) -> list[ChangedRow]:
    return [
        ChangedRow(
            "・".join(row[name] for name in key),
            tuple(
                Cell(name, row[name + _BEFORE], row[name])
                for name in others
                if row[name] != row[name + _BEFORE]
            ),
        )
        for row in rows.iter_rows(named=True)
    ]


def _kind(values: pl.Series) -> str | None:
    """Name the most special kind that all values are of; None: there are none."""
    told = values.drop_nulls()
    if told.is_empty():
        return None
    return next((kind for kind, form in _KINDS if told.str.contains(form).all()), "文字")


def _blank_share(values: pl.Series) -> float:
    return values.null_count() / len(values) if len(values) else 0.0
