"""The ledger of 個人住民税 of each year: the adults who lived in the city on 1 January (地方税法第318条).

How the tax is computed is `levies`.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import Delivery
from pipelines.whole_city.levies import levy
from pipelines.whole_city.records.lives import FULL_KANA, FULL_NAME
from pipelines.whole_city.records.sending import hidden
from pipelines.whole_city.timelines import scatter
from pipelines.whole_city.yearly import sent_yearly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "resident_tax"
_SENT_IN, _SENT_ON = 6, 14
_OLD = 65
ORDINARY, SALARY, PENSION = "1", "2", "3"
_REDUCTION_UNTIL = "2024"


def deliver(city: City) -> Iterator[Delivery]:
    """Give the ledger of every year, sent with the notices in June."""
    for year, moment in sent_yearly(city, _SENT_IN, _SENT_ON):
        rows = levy(city, year).select(_columns(year))
        rows = rows.with_columns(hidden("fixed_reduction_yen", str(year), until=_REDUCTION_UNTIL))
        yield Delivery(DATASET, str(year), moment, rows)


def _columns(year: int) -> list[pl.Expr]:
    taxed = pl.col("total_tax_yen") > 0
    idle = (pl.col("total_income_yen") == 0) & (pl.col("pension_revenue_yen") == 0)
    return [
        pl.lit(year, pl.Int32).alias("tax_year"),
        pl.col("resident_id", "household_id"),
        FULL_NAME.alias("full_name"),
        FULL_KANA.alias("full_name_kana"),
        pl.col("birth_date", "sex_code", "town", "tax_category_code"),
        (idle & (scatter(pl.col("person"), 103, 4) == 0)).alias("undeclared"),
        pl.when(taxed).then(_collection()).alias("collection_code"),
        pl.col("salary_revenue_yen", "pension_revenue_yen", "salary_income_yen"),
        pl.col("pension_income_yen", "business_income_yen", "total_income_yen"),
        pl.col("social_insurance_deduction_yen", "dependants_count", "dependants_deduction_yen"),
        pl.col("basic_deduction_yen", "taxable_income_yen"),
        pl.col("city_income_levy_yen", "prefecture_income_levy_yen"),
        pl.col("city_per_capita_levy_yen", "prefecture_per_capita_levy_yen"),
        pl.col("forest_environment_tax_yen", "total_tax_yen", "fixed_reduction_yen"),
        pl.lit(dt.date(year, 6, 10)).alias("notified_date"),
    ]


def _collection() -> pl.Expr:
    """Say how it is collected: from salaries, from pensions from 65 on, or by notices."""
    return (
        pl.when(pl.col("salary_revenue_yen") > 0)
        .then(pl.lit(SALARY))
        .when((pl.col("age") >= _OLD) & (pl.col("pension_revenue_yen") > 0))
        .then(pl.lit(PENSION))
        .otherwise(pl.lit(ORDINARY))
    )
