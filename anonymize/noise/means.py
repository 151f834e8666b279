"""Differentially private means of a whole number over persons.

Belongs here: the mean as a noisy sum over a noisy count. Must not hold: counts (`counts`).
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import polars as pl

from anonymize.complaint import complaint, require_columns
from anonymize.noise.contributions import clip
from anonymize.noise.cost import Cost, compose, epsilon_at
from anonymize.noise.mechanisms import blur, laplace

_NORMAL_95 = 1.959963984540054


@dataclass(frozen=True)
class Mean:
    """A noisy mean and what its noise means.

    Attributes:
        mean: In units of the column, within the declared range.
        count: Noisy number of persons, at least 1.
        epsilon: ε of mean and count together (δ = 0).
        cost: The same for the ledger.
        half_width: The noise alone moves the mean by at most about this in 95 % of draws (normal
            approximation, at the noisy count); clipping is not in it.
    """

    mean: float
    count: int
    epsilon: float
    cost: Cost
    half_width: float


def mean_of_persons(
    frame: pl.DataFrame, column: str, *, person: str, minimum: int, maximum: int, epsilon: float
) -> Mean:
    """Give the mean over persons of a number clipped to a declared range.

    Half of ε goes into the number of persons, half into the sum of the distances from the middle of
    the range: one person moves that sum by at most half the range (Li et al., Differential Privacy,
    2016, ch. 2). Both are whole numbers with discrete Laplace noise; only then are they divided.

    Args:
        frame: One row a person.
        column: Whole numbers in a small unit (yen, minutes).
        person: Column of the person.
        minimum: Declared least value, not read off the data.
        maximum: Declared largest value.
        epsilon: ε of the result.

    Raises:
        ValueError: Missing column, a person in several rows, null, or numbers out of range.
    """
    require_columns(frame.columns, [column, person], "引数 column・person")
    if frame[person].null_count() or frame[person].is_duplicated().any():
        raise complaint(
            "1人が複数の行にあるか、個人の番号が空の行があります",
            f"列「{person}」",
            "1人1行に集計してから渡してください。",
        )
    values = clip(frame[column], minimum, maximum).to_numpy()
    # Doubled, so that the middle of an odd range is a whole number too.
    deviations = 2 * values - (minimum + maximum)
    count_noise, sum_noise = laplace(1, epsilon / 2), laplace(maximum - minimum, epsilon / 2)
    total = int(blur(np.array([deviations.sum()], np.int64), sum_noise)[0])
    count = max(1, int(blur(np.array([values.size], np.int64), count_noise)[0]))
    mean = Fraction(total, 2 * count) + Fraction(minimum + maximum, 2)
    within = float(min(max(mean, Fraction(minimum)), Fraction(maximum)))
    # Var(S/n) ≈ (Var S + (S/n)² Var n) / n², the first terms of its expansion.
    spread = sum_noise.variance + (total / count) ** 2 * count_noise.variance
    costs = [count_noise.cost, sum_noise.cost]
    half = _NORMAL_95 * math.sqrt(spread) / (2 * count)
    return Mean(within, count, epsilon_at(costs, 0.0), compose(costs), half)
