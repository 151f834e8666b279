"""Rule L3-06: prefectures and municipalities by their official names, or with their codes.

Belongs here: telling a shortened name (大阪、豊中) from a name that is no municipality at all (a
neighbourhood, a river). Must not hold: the list of names (`transforms/addresses`).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from transforms.addresses.municipalities import read_gazetteer
from warehouse.diagnosis import vocabulary as words
from warehouse.diagnosis.rules import find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.diagnosis.report import Finding
    from warehouse.diagnosis.scene import Scene

RULE = "L3-06"
# Of the different values; a few neighbourhoods bear the name of some town.
_MOST = 0.5


def judge_regions(scene: Scene) -> Iterator[Finding]:
    """Find columns that name regions by shortened names, with no column of codes beside."""
    if any(words.names_a_region_code(column.header) for column in scene.facts):
        return
    for column in scene.facts:
        if not words.names_a_region(column.header) or not column.distinct:
            continue
        short = column.values.filter(pl.col("value").is_in(shortened_names()))
        if short.height >= _MOST * column.values.height:
            yield find(
                RULE,
                scene.column_at(column),
                f"地域のコードがなく、都道府県や市区町村の名前を略したセルが {short['count'].sum()} あります。",
            )


@cache
def shortened_names() -> frozenset[str]:
    """List the names of prefectures and municipalities without their last letter, unless official."""
    known = read_gazetteer()
    full = {*known.prefs, *known.alone}
    cut = {name[:-1] for name in known.alone if len(name) > 2 and name[-1] in "市区町村"}  # noqa: PLR2004
    return frozenset({*known.short, *cut} - full)
