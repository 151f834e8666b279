"""What everyone earned in a calendar year, as the tax office sums it up.

Salaries are log-normal around medians by age and sex, near those of 民間給与実態統計調査; the shares of
those who work and the pensions are assumptions. The deductions follow 所得税法第28条・第35条. A person keeps
their place among their equals from year to year.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.whole_city.city import ages_on
from pipelines.whole_city.work import draw_work

if TYPE_CHECKING:
    from pipelines.whole_city.city import City

_AGES = [15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 90]
# Medians of a full year's salary, in yen, and how many in a hundred earn one, by age and sex.
_MEDIANS = {
    "1": [9e5, 2.5e6, 3.7e6, 4.4e6, 5.0e6, 5.5e6, 5.9e6, 6.3e6, 6.4e6, 4.6e6, 3.1e6, 2.4e6, 1.8e6, 1.2e6],
    "2": [8e5, 2.3e6, 3.1e6, 2.9e6, 2.7e6, 2.7e6, 2.8e6, 2.8e6, 2.7e6, 2.2e6, 1.7e6, 1.4e6, 1.2e6, 1.0e6],
}  # fmt: skip
_WORKING = {
    "1": [18, 70, 93, 95, 95, 95, 95, 94, 91, 82, 58, 38, 18, 2],
    "2": [18, 72, 85, 79, 77, 80, 82, 80, 74, 61, 38, 22, 9, 1],
}
_SPREAD, _YEARLY = 0.48, 0.06
_PENSIONS = {"1": 1_800_000, "2": 1_050_000}
_PENSION_AGE = 65
_TOP = 30_000_000


def earn(city: City, year: int) -> pl.DataFrame:
    """Sum up the incomes of a calendar year, in yen.

    Returns:
        `person`, `age` (years at its end), `salary_revenue_yen`, `pension_revenue_yen`,
        `salary_income_yen`, `pension_income_yen`, `business_income_yen`, `total_income_yen`; one
        row a person, in their order, those not yet born too.
    """
    people = city.persons.select(
        "person", "sex_code", age=ages_on(pl.col("birth_date"), dt.date(year, 12, 31))
    )
    earned, pension = _draw(city, people, year)
    employee = draw_work(city)["is_employee"]
    salaried = pl.lit(employee) | (pl.col("age") >= _PENSION_AGE)
    told = people.select(
        "person",
        "age",
        salary_revenue_yen=pl.when(salaried).then(pl.lit(earned)).otherwise(0),
        pension_revenue_yen=pl.lit(pension),
        # What is left of the turnover of a business: two thirds of what an employee is paid.
        business_income_yen=pl.when(~salaried).then(pl.lit(earned) * 2 // 3).otherwise(0),
    )
    return _deduct(told)


def _draw(city: City, people: pl.DataFrame, year: int) -> tuple[pl.Series, pl.Series]:
    """Draw earnings and pensions before any deduction, rounded to 1,000 yen."""
    count = people.height
    lasting, own = city.rng("income"), city.rng(f"income {year}")
    place = lasting.standard_normal(count) * _SPREAD + own.standard_normal(count) * _YEARLY
    works, paid = lasting.random(count) * 100, lasting.standard_normal(count) * 0.35
    age, man = people["age"].to_numpy(), people["sex_code"].to_numpy() == "1"
    median = np.where(man, *(np.interp(age, _AGES, _MEDIANS[sex]) for sex in "12"))
    share = np.where(man, *(np.interp(age, _AGES, _WORKING[sex]) for sex in "12"))
    earning = (works < share) & (age >= _AGES[0])
    earned = np.where(earning, np.minimum(median * np.exp(place), _TOP), 0)
    level = np.where(man, _PENSIONS["1"], _PENSIONS["2"]) * np.exp(paid)
    pension = np.where(age >= _PENSION_AGE, level, 0)
    return _round(earned), _round(pension)


def _round(yen: np.ndarray) -> pl.Series:
    return pl.Series((yen // 1000 * 1000).astype(np.int64))


def _deduct(told: pl.DataFrame) -> pl.DataFrame:
    salary, pension = pl.col("salary_revenue_yen"), pl.col("pension_revenue_yen")
    return told.with_columns(
        salary_income_yen=_less(salary, _salary_deduction(salary)),
        pension_income_yen=_less(pension, _pension_deduction(pension)),
    ).select(
        "person",
        "age",
        "salary_revenue_yen",
        "pension_revenue_yen",
        "salary_income_yen",
        "pension_income_yen",
        "business_income_yen",
        total_income_yen=pl.col("salary_income_yen")
        + pl.col("pension_income_yen")
        + pl.col("business_income_yen"),
    )


def _less(revenue: pl.Expr, deduction: pl.Expr) -> pl.Expr:
    return (revenue - deduction).clip(lower_bound=0).cast(pl.Int64)


def _salary_deduction(yen: pl.Expr) -> pl.Expr:
    """所得税法第28条第3項, as from 2020 to 2024."""
    return _steps(
        yen,
        (1_625_000, 0, 10, 550_000),
        (1_800_000, 4, 10, -100_000),
        (3_600_000, 3, 10, 80_000),
        (6_600_000, 2, 10, 440_000),
        (8_500_000, 1, 10, 1_100_000),
        last=1_950_000,
    )


def _pension_deduction(yen: pl.Expr) -> pl.Expr:
    """所得税法第35条第4項 and 租税特別措置法第41条の15の3, from 65 on, other incomes up to 10 million."""
    return _steps(
        yen,
        (3_300_000, 0, 100, 1_100_000),
        (4_100_000, 25, 100, 275_000),
        (7_700_000, 15, 100, 685_000),
        (10_000_000, 5, 100, 1_455_000),
        last=1_955_000,
    )


def _steps(yen: pl.Expr, *steps: tuple[int, int, int, int], last: int) -> pl.Expr:
    """Give a part of an amount plus a fixed sum, by the limit the amount does not exceed."""
    found: pl.Expr = pl.lit(last)
    for limit, part, of, fixed in reversed(steps):
        found = pl.when(yen <= limit).then(yen * part // of + fixed).otherwise(found)
    return found
