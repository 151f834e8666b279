"""Applications received online: which procedure, when, how, and how long the city took.

Moves out and births bring the applications that follow them; the others come from residents of the
ages concerned. Procedures that do not ask who one is carry no resident number.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from pipelines.whole_city.city import BORN, JST, MOVED_OUT, Delivery, last_day, period_of
from pipelines.whole_city.presence import Presence, draw_days, draw_rows, number_rows
from pipelines.whole_city.systems.line_messages import draw_hours

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from pipelines.whole_city.city import City

DATASET = "electronic_applications"
_CLOSED_DAYS_AFTER = 25
_WITHDRAWN = 0.01


class Procedure(NamedTuple):
    """One procedure: applications a month and 1,000 residents, whose, by which way, at what price."""

    name: str
    channel_code: str
    rate: float
    ages: tuple[int, int] | None  # None: nobody is asked who they are
    usual_days: float
    fee_yen: int
    after: str = ""  # a change of the register that brings it; `rate` is then the share of them


_PROCEDURES = (
    Procedure("転出届", "1", 0.55, (0, 120), 1.5, 0, after=MOVED_OUT),
    Procedure("児童手当の認定請求", "1", 0.5, (0, 120), 12, 0, after=BORN),
    Procedure("住民票の写しの交付請求", "2", 3.0, (18, 90), 2.5, 300),
    Procedure("所得・課税証明書の交付請求", "2", 1.0, (18, 85), 2.5, 300),
    Procedure("国民健康保険の資格喪失の届出", "1", 0.6, (20, 64), 6, 0),
    Procedure("保育施設の利用申込み", "1", 0.4, (23, 45), 40, 0),
    Procedure("要介護認定の申請", "1", 0.5, (65, 105), 32, 0),
    Procedure("がん検診の申込み", "2", 1.0, (40, 89), 1, 0),
    Procedure("犬の登録の申請", "2", 0.1, (20, 80), 5, 3000),
    Procedure("粗大ごみ収集の申込み", "3", 2.5, None, 1, 1200),
    Procedure("水道の使用開始の届出", "3", 1.0, None, 1, 0),
    Procedure("催し・講座の申込み", "2", 2.0, None, 3, 0),
    Procedure("職員採用試験の申込み", "3", 0.2, None, 10, 0),
)


def deliver(city: City) -> Iterator[Delivery]:
    """Give the applications of every month as they stand on the 25th of the next."""
    presence, applicants = Presence(city), _applicants_after_changes(city)
    for month in city.months:
        rng = city.rng(f"{DATASET}/{month:%Y-%m}")
        closed = last_day(month) + dt.timedelta(days=_CLOSED_DAYS_AFTER)
        residents = presence.throughout(month)
        received = [_receive(rng, p, month, residents, applicants) for p in _PROCEDURES]
        rows = _rows(rng, pl.concat(received).sort("received_date", "received_hour"), month, closed)
        moment = dt.datetime.combine(closed, dt.time(10), tzinfo=JST)
        yield Delivery(DATASET, period_of(month), moment, rows)


def _applicants_after_changes(city: City) -> pl.DataFrame:
    """List who applies after a change, and on which day: for a newborn a parent."""
    changes = city.versions.filter(
        pl.col("reason").is_in([BORN, MOVED_OUT]), pl.col("notified_date") >= city.months[0]
    ).join(city.persons.select("person", "mother", "father"), on="person", how="left")
    parent = pl.coalesce("father", "mother")
    who = pl.when(pl.col("reason") == BORN).then(parent).otherwise("person")
    return changes.select("reason", received_date="notified_date", person=who.cast(pl.Int32)).join(
        city.persons.select("person", "resident_id"), on="person", maintain_order="left"
    )


def _receive(
    rng: np.random.Generator,
    procedure: Procedure,
    month: dt.date,
    residents: pl.DataFrame,
    after_changes: pl.DataFrame,
) -> pl.DataFrame:
    """Receive a month's applications of one procedure."""
    if procedure.after:
        in_month = pl.col("received_date").is_between(month, last_day(month))
        due = after_changes.filter(pl.col("reason") == procedure.after, in_month)
        came = due.filter(pl.Series(rng.random(due.height) < procedure.rate))
    else:
        count = int(rng.poisson(procedure.rate * residents.height / 1000))
        lowest, highest = procedure.ages or (18, 100)
        of_age = residents.filter(pl.col("age").is_between(lowest, highest))
        drawn = draw_rows(rng, of_age, count).select("resident_id")
        came = drawn.with_columns(received_date=draw_days(rng, month, drawn.height))
    days = rng.gamma(2.0, procedure.usual_days / 2, came.height).round()
    return came.select(
        procedure_name=pl.lit(procedure.name),
        channel_code=pl.lit(procedure.channel_code),
        received_date="received_date",
        received_hour=draw_hours(rng, came.height),
        resident_id=pl.when(pl.lit(procedure.ages is not None)).then("resident_id"),
        processing_days=pl.Series(days).cast(pl.Int64),
        fee_yen=pl.lit(procedure.fee_yen, pl.Int64),
    )


def _rows(
    rng: np.random.Generator, received: pl.DataFrame, month: dt.date, closed: dt.date
) -> pl.DataFrame:
    finished = (pl.col("received_date") + pl.duration(days="processing_days")).cast(pl.Date)
    withdrawn = pl.Series(rng.random(received.height) < _WITHDRAWN)
    is_done = ~withdrawn & (finished < closed)
    status = pl.when(withdrawn).then(pl.lit("3")).when(is_done).then(pl.lit("1"))
    return received.select(
        number_rows("A", month).alias("application_id"),
        "procedure_name",
        "channel_code",
        "received_date",
        "received_hour",
        "resident_id",
        pl.when(is_done).then(finished).alias("finished_date"),
        pl.when(is_done).then("processing_days").alias("processing_days"),
        pl.when(withdrawn).then(0).otherwise("fee_yen").alias("fee_yen"),
        status.otherwise(pl.lit("2")).alias("status_code"),
    )
