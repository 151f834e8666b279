"""住民基本台帳: every change of every resident, with all columns as they are after it.

The first delivery holds all that the register knows, the moved and the dead as well.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import (
    BORN,
    CORRECTED,
    DIED,
    DIVORCED,
    HEAD_CHANGED,
    MARRIED,
    MOVED_IN,
    MOVED_OUT,
    MOVED_WITHIN,
)
from pipelines.whole_city.records.lives import FULL_NAME, JAPAN, as_of, draw, tell_lives
from pipelines.whole_city.records.sending import hidden, send_changes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City, Delivery

DATASET = "resident_changes"
_FROM_ABROAD, _TO_ABROAD = "12", "22"
_REASONS = {
    MOVED_IN: "11",
    BORN: "13",
    MOVED_OUT: "21",
    DIED: "23",
    MOVED_WITHIN: "31",
    MARRIED: "33",
    DIVORCED: "33",
    CORRECTED: "34",
    HEAD_CHANGED: "38",
}
# 住民基本台帳法第22条〜第25条: what the resident notifies; the rest the mayor records ex officio.
_NOTIFIED = ["11", "12", "21", "22", "31", "38"]
_PROTECTED_SHARE = 0.003
_KANA_SINCE = "2025-04"


def deliver(city: City) -> Iterator[Delivery]:
    """Give the register's changes, month after month."""
    for sent in send_changes(city, DATASET, _changes(city), "processed_date", 3):
        kana = hidden("is_kana_confirmed", sent.period, since=_KANA_SINCE)
        yield replace(sent, rows=sent.rows.with_columns(kana))


def _changes(city: City) -> pl.DataFrame:
    lives = tell_lives(city).join(draw(city, "protected"), on="person", how="left")
    heads = city.spells.join(city.persons.select("person", "given"), on="person", how="left")
    named = heads.select("person", "effective_date", name=FULL_NAME)
    rows = as_of(lives, named, "head", "effective_date")
    return rows.with_columns(reason_code=_reason(), is_gone=~pl.col("is_resident")).select(
        **_columns()
    )


def _reason() -> pl.Expr:
    """Give the code of 異動事由; without a municipality the person came from or went abroad."""
    reason, abroad = pl.col("reason"), pl.col("elsewhere").is_null()
    return (
        pl.when((reason == MOVED_IN) & abroad)
        .then(pl.lit(_FROM_ABROAD))
        .when((reason == MOVED_OUT) & abroad)
        .then(pl.lit(_TO_ABROAD))
        .otherwise(reason.replace_strict(_REASONS, return_dtype=pl.String))
    )


def _columns() -> dict[str, pl.Expr]:
    reason, gone, notified = pl.col("reason"), pl.col("is_gone"), pl.col("notified_date")
    status = {MOVED_OUT: "2", DIED: "3"}
    return {
        "resident_id": pl.col("resident_id"),
        "history_number": pl.col("number").cast(pl.Int64),
        "household_id": pl.col("household_id"),
        "change_date": pl.col("effective_date"),
        "notified_date": pl.when(pl.col("reason_code").is_in(_NOTIFIED)).then(notified),
        "processed_date": notified,
        "change_reason_code": pl.col("reason_code"),
        "change_kind_code": pl.col("reason_code").str.head(1).replace({"4": "3"}),
        "resident_status_code": pl.when(gone)
        .then(reason.replace_strict(status, default="4", return_dtype=pl.String))
        .otherwise(pl.lit("1")),
        "resident_kind_code": pl.when(pl.col("nationality") == JAPAN)
        .then(pl.lit("1"))
        .otherwise(pl.lit("2")),
        "full_name": pl.col("full_name"),
        "full_name_kana": pl.col("full_kana"),
        "is_kana_confirmed": pl.col("protected") > _PROTECTED_SHARE,
        "birth_date": pl.col("birth_date"),
        "sex_code": pl.col("sex_code"),
        "relationship": pl.col("relationship"),
        "head_name": pl.col("name_head"),
        "postal_code": pl.col("postal_code").str.replace("-", "", literal=True),
        "town": pl.col("town"),
        "block": pl.col("block"),
        "building": pl.col("building"),
        "resident_since_date": pl.col("since_date"),
        "address_since_date": pl.col("address_since_date"),
        "moved_from_code": pl.col("came_from"),
        "moved_to_code": pl.when(reason == MOVED_OUT).then("elsewhere"),
        "ended_date": pl.when(gone).then("effective_date"),
        "nationality": pl.col("nationality"),
        "is_protected": pl.col("protected") < _PROTECTED_SHARE,
    }
