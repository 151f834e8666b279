"""The insured persons of category 1 of 国民年金: joining, leaving, exemptions; one row a change.

From 20 to 59, who is neither an employee nor the spouse of one (国民年金法第7条): here, whoever is
insured by 国民健康保険 or lives on 生活保護. Exemptions are drawn; their shares are assumptions near those
of 国民年金の加入・保険料納付状況.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city import membership as member
from pipelines.whole_city.city import DIED, MOVED_IN, MOVED_OUT
from pipelines.whole_city.records.sending import send_changes, sent_after
from pipelines.whole_city.timelines import attach, attained, birthday, scatter, tell_change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City, Delivery

DATASET = "national_pension"
_SENT_ON = 8
_LATE_MONTH, _MONTHS_LATE = 2, 3
JOINED, CHANGED, LEFT = "1", "2", "3"
_JOINED = {
    member.AGE_20: "01",
    MOVED_IN: "02",
    member.JOB_LEFT: "03",
    member.RETIRED: "04",
}
_LEFT = {member.AGE_60: "01", MOVED_OUT: "02", member.JOB_FOUND: "03", DIED: "04"}
# Upper limits of a number below 1,000: 全額, 3/4, 半額, 1/4, 納付猶予, 産前産後; else none.
_EXEMPTIONS = ((170, "2"), (180, "3"), (188, "4"), (192, "5"), (235, "6"), (240, "8"))
_LEGAL, _STUDENT, _NONE = "1", "7", "0"
_STUDENTS = 550


def deliver(city: City) -> Iterator[Delivery]:
    """Give the whole state, then the changes of every month; one month comes three months late."""
    months = list(city.months)
    late = min(_LATE_MONTH, len(months) - 1)
    for number, delivery in enumerate(
        send_changes(city, DATASET, _record(city), "notified_date", _SENT_ON)
    ):
        if number == late:
            arrival = months[min(late + _MONTHS_LATE, len(months) - 1)]
            yield replace(delivery, delivered_at=sent_after(arrival, _SENT_ON, 17))
        else:
            yield delivery


def _record(city: City) -> pl.DataFrame:
    rows = _find_changes(member.trace(city)).drop("birth_date")
    return attach(city, rows).select(_columns())


def _find_changes(traced: pl.DataFrame) -> pl.DataFrame:
    """Choose the days on which a person becomes, is differently or is no longer of category 1."""
    day, born = pl.col("day"), pl.col("birth_date")
    of_age = day.is_between(attained(born, 20), attained(born, 60), closed="left")
    outside = pl.col("scheme").is_in([member.KOKUHO, member.ASSISTED])
    told = traced.with_columns(insured=(of_age & outside).fill_null(value=False))
    now, cause = pl.col("insured"), pl.col("cause")
    before = now.shift(1).over("person").fill_null(value=False)
    legal = cause.is_in([member.ASSISTANCE_STARTED, member.ASSISTANCE_ENDED])
    code = (
        pl.when(now & ~before)
        .then(pl.lit(JOINED))
        .when(before & ~now)
        .then(pl.lit(LEFT))
        .when(now & before & legal)
        .then(pl.lit(CHANGED))
    )
    joined = code == JOINED
    reason = cause.replace_strict(_JOINED, default="05", return_dtype=pl.String)
    return (
        told.with_columns(change_code=code)
        .drop_nulls("change_code")
        .with_columns(
            acquired_date=pl.when(joined).then(day).forward_fill().over("person"),
            acquired_reason_code=pl.when(joined).then(reason).forward_fill().over("person"),
        )
    )


def _columns() -> list[pl.Expr]:
    day, left = pl.col("day"), pl.col("change_code") == LEFT
    next_day = pl.col("cause").is_in([MOVED_OUT, DIED]).cast(pl.Int32)
    exempt = _exempt()
    fiscal = day.dt.offset_by("-6mo").dt.year()  # a year of exemption runs from July to June
    return [
        *tell_change(),
        pl.col("known").alias("notified_date"),
        # 0000 stands for no office that has given out numbers.
        pl.concat_str(pl.lit("0000-"), _six_digits()).alias("basic_pension_number"),
        pl.lit("1").alias("insured_category_code"),
        pl.col("acquired_date", "acquired_reason_code"),
        pl.when(left).then(day + pl.duration(days=next_day)).alias("lost_date"),
        pl.when(left)
        .then(pl.col("cause").replace_strict(_LEFT, default="09", return_dtype=pl.String))
        .alias("lost_reason_code"),
        exempt.alias("exemption_code"),
        pl.when(exempt != _NONE).then(day.dt.truncate("1mo")).alias("exemption_from_month"),
        pl.when(~exempt.is_in([_NONE, _LEGAL]))
        .then(pl.date(fiscal + 1, 6, 1))
        .alias("exemption_until_month"),
        ((scatter(pl.col("person"), 23, 100) < 6) & (exempt == _NONE)).alias("is_additional"),  # noqa: PLR2004
        pl.when(exempt == _NONE)
        .then((scatter(pl.col("person"), 29, 3) + 1).cast(pl.String))
        .alias("payment_method_code"),
        pl.when(pl.col("nationality") != "日本").then("nationality").alias("foreign_nationality"),
    ]


def _six_digits() -> pl.Expr:
    return pl.col("person").cast(pl.String).str.zfill(6)


def _exempt() -> pl.Expr:
    """Say the exemption: by law on 生活保護, as a student, or by the income of the household."""
    born = pl.col("birth_date")
    young = pl.col("day") < birthday(born, 23)
    student = young & (scatter(pl.col("person"), 13, 1000) < _STUDENTS)
    drawn = scatter(pl.col("person"), 17, 1000)
    chosen: pl.Expr = pl.lit(_NONE)
    for limit, code in reversed(_EXEMPTIONS):
        chosen = pl.when(drawn < limit).then(pl.lit(code)).otherwise(chosen)
    return (
        pl.when(pl.col("scheme") == member.ASSISTED)
        .then(pl.lit(_LEGAL))
        .when(student)
        .then(pl.lit(_STUDENT))
        .otherwise(chosen)
    )
