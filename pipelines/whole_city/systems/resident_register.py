"""The monthly full extract of the residents, as of the first of the month.

It is made when the 14 days of 届出 (住民基本台帳法第22条〜第25条) are over, so that it holds what happened
up to the first and was notified in time.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import (
    BORN,
    JST,
    MOVED_IN,
    MOVED_WITHIN,
    Delivery,
    period_of,
)
from transforms.catalogue import TRANSFORMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "resident_register"
_EXTRACTED_ON = 16
_REASON_CODES = {MOVED_IN: "10", BORN: "20", MOVED_WITHIN: "30"}


def deliver(city: City) -> Iterator[Delivery]:
    """Give the register of every month."""
    said = _last_moves(city)
    phones = city.persons.select("person", phone=_written(pl.col("phone")))
    for month in city.months:
        residents = (
            city.residents_on(month)
            .drop("phone")
            .join(said, on=["person", "number"], how="left", maintain_order="left")
            .join(phones, on="person", how="left", maintain_order="left")
        )
        moment = dt.datetime(month.year, month.month, _EXTRACTED_ON, 9, tzinfo=JST)
        yield Delivery(DATASET, period_of(month), moment, _rows(residents))


def _last_moves(city: City) -> pl.DataFrame:
    """Say of every row why the person last came or moved, and since when they are a resident."""
    reason, day = pl.col("reason"), pl.col("effective_date")
    code = reason.replace_strict(_REASON_CODES, default=None, return_dtype=pl.String)
    came = pl.when(reason.is_in([BORN, MOVED_IN])).then(day)
    return city.versions.select(
        "person",
        "number",
        change_reason_code=code.forward_fill().over("person"),
        resident_since_date=came.forward_fill()
        .over("person")
        .fill_null(day.first().over("person")),
    )


def _written(phone: pl.Expr) -> pl.Expr:
    """Write telephone numbers as the common form does."""
    return TRANSFORMS["phone"].function(phone).struct.field("value")


def _rows(residents: pl.DataFrame) -> pl.DataFrame:
    return residents.select(
        "resident_id",
        "household_id",
        pl.concat_str("surname", "given", separator="\u3000").alias("full_name"),
        pl.concat_str("surname_kana", "given_kana", separator="\u3000").alias("full_name_kana"),
        "birth_date",
        "sex_code",
        "relationship",
        "town",
        "block",
        "resident_since_date",
        "change_reason_code",
        "phone",
    )
