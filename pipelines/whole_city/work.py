"""Who earns as whose employee, and the gaps between two jobs. One draw for incomes and insurance.

The shares are assumptions of ours, near the share of 被用者 among those who work (about nine in
ten, 労働力調査). Nothing is said here of money.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.whole_city.timelines import birthday, end_of_window

if TYPE_CHECKING:
    from pipelines.whole_city.city import City

_EMPLOYEES = 0.87
_CHANGES_A_YEAR = 0.05
_RETIREMENT = 65
_GAP_DAYS = (14, 240)


def draw_work(city: City) -> pl.DataFrame:
    """Draw how everyone would work if they did.

    Returns:
        `person`, `is_employee`, `retired_date` (the 65th birthday), `left_date` and `found_date`
        (one gap between two jobs within the months, null for most).
    """
    rng, count = city.rng("work"), city.persons.height
    employee = rng.random(count) < _EMPLOYEES
    days = (end_of_window(city) - city.months[0]).days
    leaves = employee & (rng.random(count) < _CHANGES_A_YEAR * days / 365)
    left = np.datetime64(city.months[0], "D") + rng.integers(0, days, count)
    found = left + rng.integers(*_GAP_DAYS, count)
    return city.persons.select(
        "person",
        is_employee=pl.Series(employee),
        retired_date=birthday(pl.col("birth_date"), _RETIREMENT),
        left_date=pl.when(pl.Series(leaves)).then(pl.Series(left)),
        found_date=pl.when(pl.Series(leaves)).then(pl.Series(found)),
    )


def is_covered(day: pl.Expr) -> pl.Expr:
    """Tell of a row of `draw_work` whether the work carries an employees' insurance on a day."""
    between = pl.col("left_date").is_not_null() & day.is_between(
        pl.col("left_date"), pl.col("found_date"), closed="left"
    )
    return pl.col("is_employee") & (day < pl.col("retired_date")) & ~between.fill_null(value=False)
