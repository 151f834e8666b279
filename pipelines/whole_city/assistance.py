"""Which households live on public assistance (生活保護), from when to when.

The shares by kind of household are assumptions, set so that somewhat over two in a hundred
residents are recipients. What the office records of them is `systems.public_assistance`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.whole_city.city import ages_on
from pipelines.whole_city.timelines import end_of_window, span

if TYPE_CHECKING:
    from pipelines.whole_city.city import City

_OLD = 65
_SHARES = {"old_and_alone": 0.10, "alone": 0.035, "others": 0.014}
_NEW = 0.15
_ENDING = 0.15
_LONGEST = 3650


def list_households(city: City) -> pl.DataFrame:
    """List every household there ever was.

    Returns:
        `household_id`, `first_date`, `first_head`, `members` (persons ever in it), `age` of the
        first head (years at the start of the months); in the order of the number.
    """
    born = city.persons.select(first_head="person", birth_date="birth_date")
    return (
        city.versions.filter("is_resident")
        .group_by("household_id")
        .agg(
            first_date=pl.col("effective_date").min(),
            first_head=pl.col("head").sort_by("effective_date", "person").first(),
            members=pl.col("person").n_unique(),
        )
        .sort("household_id")
        .join(born, on="first_head", how="left", maintain_order="left")
        .with_columns(age=ages_on(pl.col("birth_date"), city.months[0]))
        .drop("birth_date")
    )


def assist(city: City) -> pl.DataFrame:
    """Draw the households on assistance.

    Returns:
        `household_id`, `started_date`, `ended_date` (null: it goes on), in the order of the number.
    """
    households = list_households(city)
    rng, count = city.rng("assistance"), households.height
    alone = pl.col("members") == 1
    share = (
        pl.when(alone & (pl.col("age") >= _OLD))
        .then(_SHARES["old_and_alone"])
        .otherwise(pl.when(alone).then(_SHARES["alone"]).otherwise(_SHARES["others"]))
    )
    days = (end_of_window(city) - city.months[0]).days
    start = np.where(
        rng.random(count) < _NEW,
        rng.integers(0, days, count),
        -rng.integers(30, _LONGEST, count),
    )
    started = pl.Series(np.datetime64(city.months[0], "D") + start)
    lasting = span(rng.integers(60, 60 + days, count))
    ending = pl.Series(rng.random(count) < _ENDING)
    drawn = pl.Series(rng.random(count))
    chosen = households.with_columns(
        started_date=pl.max_horizontal(started, pl.col("first_date")), share=share
    )
    # An end falls into the months lived through: what ended before left no trace in the offices.
    base = pl.max_horizontal("started_date", pl.lit(city.months[0]))
    return (
        chosen.with_columns(ended_date=pl.when(ending).then(base + lasting))
        .filter(drawn < pl.col("share"))
        .select("household_id", "started_date", "ended_date")
    )
