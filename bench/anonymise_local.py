"""Measure local recoding beside strict Mondrian and beside the best single level per column.

    python bench/anonymise_local.py [ROWS] [--data FOLDER] [--bars NCP ENTROPY QUERY SECONDS]

k = 5, no row suppressed. Three ways to publish one table: strict Mondrian (LeFevre, DeWitt and
Ramakrishnan, 2006: halve the widest column at its median, here in the order of the hierarchies,
then the lowest common labels), the first case; local recoding; full-domain recoding (the best found
within 60 seconds). For each the three losses, the query error also for rare queries (1 %
expected selectivity instead of 5 %), rows whose labels are all `*`, CPU seconds with grouping, and
whether the measurement that shares no code with the search agrees. Then local recoding under models
on the sensitive column. ROWS and `--data` as in `anonymise_full_domain.py`. With `--bars` the end
is 1 if local recoding with k = 5 misses one, or suppresses a row.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from anonymise_full_domain import make_register, read_folder, spent

from anonymize.records import judging, query_error
from anonymize.records.full_domain import search
from anonymize.records.groups import Groups, group
from anonymize.records.local import recode
from anonymize.records.local_ladders import Ladder, make_ladders
from anonymize.records.local_solution import label_classes, publish
from anonymize.records.models import AlphaK, DistinctL, EntropyL, EqualT, KAnonymity, Model
from anonymize.records.recode import full_domain
from anonymize.records.utility import Utility, measure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anonymize.hierarchy.hierarchy import Hierarchy

K = 5
RARE = 0.01
SECONDS = 60


def halve(groups: Groups, ladders: list[Ladder]) -> np.ndarray:
    """The peer: per group its part when no part can be halved any more."""
    orders = [np.lexsort(ladder.labels) for ladder in ladders]
    ranks = np.empty(groups.codes.shape, np.int64)
    for column, order in enumerate(orders):
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        ranks[:, column] = place[groups.codes[:, column]]
    widths = np.maximum(ranks.max(axis=0) - ranks.min(axis=0), 1)
    part_of, parts, waiting = np.empty(len(ranks), np.int64), 0, [np.arange(len(ranks))]
    while waiting:
        here = waiting.pop()
        values, rows = ranks[here], groups.rows[here]
        spans = (values.max(axis=0) - values.min(axis=0)) / widths
        for column in np.argsort(-spans, kind="stable"):
            order = np.argsort(values[:, column], kind="stable")
            counted = np.cumsum(rows[order])
            middle = values[order[np.searchsorted(counted, counted[-1] / 2)], column]
            low = values[:, column] <= middle
            if K <= rows[low].sum() <= counted[-1] - K:
                waiting += [here[low], here[~low]]
                break
        else:
            part_of[here] = parts
            parts += 1
    return part_of


def losses(
    frame: pl.DataFrame, published: pl.DataFrame, ladders: list[Hierarchy], models: Sequence[Model]
) -> tuple[Utility, str]:
    """Measure a published table; the losses, and all that is printed of them."""
    lost = measure(frame, published, ladders)
    usual, query_error.SELECTIVITY = query_error.SELECTIVITY, RARE
    rare = measure(frame, published, ladders).query_error
    query_error.SELECTIVITY = usual
    holds = judging.measure(published, [h.column for h in ladders], models).holds
    return lost, (
        f"NCP {lost.ncp:.5f}, entropy {lost.entropy:.4f}, query error {lost.query_error:.4f} (rare"
        f" {rare:.4f}), {lost.suppressed_rows:,} rows all *, {'holds' if holds else 'FAILS'}"
    )


def by_mondrian(frame: pl.DataFrame, ladders: list[Hierarchy]) -> pl.DataFrame:
    """Publish by the peer."""
    groups = group(frame, ladders, [])
    reduced = make_ladders(ladders, groups.codes, groups.rows, None)
    labels = label_classes(reduced, groups.codes, halve(groups, reduced))
    return frame.with_columns(
        pl.Series(h.column, one.texts, dtype=pl.String)
        .gather(labels[groups.of_rows, column])
        .alias(h.column)
        for column, (h, one) in enumerate(zip(ladders, reduced, strict=True))
    )


def by_levels(frame: pl.DataFrame, ladders: list[Hierarchy]) -> pl.DataFrame:
    """Publish at the best single level per column."""
    groups = group(frame, ladders, [])
    found = search(groups, ladders, [KAnonymity(K)], 0.0, seconds=SECONDS)
    return full_domain(frame, ladders, found, groups.of_rows)


def locally(
    frame: pl.DataFrame, ladders: list[Hierarchy], models: Sequence[Model] | None = None
) -> pl.DataFrame:
    """Publish by local recoding."""
    groups = group(frame, ladders, models or [])
    return publish(frame, recode(groups, ladders, models or [KAnonymity(K)]), groups.of_rows)


def side_by_side(frame: pl.DataFrame, ladders: list[Hierarchy]) -> tuple[Utility, float]:
    """Print the three ways; return the losses and seconds of local recoding."""
    told: dict[str, tuple[Utility, float]] = {}
    for name, way in (("Mondrian", by_mondrian), ("local", locally), ("full domain", by_levels)):
        begun = spent()
        published = way(frame, ladders)
        taken = spent() - begun
        lost, line = losses(frame, published, ladders, [KAnonymity(K)])
        print(f"{name:12} {line}, {taken:.2f} CPU s", flush=True)
        told[name] = lost, taken
    return told["local"]


def main() -> None:
    """Run all cases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int, nargs="?", default=400_000)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--bars", type=float, nargs=4)
    given = parser.parse_args()
    if given.data:
        frame, ladders, on = read_folder(given.data)
    else:
        (frame, ladders), on = make_register(given.rows), "care_level"
    lost, taken = side_by_side(frame, ladders)
    others = [h for h in ladders if h.column != on]
    for model in (DistinctL(3, on), EntropyL(2.5, on), EqualT(0.3, on), AlphaK(0.5, K, on)):
        begun = spent()
        models = [KAnonymity(K), model]
        try:
            published = locally(frame, others, models)
        except ValueError:
            print(f"{model}: the table itself fails")
            continue
        taken_here = spent() - begun
        print(
            f"{model}: {losses(frame, published, others, models)[1]}, {taken_here:.2f} CPU s",
            flush=True,
        )
    reached = (lost.ncp, lost.entropy, lost.query_error, taken)
    if given.bars and (
        lost.suppressed_rows or any(got > bar for got, bar in zip(reached, given.bars, strict=True))
    ):
        sys.exit("a bar was missed")


if __name__ == "__main__":
    main()
