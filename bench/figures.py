"""Time numbers with verdicts against `pandas.to_numeric` on texts freed of their commas.

    python bench/figures.py [ROWS] [ROUNDS]

Every column is judged by `number.integer`, `number.decimal` and `figure.figure` in turn with
pandas in the same process; CPU seconds, the median of the rounds, and the ratio to pandas, which
gives no verdict, no reason, and NaN for whatever it cannot read.
"""

from __future__ import annotations

import resource
import statistics
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

sys.path.insert(0, str(Path(__file__).parents[1]))

from typing import TYPE_CHECKING

from transforms.numbers.figure import figure
from transforms.numbers.number import decimal, integer

if TYPE_CHECKING:
    from collections.abc import Callable

SPELLINGS = {
    "plain": ["{}"],
    "grouped": ["{:,}"],
    "mixed": ["{}", "{:,}", "△{:,}", "{}円", "{:,}円", "({:,})"],
    "marks": ["{}", "{:,}", "{}", "{}", "…", "-", "x", "三千二百", "1.5万"],
    "distinct rare": ["{}千円", "約{}"],
}
FUNCTIONS = {
    "integer": partial(integer, units=("円",)),
    "decimal": partial(decimal, units=("円",)),
    "figure": figure,
}


def make_column(name: str, rows: int) -> pl.Series:
    """Return a column of numbers below ten million in the spellings of that name."""
    draw = np.random.default_rng(20260401)
    spellings, numbers = SPELLINGS[name], draw.integers(0, 10**7, rows).tolist()
    kinds = draw.integers(0, len(spellings), rows).tolist()
    return pl.Series("raw", [spellings[k].format(n) for k, n in zip(kinds, numbers, strict=True)])


def spend(action: Callable[[], object], rounds: int) -> float:
    """Return the median of the CPU seconds an action takes."""
    taken = []
    for _ in range(rounds):
        before = resource.getrusage(resource.RUSAGE_SELF)
        action()
        after = resource.getrusage(resource.RUSAGE_SELF)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(taken)


def main(rows: int = 1_000_000, rounds: int = 3) -> None:
    """Print one line a column and function."""
    for name in SPELLINGS:
        column = make_column(name, rows)
        frame, texts = column.to_frame(), column.to_pandas()
        peer = spend(lambda t=texts: pd.to_numeric(t.str.replace(",", ""), errors="coerce"), rounds)
        for title, function in FUNCTIONS.items():
            judged = function(pl.col("raw"))
            own = spend(lambda f=frame, j=judged: f.select(j), rounds)
            print(f"{name:9} {title:8} {own:6.3f} s  pandas {peer:6.3f} s  ×{own / peer:.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
