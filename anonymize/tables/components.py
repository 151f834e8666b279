"""Hidden cells that hang together, apart from all others.

Belongs here: the equations that hidden cells satisfy among themselves, split into independent
parts. Must not hold: what can be computed from them (`attack`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from anonymize.tables.structure import Flags

Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Component:
    """Hidden cells joined by equations.

    Attributes:
        cells: k places in the table, ascending.
        rows: r places of the equations with at least one of the cells.
        matrix: r × k part of the equations. Equations that are the same among hidden cells are
            kept once.
    """

    cells: Places
    rows: Places
    matrix: sparse.csr_array


def components(equations: sparse.csr_array, hidden: Flags) -> Iterator[Component]:
    """Split the hidden cells; a cell in no equation is a component of its own without rows.

    Args:
        equations: m × n, as of a `Table`.
        hidden: n flags.
    """
    cells = np.flatnonzero(hidden)
    if not len(cells):
        return
    part = sparse.csr_array(sparse.csc_array(equations)[:, cells])
    rows = _distinct_rows(part)
    part = sparse.csr_array(part[rows])
    label, row_label = _labels(part)
    order = np.argsort(label, kind="stable")
    row_order = np.argsort(row_label, kind="stable")
    kinds = np.arange(label.max() + 1)
    starts = np.searchsorted(label[order], [*kinds, len(kinds)])
    row_starts = np.searchsorted(row_label[row_order], [*kinds, len(kinds)])
    for kind in kinds:
        mine = order[starts[kind] : starts[kind + 1]]
        held = row_order[row_starts[kind] : row_starts[kind + 1]]
        matrix = sparse.csr_array(sparse.csc_array(part[held])[:, mine])
        yield Component(cells[mine], rows[held], matrix)


def _labels(part: sparse.csr_array) -> tuple[Places, Places]:
    """Label the columns and the rows of the bipartite graph of cells and equations."""
    graph = sparse.block_array([[None, abs(part).T], [abs(part), None]], format="csr")
    _, label = connected_components(graph, directed=False)
    columns = part.shape[1]
    # Every row has a cell, so labels of cells alone are 0, 1, 2 … once made dense.
    dense, inverse = np.unique(label, return_inverse=True)
    assert len(dense) == len(np.unique(label[:columns]))  # noqa: S101 - see above
    return inverse[:columns].astype(np.int64), inverse[columns:].astype(np.int64)


def _distinct_rows(part: sparse.csr_array) -> Places:
    """Keep rows with a cell; of rows that say the same, the first."""
    part.sort_indices()
    filled = np.flatnonzero(np.diff(part.indptr))
    sign = np.sign(part.data[part.indptr[filled]])
    # Two random weights per column tell rows apart; equal rows are equal whatever the weights.
    weights = np.random.default_rng(0).random((part.shape[1], 2))
    marks = (part[filled] @ weights) * sign[:, None]
    _, first = np.unique(np.round(marks, 9), axis=0, return_index=True)
    return filled[np.sort(first)]
