"""What changed from one version of a table to the next: rows added, removed, changed, with examples.

Rows are matched by a column that names each row once in both versions (ID before the others); where
there is none, whole rows are compared and nothing is called changed. No wording here.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import polars as pl

EXAMPLES = 3
CELLS = 5
_KEYS = (
    "ID",
    "NO",
    "施設ID",
    "調査年月日",
    "地域コード",
    "地域名",
    "名称",
    "施設名",
    "年度",
    "年月",
)
_NAMES = ("名称", "施設名", "地域名", "イベント名", "制度名", "タイトル")
_SIDE = "__machikane_after__"


@dataclass(frozen=True)
class Example:
    """One row that differs; `cells` are column, before and after (of what was added: no before)."""

    kind: Literal["added", "removed", "changed"]
    label: str
    cells: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Difference:
    """The step from one version to the next. `key` is empty where whole rows were compared."""

    key: tuple[str, ...]
    added: int
    removed: int
    changed: int
    same: int
    columns_added: tuple[str, ...]
    columns_removed: tuple[str, ...]
    examples: tuple[Example, ...]

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing at all differs."""
        counts = self.added + self.removed + self.changed
        return not (counts or self.columns_added or self.columns_removed)


def compare_rows(before: pl.DataFrame, after: pl.DataFrame) -> Difference:
    """Compare two versions of a table, both all text."""
    common = [c for c in after.columns if c in before.columns]
    key = _find_key(before, after, common)
    parts = _match(before, after, common, key) if key else _whole(before, after, common)
    added, removed, changed, examples = parts
    return Difference(
        key=key,
        added=added,
        removed=removed,
        changed=changed,
        same=after.height - added - changed,
        columns_added=tuple(c for c in after.columns if c not in before.columns),
        columns_removed=tuple(c for c in before.columns if c not in after.columns),
        examples=examples,
    )


_Parts = tuple[int, int, int, tuple[Example, ...]]


def _find_key(before: pl.DataFrame, after: pl.DataFrame, common: list[str]) -> tuple[str, ...]:
    known = [c for c in _KEYS if c in common]
    candidates = [(c,) for c in known] + list(combinations(known, 2))
    return next((key for key in candidates if _names_rows(before, key) and _names_rows(after, key)), ())  # fmt: skip


def _names_rows(table: pl.DataFrame, key: tuple[str, ...]) -> bool:
    """Tell whether every row has the key, and no other row the same."""
    part = table.select(key)
    filled = all(part[c].null_count() == 0 for c in key)
    return filled and part.n_unique() == table.height


def _match(
    before: pl.DataFrame, after: pl.DataFrame, common: list[str], key: tuple[str, ...]
) -> _Parts:
    keys = list(key)
    added = after.join(before, on=keys, how="anti", maintain_order="left")
    removed = before.join(after, on=keys, how="anti", maintain_order="left")
    values = [c for c in common if c not in key]
    both = before.join(after, on=keys, how="inner", suffix=_SIDE, maintain_order="left")
    differs = [pl.col(c).ne_missing(pl.col(c + _SIDE)) for c in values]
    changed = both.filter(pl.any_horizontal(differs)) if differs else both.clear()
    examples = (
        *_changes(changed.head(EXAMPLES), values, key),
        *_alone("added", added.head(EXAMPLES), key),
        *_alone("removed", removed.head(EXAMPLES), key),
    )
    return added.height, removed.height, changed.height, examples


def _whole(before: pl.DataFrame, after: pl.DataFrame, common: list[str]) -> _Parts:
    """Compare whole rows, counting those that stand several times."""
    counted = [t.group_by(common, maintain_order=True).len("n") for t in (before, after)]
    more = _surplus(counted[1], counted[0], common)
    fewer = _surplus(counted[0], counted[1], common)
    examples = (
        *_alone("added", more.head(EXAMPLES), ()),
        *_alone("removed", fewer.head(EXAMPLES), ()),
    )
    return int(more["n"].sum()), int(fewer["n"].sum()), 0, examples


def _surplus(own: pl.DataFrame, other: pl.DataFrame, common: list[str]) -> pl.DataFrame:
    joined = own.join(other, on=common, how="left", nulls_equal=True, suffix=_SIDE)
    left = pl.col("n").cast(pl.Int64) - pl.col("n" + _SIDE).fill_null(0).cast(pl.Int64)
    return joined.with_columns(n=left).filter(pl.col("n") > 0).select(*common, "n")


def _changes(rows: pl.DataFrame, values: list[str], key: tuple[str, ...]) -> list[Example]:
    found = []
    for row in rows.iter_rows(named=True):
        cells = [
            (c, row[c] or "", row[c + _SIDE] or "") for c in values if row[c] != row[c + _SIDE]
        ]
        found.append(Example("changed", _label(row, key), tuple(cells[:CELLS])))
    return found


def _alone(
    kind: Literal["added", "removed"], rows: pl.DataFrame, key: tuple[str, ...]
) -> list[Example]:
    return [Example(kind, _label(row, key)) for row in rows.iter_rows(named=True)]


def _label(row: dict[str, str | None], key: tuple[str, ...]) -> str:
    """Name a row as a reader would: its key and its name, or its first filled cells."""
    names = [c for c in _NAMES if row.get(c)][:1]
    chosen = [*key, *(c for c in names if c not in key)]
    told = [str(row[c]) for c in chosen if row.get(c)]
    return " ".join(told or [str(v) for c, v in row.items() if v and c != "n"][:3])
