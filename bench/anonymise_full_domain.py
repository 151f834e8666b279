"""Time optimal full-domain generalisation against looking at every node, and on a city's register.

    python bench/anonymise_full_domain.py [ROWS] [--data FOLDER]

Two parts. On a small made-up table the search is run beside a plain search over the whole lattice in
polars, the peer: same loss, ratio of CPU seconds. On a made-up register of ROWS residents (9
quasi-identifiers, 153,600 nodes) k-anonymity, l-diversity and t-closeness are searched for: loss,
whether proven, nodes looked at, CPU seconds with grouping, peak memory. With `--data` the folder's
`data.csv` or `data.parquet`, `meta.json` (`qi`, `sensitive`) and `hierarchies/*.csv` are used
instead of the register.
"""

from __future__ import annotations

import argparse
import itertools
import json
import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
import polars as pl

from anonymize.hierarchy.hierarchy import Hierarchy, hierarchy_of_rows
from anonymize.records.full_domain import search
from anonymize.records.groups import group
from anonymize.records.judging import measure
from anonymize.records.loss import label_losses
from anonymize.records.models import DistinctL, EqualT, KAnonymity, Model
from anonymize.records.recode import full_domain

K, LIMIT = 5, 0.02


def spent() -> float:
    """Return the CPU seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def bands(column: str, values: list[int], *widths: int) -> Hierarchy:
    """Make a ladder of ever wider bands, then `*`."""
    rows = [(str(v), *(f"{v // w * w}-" for w in widths), "*") for v in values]
    return hierarchy_of_rows(column, rows)


def make_register(rows: int) -> tuple[pl.DataFrame, list[Hierarchy]]:
    """Draw residents whose attributes hang together as little as a census allows."""
    draw = np.random.default_rng(7)
    age = np.clip(draw.gamma(3.2, 15, rows), 0, 105).astype(int)
    moved = np.clip(2025 - draw.exponential(14, rows), 1940, 2025).astype(int)
    towns = np.minimum((draw.random(rows) ** 1.4 * 260).astype(int), 259)
    size = np.minimum(draw.geometric(0.45, rows), 10)
    columns = {
        "town": towns,
        "age": age,
        "sex": draw.integers(0, 2, rows),
        "nationality": np.minimum(draw.geometric(0.97, rows) - 1, 14),
        "household_size": size,
        "household_type": np.minimum(size - 1 + draw.integers(0, 2, rows), 5),
        "move_in_year": moved,
        "occupation": np.where(age < 15, 13, draw.integers(0, 13, rows)),  # noqa: PLR2004
        "income": np.minimum(draw.geometric(0.3, rows) - 1, 9),
        "care_level": np.where(age > 70, draw.integers(0, 8, rows), 0),  # noqa: PLR2004
    }
    ladders = [
        bands("town", list(range(260)), 6, 42),
        bands("age", list(range(106)), 5, 15, 60),
        bands("sex", [0, 1]),
        bands("nationality", list(range(15)), 5, 10),
        bands("household_size", list(range(1, 11)), 2, 4),
        bands("household_type", list(range(6)), 3),
        bands("move_in_year", list(range(1940, 2026)), 5, 10, 30),
        bands("occupation", list(range(14)), 4, 8),
        bands("income", list(range(10)), 2, 4),
    ]
    frame = pl.DataFrame(columns).with_columns(pl.all().cast(pl.String))
    return frame, ladders


def every_node(frame: pl.DataFrame, ladders: list[Hierarchy]) -> float:
    """The peer: group the rows at every node with polars; return the least loss."""
    coded = frame.select(
        pl.col(h.column).replace_strict(h.labels[0], range(len(h.labels[0]))) for h in ladders
    )
    best = 1.0
    for levels in itertools.product(*(range(h.height + 1) for h in ladders)):
        at = list(zip(ladders, levels, strict=True))
        columns = [h.codes[level][coded[h.column].to_numpy()] for h, level in at]
        classes = pl.DataFrame(columns).group_by(pl.all()).len()
        kept = classes.filter(pl.col("len") >= K)
        rows = kept["len"].to_numpy()
        suppressed = frame.height - int(rows.sum())
        if suppressed <= LIMIT * frame.height:
            names = zip(at, kept.columns, strict=False)
            lost = sum(
                label_losses(h, level)[kept[name].to_numpy()] @ rows for (h, level), name in names
            )
            best = min(best, (float(lost) / len(ladders) + suppressed) / frame.height)
    return best


def beside_every_node(rows: int = 20_000, columns: int = 4) -> None:
    """Print the search beside its peer."""
    frame, ladders = make_register(rows)
    ladders = ladders[:columns]
    begun = spent()
    least = every_node(frame, ladders)
    between = spent()
    found = search(group(frame, ladders, []), ladders, [KAnonymity(K)], LIMIT)
    ended = spent()
    print(
        f"{rows:,} rows × {columns}, {found.nodes} nodes: loss {found.loss:.6f}, every node"
        f" {least:.6f}; {ended - between:.2f} against {between - begun:.2f} CPU s"
        f" (×{(ended - between) / (between - begun):.3f})"
    )
    if abs(found.loss - least) > 1e-9:  # noqa: PLR2004 - rounding
        sys.exit("the search missed the least loss")


def read_folder(folder: Path) -> tuple[pl.DataFrame, list[Hierarchy], str]:
    """Read a table with its ladders."""
    meta = json.loads((folder / "meta.json").read_text())
    parquet = folder / "data.parquet"
    frame = (
        pl.read_parquet(parquet)
        if parquet.exists()
        else pl.read_csv(folder / "data.csv", infer_schema=False)
    )
    ladders = [
        hierarchy_of_rows(
            name,
            [
                line.split(";")
                for line in (folder / "hierarchies" / f"{name}.csv").read_text().splitlines()
            ],
        )
        for name in meta["qi"]
    ]
    return frame, ladders, meta["sensitive"]


def report(
    frame: pl.DataFrame, ladders: list[Hierarchy], models: list[Model], limit: float
) -> None:
    """Search, publish, measure, print."""
    about = {getattr(model, "on", None) for model in models}
    ladders = [h for h in ladders if h.column not in about]
    begun = spent()
    groups = group(frame, ladders, models)
    found = search(groups, ladders, models, limit)
    taken = spent() - begun
    held = "infeasible"
    if found.feasible:
        published = full_domain(frame, ladders, found, groups.of_rows)
        held = "holds" if measure(published, [h.column for h in ladders], models).holds else "FAILS"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{models} limit {limit:.0%}: loss {found.loss:.7f}"
        f" {'proven' if found.optimal_proven else 'not proven'}, {held}, suppressed"
        f" {found.suppressed_rows:,}, {found.looked_at:,} of {found.nodes:,} nodes,"
        f" {taken:.2f} CPU s, peak {peak:.0f} MB\n   {found.levels}"
    )


def main() -> None:
    """Run both parts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int, nargs="?", default=400_000)
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    beside_every_node()
    if given.data:
        frame, ladders, sensitive = read_folder(given.data)
    else:
        frame, ladders = make_register(given.rows)
        sensitive = "care_level"
    for limit in (0.0, 0.02, 0.05):
        report(frame, ladders, [KAnonymity(K)], limit)
    for extra in (DistinctL(3, sensitive), EqualT(0.2, sensitive)):
        report(frame, ladders, [KAnonymity(K), extra], LIMIT)


if __name__ == "__main__":
    main()
