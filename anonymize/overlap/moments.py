"""What an outsider knows exactly at one moment, after all sums and programs are done.

Belongs here: the sets of persons whose size the tables of one moment fix, and looking up whether
they fix a given set. Must not hold: comparing moments (`statements`).

A set is known if, without its columns that are known, nothing is left or what is left is also what
is left of a known row (so "these two hidden cells together" is known where their row's total is).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from anonymize.overlap.equations import Equations, Space, hash_sets, make_equations
from anonymize.overlap.solving import Solved, solve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from anonymize.overlap.released import Released


@dataclass(frozen=True)
class Known:
    """Per set asked for: whether its size is fixed, its size, and whether a program was needed."""

    is_known: NDArray[np.bool_]
    size: NDArray[np.int64]
    by_program: NDArray[np.bool_]


@dataclass(frozen=True)
class Moment:
    """Tables that speak of the same persons at the same time, solved.

    Attributes:
        space: the atoms of the population.
        tables: what was put together.
        sets: per table, its cells x atoms.
        equations, solved: of all of them.
    """

    space: Space
    tables: tuple[Released, ...]
    sets: tuple[sparse.csr_matrix, ...]
    equations: Equations
    solved: Solved

    @property
    def period(self) -> str:
        """As of when the tables count."""
        return self.tables[0].period

    @cached_property
    def column_sets(self) -> sparse.csr_matrix:
        """Columns x atoms, 0/1."""
        atoms = np.flatnonzero(self.equations.column_of >= 0)
        columns = self.equations.column_of[atoms]
        shape = (self.equations.columns.shape[1], self.space.size)
        return sparse.csr_matrix((np.ones(len(atoms), dtype=np.int64), (columns, atoms)), shape)

    @cached_property
    def is_fixed(self) -> NDArray[np.bool_]:
        """Columns whose size is known."""
        return self.solved.low == self.solved.high

    @cached_property
    def knows_anything(self) -> bool:
        """Tell whether the size of any set is fixed."""
        return bool(self.is_fixed.any() or (self.solved.row_low == self.solved.row_high).any())

    @cached_property
    def left_over(self) -> tuple[sparse.csr_matrix, NDArray[np.int64], NDArray[np.bool_]]:
        """Sets x atoms left of each known row, their sizes, and whether a program was needed."""
        solved, columns = self.solved, self.equations.columns
        open_columns = columns.copy()
        open_columns.data = open_columns.data * ~self.is_fixed[open_columns.indices]
        open_columns.eliminate_zeros()
        rows = np.flatnonzero(
            (solved.row_low == solved.row_high) & (np.diff(open_columns.indptr) > 0)
        )
        inside = columns @ np.where(self.is_fixed, solved.low, 0)
        used = columns @ (self.is_fixed & solved.by_program).astype(np.int64)
        by_program = solved.row_by_program | (used > 0)
        sets = (open_columns[rows] @ self.column_sets).tocsr()
        return sets, (solved.row_low - inside)[rows], by_program[rows]

    @cached_property
    def targets(self) -> sparse.csr_matrix:
        """Sets worth asking other moments for: cells, smallest parts, and what is left of rows."""
        wanted = [self.equations.sets, self.column_sets, self.left_over[0]]
        return sparse.vstack(wanted, format="csr")

    def ask(self, sets: sparse.csr_matrix) -> Known:
        """Look up sets x atoms."""
        columns, solved = self.equations.columns.shape[1], self.solved
        inside = (sets @ self.column_sets.T).tocsr()
        whole = np.asarray(self.column_sets.sum(axis=1)).ravel()
        part_of = np.repeat(np.arange(inside.shape[0]), np.diff(inside.indptr))
        is_whole = inside.data == whole[inside.indices]
        is_empty = solved.high[inside.indices] == 0
        fixed = self.is_fixed[inside.indices]
        broken = np.bincount(part_of, ~is_whole & ~is_empty, inside.shape[0]) > 0
        beyond = np.asarray(sets.sum(axis=1)).ravel() > np.asarray(inside.sum(axis=1)).ravel()
        size = np.bincount(part_of, np.where(fixed & is_whole, solved.low[inside.indices], 0), inside.shape[0])  # fmt: skip
        used = np.bincount(part_of, fixed & is_whole & solved.by_program[inside.indices], inside.shape[0])  # fmt: skip
        shown = is_whole & ~fixed
        rest = sparse.csr_matrix(
            (np.ones(int(shown.sum()), dtype=np.int64), (part_of[shown], inside.indices[shown])),
            (inside.shape[0], columns),
        )
        is_left, left_size, left_program = self._find_left(rest)
        none_left = np.diff(rest.indptr) == 0
        is_known = ~broken & ~beyond & (none_left | is_left)
        total = size.astype(np.int64) + np.where(none_left, 0, left_size)
        return Known(is_known, total, is_known & ((used > 0) | (~none_left & left_program)))

    def _find_left(
        self, rest: sparse.csr_matrix
    ) -> tuple[NDArray[np.bool_], NDArray[np.int64], NDArray[np.bool_]]:
        """Find sets of open columns among what is left of known rows."""
        sets, sizes, by_program = self.left_over
        if not sets.shape[0]:
            nothing = np.zeros(rest.shape[0], dtype=bool)
            return nothing, nothing.astype(np.int64), nothing
        known, order = np.unique(hash_sets(self.space, sets), return_index=True)
        wanted = hash_sets(self.space, (rest @ self.column_sets).tocsr())
        place = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        found = known[place] == wanted
        return found, sizes[order[place]], by_program[order[place]]


def make_moment(
    space: Space,
    tables: Sequence[Released],
    sets: Sequence[sparse.csr_matrix],
    *,
    seconds: float,
) -> Moment:
    """Put tables of one moment together and solve them.

    Raises:
        ContradictionError: They cannot all be true.
    """
    equations = make_equations(space, tables, sets)
    solved = solve(equations, seconds=seconds)
    return Moment(space, tuple(tables), tuple(sets), equations, solved)
