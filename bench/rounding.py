"""A population table of 22,320 cells rounded and perturbed by every method: changes, sums, exposure.

    python bench/rounding.py [--persons FILE.parquet --towns FILE.csv] [--totals]

Makes a city of 400,000 persons (or reads columns town, age, sex; and towns as town;district;area;*),
counts town (261 in 41 districts, 7 areas, 1 city) x age (20 five-year bands, 3 groups, total) x sex
(2, total), and prints for each method and base: CPU seconds, the largest and the mean absolute change
over all cells (margins and zeros included), the bound below which no table of multiples can come, the
share of cells changed by the base or more, and how many of the cells of one or two persons an attacker
knows exactly who knows the method: from the table alone and, with --totals, with the true total of
every town for the nearest ways. Every sum is checked. Ends with 1 below a bar: small counts, base 10:
largest change 23, mean 1.25; every multiple: each change under twice the base, at most 0.5 above the
bound; nothing of one or two persons exact from the table alone; noise unbiased and of its variance. No
peer runs here.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from anonymize.hierarchy.hierarchy import hierarchy_of_rows  # noqa: E402
from anonymize.tables.cell_key import count_persons, perturb, perturb_additively  # noqa: E402
from anonymize.tables.dimensions import Dimension, dimension_of_hierarchy, flat  # noqa: E402
from anonymize.tables.p_table import p_table  # noqa: E402
from anonymize.tables.rounding import (  # noqa: E402
    Rounded,
    controlled_rounding,
    small_count_rounding,
)
from anonymize.tables.rounding_attack import exactly_known  # noqa: E402
from anonymize.tables.rounding_random import unbiased_rounding  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

    from anonymize.tables.structure import Table

KEY = bytes(range(32))
PERSONS, TOWNS, DISTRICTS, AREAS, OLDEST = 400_000, 261, 41, 7, 95
LARGEST, MEAN, ABOVE = 23, 1.25, 0.5
BASES = (3, 5, 10)
SMALL = (1, 2)
SPREAD = 4  # standard errors


def draw_city() -> tuple[pl.DataFrame, list[list[str]]]:
    """Draw persons in towns of very different sizes, and the ladder of the towns."""
    rng = np.random.default_rng(1)
    ladder = [
        [f"T{i:03}", f"S{i * DISTRICTS // TOWNS:02}", f"A{i * AREAS // TOWNS}", "*"]
        for i in range(TOWNS)
    ]
    sizes = rng.lognormal(0, 0.85, TOWNS)
    ages = np.r_[np.linspace(0.9, 1.3, 50), np.linspace(1.3, 0.9, 30), np.geomspace(0.8, 0.002, 26)]
    people = pl.DataFrame(
        {
            "town": pl.Series([row[0] for row in ladder]).gather(
                rng.choice(TOWNS, PERSONS, p=sizes / sizes.sum())
            ),
            "age": rng.choice(len(ages), PERSONS, p=ages / ages.sum()),
            "sex": pl.Series(["F", "M"]).gather(rng.integers(0, 2, PERSONS)),
        }
    )
    return people, ladder


def arrange_city(
    people: pl.DataFrame, ladder: list[list[str]]
) -> tuple[pl.DataFrame, list[Dimension]]:
    """Give persons with their codes, and the dimensions."""
    bands = range(0, OLDEST + 1, 5)
    groups = [
        [str(b), "0-14" if b < 15 else "15-64" if b < 65 else "65+", "*"]  # noqa: PLR2004
        for b in bands
    ]
    coded = people.select(
        person=pl.format("p{}", pl.int_range(pl.len())),
        town="town",
        age=(pl.col("age").cast(pl.Int64).clip(0, OLDEST) // 5 * 5).cast(pl.String),
        sex="sex",
    )
    dimensions = [
        dimension_of_hierarchy(hierarchy_of_rows("town", ladder)),
        flat("sex", ["F", "M"]),
        dimension_of_hierarchy(hierarchy_of_rows("age", groups)),
    ]
    return coded, dimensions


def know_towns(table: Table, rounded: Rounded) -> Rounded:
    """Give the attacker the true total of every town, district and area."""
    total = (table.cells["age"] == "*") & (table.cells["sex"] == table.totals["sex"])
    least, most = (np.where(total, table.values, ends) for ends in (rounded.least, rounded.most))
    return Rounded(
        rounded.values,
        rounded.base,
        rounded.largest_change,
        rounded.mean_change,
        least.astype(np.int64),
        most.astype(np.int64),
    )


def report(
    table: Table, name: str, make: Callable[[], Rounded], *, totals: bool = False
) -> tuple[Rounded, int]:
    """Run a method, check its sums, attack it, print a line; return it and the cells it gives away."""
    started = time.process_time()
    rounded = make()
    seconds = time.process_time() - started
    if (table.equations @ rounded.values != 0).any():
        sys.exit(f"{name}: sums are wrong")
    change = np.abs(rounded.values - table.values)
    bound = np.abs(table.values - np.rint(table.values / rounded.base) * rounded.base).mean()
    small = np.flatnonzero(np.isin(table.values, SMALL))
    alone = len(exactly_known(table, rounded, small))
    told = len(exactly_known(table, know_towns(table, rounded), small)) if totals else "-"
    far = (change >= rounded.base).mean()
    print(
        f"{name:<28}{rounded.base:>5}{seconds:>8.1f}{rounded.largest_change:>9}"
        f"{rounded.mean_change:>8.3f}{bound:>8.3f}{far:>9.2%}{alone:>7}{told:>9} of {len(small)}"
    )
    return rounded, alone


def judge_noise(table: Table, values: np.ndarray, variance: float) -> bool:
    """Compare bias and variance of the noise with what was stated."""
    noise = (values - table.values)[table.values > 0]
    spread = np.sqrt(variance / len(noise))
    print(
        f"cell keys: mean noise {noise.mean():+.4f} (standard error {spread:.4f}), "
        f"variance {noise.var():.3f} (stated {variance}), mean change {np.abs(noise).mean():.3f}"
    )
    return bool(abs(noise.mean()) < SPREAD * spread and abs(noise.var() / variance - 1) < 0.1)  # noqa: PLR2004


def main() -> int:
    """Measure; 1 below a bar."""
    options = argparse.ArgumentParser()
    options.add_argument("--persons", type=Path)
    options.add_argument("--towns", type=Path)
    options.add_argument(
        "--totals", action="store_true", help="attack with true totals too: minutes"
    )
    given = options.parse_args()
    people, ladder = draw_city()
    if given.persons:
        people = pl.read_parquet(given.persons, columns=["town", "age", "sex"])
        ladder = [line.split(";") for line in given.towns.read_text("utf-8").split()]
    coded, dimensions = arrange_city(people, ladder)
    started = time.process_time()
    keyed = count_persons(coded, dimensions, "person", key=KEY)
    table = keyed.table
    below = int(((table.values > 0) & (table.values < 10)).sum())  # noqa: PLR2004
    print(
        f"{table.cells.height} cells, {below} of 1-9 persons, counted in {time.process_time() - started:.1f} s"
    )
    print(
        "method                       base   CPU s  largest    mean   bound  >= base  exact  with totals"
    )
    good = True
    for base in BASES:
        small, alone = report(
            table,
            "small counts",
            lambda b=base: small_count_rounding(table, dimensions, base=b),
            totals=given.totals,
        )
        good &= alone == 0 and (
            base != BASES[-1] or (small.largest_change <= LARGEST and small.mean_change <= MEAN)
        )
    for base in BASES:
        whole, alone = report(
            table,
            "controlled, nearest",
            lambda b=base: controlled_rounding(table, dimensions, base=b),
            totals=given.totals,
        )
        bound = np.abs(table.values - np.rint(table.values / base) * base).mean()
        good &= (
            alone == 0 and whole.largest_change < 2 * base and whole.mean_change <= bound + ABOVE
        )
    for base in BASES:
        report(
            table,
            "controlled, unbiased",
            lambda b=base: unbiased_rounding(table, dimensions, base=b, key=KEY),
        )
    chances = p_table(deviation=5, variance=2.0, suppressed_up_to=2)
    good &= judge_noise(table, perturb(keyed, chances), chances.variance)
    for base in BASES:
        report(
            table,
            "cell keys, then additive",
            lambda b=base: perturb_additively(keyed, dimensions, chances, base=b),
        )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
