"""Names of those who hold an office in a department's list: managers, heads, owners. Nobody real."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.whole_city.people.names import draw_givens, draw_surnames, read_names

if TYPE_CHECKING:
    from numpy.random import Generator

_BORN = (1955, 1990)


def name_holders(rng: Generator, count: int) -> pl.Series:
    """Draw names as lists write them: surname, full-width blank, given name."""
    names, nation = read_names(), np.zeros(count, np.int64)
    surnames = pl.Series(names.surnames).gather(draw_surnames(rng, nation))
    years = rng.integers(*_BORN, count)
    givens = draw_givens(rng, nation, rng.integers(1, 3, count), years)
    return surnames + "\u3000" + pl.Series(names.givens).gather(givens)
