"""What a set of persons is called: by the published labels, or as what a larger cell leaves.

Belongs here: addresses of cells, and the smallest published cell around a set. Must not hold:
sizes; an address holds published labels alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from anonymize.overlap.equations import hash_sets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy import sparse

    from anonymize.overlap.moments import Moment
    from anonymize.overlap.released import Released

_AT_MOST = 500  # sets looked at one by one; the others are told apart less finely
_ALL = "全体"
_PART = "のうち、ほかの公表値に含まれない部分"
_UNNAMED = "公表された区分の組合せ"


def addresses(table: Released) -> list[str]:
    """Write each cell as `地域=本町・年齢=0-4歳`; a dimension that is not split is left out."""
    parts = [
        pl.when(pl.col(name).is_not_null()).then(pl.format(f"{name}={{}}", pl.col(name)))
        for name in table.dimensions
    ]
    if not parts:
        return [_ALL] * table.cells.height
    joined = pl.concat_str(parts, separator="・", ignore_nulls=True)
    return table.cells.select(pl.when(joined == "").then(pl.lit(_ALL)).otherwise(joined)).to_series().to_list()  # fmt: skip


def name_sets(moments: Sequence[Moment], sets: sparse.csr_matrix) -> list[str]:
    """Name sets x atoms by the cells of these moments."""
    if not sets.shape[0]:
        return []
    called: dict[int, str] = {}
    for moment in moments:
        for table, cells in zip(moment.tables, moment.sets, strict=True):
            hashes = hash_sets(moment.space, cells)
            called |= dict(zip(hashes.tolist(), addresses(table), strict=True))
    wanted = hash_sets(moments[0].space, sets).tolist()
    around = _around(moments[0], sets, [n for n, h in enumerate(wanted) if h not in called])
    return [called.get(h) or _part_of(called, around.get(n)) for n, h in enumerate(wanted)]


def reaches_everything(moment: Moment, sets: sparse.csr_matrix) -> NDArray[np.bool_]:
    """Tell whether the smallest published cell around each set is a total: all of a dimension.

    A set counts only if it is itself a part of that dimension; a set around which nothing is
    published (a sum of smaller cells) does not.
    """
    answer = np.zeros(sets.shape[0], dtype=bool)
    around = _around_rows(moment, sets, range(min(sets.shape[0], _AT_MOST)))
    counts = [aligned.count for aligned in moment.space.aligned.values()]
    for number, row in around.items():
        outer = np.unravel_index(moment.equations.sets[row].indices, counts)
        inner = np.unravel_index(sets[number].indices, counts)
        answer[number] = any(
            len(np.unique(o)) == count > len(np.unique(i))
            for o, i, count in zip(outer, inner, counts, strict=True)
        )
    return answer


def _around(moment: Moment, sets: sparse.csr_matrix, numbers: Sequence[int]) -> dict[int, int]:
    rows = _around_rows(moment, sets, numbers[:_AT_MOST])
    return {number: int(moment.equations.hashes[row]) for number, row in rows.items()}


def _around_rows(moment: Moment, sets: sparse.csr_matrix, numbers: Sequence[int]) -> dict[int, int]:
    """Find the smallest visible row that holds each of these sets and more."""
    if not len(numbers):
        return {}
    rows = np.flatnonzero(moment.equations.visible)
    large = np.diff(moment.equations.sets.indptr)[rows]
    found = {}
    chosen = sets[list(numbers)]
    shared = (chosen @ moment.equations.sets[rows].T).tocsr()
    own = np.diff(chosen.indptr)
    for place, number in enumerate(numbers):
        span = slice(shared.indptr[place], shared.indptr[place + 1])
        holds = shared.indices[span][shared.data[span] == own[place]]
        holds = holds[large[holds] > own[place]]
        if len(holds):
            found[number] = int(rows[holds[np.argmin(large[holds])]])
    return found


def _part_of(called: dict[int, str], outer: int | None) -> str:
    return f"{called[outer]}{_PART}" if outer in called else _UNNAMED
