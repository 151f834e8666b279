"""健康管理: vaccinations and examinations of the month, from the first months of life to old age.

When and how many is `records.care_plan`; what is found is drawn. Each record is of somebody who
lived in the city on the day. The second month comes late, as files from clinics sometimes do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import Delivery, last_day, period_of
from pipelines.whole_city.records.care_draws import GrownUps, plan_visits
from pipelines.whole_city.records.care_plan import (
    ADULT,
    CANCER,
    DOSES_ML,
    GROWTH,
    INFANT,
    USUAL_DOSE_ML,
    VACCINATION,
)
from pipelines.whole_city.records.lives import living_on, tell_lives
from pipelines.whole_city.records.sending import sent_after

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import numpy as np

    from pipelines.whole_city.city import City

DATASET = "health_records"
_NEEDED = (
    *("person", "is_resident", "effective_date", "until_date", "since_date", "since_notified"),
    *("resident_id", "full_name", "full_kana", "birth_date", "sex_code", "town", "block"),
)
_UNSEEN, _CLEARED = 0.2, 0.7
_LATE_MONTH, _LATE_BY = 1, 3
_FOUND = {INFANT: (0.85, 0.97), CANCER: (0.9, 0.93)}
_CLINICS, _ENDINGS = 60, ("クリニック", "医院", "内科", "小児科", "病院")


def deliver(city: City) -> Iterator[Delivery]:
    """Give the records of every month."""
    lives = tell_lives(city).select(_NEEDED)
    visits, grown_ups, clinics = plan_visits(city), GrownUps(city), _name_clinics(city)
    for number, month in enumerate(city.months):
        living = living_on(lives, last_day(month))
        of_month = visits.filter(pl.col("event_date").is_between(month, last_day(month)))
        done = pl.concat([of_month, *grown_ups.come(living["person"].to_numpy(), month)])
        found = _records(done, living, clinics, city.rng(f"health in {month}"))
        rows = found.select(**_columns(month))
        sent = sent_after(month, 9, 17)
        if number == _LATE_MONTH and len(city.months) > _LATE_MONTH + _LATE_BY:
            sent = sent_after(city.months[number + _LATE_BY], 9, 18)
        yield Delivery(DATASET, period_of(month), sent, rows)


def _records(
    done: pl.DataFrame, living: pl.DataFrame, clinics: pl.DataFrame, rng: np.random.Generator
) -> pl.DataFrame:
    """List what was done in a month to those who live in the city at its end."""
    rows = done.join(
        living.drop("effective_date"), on="person", how="inner", maintain_order="left"
    ).filter(pl.col("since_date") <= pl.col("event_date"))
    return _with_findings(rows.sort("event_date", "person", "item"), clinics, rng)


def _name_clinics(city: City) -> pl.DataFrame:
    """Name the clinics after the towns: made up, as are the towns' numbers."""
    names = city.towns["base"].unique().sort().to_list()
    made = [f"{name}{ending}" for ending in _ENDINGS for name in names][:_CLINICS]
    return pl.DataFrame({"clinic": range(len(made)), "institution": made})


def _with_findings(
    rows: pl.DataFrame, clinics: pl.DataFrame, rng: np.random.Generator
) -> pl.DataFrame:
    """Draw where it was done and what was found."""
    n = rows.height
    drawn = {
        "found": rng.random(n),
        "followed": rng.random(n),
        "size": rng.normal(0, 1, n),
        "lot": rng.integers(1, 400, n),
        "late": rng.integers(0, 6, n),
    }
    placed = rows.with_columns(
        clinic=pl.Series(rng.integers(0, clinics.height, n)),
        **{name: pl.Series(values) for name, values in drawn.items()},
    )
    return placed.join(clinics, on="clinic", how="left", maintain_order="left")


def _result() -> pl.Expr:
    kind, found, code = pl.col("kind"), pl.col("found"), pl.lit(None, dtype=pl.String)
    for group, (well, watched) in _FOUND.items():
        judged = (
            pl.when(found < well)
            .then(pl.lit("1"))
            .when(found < watched)
            .then(pl.lit("2"))
            .otherwise(pl.lit("3"))
        )
        code = pl.when(kind == group).then(judged).otherwise(code)
    return pl.when(kind == ADULT).then(pl.lit("1")).otherwise(code)


def _followed() -> pl.Expr:
    """Give what the closer examination found, for those who were sent to one."""
    chance = pl.col("followed")
    code = (
        pl.when(chance < _UNSEEN)
        .then(pl.lit("1"))
        .when(chance < _CLEARED)
        .then(pl.lit("2"))
        .otherwise(pl.lit("3"))
    )
    return pl.when((pl.col("kind") == CANCER) & (_result() == "3")).then(code)


def _size(part: int, spread: float) -> pl.Expr:
    """Draw a height or weight around the middle of the age, in tenths."""
    middle = pl.col("item").replace_strict(
        {item: sizes[part] for item, sizes in GROWTH.items()}, default=None, return_dtype=pl.Float64
    )
    return (middle * (1 + spread * pl.col("size").clip(-2.5, 2.5))).round(1)


def _columns(month: dt.date) -> dict[str, pl.Expr]:
    vaccinated = pl.col("kind") == VACCINATION
    serial = (pl.int_range(pl.len()) + 1).cast(pl.String).str.zfill(7)
    registered = pl.min_horizontal(
        pl.col("event_date") + pl.duration(days="late"), pl.lit(last_day(month))
    )
    born, day = pl.col("birth_date"), pl.col("event_date")
    ahead = day.dt.strftime("%m%d") < born.dt.strftime("%m%d")
    millilitres = pl.col("item").replace_strict(
        DOSES_ML, default=USUAL_DOSE_ML, return_dtype=pl.Float64
    )
    return {
        "record_number": pl.lit(f"{month:%Y%m}") + serial,
        "resident_id": pl.col("resident_id"),
        "event_kind_code": pl.col("kind"),
        "item_code": pl.col("item"),
        "dose_number": pl.col("dose"),
        "event_date": day,
        "full_name": pl.col("full_name"),
        "full_name_kana": pl.col("full_kana"),
        "birth_date": born,
        "sex_code": pl.col("sex_code"),
        "town": pl.col("town"),
        "block": pl.col("block"),
        "event_age": (day.dt.year() - born.dt.year() - ahead.cast(pl.Int32)).cast(pl.Int64),
        "is_routine": pl.when(vaccinated).then(pl.lit(value=True)),
        "institution_name": pl.col("institution"),
        "lot_number": pl.when(vaccinated).then(pl.format("{}{}", pl.lit("ML"), "lot")),
        "dose_ml": pl.when(vaccinated).then(millilitres),
        "height_cm": _size(0, 0.03),
        "weight_kg": _size(1, 0.1),
        "result_code": _result(),
        "follow_up_code": _followed(),
        "event_fiscal_year": day.dt.offset_by("-3mo").dt.year(),
        "registered_date": registered,
    }
