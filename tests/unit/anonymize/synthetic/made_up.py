"""A made-up register with every kind of column, dependent on one another."""

import datetime as dt

import numpy as np
import polars as pl

from anonymize.synthetic.schema import Column


def register(size, seed=1):
    rng = np.random.default_rng(seed)
    age = rng.integers(0, 95, size)
    works = (age >= 20) & (age < 65) & (rng.random(size) < 0.8)
    income = np.where(works, np.round(rng.gamma(4, 90, size) + age, 1), 0.0)
    town = rng.choice(["本町", "南町", "北町", "東町"], size, p=[0.4, 0.3, 0.2, 0.1])
    first = dt.date(2015, 1, 1)
    days = rng.integers(0, 4000, size)
    moved = [None if n % 5 == 0 else first + dt.timedelta(int(n)) for n in days]
    return pl.DataFrame(
        {
            "town": town,
            "age": age,
            "works": works,
            "income": income,
            "moved": pl.Series(moved, dtype=pl.Date),
        }
    )


DECLARED = {
    "town": Column("category", categories=("本町", "南町", "北町", "東町"), may_be_null=False),
    "age": Column("integer", minimum=0, maximum=94, may_be_null=False),
    "works": Column("category", categories=("true", "false"), may_be_null=False),
    "income": Column("number", minimum=0.0, maximum=2000.0, may_be_null=False),
    "moved": Column("date", minimum=dt.date(2015, 1, 1), maximum=dt.date(2026, 1, 1)),
}
