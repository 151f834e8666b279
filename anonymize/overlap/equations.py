"""The published cells of one moment as equations over the smallest parts that can be told apart.

Belongs here: the incidence of cells and atoms, sets known by a hash, cells of the same set merged,
atoms no table tells apart merged to one column. Must not hold: solving them.

A set of atoms is known by the sum (mod 2^64) of one random number per atom (Zobrist, A new hashing
method with application for game playing, 1970). The sum is linear, so "this set less that one" is a
subtraction; two of a million sets meet by chance once in about 10^7 runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy import sparse

from anonymize.complaint import require_columns
from anonymize.overlap.labels import Aligned, Dimension, align
from anonymize.overlap.released import ENDLESS, HIDDEN, HIGH, LOW, Released

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

_SEED = 20260401
_ALL = "\0all"


@dataclass(frozen=True)
class Space:
    """The atoms that all tables of one population have in common.

    Attributes:
        aligned: per dimension, its labels as atoms, table by table.
        size: number of atoms.
        tokens: one random number per atom.
    """

    aligned: Mapping[str, Aligned]
    size: int
    tokens: NDArray[np.uint64]


@dataclass(frozen=True)
class Equations:
    """Sets of atoms whose sizes lie between bounds, and the columns they are made of.

    Attributes:
        sets: rows x atoms, 0/1; every set once, none empty.
        low, high: persons, per row.
        hashes: of the rows.
        hidden: a table withholds this set.
        visible: a table shows this set; another may withhold it.
        columns: rows x columns, 0/1; a column is the atoms that lie in the same rows.
        column_of: per atom its column; -1: in no row.
    """

    sets: sparse.csr_matrix
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    hashes: NDArray[np.uint64]
    hidden: NDArray[np.bool_]
    visible: NDArray[np.bool_]
    columns: sparse.csr_matrix
    column_of: NDArray[np.int64]


def make_space(dimensions: Sequence[Dimension], tables: Sequence[Released]) -> Space:
    """Find the atoms of all tables; a dimension that a table lacks is "all" there.

    Raises:
        ValueError: A table has a dimension that is not declared, or a label that cannot be read.
    """
    known = [dimension.name for dimension in dimensions]
    for table in tables:
        require_columns(known, table.dimensions, f"公開した表「{table.release}」の区分")
    aligned = {}
    for dimension in dimensions:
        labels = [
            t.cells[dimension.name].unique().to_list() if dimension.name in t.dimensions else [None]
            for t in tables
        ]
        aligned[dimension.name] = align(dimension, labels)
    size = int(np.prod([a.count for a in aligned.values()], dtype=np.int64))
    tokens = np.random.default_rng(_SEED).integers(1, 1 << 63, size, dtype=np.uint64)
    return Space(aligned, size, tokens)


def incidence(space: Space, table: Released, place: int) -> sparse.csr_matrix:
    """Give cells x atoms, 0/1. `place` is the table's place in those the space was made from."""
    named = table.dimensions
    numbered = table.cells.with_row_index("cell")
    cells = numbered.select("cell", *(pl.col(name).fill_null(_ALL) for name in named))
    cells = cells.with_columns(atom=pl.lit(0, pl.Int64))
    for name, aligned in space.aligned.items():
        parts = aligned.atoms[place]
        if name not in named:
            own = pl.DataFrame({"part": parts[None]}, schema={"part": pl.Int64})
            cells = cells.join(own, how="cross")
        else:
            pairs = pl.DataFrame(
                {
                    name: [_ALL if label is None else label for label in parts],
                    "part": list(parts.values()),
                },
                schema={name: pl.String, "part": pl.List(pl.Int64)},
            ).explode("part").drop_nulls()  # fmt: skip
            cells = cells.join(pairs, on=name)
        cells = cells.with_columns(atom=pl.col("atom") * aligned.count + pl.col("part")).drop(
            "part"
        )
    rows, atoms = cells["cell"].to_numpy(), cells["atom"].to_numpy()
    shape = (table.cells.height, space.size)
    return sparse.csr_matrix((np.ones(len(rows), dtype=np.int64), (rows, atoms)), shape=shape)


def hash_sets(space: Space, sets: sparse.csr_matrix) -> NDArray[np.uint64]:
    """Hash each row's set of atoms."""
    return _add_up(sets, space.tokens)


def make_equations(
    space: Space, tables: Sequence[Released], sets: Sequence[sparse.csr_matrix]
) -> Equations:
    """Put the tables of one moment together; cells that are the same set share their bounds.

    Bounds may contradict each other (low > high): solving tells.
    """
    stacked = sparse.vstack([*sets], format="csr")
    cells = pl.concat([t.cells.select(LOW, HIGH, HIDDEN) for t in tables])
    filled = np.flatnonzero(np.diff(stacked.indptr) > 0)
    stacked, cells = stacked[filled], cells[filled]
    hashes = hash_sets(space, stacked)
    unique, first, group = np.unique(hashes, return_index=True, return_inverse=True)
    low = np.zeros(len(unique), dtype=np.int64)
    np.maximum.at(low, group, cells[LOW].to_numpy())
    high = np.full(len(unique), ENDLESS)
    np.minimum.at(high, group, cells[HIGH].to_numpy())
    hidden = np.zeros(len(unique), dtype=bool)
    np.logical_or.at(hidden, group, cells[HIDDEN].to_numpy())
    visible = np.zeros(len(unique), dtype=bool)
    np.logical_or.at(visible, group, ~cells[HIDDEN].to_numpy())
    rows = stacked[first]
    columns, column_of = _merge_atoms(rows)
    return Equations(rows, low, high, unique, hidden, visible, columns, column_of)


def _merge_atoms(rows: sparse.csr_matrix) -> tuple[sparse.csr_matrix, NDArray[np.int64]]:
    """Merge atoms that lie in the same rows."""
    tokens = np.random.default_rng(_SEED + 1).integers(1, 1 << 63, rows.shape[0], dtype=np.uint64)
    within = rows.T.tocsr()
    hashes = _add_up(within, tokens)
    used = np.flatnonzero(np.diff(within.indptr) > 0)
    column_of = np.full(rows.shape[1], -1, dtype=np.int64)
    _, first, number = np.unique(hashes[used], return_index=True, return_inverse=True)
    column_of[used] = number
    return rows[:, used[first]].tocsr(), column_of


def _add_up(sets: sparse.csr_matrix, tokens: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Add the tokens of each row's members, mod 2^64."""
    sums = np.concatenate([[np.uint64(0)], np.cumsum(tokens[sets.indices], dtype=np.uint64)])
    return sums[sets.indptr[1:]] - sums[sets.indptr[:-1]]
