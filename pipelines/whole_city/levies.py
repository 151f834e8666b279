"""個人住民税 of a year for every adult resident of 1 January, computed by simplified rules.

The rules are those of 地方税法 for 令和6・7年度, in yen: 基礎控除, 社会保険料控除 (15 % of salaries, 8 % of the rest), 配偶者・
扶養控除, 調整控除 at its least, 所得割 6 % and 4 %, 均等割 with the addition of the prefecture, 森林環境税, 定額減税 of
令和6年度. Other deductions, separate taxation and 更正 are left out.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.assistance import assist
from pipelines.whole_city.incomes import earn

if TYPE_CHECKING:
    from pipelines.whole_city.city import City

TAXED, PER_CAPITA_ONLY, FREE = "1", "2", "3"
ADULT = 18
_DEPENDANT_INCOME, _DEPENDANT_AGE = 480_000, 16
_KIN = ("妻", "夫", "子", "父", "母", "妻の父", "妻の母", "夫の父", "夫の母", "子の子")
_BASIC, _EACH = 430_000, 330_000
_PART_OF_SALARY, _PART_OF_REST = 15, 8
# 非課税限度額 in the first class of places (1級地): by the number of persons, and additions.
_LIMIT, _LIMIT_ADDED, _LIMIT_PLUS = 350_000, 210_000, 100_000
_LEVY_LIMIT_ADDED = 320_000
_CITY, _PREFECTURE = 6, 4
_ADJUSTED = (1_500, 1_000)
_PER_CAPITA = (3_000, 1_300)
_FOREST, _FOREST_FROM = 1_000, 2024
_CUT, _CUT_YEAR, _CUT_UPTO = 10_000, 2024, 18_050_000
_OLD = 65


def levy(city: City, year: int) -> pl.DataFrame:
    """Compute the tax of a fiscal year.

    Returns:
        `residents_on` of 1 January with the incomes of the year before (`incomes.earn`) and the
        amounts in yen that the ledger holds; adults only, in the order of `person`.
    """
    day = dt.date(year, 1, 1)
    residents = city.residents_on(day).join(
        earn(city, year - 1), on="person", how="left", maintain_order="left"
    )
    supported = _count_dependants(residents)
    told = (
        residents.filter(pl.col("age") >= ADULT)
        .join(supported, left_on="person", right_on="head", how="left", maintain_order="left")
        .with_columns(pl.col("dependants_count", "deducted").fill_null(0))
        .join(_assisted(city, day), on="household_id", how="left", maintain_order="left")
        .with_columns(pl.col("on_assistance").fill_null(value=False))
    )
    return _compute(_deduct(told), year)


def _count_dependants(residents: pl.DataFrame) -> pl.DataFrame:
    """Count for each head the kin with little income; those below 16 are not deducted."""
    poor = pl.col("total_income_yen") <= _DEPENDANT_INCOME
    kin = residents.filter(
        poor, pl.col("relationship").is_in(_KIN), pl.col("head") != pl.col("person")
    )
    return kin.group_by("head").agg(
        dependants_count=pl.len().cast(pl.Int64),
        deducted=(pl.col("age") >= _DEPENDANT_AGE).sum().cast(pl.Int64),
    )


def _assisted(city: City, day: dt.date) -> pl.DataFrame:
    open_end = pl.col("ended_date").is_null() | (pl.col("ended_date") > day)
    running = assist(city).filter(pl.col("started_date") <= day, open_end)
    return running.select("household_id", on_assistance=pl.lit(value=True))


def _deduct(told: pl.DataFrame) -> pl.DataFrame:
    salary, rest = pl.col("salary_revenue_yen"), ("pension_revenue_yen", "business_income_yen")
    insured = salary * _PART_OF_SALARY // 100 + pl.sum_horizontal(rest) * _PART_OF_REST // 100
    return told.with_columns(
        social_insurance_deduction_yen=insured,
        dependants_deduction_yen=pl.col("deducted") * _EACH,
        basic_deduction_yen=pl.lit(_BASIC, pl.Int64),
    ).with_columns(taxable=_taxable())


def _taxable() -> pl.Expr:
    deducted = pl.sum_horizontal(
        "social_insurance_deduction_yen", "dependants_deduction_yen", "basic_deduction_yen"
    )
    return (pl.col("total_income_yen") - deducted).clip(lower_bound=0) // 1000 * 1000


def _limits() -> tuple[pl.Expr, pl.Expr]:
    """Give the incomes up to which neither levy, and no income levy, is due (第24条の5, 第295条, 附則第3条の3)."""
    heads, some = pl.col("dependants_count") + 1, pl.col("dependants_count") > 0
    plain = heads * _LIMIT + _LIMIT_PLUS
    return (
        plain + pl.when(some).then(_LIMIT_ADDED).otherwise(0),
        plain + pl.when(some).then(_LEVY_LIMIT_ADDED).otherwise(0),
    )


def _compute(told: pl.DataFrame, year: int) -> pl.DataFrame:
    free_upto, levy_upto = _limits()
    income = pl.col("total_income_yen")
    category = (
        pl.when(pl.col("on_assistance") | (income <= free_upto))
        .then(pl.lit(FREE))
        .when((income <= levy_upto) | (pl.col("taxable") == 0))
        .then(pl.lit(PER_CAPITA_ONLY))
        .otherwise(pl.lit(TAXED))
    )
    taxed, free = pl.col("tax_category_code") == TAXED, pl.col("tax_category_code") == FREE
    cut = pl.lit(_CUT if year == _CUT_YEAR else 0) * (pl.col("dependants_count") + 1)
    may_cut = taxed & (income <= _CUT_UPTO)
    levies = {
        name: pl.when(taxed).then((pl.col("taxable") * rate // 100 - adjusted).clip(0)).otherwise(0)
        for name, rate, adjusted in (
            ("city_full", _CITY, _ADJUSTED[0]),
            ("prefecture_full", _PREFECTURE, _ADJUSTED[1]),
        )
    }
    forest = _FOREST if year >= _FOREST_FROM else 0
    fixed = {
        "city_per_capita_levy_yen": _PER_CAPITA[0],
        "prefecture_per_capita_levy_yen": _PER_CAPITA[1],
        "forest_environment_tax_yen": forest,
    }
    return (
        told.with_columns(tax_category_code=category)
        .with_columns(
            taxable_income_yen=pl.when(taxed).then("taxable").otherwise(0),
            cut=pl.when(may_cut).then(cut).otherwise(0),
            **levies,
            **{n: pl.when(free).then(0).otherwise(yen).cast(pl.Int64) for n, yen in fixed.items()},
        )
        .with_columns(_cut())
        .with_columns(total_tax_yen=pl.sum_horizontal("city_income_levy_yen", "prefecture_income_levy_yen", *fixed))
    )  # fmt: skip


def _cut() -> list[pl.Expr]:
    """Take 定額減税 off the income levies in the proportion of their amounts; 100 yen and more remain."""
    full = pl.col("city_full") + pl.col("prefecture_full")
    cut = pl.min_horizontal("cut", full)
    of_city = pl.when(full > 0).then(cut * pl.col("city_full") // full).otherwise(0)
    city = (pl.col("city_full") - of_city) // 100 * 100
    prefecture = (pl.col("prefecture_full") - (cut - of_city)) // 100 * 100
    return [
        city.cast(pl.Int64).alias("city_income_levy_yen"),
        prefecture.cast(pl.Int64).alias("prefecture_income_levy_yen"),
        cut.cast(pl.Int64).alias("fixed_reduction_yen"),
    ]
