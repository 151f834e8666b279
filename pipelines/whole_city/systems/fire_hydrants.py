"""The water that firemen find: hydrants in the streets, private ones, tanks, pools."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.whole_city.city import Delivery
from pipelines.whole_city.office_holders import name_holders
from pipelines.whole_city.sites import count_for, draw_sites, later, serial
from pipelines.whole_city.yearly import sent_yearly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "fire_hydrants"
_PER_400_000, _LEAST = 2000, 30
_KINDS = ("1", "2", "3", "4", "5", "9")
_KIND_SHARES = (0.82, 0.04, 0.1, 0.025, 0.01, 0.005)
_PUBLIC, _PRIVATE, _TANK, _POOL = "1", "2", "3", "4"
# A hydrant hangs on a main of at least 150 mm (消防水利の基準 第3条), 75 mm in a net.
_DIAMETERS, _DIAMETER_SHARES = (75, 100, 150, 200, 300), (0.15, 0.2, 0.5, 0.1, 0.05)
_CAPACITIES = {"3": (40, 60, 100), "4": (250, 300, 400)}
_FIRST_YEAR = 1965
_STATUSES, _STATUS_SHARES = ("1", "2", "3"), (0.985, 0.01, 0.005)
_DISTRICTS = {"北部": "01", "中部": "02", "西部": "03", "南部": "04"}


def deliver(city: City) -> Iterator[Delivery]:
    """Give the state of a fiscal year's end on 20 April after it, or in the city's first month."""
    hydrants = draw_hydrants(city)
    for year, moment in sent_yearly(city, 4, 20):
        standing = hydrants.filter(pl.col("installed_fiscal_year") < year)
        yield Delivery(DATASET, str(year), moment, standing)


def draw_hydrants(city: City) -> pl.DataFrame:
    """Draw all there are at the end: the contract's columns."""
    rng = city.rng(DATASET)
    sites = draw_sites(city, rng, count_for(city, _PER_400_000, _LEAST))
    count = sites.height
    kind = pl.Series(rng.choice(_KINDS, count, p=_KIND_SHARES))
    last = city.months[-1].year
    inspected = dt.date(city.months[0].year - 1, 5, 1)
    is_hydrant = kind.is_in([_PUBLIC, _PRIVATE])
    district = pl.col("area").replace_strict(_DISTRICTS, return_dtype=pl.String)
    return sites.select(
        hydrant_id=pl.format("{}-{}", district, serial().cast(pl.String).str.zfill(5)),
        kind_code=kind,
        address="address",
        latitude="latitude",
        longitude="longitude",
        diameter_mm=pl.when(is_hydrant).then(_choose(rng, _DIAMETERS, count, _DIAMETER_SHARES)),
        capacity_m3=pl.when(kind == _TANK)
        .then(_choose(rng, _CAPACITIES[_TANK], count))
        .when(kind == _POOL)
        .then(_choose(rng, _CAPACITIES[_POOL], count)),
        installed_fiscal_year=pl.Series(rng.integers(_FIRST_YEAR, last, count), dtype=pl.Int32),
        status_code=pl.Series(rng.choice(_STATUSES, count, p=_STATUS_SHARES)),
        inspected_date=later(inspected, pl.Series(rng.integers(0, 330, count))),
        keeper_name=pl.when(kind == _PRIVATE).then(name_holders(rng, count)),
    ).sort("hydrant_id")


def _choose(
    rng: np.random.Generator,
    values: tuple[int, ...],
    count: int,
    shares: tuple[float, ...] | None = None,
) -> pl.Series:
    return pl.Series(np.asarray(values, np.int64)[rng.choice(len(values), count, p=shares)])
