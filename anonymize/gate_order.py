"""Whether the rows of a staged file still stand in an order that means something.

Belongs here: the test of the file itself. Must not hold: the shuffling (`pseudonyms`).

A register is kept by household, address or number, so neighbours in the file are neighbours in town.
A file in random order, or in an order made of its own content (sorted, or by a keyed hash, which puts
equal rows together), tells nothing. Test: the number of runs of equal
values in a column under random order, mean and variance for several values (Mood, The distribution
theory of runs, Ann Math Stat 11, 1940; Barton and David, Multiple runs, Biometrika 44, 1957).
"""

from collections.abc import Iterator

import numpy as np
import polars as pl

from anonymize.gate_words import Fault

# Far beyond chance: 1 in 10^9 per column, so that no honest shuffle is ever refused.
_SIGMAS = 6.0
_FEW_ROWS = 20
_LEAST_VARIANCE = 4.0


def judge_order(table: pl.DataFrame) -> Iterator[Fault]:
    """Find columns that number the rows, or whose equal values stand together beyond chance."""
    if table.height < _FEW_ROWS:
        return
    yield from (
        Fault("records.row_number", (name,), table.height)
        for name in table.columns
        if _counts_up(table[name])
    )
    if _is_sorted(table):
        return
    rows = _told_apart(table)
    for name in table.columns if rows.height >= _FEW_ROWS else []:
        if runs_excess(rows[name]) < -_SIGMAS:
            yield Fault("order.not_shuffled", (name,), table.height)


def runs_excess(column: pl.Series) -> float:
    """Give the number of runs above its mean under random order, in standard deviations.

    With n rows, of value i n_i: mean (n (n + 1) - Σ n_i²) / n, variance
    (Σ n_i² (Σ n_i² + n (n + 1)) - 2 n Σ n_i³ - n³) / (n² (n - 1)); 0 if that is below 4.
    """
    codes = column.cast(pl.String).rank("dense").fill_null(0).to_numpy().astype(np.int64)
    counts = np.bincount(codes).astype(np.float64)
    n = float(len(codes))
    squares, cubes = float((counts**2).sum()), float((counts**3).sum())
    variance = (squares * (squares + n * (n + 1)) - 2 * n * cubes - n**3) / (n**2 * (n - 1))
    # Below, runs are too few for the normal law: two equal rows side by side prove nothing.
    if variance < _LEAST_VARIANCE:
        return 0.0
    runs = 1 + int((codes[1:] != codes[:-1]).sum())
    return float((runs - (n * (n + 1) - squares) / n) / np.sqrt(variance))


def _is_sorted(table: pl.DataFrame) -> bool:
    """Tell whether the rows are in the order of their values or texts, column after column."""
    texts = table.select(pl.all().cast(pl.String))
    return any(
        frame.equals(frame.sort(frame.columns, nulls_last=last))
        for frame in (table, texts)
        for last in (False, True)
    )


def _told_apart(table: pl.DataFrame) -> pl.DataFrame:
    """Give one row for each bundle of equal rows, if all equal rows stand together."""
    distinct = table.unique(maintain_order=True)
    bundles = table.select(pl.struct(pl.all()).rle_id()).to_series().n_unique()
    return distinct if bundles == distinct.height else table


def _counts_up(column: pl.Series) -> bool:
    """Tell whether numbers rise from row to row: a number of the register or of the row."""
    numbers = column.cast(pl.Float64, strict=False)
    steps = numbers.diff().slice(1)
    return not numbers.null_count() and bool((steps > 0).all())
