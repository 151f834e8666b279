"""Hide cells of a population table of 22,320 cells and attack every hidden one.

    .venv/bin/python bench/suppression.py [--persons PARQUET --towns CSV] [--threshold 10]

Without arguments the city is made up: 261 towns in 41 districts in 7 areas, 20 age bands in 3 groups,
2 sexes, about 2,000 counts under the threshold. With them, `--persons` has a row a person (`town`,
`age`, `sex`) and `--towns` the ladder of towns, `;`-separated.

First case: the usual practice, by which in every sum with one hidden part the next smallest part is
hidden too, until no sum has one. Second: `anonymize.tables.suppression`. Both are attacked with linear
programs, all hidden cells, by the same attacker. Ends with 1 when a cell of the second is exact or
narrower than the threshold.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time

import numpy as np
import polars as pl
from scipy import sparse

from anonymize.tables.attack import attack
from anonymize.tables.dimensions import Dimension, dimension, flat
from anonymize.tables.intervals import Account, account
from anonymize.tables.primary import Primary, Threshold, judge_counts
from anonymize.tables.structure import Flags, Table, arrange
from anonymize.tables.suppression import suppress

BANDS = [str(5 * i) for i in range(20)]
AGES = dimension(
    "age",
    [
        ("総数", ["年少", "生産", "老年"]),
        ("年少", BANDS[:3]),
        ("生産", BANDS[3:13]),
        ("老年", BANDS[13:]),
    ],
)
SEXES = flat("sex", ["M", "F"])
# Shares of the age bands of a Japanese city, and of men in each.
_SHARES = np.array([38, 42, 45, 46, 50, 52, 54, 58, 64, 74, 76, 64, 58, 56, 66, 60, 46, 30, 15, 6])
_MEN = np.array([0.51] * 13 + [0.49, 0.47, 0.45, 0.42, 0.37, 0.3, 0.22])


def make_city() -> tuple[pl.DataFrame, Dimension]:
    """Draw towns of very different size; rows of town, age, sex and count."""
    draw = np.random.default_rng(7)
    towns = [f"T{i:03}" for i in range(261)]
    sizes = draw.lognormal(0, 0.62, len(towns))
    sizes *= 400_000 / sizes.sum()
    districts = {f"S{i:02}": towns[i::41] for i in range(41)}
    areas = {f"A{i}": list(districts)[i::7] for i in range(7)}
    shares = _SHARES / _SHARES.sum()
    both = np.stack([shares * _MEN, shares * (1 - _MEN)], axis=-1)
    counts = draw.poisson(sizes[:, None, None] * both[None])
    cells = list(itertools.product(towns, BANDS, SEXES.leaves))
    frame = pl.DataFrame(cells, schema=["town", "age", "sex"], orient="row")
    sums = [("市", [*areas]), *areas.items(), *districts.items()]
    return frame.with_columns(n=pl.Series(counts.ravel())), dimension("town", sums)


def read_city(persons: str, towns: str) -> tuple[pl.DataFrame, Dimension]:
    """Count persons; ages of 95 and more are one band."""
    ladder = pl.read_csv(
        towns,
        separator=";",
        has_header=False,
        infer_schema=False,
        new_columns=["town", "s", "a", "city"],
    )
    band = pl.min_horizontal(pl.col("age").cast(pl.Int32) // 5, 19) * 5
    frame = pl.read_parquet(persons).with_columns(age=band.cast(pl.String))
    areas = ladder.select("a", "s").unique(maintain_order=True)
    sums = [("市", areas["a"].unique(maintain_order=True).to_list())]
    for upper, lower, pairs in (("a", "s", areas), ("s", "town", ladder)):
        below = pairs.group_by(upper, maintain_order=True).agg(lower)
        sums += list(zip(below[upper].to_list(), below[lower].to_list(), strict=True))
    return frame.group_by("town", "age", "sex").len("n"), dimension("town", sums)


def next_smallest(table: Table, primary: Flags) -> Flags:
    """Hide the next smallest part of every sum with one hidden part, until no sum has one."""
    members = sparse.csr_array(abs(table.equations) > 0).astype(np.int64)
    hidden = primary.copy()
    while (alone := np.flatnonzero(members @ hidden.astype(np.int64) == 1)).size:
        for row in alone:
            cells = members.indices[members.indptr[row] : members.indptr[row + 1]]
            free = cells[~hidden[cells] & (table.values[cells] > 0)]
            if hidden[cells].sum() == 1 and free.size:
                hidden[free[np.argmin(table.values[free])]] = True
    return hidden


def tell(name: str, told: Account, seconds: tuple[float, float]) -> None:
    """Print one line."""
    hidden = told.primary + told.secondary
    print(
        f"{name:>14}: hidden {hidden:,} (primary {told.primary:,}), exact {told.exact}, "
        f"narrow {told.narrow}, narrowest {told.narrowest:g}, "
        f"choice {seconds[0]:.1f} s, attack on all {seconds[1]:.1f} s"
    )


def run(name: str, table: Table, primary: Primary) -> Account:
    """Choose, attack, print."""
    start = time.process_time()
    if name == "next smallest":
        hidden = next_smallest(table, primary.flags)
    else:
        hidden = suppress(table, primary.flags, primary.need)
    chosen = time.process_time()
    told = account(table, primary, attack(table, hidden))
    tell(name, told, (chosen - start, time.process_time() - chosen))
    return told


def main() -> int:
    """Run both cases."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--persons")
    options.add_argument("--towns")
    options.add_argument("--threshold", type=int, default=10)
    asked = options.parse_args()
    made = read_city(asked.persons, asked.towns) if asked.persons else make_city()
    frame, towns = made
    table = arrange(frame, [towns, AGES, SEXES], "n")
    primary = judge_counts(table.values, Threshold(asked.threshold))
    print(f"{table.cells.height:,} cells, {int(primary.flags.sum()):,} primary")
    run("next smallest", table, primary)
    ours = run("suppression", table, primary)
    return int(ours.exact > 0 or ours.narrow > 0)


if __name__ == "__main__":
    sys.exit(main())
