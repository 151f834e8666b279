"""Who needs care, from when, at which level: 要介護認定, wherever the person lived.

The shares by age are near those of 介護保険事業状況報告 (about one in five from 65 on); how levels change is an
assumption. What the office records is `systems.long_term_care`.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.whole_city.timelines import end_of_window, reach_by_share, span

if TYPE_CHECKING:
    from pipelines.whole_city.city import City

LEVELS = ("12", "13", "21", "22", "23", "24", "25")
NEW, RENEWED = "1", "2"
_AGES = [40.0, 50.0, 60.0, 65.0, 70.0, 75.0, 80.0, 85.0, 90.0, 95.0, 105.0]
_SHARES = [0.0, 0.001, 0.004, 0.015, 0.042, 0.085, 0.19, 0.38, 0.6, 0.79, 0.95]
_FIRST_LEVELS = (0.24, 0.17, 0.25, 0.15, 0.09, 0.06, 0.04)
_STEPS, _STEP_SHARES = (-1, 0, 1, 2), (0.07, 0.5, 0.32, 0.11)
_STAGES = 7
_BETWEEN_DAYS = (300, 1090)
_BEGUN = dt.date(2000, 4, 1)


def certify(city: City) -> pl.DataFrame:
    """List the certifications of everyone.

    Returns:
        `person`, `day`, `application_code` (新規, 更新), `care_level_code`, `until` (the last day it is
        valid); in the order of person and day, none before the law or after the months.
    """
    rng = city.rng("care")
    onset = reach_by_share(city, rng.random(city.persons.height), _AGES, _SHARES)
    begun = pl.lit(_BEGUN) + span(rng.integers(0, 900, onset.height))
    onset = onset.with_columns(day=pl.max_horizontal("day", begun))
    onset = onset.filter(pl.col("day") < end_of_window(city))
    waits = rng.integers(*_BETWEEN_DAYS, (onset.height, _STAGES))
    waits[:, 0] = 0
    shape = (onset.height, _STAGES)
    steps = np.array(_STEPS)[rng.choice(len(_STEPS), shape, p=_STEP_SHARES)]
    levels = np.empty(shape, np.int64)
    levels[:, 0] = rng.choice(len(LEVELS), onset.height, p=_FIRST_LEVELS)
    for stage in range(1, _STAGES):
        levels[:, stage] = np.clip(levels[:, stage - 1] + steps[:, stage], 0, len(LEVELS) - 1)
    return _list(city, onset, waits.cumsum(axis=1), levels)


def _list(city: City, onset: pl.DataFrame, waits: np.ndarray, levels: np.ndarray) -> pl.DataFrame:
    long = pl.DataFrame(
        {
            "person": np.repeat(onset["person"].to_numpy(), _STAGES),
            "stage": np.tile(np.arange(_STAGES), onset.height),
            "wait": waits.ravel(),
            "level": levels.ravel(),
        }
    )
    named = dict(enumerate(LEVELS))
    return (
        long.join(onset, on="person", how="left", maintain_order="left")
        .with_columns(day=pl.col("day") + pl.duration(days="wait"))
        .filter(pl.col("day") < end_of_window(city))
        .select(
            "person",
            "day",
            pl.when(pl.col("stage") == 0)
            .then(pl.lit(NEW))
            .otherwise(pl.lit(RENEWED))
            .alias("application_code"),
            pl.col("level").replace_strict(named, return_dtype=pl.String).alias("care_level_code"),
            until=pl.col("day").dt.offset_by("36mo").dt.month_end(),
        )
    )
