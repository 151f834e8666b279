"""Which columns together tell every row of a table from every other one."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import polars as pl

from warehouse.diagnosis import vocabulary as words
from warehouse.diagnosis.facts import share_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from warehouse.diagnosis.facts import ColumnFacts

PROPOSED = 2
_TRIED = 8
_LONG = 20
_HALF = 0.5
_MEASURES = {"decimal", "percent", "latitude", "longitude", "boolean", "empty"}


def propose_keys(
    rows: pl.DataFrame, facts: Sequence[ColumnFacts], types: Mapping[int, str]
) -> tuple[tuple[int, ...], ...]:
    """Propose up to two keys: unique and complete, single columns before pairs and triples.

    Args:
        rows: The data rows, `c<number>`.
        facts: The columns.
        types: Column number → type name; measures are no part of a key.
    """
    if rows.is_empty():
        return ()
    complete = [c for c in facts if not c.blanks and types[c.number] not in _MEASURES]
    ranked = sorted(complete, key=lambda c: _rank(c, types[c.number]))
    found: list[tuple[int, ...]] = []
    for size in (1, 2, 3):
        for columns in combinations(ranked[: _TRIED if size > 1 else None], size):
            key = tuple(column.number for column in columns)
            if len(found) < PROPOSED and not _covers(found, key) and _is_unique(rows, key):
                found.append(key)
        if found:
            break
    return tuple(found)


def best_key(rows: pl.DataFrame, names: Sequence[str]) -> tuple[list[str], bool]:
    """Find the fewest of the columns `names`, preferred first, that tell the rows apart best.

    Returns:
        The names, and whether they tell all rows apart.
    """
    every = rows.select(names).n_unique() if names else 0
    for size in (1, 2):
        for few in combinations(names[:_TRIED], size):
            if rows.select(few).n_unique() == every:
                return [*few], every == rows.height
    chosen: list[str] = []
    told = 0
    for name in names:
        count = rows.select(*chosen, name).n_unique()
        if told < count:
            told, chosen = count, [*chosen, name]
    for name in reversed(chosen):
        fewer = [n for n in chosen if n != name]
        if fewer and rows.select(fewer).n_unique() == every:
            chosen = fewer
    return chosen, every == rows.height


def _rank(column: ColumnFacts, kind: str) -> tuple[int, int]:
    """Numbers that identify first, then codes and names, counts last; then from left to right."""
    if words.is_identifier(column.header) or kind in {"digits", "local_government_code"}:
        return 0, column.number
    if kind in {"name", "kana"}:
        return 3, column.number
    if kind in {"integer", "phone", "postal_code"} or words.is_quantity(column.header):
        return 2, column.number
    is_long = share_of(column.values, pl.col("value").str.len_chars() > _LONG) > _HALF
    return (3 if is_long else 1), column.number


def _covers(found: list[tuple[int, ...]], key: tuple[int, ...]) -> bool:
    return any(set(known) <= set(key) for known in found)


def _is_unique(rows: pl.DataFrame, key: tuple[int, ...]) -> bool:
    return rows.select(f"c{number}" for number in key).n_unique() == rows.height
