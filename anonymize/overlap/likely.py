"""What the whole series of a release makes likely: movements and counts that could be stated.

Belongs here: lining up the versions of one release into series, and counting what the patient
attacker (`averaging`) would state. Must not hold: what is certain (`attack`), wording.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from anonymize.overlap.averaging import LIKELY, estimate_rate, infer_movements
from anonymize.overlap.released import SEEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from anonymize.overlap.released import Released

MONTHS, CELLS = 24, 3000
BEARABLE = 0.01
_REDRAWN = 0.1


@dataclass(frozen=True)
class Likely:
    """What would be stated with a chance of `LIKELY` or more.

    Attributes:
        movements: movements of one or two persons stated.
        expected: such movements that there are, by the posterior.
        counts: cells and months whose count is stated.
        cells: cells and months looked at.
    """

    movements: int
    expected: float
    counts: int
    cells: int

    @property
    def too_many_movements(self) -> bool:
        """More than `BEARABLE` of the small movements come out, and more than one."""
        return self.movements > max(1.0, BEARABLE * self.expected)

    @property
    def too_many_counts(self) -> bool:
        """More than `BEARABLE` of the counts come out."""
        return self.counts > max(1.0, BEARABLE * self.cells)


def look_at_series(candidate: Released, earlier: Sequence[Released]) -> Likely | None:
    """Attack the candidate together with the earlier periods of its own release.

    Periods that were drawn another way (`channel.name`) are left out; so are cells that not all
    periods show. At most the last `MONTHS` periods and `CELLS` cells are looked at.

    Returns:
        None where nothing is drawn at random, or no other period is out.
    """
    if candidate.channel is None:
        return None
    newest = {
        t.period: t
        for t in sorted(earlier, key=lambda t: t.version)
        if t.release == candidate.release
        and t.channel is not None
        and t.channel.name == candidate.channel.name
        and t.period < candidate.period
    }
    before = [newest[period] for period in sorted(newest)][1 - MONTHS :]
    tables = [*before, candidate]
    series = line_up(tables)
    if len(tables) == 1 or not len(series):
        return None
    # Shares are wanted, and a few thousand cells spread over the table tell them.
    series = series[:: -(-len(series) // CELLS)]
    found = infer_movements(series, candidate.channel, estimate_rate(series, candidate.channel))
    return Likely(
        movements=int(found.stated().sum()),
        expected=float(found.small.sum()),
        counts=int((found.level_chance >= LIKELY).sum()),
        cells=series.size,
    )


def is_redrawn(candidate: Released, earlier: Sequence[Released]) -> bool:
    """Tell whether an earlier version of the same period was drawn with other numbers.

    A correction changes few cells; a new draw changes about a third. Two draws of the same counts
    can be averaged, and with a third one the true counts come out.
    """
    same = [t for t in earlier if t.release == candidate.release and t.period == candidate.period]
    if candidate.channel is None or not same:
        return False
    series = line_up([max(same, key=lambda t: t.version), candidate])
    return len(series) > 0 and float((series[:, 0] != series[:, 1]).mean()) > _REDRAWN


def line_up(tables: Sequence[Released]) -> NDArray[np.int64]:
    """Give cells x tables: the published numbers of the cells that all tables show."""
    names = tables[0].dimensions
    joined = tables[0].cells.select(*names, pl.col(SEEN).alias("0"))
    for place, table in enumerate(tables[1:], start=1):
        if set(table.dimensions) != set(names):
            return np.zeros((0, len(tables)), dtype=np.int64)
        more = table.cells.select(*names, pl.col(SEEN).alias(str(place)))
        joined = joined.join(more, on=names, nulls_equal=True, how="inner")
    numbers = joined.select(str(place) for place in range(len(tables))).drop_nulls()
    return numbers.cast(pl.Int64).to_numpy()
