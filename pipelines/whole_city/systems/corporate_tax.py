"""The declarations of 法人市民税 of each month: 確定, 予定, 修正.

Rates are the standard ones of 地方税法第312条・第314条の4. A 確定申告 comes in the second month after the business
year, a 予定申告 in the eighth after its start (地方税法第321条の8).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import Delivery, last_day, period_of
from pipelines.whole_city.corporations import found_corporations
from pipelines.whole_city.records.sending import sent_after
from pipelines.whole_city.timelines import scatter, span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "corporate_tax"
_SENT_ON = 12
FINAL, PROVISIONAL, AMENDED = "1", "2", "4"
_TO_DECLARE, _TO_PROVISIONAL, _TO_AMEND = 2, 8, 7
_PROVISIONAL_FROM = (
    100_000  # yen of 法人税 in the year before (法人税法第71条: half of it above this)
)
_AMENDED_OF = 60
_RATE_PERCENT = 6.0
_MANY = 50
# 地方税法第312条第1項: 資本金等 up to, 号 and yen with few and with many employees.
_PER_CAPITA = (
    (10_000_000, ("1", 50_000), ("2", 120_000)),
    (100_000_000, ("3", 130_000), ("4", 150_000)),
    (1_000_000_000, ("5", 160_000), ("6", 400_000)),
    (5_000_000_000, ("7", 410_000), ("8", 1_750_000)),
)


def deliver(city: City) -> Iterator[Delivery]:
    """Give the declarations of every month."""
    corporations = found_corporations(city)
    for month in city.months:
        rows = _declare(city, corporations, month)
        yield Delivery(DATASET, period_of(month), sent_after(month, _SENT_ON), rows)


def _declare(city: City, corporations: pl.DataFrame, month: dt.date) -> pl.DataFrame:
    """List the declarations received in a month, numbered in the order of their days."""
    amended = scatter(pl.col("corporation") + month.year, 83, _AMENDED_OF) == 0
    taxed = pl.col("corporate_income_tax_yen") > _PROVISIONAL_FROM
    parts = [
        _due(corporations, month, _TO_DECLARE, FINAL),
        _due(corporations.filter(taxed), month, _TO_PROVISIONAL, PROVISIONAL),
        _due(corporations.filter(amended, taxed), month, _TO_AMEND, AMENDED),
    ]
    found = pl.concat(parts)
    rng = city.rng(f"declarations {month}")
    early = span(-(rng.integers(0, min(27, last_day(month).day - 1), found.height) ** 2) // 27)
    dated = found.with_columns(declared_date=pl.lit(last_day(month)) + early)
    ordered = dated.sort("declared_date", "corporation", "declaration_category_code")
    return _assess(ordered).select(_columns(month))


def _due(corporations: pl.DataFrame, month: dt.date, after: int, code: str) -> pl.DataFrame:
    """Choose who declares in a month: their business year ended, or began, so many months before."""
    index = month.year * 12 + month.month - 1
    # 予定申告 belongs to the running year, which began in the month after the last end.
    ended = index - after
    closing = ended % 12 + 1
    chosen = corporations.filter(pl.col("closing_month") == closing)
    end = last_day(dt.date(ended // 12, closing, 1))
    start = end + dt.timedelta(days=1)
    if code == PROVISIONAL:
        first, last = (
            start,
            last_day(dt.date(start.year + (start.month > 1), (start.month - 2) % 12 + 1, 1)),
        )
    else:
        first, last = dt.date(end.year - (end.month < 12), end.month % 12 + 1, 1), end  # noqa: PLR2004
    return chosen.with_columns(
        declaration_category_code=pl.lit(code),
        fiscal_start_date=pl.lit(first),
        fiscal_end_date=pl.lit(last),
    )


def _assess(rows: pl.DataFrame) -> pl.DataFrame:
    """Compute the tax: 法人税割 from the share of the employees here, 均等割 by size and months."""
    code = pl.col("declaration_category_code")
    # What is declared of the usual year's tax, of 1,000: half in advance, a little more amended.
    part = pl.when(code == PROVISIONAL).then(500).when(code == AMENDED).then(80).otherwise(1000)
    year = pl.col("fiscal_end_date").dt.year()
    swing = scatter(pl.col("corporation") * 40 + year, 89, 400) + 800
    tax = pl.col("corporate_income_tax_yen") * swing * part // 1_000_000
    base = tax * pl.col("employees_in_city_count") // pl.col("employees_total_count") // 1000 * 1000
    months = pl.when(code == PROVISIONAL).then(6).when(code == AMENDED).then(None).otherwise(12)
    klass, yearly = _per_capita()
    per_capita = yearly * months.fill_null(0) // 12 // 100 * 100
    return rows.with_columns(
        corporate_income_tax_yen=tax,
        allocated_tax_base_yen=base,
        income_levy_yen=(base * 6 // 100 // 100 * 100),
        office_months_count=months.cast(pl.Int64),
        per_capita_class_code=klass,
        per_capita_levy_yen=per_capita.cast(pl.Int64),
    )


def _per_capita() -> tuple[pl.Expr, pl.Expr]:
    few = pl.col("employees_in_city_count") <= _MANY
    klass: pl.Expr = pl.when(few).then(pl.lit("7")).otherwise(pl.lit("9"))
    yearly: pl.Expr = pl.when(few).then(410_000).otherwise(3_000_000)
    for limit, small, large in reversed(_PER_CAPITA):
        within = pl.col("capital_yen") <= limit
        klass = (
            pl.when(within)
            .then(pl.when(few).then(pl.lit(small[0])).otherwise(pl.lit(large[0])))
            .otherwise(klass)
        )
        yearly = (
            pl.when(within).then(pl.when(few).then(small[1]).otherwise(large[1])).otherwise(yearly)
        )
    return klass, yearly


def _columns(month: dt.date) -> list[pl.Expr]:
    serial = (pl.int_range(pl.len()) + 1).cast(pl.String).str.zfill(4)
    total = pl.col("income_levy_yen") + pl.col("per_capita_levy_yen")
    paid = scatter(pl.col("corporation") + month.month, 97, 100) < 93  # noqa: PLR2004 - of 100
    return [
        pl.concat_str(pl.lit(f"H{month:%Y%m}"), serial).alias("declaration_number"),
        pl.col("taxpayer_number", "corporate_number", "corporate_name", "town", "block"),
        pl.when("is_branch")
        .then(pl.lit("3"))
        .when("has_branches")
        .then(pl.lit("2"))
        .otherwise(pl.lit("1"))
        .alias("office_category_code"),
        pl.col("declaration_category_code", "fiscal_start_date", "fiscal_end_date"),
        pl.lit(last_day(month)).alias("due_date"),
        pl.col("declared_date", "capital_yen", "employees_in_city_count", "employees_total_count"),
        pl.col("corporate_income_tax_yen", "allocated_tax_base_yen"),
        pl.lit(_RATE_PERCENT).alias("income_levy_rate_percent"),
        pl.col("income_levy_yen", "per_capita_class_code", "office_months_count"),
        pl.col("per_capita_levy_yen"),
        total.alias("total_tax_yen"),
        pl.when(paid & (total > 0)).then("declared_date").alias("paid_date"),
        (scatter(pl.col("corporation"), 101, 100) < 78).alias("is_electronic"),  # noqa: PLR2004
    ]
