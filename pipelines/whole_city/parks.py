"""The parks of the made-up city, on which toilets, sights and places of refuge rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.sites import count_for, draw_named, label

if TYPE_CHECKING:
    from pipelines.whole_city.city import City

_PER_400_000, _LEAST = 420, 48
_WORDS = {
    "公園": "コウエン",
    "中公園": "ナカコウエン",
    "北公園": "キタコウエン",
    "南公園": "ミナミコウエン",
    "けやき公園": "ケヤキコウエン",
    "さくら公園": "サクラコウエン",
    "ひばり公園": "ヒバリコウエン",
}


def draw_parks(city: City) -> pl.DataFrame:
    """Draw the parks, the same for every list that names them.

    Returns:
        `park_id`, `name`, `name_kana`, `word`, and the columns of `sites.draw_sites`.
    """
    rng = city.rng("parks")
    parks = draw_named(city, rng, count_for(city, _PER_400_000, _LEAST), _WORDS)
    return parks.sort("name").select(label("P", 3).alias("park_id"), pl.all())
