"""What a published number says of the count behind it, method by method.

Belongs here: bounds and the way of drawing of every protection of a table. Must not hold: which
columns are counts (`overlap_released`). Everybody may know the methods; the keys alone are secret.

A margin of a rounded or perturbed table is the sum of what is published beside it and tells nothing
of its own; so does the row of merged regions, a sum of several, of which nobody knows how many.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from anonymize.cells import OTHER_REGIONS
from anonymize.overlap.averaging import Channel, random_rounding_channel
from anonymize.overlap.released import (
    ENDLESS,
    HIGH,
    SEEN,
    as_counted,
    as_hidden_below,
    as_rounded,
    as_within,
)
from anonymize.tables.p_table import p_table
from assets.release import (
    CellKey,
    ControlledRounding,
    Merging,
    OpenAsIs,
    Protection,
    RandomRounding,
    Suppression,
)
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from assets.overlaps import CountsPersons, Division

_QUOTED = re.compile("「([^」]+)」")
_HOLDS = "を含む"


@dataclass(frozen=True)
class Bounded:
    """Cells with bounds, how they were drawn, and what they count (with regions shown together)."""

    cells: pl.DataFrame
    channel: Channel | None
    persons: CountsPersons


def bound(
    cells: pl.DataFrame, notes: pl.DataFrame | None, protection: Protection, persons: CountsPersons
) -> Bounded:
    """Bound the counts behind published cells.

    Args:
        cells: One row a cell: dimensions, `column` it stood in, `seen`.
        notes: Per region its note, for `merging`: columns `region`, `note`.
        protection: As declared when the version was made.
        persons: What is counted.

    Raises:
        Refusal: `overlap.method`, `overlap.columns`.
    """
    match protection:
        case OpenAsIs():
            below = persons.hidden_below
            bounds = as_counted(SEEN) if below is None else as_hidden_below(SEEN, below)
            return Bounded(cells.with_columns(bounds), None, persons)
        case RandomRounding():
            channel = random_rounding_channel(protection.base, "sticky")
            return _drawn(cells, as_rounded(SEEN, protection.base), channel, protection, persons)
        case ControlledRounding():
            # What is rounded to the nearest is not drawn; what is drawn is drawn for a whole region.
            is_drawn = protection.draw == "unbiased"
            channel = random_rounding_channel(protection.base, "fresh") if is_drawn else None
            return _drawn(cells, as_rounded(SEEN, protection.base), channel, protection, persons)
        case CellKey():
            bounds = as_within(SEEN, protection.deviation)
            return _drawn(cells, bounds, _cell_key_channel(protection), protection, persons)
        case Suppression():
            # Cells hidden for others' sake hold any number; which they are is not told.
            return Bounded(cells.with_columns(as_hidden_below(SEEN, ENDLESS + 1)), None, persons)
        case Merging():
            return _merged(cells, notes, protection, persons)
    raise Refusal(
        "overlap.method",
        "この秘匿の方法で公開した数の範囲を、照合がまだ知りません。",
        protection.method,
        "データ基盤の担当者に、方法の名前を伝えてください。",
    )


def _drawn(
    cells: pl.DataFrame,
    bounds: list[pl.Expr],
    channel: Channel | None,
    protection: RandomRounding | ControlledRounding | CellKey,
    persons: CountsPersons,
) -> Bounded:
    kept = cells.filter(~pl.col("column").is_in(list(protection.sums)))
    region = persons.rows.get(protection.region)
    if region is not None:
        kept = kept.filter(pl.col(region).is_null() | (pl.col(region) != OTHER_REGIONS))
    return Bounded(kept.with_columns(bounds), channel, persons)


def _cell_key_channel(protection: CellKey) -> Channel:
    deviation = protection.deviation
    chances = p_table(
        deviation=deviation,
        variance=protection.variance,
        suppressed_up_to=protection.suppressed_up_to,
    ).chances

    def probability(seen: NDArray[np.int64], count: NDArray[np.int64]) -> NDArray[np.float64]:
        row = np.minimum(count, len(chances) - 1)
        column = seen - count + deviation
        inside = (column >= 0) & (column <= 2 * deviation)
        return np.where(inside, chances[row, np.clip(column, 0, 2 * deviation)], 0.0)

    name = f"cell_key:{deviation}:{protection.variance}:{protection.suppressed_up_to}"
    return Channel(name, probability, deviation, "sticky")


def _merged(
    cells: pl.DataFrame, notes: pl.DataFrame | None, protection: Merging, persons: CountsPersons
) -> Bounded:
    """Call the row of a region that holds others by the regions it holds."""
    region = persons.rows.get(protection.region)
    if region is None or notes is None:
        raise Refusal(
            "overlap.columns",
            "合算した表の、地域の列か秘匿処理の列が分かりません。",
            "overlaps の rows",
            f"rows に「{protection.region}」を書いてください。",
        )
    holders = notes.filter(pl.col("note").str.ends_with(_HOLDS)).rows()
    together = {lead: (lead, *_QUOTED.findall(note)) for lead, note in holders}
    called = {lead: "・".join(parts) for lead, parts in together.items()}
    # A region that is always hidden may have any number, the others fewer than the minimum.
    is_small = ~pl.col(region).is_in(protection.always)
    low, high, hidden, seen = as_hidden_below(SEEN, protection.minimum_region_total)
    high = pl.when(is_small | pl.col(SEEN).is_not_null()).then(high).otherwise(ENDLESS).alias(HIGH)
    bounded = cells.with_columns(low, high, hidden, seen)
    named = bounded.with_columns(pl.col(region).replace(called))
    division = persons.dimensions[region]
    groups = {**division.groups, **{called[lead]: list(parts) for lead, parts in together.items()}}
    wider: dict[str, Division] = {
        **persons.dimensions,
        region: division.model_copy(update={"groups": groups}),
    }
    return Bounded(named, None, persons.model_copy(update={"dimensions": wider}))
