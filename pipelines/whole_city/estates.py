"""Land and houses of the city, who owns them, and what they are worth to the tax office.

Belongs here: the objects and their assessed values. Households own the home they live in with a
share that grows with the age of the head (assumption near 住宅・土地統計調査); corporations own some plots.
Homes that are let are left out. Prices are drawn by town, not taken from any published price.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.whole_city.city import ages_on
from pipelines.whole_city.corporations import found_corporations
from pipelines.whole_city.records.lives import FULL_NAME
from pipelines.whole_city.timelines import scatter

if TYPE_CHECKING:
    import datetime as dt

    from pipelines.whole_city.city import City

LAND, HOUSE = "1", "2"
PERSON, CORPORATION = "1", "2"
_AGES, _OWNING = [18, 25, 35, 45, 60, 75, 100], [2, 8, 38, 58, 68, 74, 70]
_CORPORATE_OWNING = 35
_LAND_M2, _SHARE_M2, _FLOOR_M2, _FLAT_M2 = (55, 240), (12, 40), (70, 160), (40, 95)
_PRICE_YEN = (150_000, 330_000)
# 評価額 is seven tenths of the 公示価格 (固定資産評価基準).
_ASSESSED_PER_CENT = 70
# Structures: of 100 houses, yen of 再建築費 a m2, years to the least value (経年減点補正率 0.2).
_STRUCTURES = {"1": (58, 95_000, 27), "2": (17, 105_000, 32), "3": (13, 120_000, 40), "4": (12, 145_000, 60)}  # fmt: skip
_LEAST_PER_CENT = 20
_SERIALS = 10**7
_BUILT = (1966, 2024)


def own(city: City, day: dt.date) -> pl.DataFrame:
    """List land and houses on a day, owner by owner.

    Returns:
        `asset_category_code`, `asset` (nine digits that stay with the home), `resident_id` (of the
        owner), `owner_category_code`, `owner_name`, `town`, `block`, `is_flat`, `household_id`
        (null for a corporation), `land_area_m2` or `floor_area_m2` and `house_structure_code`,
        `built_date`, `assessed_yen`; land first, then houses, each in the order of `asset`.
    """
    homes = pl.concat([_homes(city, day), _plots(city)], how="diagonal_relaxed")
    described = _describe(homes.with_columns(asset=_number(city))).sort("asset")
    prices = city.rng("land prices").integers(*_PRICE_YEN, city.towns.height)
    towns = city.towns.select("town", price=pl.Series(prices))
    priced = described.join(towns, on="town", how="left", maintain_order="left")
    return pl.concat([_land(priced), _houses(priced, day)])


def _homes(city: City, day: dt.date) -> pl.DataFrame:
    """Choose the households that own their home, by the age of the head."""
    heads = city.residents_on(day).filter(pl.col("head") == pl.col("person"))
    heads = heads.unique("household_id", keep="first", maintain_order=True)
    age = heads.select(ages_on(pl.col("birth_date"), day)).to_series().to_numpy()
    share = pl.lit(pl.Series(np.interp(age, _AGES, _OWNING)))
    number = pl.col("household_id").cast(pl.Int64)
    return heads.filter(scatter(number, 113, 100) < share).select(
        "resident_id",
        "town",
        "block",
        "household_id",
        number=number % _SERIALS,
        owner_category_code=pl.lit(PERSON),
        owner_name=FULL_NAME,
        is_flat=pl.col("building").is_not_null(),
    )


def _plots(city: City) -> pl.DataFrame:
    chosen = scatter(pl.col("corporation"), 127, 100) < _CORPORATE_OWNING
    return (
        found_corporations(city)
        .filter(chosen)
        .select(
            "town",
            "block",
            # Beyond the numbers of households.
            number=pl.col("corporation").cast(pl.Int64) + _SERIALS * 9 // 10,
            resident_id="taxpayer_number",
            owner_category_code=pl.lit(CORPORATION),
            owner_name="corporate_name",
            is_flat=pl.lit(value=False),
        )
    )


def _number(city: City) -> pl.Expr:
    """Number homes so that one keeps its number while its household stays where it is.

    The serial of the household, and two digits of the place to tell its homes apart.
    """
    order = dict(zip(city.towns["town"], range(city.towns.height), strict=True))
    town = pl.col("town").replace_strict(order, return_dtype=pl.Int64)
    block = pl.col("block").str.extract(r"^(\d+)").cast(pl.Int64).fill_null(0)
    return pl.col("number") * 100 + (town * 31 + block) % 100


def _describe(homes: pl.DataFrame) -> pl.DataFrame:
    """Draw areas, structure and the day it was built, the same for a home in every year."""
    asset, flat = pl.col("asset"), pl.col("is_flat")
    drawn = scatter(asset, 131, 100)
    structure: pl.Expr = pl.lit("4")
    upto = 100
    for code, (share, _, _) in reversed(_STRUCTURES.items()):
        structure = pl.when(drawn < upto).then(pl.lit(code)).otherwise(structure)
        upto -= share
    year = _BUILT[0] + scatter(asset, 137, _BUILT[1] - _BUILT[0])
    return homes.with_columns(
        land_area_m2=_between(asset, 139, flat, _SHARE_M2, _LAND_M2),
        floor_area_m2=_between(asset, 149, flat, _FLAT_M2, _FLOOR_M2),
        house_structure_code=pl.when(flat).then(pl.lit("4")).otherwise(structure),
        built_date=pl.date(year, scatter(asset, 151, 12) + 1, scatter(asset, 157, 28) + 1),
    )


def _between(
    asset: pl.Expr, salt: int, flat: pl.Expr, of_flat: tuple[int, int], of_house: tuple[int, int]
) -> pl.Expr:
    """Draw an area in hundredths of a square metre."""
    low, high = (pl.when(flat).then(a).otherwise(b) for a, b in zip(of_flat, of_house, strict=True))
    hundredths = low * 100 + (high - low) * 100 * scatter(asset, salt, 10_000) // 10_000
    return (hundredths / 100).round(2)


def _land(homes: pl.DataFrame) -> pl.DataFrame:
    value = pl.col("land_area_m2") * pl.col("price") * _ASSESSED_PER_CENT / 100
    return homes.select(
        *_of(LAND),
        "land_area_m2",
        floor_area_m2=pl.lit(None, pl.Float64),
        house_structure_code=pl.lit(None, pl.String),
        built_date=pl.lit(None, pl.Date),
        assessed_yen=value.floor().cast(pl.Int64),
    )


def _houses(homes: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """Value houses by 再建築価格 and age; those built after the day are not there yet."""
    code = pl.col("house_structure_code")
    unit, years = (
        code.replace_strict({c: s[i] for c, s in _STRUCTURES.items()}, return_dtype=pl.Int64)
        for i in (1, 2)
    )
    age = (day.year - pl.col("built_date").dt.year()).clip(lower_bound=1)
    left = (100 - (100 - _LEAST_PER_CENT) * age // years).clip(lower_bound=_LEAST_PER_CENT)
    value = pl.col("floor_area_m2") * unit * left / 100
    return homes.filter(pl.col("built_date") < day).select(
        *_of(HOUSE),
        land_area_m2=pl.lit(None, pl.Float64),
        floor_area_m2="floor_area_m2",
        house_structure_code="house_structure_code",
        built_date="built_date",
        assessed_yen=value.floor().cast(pl.Int64),
    )


def _of(category: str) -> list[pl.Expr]:
    """Give what land and houses have in common."""
    return [
        pl.lit(category).alias("asset_category_code"),
        *(pl.col(name) for name in _COMMON),
    ]


_COMMON = (
    "asset",
    "resident_id",
    "owner_category_code",
    "owner_name",
    "town",
    "block",
    "is_flat",
    "household_id",
)
