"""The ledger of 固定資産税 of each year: land and houses owned on 1 January (地方税法第359条).

The tax base of the land under homes follows 第349条の3の2 and 第702条の3; 負担調整 and the 免税点 are left out. A tax is
what one object would bear, as the contract says. Objects and values are `estates`.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.assistance import assist
from pipelines.whole_city.city import Delivery
from pipelines.whole_city.estates import CORPORATION, HOUSE, LAND, own
from pipelines.whole_city.timelines import scatter
from pipelines.whole_city.yearly import sent_yearly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "fixed_asset_tax"
_SENT_IN, _SENT_ON = 5, 2
_SMALL_M2 = 200
_CITY_PLANNING, _FIXED = 3, 14  # of 1,000
# 新築住宅の減額 (附則第15条の6): half of up to 120 m2, for 3 years, 5 for fireproof flats.
_RELIEF_M2, _RELIEF_YEARS, _FIREPROOF_YEARS = 120, 3, 5
_FIREPROOF = "4"
_SHARED = 30  # of 100 homes belong to two (assumption)


def deliver(city: City) -> Iterator[Delivery]:
    """Give the ledger of every year, sent with the notices in May."""
    for year, moment in sent_yearly(city, _SENT_IN, _SENT_ON):
        owned = own(city, dt.date(year, 1, 1))
        rows = _levy(_assess(owned), year).join(
            _assisted(city, year), on="household_id", how="left", maintain_order="left"
        )
        yield Delivery(DATASET, str(year), moment, rows.select(_columns(year)))


def _assisted(city: City, year: int) -> pl.DataFrame:
    day = dt.date(year, 1, 1)
    open_end = pl.col("ended_date").is_null() | (pl.col("ended_date") > day)
    running = assist(city).filter(pl.col("started_date") <= day, open_end)
    return running.select("household_id", on_assistance=pl.lit(value=True))


def _assess(owned: pl.DataFrame) -> pl.DataFrame:
    """Give the bases of both taxes: homes' land at a sixth and a third, and so on; houses in full."""
    value, area = pl.col("assessed_yen"), pl.col("land_area_m2")
    land = pl.col("asset_category_code") == LAND
    home = land & (pl.col("owner_category_code") != CORPORATION)
    small = (area.clip(upper_bound=_SMALL_M2) / area * value).floor().cast(pl.Int64)
    large = value - small
    other = pl.when(land).then(value * 7 // 10).otherwise(value)
    return owned.with_columns(
        is_residential_land=pl.when(land).then(home),
        tax_base_yen=pl.when(home).then(small // 6 + large // 3).otherwise(other),
        city_planning_base_yen=pl.when(home).then(small // 3 + large * 2 // 3).otherwise(other),
    )


def _levy(assessed: pl.DataFrame, year: int) -> pl.DataFrame:
    """Compute the taxes of each object, the relief of new homes taken off."""
    full = pl.col("tax_base_yen") // 1000 * _FIXED
    planning = pl.col("city_planning_base_yen") // 1000 * _CITY_PLANNING // 100 * 100
    years = pl.when(pl.col("house_structure_code") == _FIREPROOF).then(_FIREPROOF_YEARS)
    new = (
        (pl.col("asset_category_code") == HOUSE)
        & (pl.col("owner_category_code") != CORPORATION)
        & (pl.col("built_date").dt.year() >= year - years.otherwise(_RELIEF_YEARS))
    )
    area = pl.col("floor_area_m2")
    part = area.clip(upper_bound=_RELIEF_M2) / area / 2
    relief = pl.when(new).then((full * part).floor()).otherwise(0).fill_null(0).cast(pl.Int64)
    return assessed.with_columns(
        relief_yen=relief,
        fixed_asset_tax_yen=(full - relief) // 100 * 100,
        city_planning_tax_yen=planning,
    )


def _columns(year: int) -> list[pl.Expr]:
    land, house = (pl.col("asset_category_code") == code for code in (LAND, HOUSE))
    corporate = pl.col("owner_category_code") == CORPORATION
    shared = ~corporate & (scatter(pl.col("asset"), 163, 100) < _SHARED)
    since = pl.date(
        pl.lit(year) - 1 - scatter(pl.col("asset"), 167, 25),
        scatter(pl.col("asset"), 173, 12) + 1,
        1,
    )
    use = (
        pl.when(corporate)
        .then(
            pl.when(scatter(pl.col("asset"), 179, 4) == 0).then(pl.lit("4")).otherwise(pl.lit("3"))
        )
        .when(pl.col("is_flat"))
        .then(pl.lit("2"))
        .otherwise(pl.lit("1"))
    )
    number = pl.col("asset").cast(pl.String).str.zfill(9)
    total = pl.col("fixed_asset_tax_yen") + pl.col("city_planning_tax_yen")
    return [
        pl.lit(year, pl.Int32).alias("tax_year"),
        pl.concat_str("asset_category_code", number).alias("asset_number"),
        pl.col("asset_category_code", "resident_id", "owner_category_code", "owner_name"),
        pl.when(shared).then(2).otherwise(1).cast(pl.Int64).alias("co_owner_count"),
        pl.col("town"),
        pl.col("block").alias("lot"),
        pl.when(land).then(pl.lit("1")).alias("land_category_code"),
        pl.col("land_area_m2", "is_residential_land"),
        pl.when(house).then(use).alias("house_use_code"),
        pl.col("house_structure_code", "floor_area_m2", "built_date", "assessed_yen"),
        pl.col("tax_base_yen", "city_planning_base_yen", "fixed_asset_tax_yen"),
        pl.col("city_planning_tax_yen"),
        total.alias("total_tax_yen"),
        pl.col("relief_yen"),
        pl.when(pl.col("on_assistance").fill_null(value=False))
        .then(pl.lit("1"))
        .otherwise(pl.lit("0"))
        .alias("reduction_code"),
        since.alias("changed_date"),
    ]
