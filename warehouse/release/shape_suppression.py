"""A release of counts with hidden cells: from the wide table to the one with blanks.

Belongs here: the wide table as a table of two dimensions and back. Must not hold: the choice of
hidden cells (`anonymize.tables.suppression`), other methods (`shape_tables`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from anonymize.complaint import complaint
from anonymize.gate_suppression import CELL, COUNT, SuppressedCells, dimensions_of, note_of
from anonymize.tables.primary import Threshold, judge_counts
from anonymize.tables.structure import arrange
from anonymize.tables.suppression_flow import protect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assets.release import Suppression


def suppressed_cells(protection: Suppression) -> SuppressedCells:
    """Say what the gate shall find."""
    groups = {area: tuple(parts) for area, parts in protection.groups.items()}
    return SuppressedCells(protection.region, groups, protection.note, protection.threshold)


def hide_cells(
    wide: pl.DataFrame,
    protection: Suppression,
    counts: list[str],
    sums: Mapping[str, list[str]],
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Blank what is small and what would give it away; say in words what was done.

    Args:
        wide: One row a region, margins added.
        protection: The release's protection.
        counts: Columns of counts, margins included.
        sums: Margin to its parts.

    Raises:
        ValueError: The rows do not fit the protection, or cells that cannot be protected.
    """
    region = protection.region
    if protection.note in wide.columns:
        raise complaint(
            "印の列が SQL の結果にもあります",
            f"列「{protection.note}」",
            "SQL からその列を除いてください。秘匿したセルの印を書きます。",
        )
    names = wide[region].to_list()
    dimensions = dimensions_of(suppressed_cells(protection), names, counts, sums)
    long = wide.unpivot(counts, index=region, variable_name=CELL, value_name=COUNT)
    table = arrange(long, dimensions, COUNT)
    primary = judge_counts(table.values, Threshold(protection.threshold))
    published = table.cells[region].is_in(names).to_numpy()
    # What is not in this table stands in another one, so that hiding it here would hide nothing.
    never = ~primary.flags & ((table.values == 0) | ~published)
    result = protect(table, primary, COUNT, never=never)
    blanks = table.cells.filter(pl.Series(result.hidden & published)).with_columns(_blank=True)
    told = long.join(blanks, on=[region, CELL], how="left", maintain_order="left").with_columns(
        pl.when(pl.col("_blank").is_null()).then(COUNT).alias(COUNT)
    )
    shown = told.pivot(on=CELL, index=region, values=COUNT)
    others = wide.drop(counts)
    whole = others.join(shown, on=region, how="left", maintain_order="left")
    first = int(np.count_nonzero(primary.flags & published))
    small = f"{protection.threshold}人未満(1〜{protection.threshold - 1}人)の人数{first}件"
    words = (
        f"{small}と、そこから計算されないように併せて秘匿した{blanks.height - first}件を空欄(X)としました。",
        f"どの列が空欄かは「{protection.note}」に書いてあります。0人と、ほかの人数は真の値のままです。",
        *result.account.words()[1:],
    )
    return whole.with_columns(note_of(counts).alias(protection.note)), words
