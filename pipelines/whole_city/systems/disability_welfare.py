"""The handbooks of the disabled as the welfare office keeps them: one row a change of a handbook.

Who holds one is `disabilities`; a handbook comes with its holder and is handed on when they leave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import DIED, MOVED_OUT
from pipelines.whole_city.disabilities import (
    INTELLECTUAL,
    MENTAL,
    PHYSICAL,
    list_handbooks,
)
from pipelines.whole_city.records.sending import send_changes
from pipelines.whole_city.timelines import (
    attach,
    birthday,
    list_stays,
    number_history,
    scatter,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City, Delivery

DATASET = "disability_welfare"
_SENT_ON = 10
CAME, RETURNED = "2", "9"
_SUBJECT = ["person", "handbook_code"]
_LETTERS = {PHYSICAL: "身", INTELLECTUAL: "療", MENTAL: "精"}
# Parts of 100, summed up: 視覚, 聴覚, 音声, 肢体, 内部 (near the national counts, 福祉行政報告例).
_IMPAIRMENTS = ((6, "1"), (15, "2"), (16, "3"), (66, "4"), (100, "5"))
_ASSESSED = 35  # of 100 adult holders have asked for a 障害支援区分 (assumption)
_CHILD, _ADULT = 15, 18


def deliver(city: City) -> Iterator[Delivery]:
    """Give the whole state, then the changes of every month."""
    yield from send_changes(city, DATASET, _record(city), "processed_date", _SENT_ON)


def _record(city: City) -> pl.DataFrame:
    rows = attach(city, _find_changes(city))
    ids = city.persons.select(head="person", head_given="given")
    surnames = city.versions.select(head="person", head_surname="surname").unique(
        "head", keep="last", maintain_order=True
    )
    for table in (ids, surnames):
        rows = rows.join(table, on="head", how="left", maintain_order="left")
    return rows.select(_columns())


def _find_changes(city: City) -> pl.DataFrame:
    """List what happened to handbooks in the city: events, arrivals with one, departures."""
    events, stays = list_handbooks(city), list_stays(city)
    inside = events.join(stays, on="person").filter(
        (pl.col("since") <= pl.col("day"))
        & (pl.col("until").is_null() | (pl.col("day") < pl.col("until")))
    )
    here = pl.max_horizontal(pl.col("day") + pl.duration(days=3), "since_known")
    parts = [
        inside.select(*_SUBJECT, "day", "left", processed_date=here, change_code="event_code"),
        _at_borders(stays, events, "since", "since_known", CAME),
        _at_borders(stays, events, "until", "until_known", RETURNED),
    ]
    found = pl.concat(parts).sort(*_SUBJECT, "day", maintain_order=True)
    found = found.unique([*_SUBJECT, "day"], keep="last", maintain_order=True)
    return _hold(found, events)


def _at_borders(
    stays: pl.DataFrame, events: pl.DataFrame, day: str, known: str, code: str
) -> pl.DataFrame:
    """Give a row for every handbook that was issued before a stay begins or ends."""
    issued = events.group_by(_SUBJECT).agg(first=pl.col("day").min())
    return (
        stays.filter(pl.col(day).is_not_null())
        .join(issued, on="person")
        .filter(pl.col("first") < pl.col(day))
        .select(
            *_SUBJECT,
            "left",
            day=day,
            processed_date=known,
            change_code=pl.lit(code),
        )
        .select(*_SUBJECT, "day", "left", "processed_date", "change_code")
    )


def _hold(found: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Add the grade that holds from the day of a row on."""
    grades = events.select(*_SUBJECT, "grade_code", "issued_date", graded="day")
    return (
        found.with_row_index("__order")
        .sort("day")
        .join_asof(
            grades.sort("graded"),
            left_on="day",
            right_on="graded",
            by=_SUBJECT,
            check_sortedness=False,
        )
        .sort("__order")
        .drop("__order")
    )


def _columns() -> list[pl.Expr]:
    day, kind = pl.col("day"), pl.col("handbook_code")
    returned = pl.col("change_code") == RETURNED
    level, adult = _support_level()
    left = pl.col("left").replace_strict({MOVED_OUT: "1", DIED: "2"}, default="9")
    letter = kind.replace_strict(_LETTERS, return_dtype=pl.String)
    child = day < birthday(pl.col("birth_date"), _CHILD)
    return [
        pl.col("resident_id", "handbook_code"),
        number_history(_SUBJECT),
        pl.col("household_id", "full_name", "full_name_kana", "birth_date", "sex_code", "town"),
        pl.col("change_code"),
        day.alias("effective_date"),
        pl.col("processed_date"),
        pl.concat_str(letter, pl.col("person").cast(pl.String).str.zfill(7)).alias(
            "handbook_number"
        ),
        pl.col("grade_code"),
        pl.when(kind == PHYSICAL).then(_impairment()).alias("impairment_code"),
        _fare_class().alias("transport_fare_class_code"),
        pl.col("issued_date"),
        _valid_until().alias("valid_until_date"),
        pl.when(returned).then(day).alias("returned_date"),
        pl.when(returned).then(left).alias("return_reason_code"),
        pl.when(adult).then(level).alias("support_level_code"),
        pl.when(adult & (level != "0"))
        .then(pl.col("graded").dt.offset_by("36mo").dt.month_end())
        .alias("support_level_until_date"),
        _medical_support().alias("self_support_medical_code"),
        pl.when(child)
        .then(pl.concat_str("head_surname", "head_given", separator="\u3000"))
        .alias("guardian_name"),
    ]


def _impairment() -> pl.Expr:
    drawn = scatter(pl.col("person"), 43, 100)
    chosen: pl.Expr = pl.lit(None, pl.String)
    for limit, code in reversed(_IMPAIRMENTS):
        chosen = pl.when(drawn < limit).then(pl.lit(code)).otherwise(chosen)
    return chosen


def _fare_class() -> pl.Expr:
    """第1種 for the severe, 第2種 for the others; the mental handbook has none here."""
    severe = pl.col("grade_code").is_in(["1", "2", "3", "A"])
    given = pl.when(severe).then(pl.lit("1")).otherwise(pl.lit("2"))
    return pl.when(pl.col("handbook_code") != MENTAL).then(given)


def _valid_until() -> pl.Expr:
    kind, graded = pl.col("handbook_code"), pl.col("graded")
    return (
        pl.when(kind == MENTAL)
        .then(graded.dt.offset_by("2y").dt.month_end())
        .when(kind == INTELLECTUAL)
        .then(graded.dt.offset_by("5y"))
    ).cast(pl.Date)


def _support_level() -> tuple[pl.Expr, pl.Expr]:
    """Draw the 障害支援区分, and say who has one: adults of whom some have asked for services."""
    level = scatter(pl.col("person"), 47, 7).cast(pl.String)
    adult = pl.col("day") >= birthday(pl.col("birth_date"), _ADULT)
    return level, adult & (scatter(pl.col("person"), 53, 100) < _ASSESSED)


def _medical_support() -> pl.Expr:
    drawn, kind = scatter(pl.col("person"), 59, 100), pl.col("handbook_code")
    adult = pl.col("day") >= birthday(pl.col("birth_date"), _ADULT)
    physical = pl.when(adult).then(pl.lit("1")).otherwise(pl.lit("2"))
    return (
        pl.when((kind == MENTAL) & (drawn < 80))  # noqa: PLR2004 - of 100 (assumption)
        .then(pl.lit("3"))
        .when((kind == PHYSICAL) & (drawn < 8))  # noqa: PLR2004 - of 100 (assumption)
        .then(physical)
    )
