"""What the candidate lets an outsider state exactly: small changes, small groups, withheld cells.

Belongs here: comparing moments, telling what was known before, and why each statement holds. Must
not hold: how sizes are found (`moments`), what is only likely (`averaging`), wording for people.

Reasons, the first that applies:

* `program`: only a linear program over all cells fixes one of the sizes;
* `complement`, `nested`: the set is published nowhere at one of the moments; it is what a total, or
  a larger area or band, leaves beside (or is the sum of) smaller ones;
* `sibling`: the release alone does not fix it, another of the same persons does, or shows it;
* `filled`: a withheld cell that sums give back;
* `differencing`: both numbers are published.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl
from scipy import sparse

from anonymize.overlap.equations import hash_sets
from anonymize.overlap.naming import name_sets, reaches_everything

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from anonymize.overlap.moments import Known, Moment

Reason = Literal["program", "complement", "nested", "sibling", "filled", "differencing"]
SMALL = 2  # persons
STATEMENTS = {
    "reason": pl.String,
    "period": pl.String,
    "other_period": pl.String,
    "other_version": pl.Int64,
    "cell": pl.String,
    "persons": pl.Int64,
}


def state_changes(
    now: Moment, other: Moment, before: Sequence[Moment], alone: Moment | None
) -> pl.DataFrame:
    """State every change of one or two persons between two moments that the candidate makes known.

    Args:
        now: With the candidate.
        other: Earlier, later, or an earlier version of the same period.
        before: What was known of the candidate's period without it.
        alone: The candidate's release by itself, if others are in `now`.

    Returns:
        `STATEMENTS`; `persons` is the change from the earlier to the later moment.
    """
    if not (now.knows_anything and other.knows_anything):
        return pl.DataFrame(schema=STATEMENTS)
    sets = _unique(now, sparse.vstack([now.targets, other.targets], format="csr"))
    here, there = now.ask(sets), other.ask(sets)
    change = here.size - there.size
    if (other.period, other.tables[0].version) > (now.period, now.tables[0].version):
        change = -change
    is_small = (np.abs(change) >= 1) & (np.abs(change) <= SMALL)
    kept = np.flatnonzero(here.is_known & there.is_known & is_small)
    kept = kept[~_was_known(sets[kept], here.size[kept], before)]
    reason = _reason(sets[kept], (now, _at(here, kept)), (other, _at(there, kept)), alone)
    return _frame(now, other, sets[kept], change[kept], reason)


def state_sizes(now: Moment, before: Sequence[Moment], alone: Moment | None) -> pl.DataFrame:
    """State withheld cells given back, and groups of one or two that no cell shows."""
    if not now.knows_anything:
        return pl.DataFrame(schema=STATEMENTS)
    equations = now.equations
    withheld = equations.sets[np.flatnonzero(equations.hidden)]
    sets = _unique(now, sparse.vstack([withheld, now.column_sets], format="csr"))
    known = now.ask(sets)
    hashes = hash_sets(now.space, sets)
    is_withheld = np.isin(hashes, equations.hashes[equations.hidden])
    is_shown = np.isin(hashes, equations.hashes[equations.visible])
    is_small = (known.size >= 1) & (known.size <= SMALL)
    kept = np.flatnonzero(known.is_known & (is_withheld | (~is_shown & is_small)))
    kept = kept[~_was_known(sets[kept], known.size[kept], before)]
    reason = _reason(sets[kept], (now, _at(known, kept)), None, alone)
    return _frame(now, None, sets[kept], known.size[kept], reason)


def _unique(now: Moment, sets: sparse.csr_matrix) -> sparse.csr_matrix:
    _, first = np.unique(hash_sets(now.space, sets), return_index=True)
    return sets[np.sort(first)]


def _at(known: Known, kept: NDArray[np.int64]) -> NDArray[np.bool_]:
    return known.by_program[kept]


def _was_known(
    sets: sparse.csr_matrix, size: NDArray[np.int64], before: Sequence[Moment]
) -> NDArray[np.bool_]:
    told = np.zeros(sets.shape[0], dtype=bool)
    for moment in before:
        if moment.knows_anything:
            answer = moment.ask(sets)
            told |= answer.is_known & (answer.size == size)
    return told


def _reason(
    sets: sparse.csr_matrix,
    here: tuple[Moment, NDArray[np.bool_]],
    there: tuple[Moment, NDArray[np.bool_]] | None,
    alone: Moment | None,
) -> list[Reason]:
    sides = [here] if there is None else [here, there]
    hashes = hash_sets(here[0].space, sets)
    count = sets.shape[0]
    program, unseen, withheld, whole, both = (np.zeros(count, dtype=bool) for _ in range(5))
    for moment, by_program in sides:
        equations = moment.equations
        hidden = np.isin(hashes, equations.hashes[equations.hidden])
        shown = np.isin(hashes, equations.hashes[equations.visible])
        missing = ~hidden & ~shown
        both |= hidden & shown
        program |= by_program
        withheld |= hidden
        unseen |= missing
        whole[missing] |= reaches_everything(moment, sets[np.flatnonzero(missing)])
    sibling = both | (~alone.ask(sets).is_known if alone is not None else False)
    names = ("program", "complement", "nested", "sibling", "filled")
    applies = (program, unseen & whole, unseen, sibling, withheld)
    return list(np.select(applies, names, default="differencing"))


def _frame(
    now: Moment,
    other: Moment | None,
    sets: sparse.csr_matrix,
    persons: NDArray[np.int64],
    reason: list[Reason],
) -> pl.DataFrame:
    moments = [now] if other is None else [now, other]
    values = {
        "reason": pl.Series(reason, dtype=pl.String),
        "cell": pl.Series(name_sets(moments, sets), dtype=pl.String),
        "persons": pl.Series(persons, dtype=pl.Int64),
    }
    return pl.DataFrame(values).select(
        "reason",
        pl.lit(now.period).alias("period"),
        pl.lit(other.period if other else None, pl.String).alias("other_period"),
        pl.lit(other.tables[0].version if other else None, pl.Int64).alias("other_version"),
        "cell",
        "persons",
    )
