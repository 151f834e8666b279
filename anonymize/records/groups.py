"""A table as counts: which combinations of quasi-identifiers occur, and how often.

Belongs here: the step from rows to groups, at once or batch by batch. Must not hold: the ladders
(`hierarchy`), the adding up of groups to classes (`classes`), the search.

A group is one combination of values as the table holds them (level 0). Everything after this works
on groups, so its cost does not grow with rows. Values are compared as text, as the hierarchy spells
them; a null is the empty text, because a CSV file cannot tell the two apart.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.complaint import complaint, require_columns
from anonymize.hierarchy.hierarchy import Hierarchy
from anonymize.records.keys import as_text, encode, pack, unpack
from anonymize.records.models import Model

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
_ROWS, _PERSON, _VALUE, _GROUP = "rows", "person", "value", "group"


@dataclass(frozen=True)
class Pairs:
    """How many members of each group have each value; only pairs that occur, sorted.

    Attributes:
        values: The values as text, sorted; `value` points into them.
        group: Per pair the group, Int32.
        value: Per pair the value, Int32.
        count: Per pair the members, Int64: distinct persons if a person column was given.
        person: Empty unless persons recur. Then (group, value, person) of everyone whom more than
            one group counts with the same value: three Int32 columns. Adding up `count` over groups
            counts them twice.
    """

    values: tuple[str, ...]
    group: Codes
    value: Codes
    count: Ints
    person: Codes


@dataclass(frozen=True)
class Groups:
    """The groups of a table, sorted by their codes.

    Attributes:
        columns: The quasi-identifiers, n of them.
        codes: g × n, Int32, columns contiguous: level-0 codes into the hierarchies.
        rows: Per group the rows, Int64.
        sizes: Per group the members, Int64: distinct persons, or rows without a person column.
        sensitive: Per sensitive column the members by value.
        recurring: r × 2, Int32: (group, person) of everyone in more than one group; empty without
            a person column. Adding up `sizes` counts them twice.
        of_rows: Per row of the table its group, Int32; empty when read batch by batch.
    """

    columns: tuple[str, ...]
    codes: Codes
    rows: Ints
    sizes: Ints
    sensitive: dict[str, Pairs]
    recurring: Codes
    of_rows: Codes

    @property
    def total_rows(self) -> int:
        """The rows of the table."""
        return int(self.rows.sum())


def sensitive_columns(models: Sequence[Model]) -> tuple[str, ...]:
    """Name the sensitive columns the models speak of, each once, in order."""
    return tuple(dict.fromkeys(on for model in models if (on := getattr(model, "on", None))))


def group(
    frame: pl.DataFrame,
    hierarchies: Sequence[Hierarchy],
    models: Sequence[Model],
    person: str | None = None,
) -> Groups:
    """Group a table by its quasi-identifiers.

    Args:
        frame: The table.
        hierarchies: One per quasi-identifier.
        models: Their sensitive columns are counted as well.
        person: Column that tells persons apart; members are then distinct persons. A null is a
            person of its own kind: all nulls together count as one.

    Raises:
        ValueError: A column is missing, or a value is not in its hierarchy (named).
    """
    keys = encode(frame, hierarchies)
    groups = _count([_batch(frame, keys, models, person)], hierarchies, models, person)
    words = pack(groups.codes, [len(h.labels[0]) for h in hierarchies])
    names = words.columns
    index = words.with_columns(pl.int_range(pl.len(), dtype=pl.Int32).alias(_GROUP))
    found = keys.join(index, on=names, how="left", maintain_order="left")[_GROUP].to_numpy()
    return replace(groups, of_rows=found)


def group_batches(
    batches: Iterable[pl.DataFrame],
    hierarchies: Sequence[Hierarchy],
    models: Sequence[Model],
    person: str | None = None,
) -> Groups:
    """Group a table that comes in parts; memory grows with groups, not with rows.

    With a person column it grows with distinct pairs of group and person. `locate` finds the groups
    of the rows in a second reading.

    Raises:
        ValueError: As `group`.
    """
    parts = (_batch(part, encode(part, hierarchies), models, person) for part in batches)
    return _count(parts, hierarchies, models, person)


def locate(frame: pl.DataFrame, groups: Groups, hierarchies: Sequence[Hierarchy]) -> Codes:
    """Find the group of each row of a part of the table that was grouped; -1 where there is none.

    Raises:
        ValueError: As `group`.
    """
    words = pack(groups.codes, [len(h.labels[0]) for h in hierarchies])
    index = words.with_columns(pl.int_range(pl.len(), dtype=pl.Int32).alias(_GROUP))
    keys = encode(frame, hierarchies)
    joined = keys.join(index, on=words.columns, how="left", maintain_order="left")
    return joined[_GROUP].fill_null(-1).to_numpy()


def _batch(
    frame: pl.DataFrame, keys: pl.DataFrame, models: Sequence[Model], person: str | None
) -> list[pl.DataFrame]:
    """Count one part: rows by key, and (key, value[, person]) per sensitive column."""
    names, sensitive = keys.columns, sensitive_columns(models)
    require_columns(
        frame.columns, [*sensitive, *([person] if person else [])], "プライバシーモデル"
    )
    counts = [keys.group_by(names).agg(pl.len().cast(pl.Int64).alias(_ROWS))]
    who = [] if person is None else [frame.select(as_text(person).alias(_PERSON)).to_series()]
    parts = [who, *([frame.select(as_text(s).alias(_VALUE)).to_series(), *who] for s in sensitive)]
    for extra in parts:
        by = [*names, *(series.name for series in extra)]
        wide = keys.with_columns(*extra)
        counts.append(wide.group_by(by).agg(pl.len().cast(pl.Int64).alias(_ROWS)))
    return counts


def _merge(parts: Iterable[list[pl.DataFrame]]) -> list[pl.DataFrame]:
    """Add up the parts; they are merged whenever they have grown to twice what is merged."""
    merged: list[pl.DataFrame] = []
    waiting: list[list[pl.DataFrame]] = []
    heights = 0
    for part in parts:
        waiting.append(part)
        heights += sum(table.height for table in part)
        if heights > 2 * sum(table.height for table in merged):
            merged, waiting, heights = _add_up([merged, *waiting]), [], 0
    return _add_up([merged, *waiting])


def _add_up(parts: list[list[pl.DataFrame]]) -> list[pl.DataFrame]:
    filled = [part for part in parts if part]
    if len(filled) <= 1:
        return filled[0] if filled else []
    return [
        pl.concat(tables)
        .group_by([n for n in tables[0].columns if n != _ROWS])
        .agg(pl.col(_ROWS).sum())
        for tables in zip(*filled, strict=True)
    ]


def _count(
    parts: Iterable[list[pl.DataFrame]],
    hierarchies: Sequence[Hierarchy],
    models: Sequence[Model],
    person: str | None,
) -> Groups:
    merged = _merge(parts)
    if not merged:
        raise complaint("表が空です", "入力", "1つ以上の部分を渡してください。")
    names = [n for n in merged[0].columns if n != _ROWS]
    table = merged[0].sort(names)
    index = table.select(*names, pl.int_range(pl.len(), dtype=pl.Int32).alias(_GROUP))
    rows = table[_ROWS].to_numpy()
    members = merged[1].join(index, on=names) if person else None
    pairs = {
        column: _pairs(counted.join(index, on=names), person)
        for column, counted in zip(sensitive_columns(models), merged[2:], strict=True)
    }
    return Groups(
        columns=tuple(h.column for h in hierarchies),
        codes=unpack(table.select(names), [len(h.labels[0]) for h in hierarchies]),
        rows=rows,
        sizes=rows if members is None else _distinct(members, table.height),
        sensitive=pairs,
        recurring=_recurring(members, [_GROUP], [_PERSON]),
        of_rows=np.empty(0, np.int32),
    )


def _distinct(members: pl.DataFrame, groups: int) -> Ints:
    return np.bincount(members[_GROUP].to_numpy(), minlength=groups).astype(np.int64)


def _pairs(counted: pl.DataFrame, person: str | None) -> Pairs:
    values = counted[_VALUE].unique().sort()
    coded = counted.with_columns(pl.col(_VALUE).cast(pl.Enum(values)).to_physical().cast(pl.Int32))
    number = pl.col(_ROWS).sum() if person is None else pl.len().cast(pl.Int64)
    table = coded.group_by(_GROUP, _VALUE).agg(number.alias("count")).sort(_GROUP, _VALUE)
    again = _recurring(coded if person else None, [_GROUP, _VALUE], [_VALUE, _PERSON])
    columns = (table[name].to_numpy() for name in (_GROUP, _VALUE, "count"))
    return Pairs(tuple(values), *columns, again)


def _recurring(members: pl.DataFrame | None, kept: Sequence[str], same: Sequence[str]) -> Codes:
    if members is None:
        return np.empty((0, len(kept) + 1), np.int32)
    again = members.filter(pl.len().over(list(same)) > 1).with_columns(
        pl.col(_PERSON).rank("dense").cast(pl.Int32)
    )
    return again.select(*kept, _PERSON).sort(pl.all()).to_numpy()
