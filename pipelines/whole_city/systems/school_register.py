"""学齢簿: every child of school age, from the first year of elementary to the third of junior high.

Source of the rules: 学校教育法第17条 (who is of school age), 学校教育法施行令第1条〜第9条 (the register,
the designated school). Who goes elsewhere, and that two elementary districts share a junior high,
are assumptions.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import CORRECTED, DIED, MOVED_IN, MOVED_OUT, MOVED_WITHIN, last_day
from pipelines.whole_city.records.lives import as_of, draw, known_on
from pipelines.whole_city.records.parents import entry_year, tell_families
from pipelines.whole_city.records.sending import hidden, send_changes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City, Delivery

DATASET = "school_register"
ENTERED, PROMOTED, GRADUATED, LEFT, DIED_CODE = "01", "02", "11", "12", "13"
_EVENTS = {MOVED_IN: "03", MOVED_WITHIN: "04", MOVED_OUT: LEFT, DIED: DIED_CODE, CORRECTED: "21"}
_STATUS = {GRADUATED: "2", LEFT: "3", DIED_CODE: "4"}
_LAST_GRADE, _FIRST_OF_JUNIOR_HIGH = 9, 7
_CHANGED_SCHOOL, _PRIVATE_ELEMENTARY, _PRIVATE_JUNIOR_HIGH = 0.03, 0.05, 0.15
_SPECIAL_SHARE = 0.045
_NATIONALITY_SINCE = "2025-04"


def deliver(city: City) -> Iterator[Delivery]:
    """Give the changes of the register, month after month."""
    for sent in send_changes(city, DATASET, _changes(city), "known_date", 6):
        shown = hidden("nationality", sent.period, since=_NATIONALITY_SINCE)
        yield replace(sent, rows=sent.rows.drop("known_date").with_columns(shown))


def _changes(city: City) -> pl.DataFrame:
    opened, end = last_day(city.months[0]), last_day(city.months[-1])
    lives = tell_families(city, dt.date(opened.year - 17, 4, 2))
    children = _of_school_age(lives, opened, end)
    events = pl.concat(
        [_state(children, opened), _moves(children, opened), *_turns(children, opened, end)]
    ).with_columns(grade=_grade(pl.col("event_date")))
    rows = (
        events.filter(pl.col("grade").is_between(1, _LAST_GRADE))
        .sort("person", "event_date", "event_code", "number")
        .with_columns(serial=(pl.int_range(pl.len()) + 1).over("person"))
    )
    return _with_schools(_with_guardians(rows, lives), city).select(**_columns())


def _of_school_age(lives: pl.DataFrame, first: dt.date, last: dt.date) -> pl.DataFrame:
    """Choose who may be in the register between two days."""
    entry = entry_year(pl.col("birth_date"))
    return lives.with_columns(entry_year=entry).filter(
        pl.col("entry_year") <= last.year, pl.col("entry_year") >= first.year - _LAST_GRADE - 1
    )


def _grade(day: pl.Expr) -> pl.Expr:
    return day.dt.offset_by("-3mo").dt.year() - pl.col("entry_year") + 1


def _state(children: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """Give the register as it stood at the end of the first month: one row a child."""
    april = dt.date(day.year - (day < dt.date(day.year, 4, 1)), 4, 1)
    moved = pl.col("address_since_date") > april
    came = pl.col("since_date") > april
    turn = pl.when(_is_first_grade(pl.lit(april))).then(pl.lit(ENTERED)).otherwise(pl.lit(PROMOTED))
    code = pl.when(came).then(pl.lit("03")).when(moved).then(pl.lit("04")).otherwise(turn)
    return (
        known_on(children, day)
        .filter("is_resident")
        .with_columns(
            event_code=code,
            event_date=pl.max_horizontal("address_since_date", pl.lit(april)),
            known_date=pl.lit(day),
        )
    )


def _moves(children: pl.DataFrame, opened: dt.date) -> pl.DataFrame:
    """Give what the register of residents reported after the first month."""
    later = children.filter(pl.col("notified_date") > opened, pl.col("reason").is_in(list(_EVENTS)))
    code = pl.col("reason").replace_strict(_EVENTS, return_dtype=pl.String)
    return later.with_columns(
        event_code=code, event_date=pl.col("effective_date"), known_date=pl.col("notified_date")
    )


def _turns(children: pl.DataFrame, opened: dt.date, end: dt.date) -> Iterator[pl.DataFrame]:
    """Give what every 1 April brings, and the 31 March before it."""
    for year in range(opened.year, end.year + 1):
        april, march = dt.date(year, 4, 1), dt.date(year, 3, 31)
        if april > opened:
            code = (
                pl.when(_is_first_grade(pl.lit(april)))
                .then(pl.lit(ENTERED))
                .otherwise(pl.lit(PROMOTED))
            )
            yield _there(children, april).with_columns(
                event_code=code,
                event_date=pl.lit(april),
                known_date=pl.max_horizontal("since_notified", pl.lit(april)),
            )
        if march > opened:
            leaving = _there(children, march).filter(_grade(pl.lit(march)) == _LAST_GRADE)
            yield leaving.with_columns(
                event_code=pl.lit(GRADUATED),
                event_date=pl.lit(march),
                known_date=pl.max_horizontal("since_notified", pl.lit(march)),
            )


def _there(children: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    return children.filter(
        "is_resident", pl.col("effective_date") <= day, pl.col("until_date") > day
    )


def _is_first_grade(april: pl.Expr) -> pl.Expr:
    return _grade(april).is_in([1, _FIRST_OF_JUNIOR_HIGH])


def _with_guardians(rows: pl.DataFrame, lives: pl.DataFrame) -> pl.DataFrame:
    """Add who answered for the child on the day: father or mother in the household, else its head."""
    about = lives.filter("is_resident").select(
        "person", "effective_date", "resident_id", "full_name", "household_id"
    )
    for person in ("father", "mother", "head"):
        rows = as_of(rows, about, person, "event_date")
    by_father, by_mother = (
        pl.col(f"household_id_{p}") == pl.col("household_id") for p in ("father", "mother")
    )
    alone = pl.col("head") == pl.col("person")

    def of(column: str) -> pl.Expr:
        return (
            pl.when(by_father)
            .then(f"{column}_father")
            .when(by_mother)
            .then(f"{column}_mother")
            .when(~alone)
            .then(f"{column}_head")
        )

    return rows.with_columns(
        guardian_id=of("resident_id"), guardian_name=of("full_name")
    ).with_columns(
        guardian_code=pl.when(by_father)
        .then(pl.lit("1"))
        .when(by_mother)
        .then(pl.lit("2"))
        .when(pl.col("guardian_id").is_not_null())
        .then(pl.lit("9"))
    )


def _with_schools(rows: pl.DataFrame, city: City) -> pl.DataFrame:
    """Add the school of the district, and the one the child goes to."""
    for purpose in ("school_choice", "special_class"):
        rows = rows.join(draw(city, purpose), on="person", how="left", maintain_order="left")
    rows = rows.join(name_schools(city), on="school_district", how="left", maintain_order="left")
    older, chance = pl.col("grade") >= _FIRST_OF_JUNIOR_HIGH, pl.col("school_choice")
    private = pl.when(older).then(_PRIVATE_JUNIOR_HIGH).otherwise(_PRIVATE_ELEMENTARY)
    kind = (
        pl.when(chance < _CHANGED_SCHOOL)
        .then(pl.lit("2"))
        .when(chance < private)
        .then(pl.lit("4"))
        .otherwise(pl.lit("1"))
    )
    return rows.with_columns(
        designated=pl.when(older).then("junior_high").otherwise("elementary"),
        elsewhere_school=pl.when(older).then("next_junior_high").otherwise("next_elementary"),
        kind=kind,
        is_older=older,
    )


def name_schools(city: City) -> pl.DataFrame:
    """Name the schools of every district; two districts in the order of names share a junior high."""
    names = city.towns["school_district"].unique().sort()
    district = pl.col("school_district").str.strip_suffix("区")
    pair = district.str.strip_suffix("小学校").gather(pl.int_range(pl.len()) // 2 * 2)
    named = pl.DataFrame({"school_district": names}).with_columns(
        elementary=district, junior_high=pair + "中学校"
    )
    neighbour = (pl.int_range(pl.len()) + 2) % pl.len()
    return named.with_columns(
        next_elementary=pl.col("elementary").gather(neighbour),
        next_junior_high=pl.col("junior_high").gather(neighbour),
    )


def _columns() -> dict[str, pl.Expr]:
    code, older, kind = pl.col("event_code"), pl.col("is_older"), pl.col("kind")
    entered = pl.col("entry_year") + pl.when(older).then(_FIRST_OF_JUNIOR_HIGH - 1).otherwise(0)
    attended = pl.when(kind == "1").then("designated").when(kind == "2").then("elsewhere_school")
    return {
        "resident_id": pl.col("resident_id"),
        "history_number": pl.col("serial").cast(pl.Int64),
        "event_code": code,
        "event_date": pl.col("event_date"),
        "school_fiscal_year": pl.col("event_date").dt.offset_by("-3mo").dt.year(),
        "school_kind_code": pl.when(older).then(pl.lit("2")).otherwise(pl.lit("1")),
        "grade": pl.col("grade").cast(pl.Int64),
        "full_name": pl.col("full_name"),
        "full_name_kana": pl.col("full_kana"),
        "birth_date": pl.col("birth_date"),
        "sex_code": pl.col("sex_code"),
        "nationality": pl.col("nationality"),
        "guardian_id": pl.col("guardian_id"),
        "guardian_name": pl.col("guardian_name"),
        "guardian_relationship_code": pl.col("guardian_code"),
        "postal_code": pl.col("postal_code").str.replace("-", "", literal=True),
        "town": pl.col("town"),
        "block": pl.col("block"),
        "building": pl.col("building"),
        "designated_school_name": pl.col("designated"),
        "attended_school_name": attended,
        "attendance_kind_code": kind,
        "is_special_class": pl.col("special_class") < _SPECIAL_SHARE,
        "entered_date": pl.when(kind != "4").then(pl.date(entered, 4, 1)),
        "notice_date": pl.date(entered, 1, 20),
        "enrolment_status_code": code.replace_strict(_STATUS, default="1", return_dtype=pl.String),
        "known_date": pl.col("known_date"),
    }
