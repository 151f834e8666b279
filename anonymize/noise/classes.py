"""Differentially private histograms: persons counted by declared classes of a number.

Belongs here: from numbers to classes. Must not hold: the counting (`counts`).
"""

import itertools
from collections.abc import Sequence

import polars as pl

from anonymize.complaint import complaint, require_columns
from anonymize.noise.counts import Protected, count_persons


def count_classes(
    frame: pl.DataFrame,
    column: str,
    edges: Sequence[float],
    *,
    person: str,
    epsilon: float,
    delta: float = 0.0,
    most: int = 1,
    key: bytes,
) -> Protected:
    """Give a histogram of a number over declared classes [edge, next edge), last one closed.

    Numbers outside fall into the first or last class; nulls are refused.

    Raises:
        ValueError: Edges not rising, or as in `count_persons`.
    """
    require_columns(frame.columns, [column, person], "引数 column・person")
    steps = list(edges)
    if len(steps) < 2 or any(a >= b for a, b in itertools.pairwise(steps)):  # noqa: PLR2004
        raise complaint("階級の境が小さい順に並んでいません", "引数 edges", "2つ以上を昇順に。")
    labels = [f"{a}～{b}" for a, b in itertools.pairwise(steps)]
    classes = (
        frame[column].cut(steps[1:-1], labels=labels, left_closed=True).cast(pl.String)
        if len(labels) > 1
        else pl.select(pl.when(frame[column].is_not_null()).then(pl.lit(labels[0]))).to_series()
    )
    rows = frame.select(person).with_columns(classes.alias(column))
    return count_persons(
        rows,
        [[column]],
        person=person,
        domain={column: labels},
        epsilon=epsilon,
        delta=delta,
        most=most,
        key=key,
    )
