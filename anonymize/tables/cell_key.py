"""The cell key method: every cell gets noise that its persons determine.

Belongs here: keys of persons and cells, counting with them, perturbation, and the restoration of
sums. Must not hold: the chances of the noise (`p_table`), rounding itself (`rounding`).

Every person has a secret uniform key; a cell's key is the sum of its persons' keys modulo 1, and
decides the noise. The same persons get the same noise in every table, month and order, so asking
again teaches nothing; a cell in which one person is exchanged gets noise afresh. Sources: Fraser
and Wooton, UNECE/Eurostat work session on statistical data confidentiality, Geneva 2005; Thompson,
Broadfoot and Elazar, UNECE work session 2013. Keys are whole numbers modulo 2³², because sums of
fractions would depend on the order of addition.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.complaint import complaint, require_columns
from anonymize.keyed_hash import hash_column
from anonymize.tables.dimensions import Dimension
from anonymize.tables.p_table import PTable
from anonymize.tables.rounding import Rounded, rounded_near
from anonymize.tables.rounding_axes import Counts, axis_of, cells_of
from anonymize.tables.structure import Table, arrange

PURPOSE = "record key"
MODULUS = 2**32
Keys = npt.NDArray[np.uint64]
_KEY = "_record_key"
_COUNT = "_count"


@dataclass(frozen=True)
class KeyedTable:
    """A table of persons with the key of every cell.

    Attributes:
        table: Counts of persons, margins included.
        cell_keys: One whole number below 2³² per cell.
    """

    table: Table
    cell_keys: Keys


def record_keys(persons: pl.Series, *, key: bytes) -> pl.Series:
    """Return a whole number below 2³² for every person, always the same under one key.

    Args:
        persons: What identifies a person for as long as noise must stay the same, String.
        key: At least 32 secret random bytes; whoever knows them can undo the noise.

    Raises:
        ValueError: The key is too short.
    """
    numbers = hash_column(persons, _first_bits, key=key, purpose=PURPOSE)
    return numbers.cast(pl.UInt64).alias(_KEY)


def count_persons(
    frame: pl.DataFrame, dimensions: Sequence[Dimension], person: str, *, key: bytes
) -> KeyedTable:
    """Count persons by the finest codes and all margins, with the key of every cell.

    Args:
        frame: One row per person: the code columns at the finest level, and `person` (String).
        dimensions: The variables of the table.
        person: The column that identifies a person.
        key: As in `record_keys`.

    Raises:
        ValueError: Missing column, a person missing or twice, an unknown code, a short key.
    """
    columns = [one.column for one in dimensions]
    require_columns(frame.columns, [*columns, person], "表の区分と個人の列")
    persons = frame[person]
    if persons.dtype != pl.String or persons.null_count() or persons.is_duplicated().any():
        raise complaint(
            "個人の列が文字でないか、空の行か、同じ人の行が複数あります",
            f"列「{person}」",
            "1人1行の表にしてから数えてください。",
        )
    keyed = frame.select(columns).with_columns(record_keys(persons, key=key))
    counted = keyed.group_by(columns).agg(
        pl.len().cast(pl.Int64).alias(_COUNT), (pl.col(_KEY).sum() % MODULUS).cast(pl.Int64)
    )
    return KeyedTable(arrange(counted, dimensions, _COUNT), _cell_keys(counted, dimensions))


def perturb(keyed: KeyedTable, chances: PTable) -> Counts:
    """Return every cell, margins included, with the noise of its own key.

    Unbiased, and the same for the same persons in any table. Margins and their parts get noise of
    their own, so that the published table does not add up; say so beside it.

    Does not hide: that nobody joined or left a cell whose number stays the same for months (then
    its persons are most likely the same); the truth of a cell among many tables in which its
    complement and totals stand as well, because their noises differ and can be averaged.
    """
    counts = np.rint(keyed.table.values).astype(np.int64)
    return counts + chances.look_up(counts, keyed.cell_keys / MODULUS)


def perturb_additively(
    keyed: KeyedTable, dimensions: Sequence[Dimension], chances: PTable, *, base: int
) -> Rounded:
    """Perturb, then find the nearest table of multiples of the base that adds up.

    Lost by it: noise of mean 0 and of the stated variance holds before the last step only; a cell
    may end further away than the largest deviation; and the same cell may differ between tables,
    because each is made to add up by itself.

    Args:
        keyed: Counts with keys.
        dimensions: Those of the table.
        chances: The noise.
        base: At least 1; above the counts that are never to be published.

    Raises:
        ValueError: The base would let a count of 1…js be published.
    """
    if base <= chances.suppressed_up_to:
        raise complaint(
            f"丸めの単位が小さく、{chances.suppressed_up_to}人以下の人数が公表されます",
            "引数 base",
            f"{chances.suppressed_up_to + 1}以上にしてください。",
        )
    return rounded_near(keyed.table, dimensions, perturb(keyed, chances), base=base)


def _cell_keys(counted: pl.DataFrame, dimensions: Sequence[Dimension]) -> Keys:
    """Add the keys up as the counts are; every margin modulo 2³²."""
    axes = [axis_of(one) for one in dimensions]
    shape = tuple(len(one.codes) for one in dimensions)
    places = [
        counted[one.column]
        .cast(pl.String)
        .replace_strict(list(one.leaves), range(len(one.leaves)), return_dtype=pl.Int64)
        .to_numpy()
        for one in dimensions
    ]
    leaves = np.zeros(tuple(len(axis.leaves) for axis in axes), np.int64)
    leaves[tuple(places)] = counted[_KEY].to_numpy()
    return (cells_of(leaves, axes, shape) % MODULUS).astype(np.uint64)


def _first_bits(digest: bytes) -> int:
    return int.from_bytes(digest[:4], "big")
