"""戸籍: who entered and left the family registers the city keeps: births, marriages, deaths.

The rules of the registers are in `records.families`. Persons the city has never had as residents
(children who went away, parents elsewhere) are left out: nothing of them is known here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.records.families import DEATH, MARRIAGE
from pipelines.whole_city.records.lives import last_rows
from pipelines.whole_city.records.register_book import (
    describe_memberships,
    draw_parents,
    own_number,
)
from pipelines.whole_city.records.sending import hidden, send_changes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City, Delivery

DATASET = "family_registers"
_KANA_SINCE = "2025-05"
_ORDERS = dict(enumerate("長二三四五六七八九十", 1))


def deliver(city: City) -> Iterator[Delivery]:
    """Give the changes of the registers, month after month."""
    for sent in send_changes(city, DATASET, _changes(city), "recorded_date", 10):
        kana = [
            hidden(c, sent.period, since=_KANA_SINCE) for c in ("surname_kana", "given_name_kana")
        ]
        yield replace(sent, rows=sent.rows.with_columns(kana))


def _changes(city: City) -> pl.DataFrame:
    members = _with_parents(describe_memberships(city), city)
    entered = members.with_columns(
        event_code="entry_code", event_date="entered_date", is_gone=pl.lit(value=False)
    )
    left = members.filter(pl.col("leaving_code").is_not_null()).with_columns(
        event_code="leaving_code", event_date="left_date", is_gone=pl.lit(value=True)
    )
    rows = with_recorded_days(pl.concat([entered, left]), city)
    return rows.sort("register", "member_number", "is_gone").select(**_columns(city))


def with_recorded_days(rows: pl.DataFrame, city: City) -> pl.DataFrame:
    """Say when an event was notified (as the register of residents says, else soon) and recorded."""
    notified = city.versions.select(
        "person", event_date="effective_date", notified="notified_date"
    ).unique(["person", "event_date"], keep="last")
    soon = pl.col("event_date").dt.offset_by("2d")
    return rows.join(notified, on=["person", "event_date"], how="left").with_columns(
        notified=pl.coalesce("notified", soon),
        recorded_date=pl.coalesce("notified", soon).dt.offset_by("1d"),
    )


def _with_parents(members: pl.DataFrame, city: City) -> pl.DataFrame:
    """Add the names of father and mother and the place among brothers or sisters."""
    last = last_rows(city.versions).select("person", "surname")
    names = last.join(city.persons.select("person", "given"), on="person", how="left").select(
        "person", name=pl.concat_str("surname", "given", separator="\u3000")
    )
    members = members.drop("father_name", "mother_name", strict=False).join(
        draw_parents(city).select("person", "father_name", "mother_name"), on="person", how="left"
    )
    for parent in ("father", "mother"):
        about = names.rename({"person": parent, "name": f"{parent}_known"})
        members = members.join(about, on=parent, how="left")
    family = pl.coalesce("mother", "father", pl.lit(-1) - pl.col("person"))
    born = city.persons.select(
        "person", order=pl.col("birth_date").rank("ordinal").over(family, "sex_code")
    )
    return members.join(born, on="person", how="left")


def _father() -> pl.Expr:
    """Name the father: known, the head of an unknown register, drawn; none of a lone mother's child."""
    of_unknown = pl.col("register") % 2 == 1
    is_child = pl.col("role") == 2  # noqa: PLR2004 - the role of a child
    drawn = pl.when(of_unknown).then("head_name").when(~is_child).then("father_name")
    return pl.coalesce("father_known", drawn)


def _columns(city: City) -> dict[str, pl.Expr]:
    code, gone, sex = pl.col("event_code"), pl.col("is_gone"), pl.col("sex_code")
    in_couple = (pl.col("entry_code") == MARRIAGE) & (~gone | (code == DEATH))
    is_last = gone & (pl.col("left_date") == pl.col("left_date").max().over("register"))
    is_closed = is_last & (pl.col("register") % 2 == 0)
    order = pl.col("order").clip(1, 10).replace_strict(_ORDERS, return_dtype=pl.String)
    serial = (pl.int_range(pl.len()) + 1).over("register", "member_number")
    return {
        "family_register_id": pl.col("family_register_id"),
        "member_number": pl.col("member_number").cast(pl.Int64),
        "history_number": serial.cast(pl.Int64),
        "resident_id": own_number(city, "recorded_date"),
        "domicile_town": pl.col("domicile_town"),
        "domicile_block": pl.col("domicile_block"),
        "head_name": pl.col("head_name"),
        "compiled_date": pl.col("compiled_date"),
        "register_status_code": pl.when(is_closed).then(pl.lit("2")).otherwise(pl.lit("1")),
        "surname": pl.col("head_surname"),
        "given_name": pl.col("given"),
        "surname_kana": pl.col("head_surname_kana"),
        "given_name_kana": pl.col("given_kana"),
        "birth_date": pl.col("birth_date"),
        "sibling_order": order + pl.when(sex == "1").then(pl.lit("男")).otherwise(pl.lit("女")),
        "father_name": _father(),
        "mother_name": pl.coalesce("mother_known", "mother_name"),
        "spouse_kind_code": pl.when(in_couple).then(sex),
        "member_status_code": pl.when(gone).then(pl.lit("2")).otherwise(pl.lit("1")),
        "event_code": code,
        "event_date": pl.col("event_date"),
        "notified_date": pl.col("notified"),
        "recorded_date": pl.col("recorded_date"),
        "previous_register": pl.when(~gone).then("previous_register"),
        "next_register": pl.when(gone & (code != DEATH)).then("next_register"),
    }
