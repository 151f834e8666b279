"""The qualification of 後期高齢者医療: who joined and left, the share they pay, the premium.

Premiums follow 高齢者の医療の確保に関する法律第104条 with the rates of one 広域連合 (assumption, see the
contract). One month is delivered twice: the first file has the share of a renewal wrong.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city import membership as member
from pipelines.whole_city.city import DIED, MOVED_IN, MOVED_OUT, MOVED_WITHIN
from pipelines.whole_city.incomes import earn
from pipelines.whole_city.records.sending import send_changes
from pipelines.whole_city.timelines import attach, birthday, scatter, tell_change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City, Delivery

DATASET = "late_elderly_medical"
_SENT_ON = 7
_CORRECTED_MONTH = 1
_DAYS_TO_CORRECT = 6
_WRONG = 20
JOINED, CHANGED, LEFT = "1", "2", "3"
_JOINED = {
    member.AGE_75: "001",
    MOVED_IN: "002",
    member.DISABLED: "003",
    member.ASSISTANCE_ENDED: "004",
}
_LEFT = {DIED: "001", MOVED_OUT: "002", member.ASSISTANCE_STARTED: "004"}
_NO_MORE_CARDS = dt.date(2024, 12, 2)
# 令和6・7年度 in yen; the rate is of 10,000; basic deduction of the income.
_PER_CAPITA, _RATE, _LIMIT, _BASIC = 57_172, 1175, 800_000, 430_000


def deliver(city: City) -> Iterator[Delivery]:
    """Give the whole state, then the changes of every month; one of them is corrected."""
    corrected = min(_CORRECTED_MONTH, len(city.months) - 1)
    for number, delivery in enumerate(
        send_changes(city, DATASET, _record(city), "processed_date", _SENT_ON)
    ):
        if number != corrected:
            yield delivery
            continue
        yield replace(delivery, rows=_put_wrong(delivery.rows))
        later = delivery.delivered_at + dt.timedelta(days=_DAYS_TO_CORRECT)
        yield replace(delivery, delivered_at=later, label="訂正")


def _put_wrong(rows: pl.DataFrame) -> pl.DataFrame:
    """Give some the share of a neighbouring class, as it was before it was corrected."""
    some = pl.int_range(pl.len()) % _WRONG == 0
    other = pl.col("burden_code").replace_strict({"1": "2", "2": "1", "3": "2"})
    wrong = pl.when(some).then(other).otherwise("burden_code")
    return rows.with_columns(burden_code=wrong)


def _record(city: City) -> pl.DataFrame:
    now, before = ((pl.col(c) == member.LATE).fill_null(value=False) for c in ("scheme", "before"))
    code = (
        pl.when(now & ~before)
        .then(pl.lit(JOINED))
        .when(before & ~now)
        .then(pl.lit(LEFT))
        .when(now & before & (pl.col("cause") == MOVED_WITHIN))
        .then(pl.lit(CHANGED))
    )
    rows = member.trace(city).with_columns(change_code=code).drop_nulls("change_code")
    incomes = earn(city, city.months[0].year - 1).select("person", "total_income_yen")
    written = attach(city, rows.drop("birth_date"))
    joined = written.join(incomes, on="person", how="left", maintain_order="left")
    return _assess(joined).select(_columns())


def _assess(rows: pl.DataFrame) -> pl.DataFrame:
    """Compute the premium of a year and the share paid to the doctor; a draw stands for the household's."""
    income, joined = pl.col("total_income_yen"), pl.col("change_code") == JOINED
    base = (income - _BASIC).clip(lower_bound=0)
    reduction = (
        pl.when(income <= 430_000)  # noqa: PLR2004 - 令 第18条第4項
        .then(pl.lit("7"))
        .when(income <= 430_000 + 295_000)
        .then(pl.lit("5"))
        .when(income <= 430_000 + 545_000)
        .then(pl.lit("2"))
        .otherwise(pl.lit("0"))
    )
    left_to_pay = pl.lit(_PER_CAPITA) * (10 - reduction.cast(pl.Int64)) // 10
    levy = (base * _RATE // 10_000).clip(upper_bound=_LIMIT - _PER_CAPITA)
    reason = pl.col("cause").replace_strict(_JOINED, default="009", return_dtype=pl.String)
    return rows.with_columns(
        base=base,
        reduction_code=reduction,
        per_capita_premium_yen=left_to_pay,
        income_premium_yen=levy,
        # 課税所得 145万円・28万円 of 法第67条, told here by the income itself.
        burden_code=pl.when(income >= 2_200_000)  # noqa: PLR2004
        .then(pl.lit("3"))
        .when(income >= 1_150_000)  # noqa: PLR2004
        .then(pl.lit("2"))
        .otherwise(pl.lit("1")),
        acquired_date=pl.when(joined).then("day").forward_fill().over("person"),
        acquired_reason_code=pl.when(joined).then(reason).forward_fill().over("person"),
    )


def _columns() -> list[pl.Expr]:
    day, known, left = pl.col("day"), pl.col("known"), pl.col("change_code") == LEFT
    next_day = pl.col("cause").is_in([MOVED_OUT, DIED]).cast(pl.Int32)
    old = day >= birthday(pl.col("birth_date"), 75)
    card = scatter(pl.col("person"), 11, 100)
    return [
        *tell_change(),
        known.alias("processed_date"),
        pl.concat_str(pl.lit("9"), pl.col("person").cast(pl.String).str.zfill(7)).alias(
            "insured_number"
        ),
        pl.when(old).then(pl.lit("1")).otherwise(pl.lit("2")).alias("person_category_code"),
        pl.col("acquired_date", "acquired_reason_code"),
        pl.when(left).then(day + pl.duration(days=next_day)).alias("lost_date"),
        pl.when(left)
        .then(pl.col("cause").replace_strict(_LEFT, default="009", return_dtype=pl.String))
        .alias("lost_reason_code"),
        pl.col("acquired_date").alias("insurer_from_date"),
        pl.col("burden_code"),
        pl.when(known < _NO_MORE_CARDS)
        .then(pl.lit("01"))
        .when(card < 60)  # noqa: PLR2004 - assumption
        .then(pl.lit("11"))
        .otherwise(pl.lit("12"))
        .alias("card_category_code"),
        pl.col("base").alias("assessed_income_yen"),
        pl.col("per_capita_premium_yen", "income_premium_yen"),
        (pl.col("per_capita_premium_yen") + pl.col("income_premium_yen")).alias(
            "annual_premium_yen"
        ),
        pl.col("reduction_code"),
        pl.when(scatter(pl.col("person"), 31, 100) < 82)  # noqa: PLR2004 - assumption
        .then(pl.lit("2"))
        .otherwise(pl.lit("1"))
        .alias("collection_code"),
    ]
