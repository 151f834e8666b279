"""What an attacker learns from two consecutive monthly tables, measured on made-up cities.

The attacker knows the method, the base and the demography, but not the key: he makes cities of his
own with the same rates, rounds them with keys of his own, and learns from them which movement
stands behind which published pair of numbers. Target: cells whose true count moved by 1 or 2.
"""

from functools import cache, partial

import numpy as np
import polars as pl
import pytest

from anonymize.cells import add_margins, round_cells

BANDS = 18
CELLS = [f"{sex}{band:02d}" for sex in "mf" for band in range(BANDS)]
REGIONS = 150
AGEING, LEAVING, ARRIVING = 1 / 60, 0.004, 0.004
TRAINING_CITIES = 12
CERTAIN = 0.9


def _two_months(seed: int, ageing: float = AGEING) -> tuple[np.ndarray, np.ndarray]:
    """Return true counts (region x cell) of a month and the next: ageing, leaving, arriving."""
    rng = np.random.default_rng(seed)
    sizes = np.clip(rng.lognormal(np.log(900), 0.8, REGIONS), 100, 8000)
    shares = np.tile(np.r_[np.linspace(0.8, 1.3, 11), np.linspace(1.3, 0.7, 7)], 2)
    first = rng.poisson(np.outer(sizes, shares / shares.sum()))
    older = rng.binomial(first, ageing)
    older[:, [BANDS - 1, 2 * BANDS - 1]] = 0
    gained = np.roll(older, 1, axis=1)
    left = rng.binomial(first - older, LEAVING)
    return first, first - older - left + gained + rng.poisson(first * ARRIVING)


def _table(counts: np.ndarray) -> pl.DataFrame:
    names = pl.Series("region", [f"{n}丁目" for n in range(REGIONS)])
    return pl.DataFrame(counts, schema=CELLS).with_columns(names)


def _publish(counts: np.ndarray, base: int, key: bytes) -> np.ndarray:
    return round_cells(_table(counts), "region", CELLS, base=base, key=key)[CELLS].to_numpy()


def _evidence(seed: int, base: int, *, knows_totals: bool, ageing: float) -> pl.DataFrame:
    """Return per cell: what the attacker sees (level, diff, totals) and the true movement."""
    first, second = _two_months(seed, ageing)
    key = np.random.default_rng(seed).bytes(32)
    seen, seen_next = _publish(first, base, key), _publish(second, base, key)
    moved = (seen != seen_next).sum(axis=1, keepdims=True)
    total = (second - first).sum(axis=1, keepdims=True)
    wide = np.ones_like(first)
    level = np.where(seen < 30, seen, np.minimum(seen // 30 * 30, 150))
    return pl.DataFrame(
        {
            "level": level.ravel(),
            "diff": (seen_next - seen).ravel(),
            "total": (np.clip(total, -4, 4) * wide * knows_totals).ravel(),
            "moved": (np.minimum(moved, 4) * wide * knows_totals).ravel(),
            "truth": (second - first).ravel(),
        }
    )


@cache
def _attack(base: int, *, knows_totals: bool = False, ageing: float = AGEING) -> dict[str, float]:
    """Return the shares of true 1-2 movements that the attacker names right."""
    seen = ["level", "diff", "total", "moved"]
    city = partial(_evidence, base=base, knows_totals=knows_totals, ageing=ageing)
    learnt = pl.concat(city(seed) for seed in range(1, TRAINING_CITIES + 1))
    best = (
        learnt.group_by([*seen, "truth"])
        .len()
        .with_columns(share=pl.col("len") / pl.col("len").sum().over(seen))
        .sort("share", descending=True)
        .group_by(seen)
        .agg(guess=pl.col("truth").first(), share=pl.col("share").first(), n=pl.col("len").sum())
    )
    target = city(0).filter(pl.col("truth").abs().is_between(1, 2))
    judged = target.join(best, on=seen, how="left").with_columns(
        right=(pl.col("truth") == pl.col("guess")).fill_null(value=False)
    )
    certain = judged["right"] & (judged["share"] >= CERTAIN) & (judged["n"] >= 20)
    return {
        "certain": certain.fill_null(value=False).mean(),
        "guessed": judged["right"].mean(),
    }


def _only_possible_movement(base: int) -> float:
    """Return the share of true 1-2 movements for which the two numbers allow one answer only."""
    first, second = _two_months(0)
    seen, seen_next = (_publish(counts, base, bytes(32)) for counts in (first, second))
    low, low_next = (np.maximum(0, numbers - base + 1) for numbers in (seen, seen_next))
    smallest, largest = low_next - (seen + base - 1), (seen_next + base - 1) - low
    target = np.isin(np.abs(second - first), (1, 2))
    assert ((second - first)[target] >= smallest[target]).all()
    assert ((second - first)[target] <= largest[target]).all()
    return float((smallest == largest)[target].mean())


def _solve(counts: np.ndarray) -> np.ndarray:
    """Return what suppression under 10 with true sex totals lets one compute; -1: unknown."""
    known = np.where(counts < 10, -1, counts)
    for sex in (slice(0, BANDS), slice(BANDS, 2 * BANDS)):
        lonely = (known[:, sex] < 0).sum(axis=1, keepdims=True) == 1
        known[:, sex] = np.where(lonely, counts[:, sex], known[:, sex])
    return known


def test_suppression_under_ten_leaks_most_small_movements():
    first, second = _two_months(0)
    target = np.isin(np.abs(second - first), (1, 2))
    exact = (_solve(first) >= 0) & (_solve(second) >= 0)
    assert target.sum() > 1000
    assert exact[target].mean() > 0.80


@pytest.mark.parametrize("base", [3, 5])
def test_rounding_never_leaves_one_possible_movement(base):
    assert _only_possible_movement(base) == 0


@pytest.mark.parametrize(("base", "guessed"), [(3, 0.5), (5, 0.5)])
def test_rounding_hides_small_movements_from_an_attacker_who_knows_the_demography(base, guessed):
    result = _attack(base, knows_totals=False)
    print(base, result)
    assert result["certain"] <= 0.01
    assert result["guessed"] <= guessed


@pytest.mark.parametrize(("base", "guessed"), [(3, 0.5), (5, 0.5)])
def test_true_totals_published_elsewhere_help_the_attacker(base, guessed):
    result = _attack(base, knows_totals=True)
    print(base, result)
    assert result["certain"] <= 0.01
    assert result["guessed"] <= guessed


def test_margins_of_the_published_table_tell_nothing_new():
    first, _ = _two_months(0)
    rounded = round_cells(_table(first), "region", CELLS, base=3, key=bytes(32))
    published = add_margins(rounded, {"total": CELLS})
    assert published["total"].to_list() == rounded.select(pl.sum_horizontal(CELLS))[:, 0].to_list()
    assert (published["total"].to_numpy() != first.sum(axis=1)).mean() > 0.9
