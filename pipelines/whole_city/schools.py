"""The elementary schools of the made-up city: one a school district, in the first town of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.sites import ADDRESS_FRONT, landline, near, read_number, serial

if TYPE_CHECKING:
    from pipelines.whole_city.city import City

_EXCHANGE = 1002


def draw_schools(city: City) -> pl.DataFrame:
    """Draw the schools, the same for every list that names them.

    Returns:
        `school_district`, `school_name` (第3小学校), `school_name_kana`, `town`, `postal_code`,
        `area`, `address`, `phone`, `latitude`, `longitude`.
    """
    towns = city.towns.unique("school_district", keep="first", maintain_order=True)
    rng = city.rng("evacuation_shelters")
    longitude, latitude = near("longitude", rng, towns.height), near("latitude", rng, towns.height)
    number = pl.col("school_district").str.extract(r"(\d+)").cast(pl.Int64)
    readings = {n: f"ダイ{read_number(n)}ショウガッコウ" for n in range(1, 100)}
    return towns.select(
        "school_district",
        pl.col("school_district")
        .str.replace("(小学校)?(校区|区)?$", "小学校")
        .alias("school_name"),
        number.replace_strict(readings, return_dtype=pl.String).alias("school_name_kana"),
        "town",
        pl.col("postal_code").str.replace("-", "", literal=True),
        "area",
        pl.format(f"{ADDRESS_FRONT}{{}}902-1", "town").alias("address"),
        landline(_EXCHANGE, serial()).alias("phone"),
        latitude,
        longitude,
    )
