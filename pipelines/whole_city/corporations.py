"""The corporations of the city: where they are, how large, when their business year ends.

None of them exists. Their 法人番号 begin, after the check digit, with 9990 in the place of the registry
(登記所コード) that a 会社法人等番号 begins with; no registry has such a code. Their names say that they are
samples, and their 番 do not exist in the city's towns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from transforms.codes.check_digits import corporate_number

if TYPE_CHECKING:
    from pipelines.whole_city.city import City

_PER_RESIDENT = 0.03
_REGISTRY = 9990
_SERIALS = 10**8
_KINDS = ("株式会社", "有限会社", "合同会社", "医療法人", "一般社団法人")
_KIND_SHARES = (0.66, 0.15, 0.12, 0.04, 0.03)
_TRADES = ("商事", "工業", "建設", "食品", "運輸", "印刷", "不動産", "電機", "デザイン", "サービス")
_CAPITALS = (1_000_000, 3_000_000, 10_000_000, 30_000_000, 100_000_000, 500_000_000, 3_000_000_000)
_CAPITAL_SHARES = (0.22, 0.33, 0.31, 0.09, 0.035, 0.012, 0.003)
# Months in which business years end, of 1,000 (近い: 国税庁統計年報 決算期月別): March most, then September.
_ENDS = (50, 60, 200, 75, 85, 110, 75, 90, 105, 50, 45, 55)


def found_corporations(city: City) -> pl.DataFrame:
    """Draw the corporations: about three for every hundred residents, the same in every month.

    Returns:
        `corporation` (0 first), `taxpayer_number` (ten digits, 09 first, no resident's),
        `corporate_number`, `corporate_name`, `town`, `block`, `closing_month` (1–12),
        `capital_yen`, `employees_in_city_count`, `employees_total_count`, `corporate_income_tax_yen`
        (of a usual year), `has_branches`, `is_branch`.
    """
    count = round(city.residents_on(city.months[0]).height * _PER_RESIDENT)
    rng = city.rng("corporations")
    town = city.towns["town"].gather(rng.integers(0, city.towns.height, count))
    base = pl.DataFrame({"corporation": np.arange(count), "town": town})
    return _size(base, rng).with_columns(
        taxpayer_number=pl.format("09{}", pl.col("corporation").cast(pl.String).str.zfill(8)),
        corporate_number=_number(),
        corporate_name=_name(rng, count),
        block=pl.format(
            "{}番{}号",
            pl.lit(pl.Series(rng.integers(901, 1000, count))),
            pl.lit(pl.Series(rng.integers(1, 31, count))),
        ),
        closing_month=pl.Series(rng.choice(12, count, p=np.array(_ENDS) / sum(_ENDS)) + 1),
    )


def _number() -> pl.Expr:
    body = pl.lit(_REGISTRY * _SERIALS) + pl.col("corporation").cast(pl.Int64) + 1
    return pl.format("{}{}", corporate_number(body), body)


def _name(rng: np.random.Generator, count: int) -> pl.Expr:
    """Name a sample: 株式会社見本商事000001, the kind in front or behind."""
    kind = pl.Series(_KINDS).gather(rng.choice(len(_KINDS), count, p=_KIND_SHARES))
    trade = pl.Series(_TRADES).gather(rng.integers(0, len(_TRADES), count))
    serial = pl.col("corporation").cast(pl.String).str.zfill(6)
    return pl.concat_str(pl.lit(kind), pl.lit("見本"), pl.lit(trade), serial)


def _size(base: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Draw capital, employees and a usual year's 法人税 (a third to two thirds pay none)."""
    count = base.height
    rank = rng.choice(len(_CAPITALS), count, p=_CAPITAL_SHARES)
    staff = np.ceil(2.5 ** (rank * 0.9) * np.exp(rng.standard_normal(count) * 0.9)).astype(np.int64)
    branches = rng.random(count) < 0.05 + 0.08 * rank
    everywhere = np.where(branches, staff * rng.integers(2, 12, count), staff)
    profit = np.array(_CAPITALS)[rank] ** 0.9 * np.exp(rng.standard_normal(count))
    tax = np.where(rng.random(count) < 0.38 + 0.05 * rank, profit * 0.17, 0)
    return base.with_columns(
        capital_yen=pl.Series(np.array(_CAPITALS)[rank]),
        employees_in_city_count=pl.Series(staff),
        employees_total_count=pl.Series(everywhere),
        corporate_income_tax_yen=pl.Series((tax // 100 * 100).astype(np.int64)),
        has_branches=pl.Series(branches),
        is_branch=pl.Series(branches & (rng.random(count) < 0.6)),  # noqa: PLR2004
    )
