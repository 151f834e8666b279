"""児童扶養手当: parents who bring their children up alone, and what they are paid.

Source of the rules: 児童扶養手当法第4条・第5条・第9条 and the amounts of each April (and November 2024,
when the third child came to count as the second). The incomes are drawn; between the limits the
partial amount is drawn out straight, which is near to the official coefficients, not equal to them.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from pipelines.whole_city.city import Delivery, fiscal_year, last_day, period_of
from pipelines.whole_city.records.lives import draw, living_on
from pipelines.whole_city.records.parents import (
    FATHER,
    MOTHER,
    entry_year,
    of_parent,
    tell_families,
    with_family_draws,
    with_parents,
)
from pipelines.whole_city.records.sending import sent_after

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "child_rearing_allowance"
_PAID_YEARS = 12  # after entering school: to the end of the fiscal year of the 18th birthday
_CLAIMS_SHARE, _WITH_OBLIGOR_STOPS = 0.5, 0.5
_REASONS = ((0.83, "1"), (0.97, "8"), (1.0, "2"))
_CLAIMED_WITHIN_DAYS = 60
_TYPICAL_INCOME, _HIGHEST_INCOME = 1_000_000, 6_000_000
_A_DEPENDANT = 380_000


class Rates(NamedTuple):
    """Monthly amounts (yen) from a month on: whole, least of a part, for the second child, the third.

    `full_limit` and `part_limit` are the limits of income (yen) without dependants.
    """

    since: dt.date
    full: int
    least: int
    second: tuple[int, int]
    third: tuple[int, int]
    full_limit: int
    part_limit: int


RATES = (
    Rates(dt.date(2023, 4, 1), 44_140, 10_410, (10_420, 5_210), (6_250, 3_130), 490_000, 1_920_000),
    Rates(dt.date(2024, 4, 1), 45_500, 10_740, (10_750, 5_380), (6_450, 3_230), 490_000, 1_920_000),
    Rates(
        dt.date(2024, 11, 1), 45_500, 10_740, (10_750, 5_380), (10_750, 5_380), 690_000, 2_080_000
    ),
    Rates(
        dt.date(2025, 4, 1), 46_690, 11_010, (11_030, 5_520), (11_030, 5_520), 690_000, 2_080_000
    ),
)


def rates_of(month: dt.date) -> Rates:
    """Give the rates of a month; before and after the years known, the nearest known."""
    return next((rates for rates in reversed(RATES) if month >= rates.since), RATES[0])


def deliver(city: City) -> Iterator[Delivery]:
    """Give the list of every month."""
    lives = tell_families(city, dt.date(city.months[0].year - 20, 4, 2))
    lives = with_family_draws(lives, city, "raises_alone", "raising_reason", "raising_days")
    for month in city.months:
        rows = _list(lives, city, month)
        yield Delivery(DATASET, period_of(month), sent_after(month, 7, 15), rows)


def _list(lives: pl.DataFrame, city: City, month: dt.date) -> pl.DataFrame:
    day, fiscal = last_day(month), fiscal_year(month)
    there = living_on(lives, day)
    children = with_parents(there, dt.date(fiscal - 19, 4, 2)).filter(
        fiscal - entry_year(pl.col("birth_date")) < _PAID_YEARS
    )
    claimants = _claimants(children).filter(pl.col("certified_date") <= day)
    homes = there.join(claimants, on="household_id", how="semi")
    alone = claimants.drop("household_id").join(_paired(homes), on="claimant", how="anti")
    described = alone.join(_about(homes), on="claimant", how="inner")
    paid = _with_amounts(_with_incomes(described, city, month), rates_of(month))
    return paid.sort("claimant").select(**_columns(month))


def _claimants(children: pl.DataFrame) -> pl.DataFrame:
    """List the parents in whose household the other parent is not: one row a parent."""
    father, mother = (pl.col(f"resident_id_{p}").is_not_null() for p in ("father", "mother"))
    single = children.filter(father != mother, pl.col("raises_alone") < _CLAIMS_SHARE).with_columns(
        parent=pl.when(father).then(pl.lit(FATHER)).otherwise(pl.lit(MOTHER))
    )
    waited = pl.duration(days=(pl.col("raising_days") * _CLAIMED_WITHIN_DAYS).cast(pl.Int64))
    since = pl.max_horizontal(
        "birth_date", *(of_parent(pl.col("parent"), c) for c in ("since_date", "divorced_date"))
    )
    claimant = pl.when(pl.col("parent") == FATHER).then("father").otherwise("mother")
    return (
        single.with_columns(claimant=claimant, certified_date=since + waited)
        .sort("claimant", "birth_date")
        .group_by("claimant", maintain_order=True)
        .agg(
            pl.col("household_id", "parent", "certified_date").first(),
            pl.col("raising_reason").first(),
            children=pl.len(),
            youngest=pl.col("birth_date").last(),
        )
    )


def _paired(there: pl.DataFrame) -> pl.DataFrame:
    """List who lives with a husband or wife: the pair at the head, or a child's pair in the house."""
    spouse = (
        pl.col("relationship")
        .str.extract(r"^(?:(.*)の)?[夫妻](?:[(（]未届[)）])?$", 1)
        .fill_null("")
    )
    ends = pl.col("relationship").str.contains(r"[夫妻](?:[(（]未届[)）])?$")
    wives = there.filter(ends).select("household_id", of=spouse, claimant="person")
    of_head = pl.when(pl.col("relationship") == "世帯主").then(pl.lit("")).otherwise("relationship")
    partners = there.select("household_id", of=of_head, claimant="person").join(
        wives.select("household_id", "of"), on=["household_id", "of"], how="semi"
    )
    return pl.concat([wives.select("claimant"), partners.select("claimant")])


def _about(there: pl.DataFrame) -> pl.DataFrame:
    """Describe everybody as a claimant; who lives in another's household has somebody to keep them."""
    kept = ~pl.col("relationship").is_in(["世帯主", "同居人"])
    return (
        there.drop("father", "mother").rename({"person": "claimant"}).with_columns(has_obligor=kept)
    )


def _with_incomes(rows: pl.DataFrame, city: City, month: dt.date) -> pl.DataFrame:
    """Add the income (yen) that counts: of the year before, until October of the one before that."""
    year = month.year - 1 - (month.month <= 10)  # noqa: PLR2004 - October
    for purpose in ("earning_alone", f"earned_in_{year}"):
        drawn = draw(city, purpose).rename(
            {"person": "claimant", purpose: purpose.split("_in_")[0]}
        )
        rows = rows.join(drawn, on="claimant", how="left", maintain_order="left")
    steady = -(1 - pl.col("earning_alone")).log() * _TYPICAL_INCOME
    income = (steady * (0.85 + 0.3 * pl.col("earned"))).clip(0, _HIGHEST_INCOME)
    return rows.with_columns(income=(income / 1000).round().cast(pl.Int64) * 1000)


def _with_amounts(rows: pl.DataFrame, rates: Rates) -> pl.DataFrame:
    income, children = pl.col("income"), pl.col("children").cast(pl.Int64)
    full, part = (limit + _A_DEPENDANT * children for limit in (rates.full_limit, rates.part_limit))
    stopped = pl.col("has_obligor") & (pl.col("earning_alone") > _WITH_OBLIGOR_STOPS)
    kind = (
        pl.when(stopped | (income >= part))
        .then(pl.lit("3"))
        .when(income >= full)
        .then(pl.lit("2"))
        .otherwise(pl.lit("1"))
    )
    share = ((part - income) / (part - full)).clip(0, 1)

    def amount(most: int, least: int) -> pl.Expr:
        """Round to ten yen; a part is at least ten yen less than the whole."""
        between = ((least + share * (most - 10 - least)) / 10).round().cast(pl.Int64) * 10
        return (
            pl.when(pl.col("kind") == "1")
            .then(most)
            .when(pl.col("kind") == "2")
            .then(between)
            .otherwise(0)
        )

    second = pl.when(children > 1).then(amount(*rates.second)).otherwise(0)
    others = amount(*rates.third) * (children - 2).clip(0)
    return rows.with_columns(kind=kind).with_columns(
        base=amount(rates.full, rates.least), addition=second + others
    )


def _reason() -> pl.Expr:
    code = pl.lit(_REASONS[-1][1])
    for share, value in reversed(_REASONS[:-1]):
        code = pl.when(pl.col("raising_reason") < share).then(pl.lit(value)).otherwise(code)
    return code


def _columns(month: dt.date) -> dict[str, pl.Expr]:
    certified, mother = pl.col("certified_date"), pl.col("parent") == MOTHER
    august = dt.date(month.year - (month.month <= 8), 8, 1)  # noqa: PLR2004 - reported in August
    reported = pl.lit(august) + pl.duration(days=(pl.col("earning_alone") * 31).cast(pl.Int64))
    return {
        "claimant_id": pl.col("resident_id"),
        "certificate_number": (pl.col("claimant") + 3_000_000).cast(pl.String),
        "household_id": pl.col("household_id"),
        "claimant_name": pl.col("full_name"),
        "claimant_kana": pl.col("full_kana"),
        "birth_date": pl.col("birth_date"),
        "sex_code": pl.col("sex_code"),
        "town": pl.col("town"),
        "block": pl.col("block"),
        "building": pl.col("building"),
        "claimant_kind_code": pl.when(mother).then(pl.lit("1")).otherwise(pl.lit("2")),
        "reason_code": _reason(),
        "certified_date": certified,
        "payment_start_month": certified.dt.month_start().dt.offset_by("1mo"),
        "children_count": pl.col("children").cast(pl.Int64),
        "youngest_child_birth_date": pl.col("youngest"),
        "income_yen": pl.col("income"),
        "dependants_count": pl.col("children").cast(pl.Int64),
        "has_obligor": pl.col("has_obligor"),
        "payment_kind_code": pl.col("kind"),
        "monthly_amount_yen": (pl.col("base") + pl.col("addition")).cast(pl.Int64),
        "base_amount_yen": pl.col("base").cast(pl.Int64),
        "addition_amount_yen": pl.col("addition").cast(pl.Int64),
        "last_report_date": pl.when(certified < august).then(reported),
    }
