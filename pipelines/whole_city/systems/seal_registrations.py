"""印鑑登録: who has registered a seal, and why a registration ended.

A resident registers once, some time after coming of age or moving in; moving out, dying or another
surname ends it. That nobody under 15 may register is the ministry's 印鑑登録証明事務処理要領; how many
do, and when, is an assumption.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import CORRECTED, DIED, MOVED_OUT, MOVED_WITHIN
from pipelines.whole_city.records.lives import draw, tell_lives
from pipelines.whole_city.records.sending import send_changes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City, Delivery

DATASET = "seal_registrations"
REGISTERED, MOVED, DEAD, RENAMED, READDRESSED = "01", "11", "12", "13", "21"
_HOLDERS = 0.68
_YOUNGEST, _YEARS = 18, 17
_DAYS_IN_A_YEAR = 365.25
_DAYS_AFTER_MOVING = 900
_METHOD_SHARES = (0.8, 0.95)
_STOPPED_SHARE = 0.002


def deliver(city: City) -> Iterator[Delivery]:
    """Give the changes of the registrations, month after month."""
    return send_changes(city, DATASET, _changes(city), "processed_date", 4)


def _changes(city: City) -> pl.DataFrame:
    stays = _stays(tell_lives(city, _holders(city)["person"]), city)
    rows = pl.concat([_registrations(stays), _later(stays)])
    ended = pl.col("event_code").is_in([MOVED, DEAD, RENAMED])
    already = ended.cast(pl.Int32).cum_sum().over("person") - ended.cast(pl.Int32)
    return (
        rows.sort("person", "event_date", "number", "event_code")
        .with_columns(is_ended=ended)
        .filter(already == 0)
        .with_columns(serial=(pl.int_range(pl.len()) + 1).over("person"))
        .select(**_columns())
    )


def _holders(city: City) -> pl.DataFrame:
    return draw(city, "holds_a_seal").filter(pl.col("holds_a_seal") < _HOLDERS)


def _stays(lives: pl.DataFrame, city: City) -> pl.DataFrame:
    """Say of every row when its stay's registration was made: of the first stay that allows one."""
    of_age = _YOUNGEST * _DAYS_IN_A_YEAR + _YEARS * _DAYS_IN_A_YEAR * pl.col("seal_age")
    grown = pl.col("birth_date") + pl.duration(days=of_age.cast(pl.Int64))
    settled = pl.col("since_notified") + pl.duration(
        days=(_DAYS_AFTER_MOVING * pl.col("seal_delay")).cast(pl.Int64)
    )
    for purpose in ("seal_age", "seal_delay", "seal_method", "holds_a_seal"):
        lives = lives.join(draw(city, purpose), on="person", how="left", maintain_order="left")
    return lives.with_columns(
        registered_date=pl.max_horizontal(grown, settled),
        old_surname=pl.col("surname").shift(1).over("person"),
    )


def _registrations(stays: pl.DataFrame) -> pl.DataFrame:
    day = pl.col("registered_date")
    there = pl.col("is_resident") & (day >= pl.col("effective_date")) & (day < pl.col("until_date"))
    return (
        stays.filter(there)
        .unique("person", keep="first", maintain_order=True)
        .with_columns(event_code=pl.lit(REGISTERED), event_date=day, processed_date=day)
    )


def _later(stays: pl.DataFrame) -> pl.DataFrame:
    """Give what happened to registrations afterwards, from the rows of the register itself."""
    reason, renamed = pl.col("reason"), pl.col("surname") != pl.col("old_surname")
    code = (
        pl.when(reason == MOVED_OUT)
        .then(pl.lit(MOVED))
        .when(reason == DIED)
        .then(pl.lit(DEAD))
        .when(renamed)
        .then(pl.lit(RENAMED))
        .when(reason.is_in([MOVED_WITHIN, CORRECTED]))
        .then(pl.lit(READDRESSED))
    )
    return stays.with_columns(
        event_code=code, event_date=pl.col("effective_date"), processed_date=pl.col("notified_date")
    ).filter(
        pl.col("event_code").is_not_null(), pl.col("registered_date") < pl.col("effective_date")
    )


def _columns() -> dict[str, pl.Expr]:
    registered = pl.col("event_code") == REGISTERED
    by_card, by_letter = (pl.col("seal_method") < share for share in _METHOD_SHARES)
    return {
        "resident_id": pl.col("resident_id"),
        "history_number": pl.col("serial").cast(pl.Int64),
        "registration_number": (pl.col("person") + 10_000_001).cast(pl.String),
        "event_code": pl.col("event_code"),
        "event_date": pl.col("event_date"),
        "applied_date": pl.when(registered).then("event_date"),
        "registered_date": pl.col("registered_date"),
        "status_code": pl.when("is_ended").then(pl.lit("2")).otherwise(pl.lit("1")),
        "cancelled_date": pl.when("is_ended").then("event_date"),
        "method_code": pl.when(by_card)
        .then(pl.lit("1"))
        .when(by_letter)
        .then(pl.lit("3"))
        .otherwise(pl.lit("2")),
        "card_number": pl.concat_str(pl.lit("27"), (pl.col("person") + 10_000_001).cast(pl.String)),
        "full_name": pl.col("full_name"),
        "full_name_kana": pl.col("full_kana"),
        "birth_date": pl.col("birth_date"),
        "sex_code": pl.col("sex_code"),
        "town": pl.col("town"),
        "block": pl.col("block"),
        "building": pl.col("building"),
        "has_seal_image": pl.lit(value=True),
        "is_issue_stopped": pl.col("seal_method") < _STOPPED_SHARE,
        "processed_date": pl.col("processed_date"),
    }
