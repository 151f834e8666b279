"""The general account's expenditure: budget and payments of every 節, month by month.

Sums agree: the budget in force is the first one and its amendments, and what has been paid and what
is left make it up. Payments after March (出納整理期間) are not in it.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.whole_city.budget_items import ITEMS, PAYMENTS, SPLIT
from pipelines.whole_city.city import JST, Delivery, fiscal_year, last_day, period_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "budget_execution"
_YEN_A_RESIDENT = 430_000
_THOUSAND = 1000
_RESERVE = "reserve"
# Amendments are voted in September, December and March; shares of the first budget.
_AMENDED = {9: (-0.01, 0.03), 12: (-0.01, 0.02), 3: (-0.03, 0.0)}
_PAID_SHARE = (0.94, 0.995)


def deliver(city: City) -> Iterator[Delivery]:
    """Give the state at the end of every month, on the seventh of the next."""
    years = {year: _plan(city, year) for year in sorted({fiscal_year(m) for m in city.months})}
    for month in city.months:
        rows = _rows(years[fiscal_year(month)], month)
        moment = dt.datetime.combine(
            last_day(month) + dt.timedelta(days=7), dt.time(13), tzinfo=JST
        )
        yield Delivery(DATASET, period_of(month), moment, rows)


def _plan(city: City, year: int) -> pl.DataFrame:
    """Plan a fiscal year: every 節 with its budget (yen) and the lists of its twelve months."""
    rng = city.rng(f"{DATASET}/{year}")
    items = ITEMS.with_columns(noise=pl.Series(rng.uniform(0.95, 1.05, ITEMS.height))).join(
        SPLIT, on="kind", maintain_order="left_right"
    )
    total = _YEN_A_RESIDENT * city.residents_on(city.months[0]).height
    share = pl.col("share") / ITEMS["share"].sum() * pl.col("noise") * pl.col("per_cent") / 100
    budget = (share * total / _THOUSAND).round().cast(pl.Int64) * _THOUSAND
    planned = items.with_columns(initial=budget)
    amended = _amend(rng, planned)
    return planned.with_columns(
        supplementary=pl.Series(amended.tolist()), paid=pl.Series(_pay(rng, planned, amended).tolist())
    )  # fmt: skip


def _amend(rng: np.random.Generator, planned: pl.DataFrame) -> np.ndarray:
    """Give the sum of amendments up to each month, April first, in whole thousands of yen."""
    budget = planned["initial"].to_numpy()
    voted = np.zeros((planned.height, 12), np.int64)
    for month, (low, high) in _AMENDED.items():
        share = rng.uniform(low, high, planned.height)
        voted[:, (month - 4) % 12] = np.round(budget * share / _THOUSAND) * _THOUSAND
    return voted.cumsum(axis=1)


def _pay(rng: np.random.Generator, planned: pl.DataFrame, amended: np.ndarray) -> np.ndarray:
    """Give what has been paid up to each month (yen), never more than the budget in force."""
    kinds = planned["kind"].to_list()
    weights = np.array([PAYMENTS[kind] for kind in kinds], float)
    weights *= rng.uniform(0.9, 1.1, weights.shape)
    whole = weights.sum(axis=1, keepdims=True)
    curve = np.divide(weights.cumsum(axis=1), whole, where=whole > 0, out=np.zeros_like(weights))
    in_force = planned["initial"].to_numpy() + amended[:, -1]
    paid = in_force * rng.uniform(*_PAID_SHARE, planned.height)
    return np.floor(curve * paid[:, None]).astype(np.int64)


def _rows(plan: pl.DataFrame, month: dt.date) -> pl.DataFrame:
    at = (month.month - 4) % 12
    paid = pl.col("paid").list.get(at)
    before = pl.col("paid").list.get(at - 1) if at else pl.lit(0, pl.Int64)
    return plan.select(
        pl.lit(fiscal_year(month), pl.Int32).alias("fiscal_year"),
        pl.lit(month).alias("execution_month"),
        pl.lit("一般会計").alias("account_name"),
        *("kan_code", "kan_name", "kou_code", "kou_name", "moku_code", "moku_name"),
        *("setsu_code", "setsu_name"),
        initial_budget_yen="initial",
        supplementary_budget_yen=pl.col("supplementary").list.get(at),
        current_budget_yen=pl.col("initial") + pl.col("supplementary").list.get(at),
        executed_yen=paid - before,
        cumulative_executed_yen=paid,
        remaining_yen=pl.col("initial") + pl.col("supplementary").list.get(at) - paid,
    )
