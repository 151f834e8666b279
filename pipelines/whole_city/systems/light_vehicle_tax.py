"""The ledger of 軽自動車税(種別割) of each year: one row a vehicle owned on 1 April (地方税法第443条).

Vehicles belong to households, taxed in the name of the head. Rates are the standard ones of
地方税法第463条の15 and 附則第30条. No plate is a real one: お, し, へ and ん are never on plates.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.whole_city.city import Delivery
from pipelines.whole_city.disabilities import PHYSICAL, list_handbooks
from pipelines.whole_city.records.lives import FULL_NAME
from pipelines.whole_city.records.sending import hidden
from pipelines.whole_city.timelines import scatter, span
from pipelines.whole_city.yearly import sent_yearly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "light_vehicle_tax"
_SENT_IN, _SENT_ON = 5, 9
_FIRST, _SECOND = 0.36, 0.09  # of 1 household (assumption)
# 車種 code: of 1,000 vehicles, yen a year, cc.
_KINDS = {
    "11": (105, 2_000, 49),
    "12": (8, 2_000, 89),
    "13": (95, 2_400, 124),
    "14": (3, 3_700, 49),
    "21": (55, 3_600, 249),
    "22": (50, 6_000, 750),
    "31": (575, 10_800, 658),
    "32": (95, 5_000, 658),
    "33": (6, 3_800, 658),
    "41": (4, 2_400, 800),
    "42": (4, 5_900, 1_200),
}
# 旧税率 (first registered before April 2015) and 重課 (13 years on), for four-wheeled ones.
_OLD = {"31": 7_200, "32": 4_000, "33": 3_000}
_HEAVY = {"31": 12_900, "32": 6_000, "33": 4_500}
_CHANGED, _HEAVY_AFTER = dt.date(2015, 4, 1), 13
_NEW_KIND, _NEW_FROM, _NEW_OUTPUT = "15", 2025, 4.0
_REDUCED = 40  # of 100 vehicles of heads with a handbook of 1級–3級
_LETTERS = ("お", "し", "へ", "ん")
_LONGEST = 19


def deliver(city: City) -> Iterator[Delivery]:
    """Give the ledger of every year, sent with the notices in May."""
    vehicles = _own(city)
    for year, moment in sent_yearly(city, _SENT_IN, _SENT_ON):
        owned = _owned_on(city, vehicles, dt.date(year, 4, 1))
        rows = _assess(owned, year).select(_columns(year))
        rows = rows.with_columns(hidden("rated_output_kw", str(year), since=str(_NEW_FROM)))
        yield Delivery(DATASET, str(year), moment, rows)


def _own(city: City) -> pl.DataFrame:
    """Draw the vehicles of every household there ever was, with the day each was acquired."""
    households = city.versions.select("household_id").unique().sort("household_id")
    rng = city.rng("light vehicles")
    parts = [
        households.filter(pl.Series(rng.random(households.height) < share))
        for share in (_FIRST, _SECOND)
    ]
    owned = pl.concat(parts).sort("household_id").with_row_index("vehicle")
    shares = np.array([share for share, _, _ in _KINDS.values()]) / 1000
    kind = pl.Series(list(_KINDS)).gather(rng.choice(len(_KINDS), owned.height, p=shares))
    made = rng.integers(0, _LONGEST * 365, owned.height)
    kept = (made * rng.random(owned.height) ** 1.5).astype(np.int64)
    return owned.with_columns(
        kind=kind,
        made_date=pl.lit(city.months[-1]) - span(made),
        acquired_date=pl.lit(city.months[-1]) - span(made - (made - kept) // 2),
    )


def _owned_on(city: City, vehicles: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """Choose the vehicles of the households that live in the city, with the head and the handbook."""
    heads = city.residents_on(day).filter(pl.col("head") == pl.col("person"))
    held = list_handbooks(city).filter(
        pl.col("day") <= day, pl.col("handbook_code") == PHYSICAL, pl.col("grade_code") <= "3"
    )
    disabled = held.select("person").unique().with_columns(is_disabled=True)
    return (
        vehicles.filter(pl.col("acquired_date") <= day)
        .join(heads, on="household_id", how="inner", maintain_order="left")
        .unique("vehicle", keep="first", maintain_order=True)
        .join(disabled, on="person", how="left", maintain_order="left")
    )


def _assess(owned: pl.DataFrame, year: int) -> pl.DataFrame:
    """Choose the rate by kind and age of the vehicle, and what is taken off."""
    kind, made = pl.col("kind"), pl.col("made_date")
    new = (kind == "11") & (made >= dt.date(_NEW_FROM, 4, 1))
    code = pl.when(new).then(pl.lit(_NEW_KIND)).otherwise(kind)
    wheels = kind.is_in(list(_OLD))
    heavy = wheels & (made < dt.date(year - _HEAVY_AFTER, 4, 1))
    old = wheels & ~heavy & (made < _CHANGED)
    plain = {name: yen for name, (_, yen, _) in _KINDS.items()}
    standard = (
        pl.when(heavy)
        .then(kind.replace_strict(_HEAVY, default=0, return_dtype=pl.Int64))
        .when(old)
        .then(kind.replace_strict(_OLD, default=0, return_dtype=pl.Int64))
        .otherwise(kind.replace_strict(plain, return_dtype=pl.Int64))
    )
    reduced = pl.col("is_disabled").fill_null(value=False) & (
        scatter(pl.col("vehicle"), 107, 100) < _REDUCED
    )
    rate = pl.when(heavy).then(pl.lit("3")).when(old).then(pl.lit("2")).otherwise(pl.lit("1"))
    return owned.with_columns(
        vehicle_category_code=code,
        rate_category_code=rate,
        standard_tax_yen=standard,
        reduction_code=pl.when(reduced).then(pl.lit("1")).otherwise(pl.lit("0")),
        reduction_yen=pl.when(reduced).then(standard).otherwise(0),
    )


def _columns(year: int) -> list[pl.Expr]:
    kind = pl.col("kind")
    cc = {name: size for name, (_, _, size) in _KINDS.items()}
    new = pl.col("vehicle_category_code") == _NEW_KIND
    fuel = scatter(pl.col("vehicle"), 109, 100)
    four = kind.is_in(list(_OLD))
    return [
        pl.lit(year, pl.Int32).alias("tax_year"),
        _plate().alias("plate_number"),
        pl.col("resident_id", "household_id"),
        FULL_NAME.alias("full_name"),
        pl.col("birth_date", "town", "block", "vehicle_category_code"),
        pl.when(new).then(124).otherwise(kind.replace_strict(cc, return_dtype=pl.Int64))
        .cast(pl.Int64).alias("displacement_cc"),
        pl.when(new).then(_NEW_OUTPUT).alias("rated_output_kw"),
        pl.when(four).then(pl.col("made_date").dt.truncate("1mo")).alias("first_registered_month"),
        pl.col("acquired_date"),
        pl.when(four & (fuel < 22)).then(pl.lit("2")).when(four & (fuel < 25)).then(pl.lit("3"))  # noqa: PLR2004
        .otherwise(pl.lit("1")).alias("fuel_code"),
        pl.col("rate_category_code", "standard_tax_yen", "reduction_code", "reduction_yen"),
        (pl.col("standard_tax_yen") - pl.col("reduction_yen")).alias("tax_yen"),
        pl.lit(dt.date(year, 5, 7)).alias("notified_date"),
    ]  # fmt: skip


def _plate() -> pl.Expr:
    """Number a plate: 大阪580ん1234 from the transport bureau, 豊中市ん12345 from the city."""
    number = pl.col("vehicle").cast(pl.Int64)
    letter = (number % len(_LETTERS)).replace_strict(
        dict(enumerate(_LETTERS)), return_dtype=pl.String
    )
    rest = number // len(_LETTERS)
    wide = pl.concat_str(
        pl.lit("大阪"),
        (rest // 9999 + 580).cast(pl.String),
        letter,
        (rest % 9999 + 1).cast(pl.String).str.zfill(4),
    )
    small = pl.concat_str(pl.lit("豊中市"), letter, (rest + 1).cast(pl.String).str.zfill(5))
    return pl.when(pl.col("kind").is_in(["21", "22", "31", "32", "33"])).then(wide).otherwise(small)
